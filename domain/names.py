"""Names of people: they stand in mails and SMS that go out in our name, so they carry no address and no link."""

from __future__ import annotations

import re

#: What no name holds: parts of addresses, and what turns round the direction in which the rest of the mail is read.
UNFIT = frozenset("/\\:@<>\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Readers of mail make a link of any word with a dot inside that ends in two letters, whatever it is.
_LIKE_A_HOST = re.compile(r"(?<=\w)[.\u3002\uff0e\uff61](?=\w\w)")


def unlinked(name: str) -> str:
    """A name with a blank behind each dot that would make a link of it: ``J. Kamau`` for ``J.Kamau``."""
    return _LIKE_A_HOST.sub(". ", name)

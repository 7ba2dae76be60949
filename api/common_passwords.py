"""Passwords that are guessed first; whoever picks one has none."""

from __future__ import annotations

#: The most frequent ones of eight characters and more in published leaks, with our own name and neighbourhood.
_COMMON = frozenset(
    """
    12345678 123456789 1234567890 12345678910 123123123 1234512345 0123456789 987654321 9876543210 87654321 11111111
    111111111 1111111111 00000000 000000000 0000000000 22222222 55555555 66666666 77777777 88888888 99999999 12341234
    11223344 1122334455 123454321 147258369 159753456 741852963 789456123 password password1 password12 password123
    password1234 password! passw0rd p@ssw0rd p@ssword pa55word passwort qwertyui qwertyuiop qwerty12 qwerty123
    qwerty1234 qwertyuiop123 asdfghjk asdfghjkl zxcvbnm1 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 qazwsxedc abcd1234
    abc12345 abcdefgh abcdefg1 aaaaaaaa iloveyou iloveyou1 iloveyou2 sunshine sunshine1 princess princess1 football
    football1 baseball basketball superman superman1 batman123 spiderman starwars pokemon123 computer internet
    samsung1 whatever trustno1 welcome1 welcome123 letmein1 letmein123 changeme changeme123 default1 administrator
    admin123 admin1234 root1234 test1234 testtest guest1234 master123 dragon123 monkey123 shadow123 michael1 jennifer
    charlie1 jordan23 liverpool liverpool1 arsenal1 arsenal123 manchester chelsea1 chelsea123 barcelona jesus123
    jesuschrist iloveJesus godisgood ilovegod blessed1 secret123 mustang1 corvette midnight babygirl1 lovely123
    kenya123 kenya1234 kenya254 nairobi1 nairobi123 nairobi254 mombasa1 mombasa123 safaricom safaricom1 hakunamatata
    harambee harambee1 eliteevents eliteevents1 safari123 mpesa1234
    """.lower().split()
)


def is_common(password: str, email: str) -> bool:
    """Whether a password is among the first guesses: a common one, one character repeated, or the account's own name."""
    plain = password.lower()
    return plain in _COMMON or len(set(plain)) < 3 or plain in (email, email.partition("@")[0])

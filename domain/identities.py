"""Who somebody is in the words of another house: what Google's ID tokens have to say before they are believed."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.errors import Unauthenticated
from domain.names import UNFIT, unlinked
from domain.users import LOCALES

#: Google writes its name in both ways.
GOOGLE_ISSUERS = ("accounts.google.com", "https://accounts.google.com")
#: Clocks of two machines may differ by this much.
SKEW = timedelta(seconds=60)
LONGEST_SUBJECT, LONGEST_EMAIL, LONGEST_NAME = 255, 254, 80


class Provider(StrEnum):
    """Who may vouch for somebody."""

    GOOGLE = "google"


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a provider's token said of a person, checked. ``digest`` tells this token from all others until
    ``expires_at``; ``email`` is None unless the provider has verified it."""

    provider: Provider
    subject: str
    email: str | None
    first_name: str
    last_name: str
    locale: str | None
    digest: bytes
    expires_at: datetime


def google_token_invalid() -> Unauthenticated:
    """The one refusal of a token that is not Google's, not for us, not for this request or not for now."""
    return Unauthenticated("google_token_invalid", "This Google sign-in is not valid. Sign in with Google again.")


def read_google_claims(
    claims: Mapping[str, Any], *, client_ids: Collection[str], nonce: str, digest: bytes, now: datetime
) -> Vouched:
    """The claims of a token whose signature is Google's. Raises ``google_token_invalid``."""
    subject, said = claims.get("sub"), claims.get("nonce")
    believed = (
        claims.get("iss") in GOOGLE_ISSUERS
        # One audience: a token for several would also be somebody else's to present.
        and isinstance(claims.get("aud"), str)
        and claims["aud"] in client_ids
        and isinstance(subject, str)
        and 0 < len(subject) <= LONGEST_SUBJECT
        and subject.isprintable()
        and isinstance(said, str)
        and hmac.compare_digest(said.encode(errors="surrogatepass"), nonce.encode())
    )
    expires_at, issued_at = _instant(claims.get("exp")), _instant(claims.get("iat"))
    begins_at = _instant(claims.get("nbf", claims.get("iat")))
    if not believed or expires_at is None or issued_at is None or begins_at is None:
        raise google_token_invalid()
    if expires_at + SKEW <= now or max(issued_at, begins_at) > now + SKEW:
        raise google_token_invalid()
    first_name, last_name = _names(claims)
    return Vouched(
        provider=Provider.GOOGLE,
        subject=subject,
        email=_verified_email(claims),
        first_name=first_name,
        last_name=last_name,
        locale=_locale(claims.get("locale")),
        digest=digest,
        expires_at=expires_at + SKEW,
    )


def _instant(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    """The address in our spelling; Google has sent the word for true as text, too."""
    email = claims.get("email")
    if claims.get("email_verified") not in (True, "true") or not isinstance(email, str):
        return None
    spelled = email.strip().lower()
    if not unicodedata.is_normalized("NFKC", email):
        # We would fold it into another mailbox's address, which Google has not verified.
        return None
    local, _, host = spelled.rpartition("@")
    is_address = local and "." in host and spelled.isprintable() and not set(spelled) & set(' "<>')
    return spelled if is_address and len(spelled) <= LONGEST_EMAIL else None


def _names(claims: Mapping[str, Any]) -> tuple[str, str]:
    """First and last name; who has only one name has no last one, who has none is called by their mailbox."""
    first, last = _name(claims.get("given_name")), _name(claims.get("family_name"))
    if not first:
        first, _, rest = _name(claims.get("name")).partition(" ")
        last = last or rest
    if not first:
        email = claims.get("email")
        first = _name(email.partition("@")[0]) if isinstance(email, str) else ""
    return first or "Rafiki", last


def _name(text: object) -> str:
    if not isinstance(text, str):
        return ""
    kept = "".join(char for char in text if char.isprintable() and char not in UNFIT)
    return unlinked(" ".join(kept.split()))[:LONGEST_NAME].strip()


def _locale(tag: object) -> str | None:
    language = tag.replace("_", "-").partition("-")[0].lower() if isinstance(tag, str) else ""
    return language if language in LOCALES else None

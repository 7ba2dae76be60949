"""Google in this process: its keys in our database as a worker would have left them, and tokens under them."""

from __future__ import annotations

from datetime import timedelta

from domain.identities import Provider
from models.identities import keep_keys
from models.session import Database
from sandbox.google_keys import KeyRing, Person
from services.context import Context

CLIENT_ID = "elite-events-sandbox.apps.googleusercontent.com"
NONCE = "n-0S6_WzA2Mj"
INGRID = Person("ingrid.larsen@gmail.com", "Ingrid", "Larsen")

#: Making keys takes a while; tests that turn them make their own.
RING = KeyRing()


def know_keys(db: Database, ctx: Context, ring: KeyRing = RING) -> None:
    """Let the ring's keys have been fetched just now."""
    keys = {jwk["kid"]: jwk for jwk in ring.published()}
    with db.transaction() as session:
        now = ctx.now(session)
        fresh_until, grace = now + timedelta(hours=1), timedelta(hours=2)
        keep_keys(session, Provider.GOOGLE, keys, now=now, fresh_until=fresh_until, grace=grace)


def google_sign_in(person: Person = INGRID, *, ring: KeyRing = RING, bad: str | None = None) -> dict[str, str]:
    """The body of a sign-in."""
    return {"id_token": ring.token(person, CLIENT_ID, NONCE, bad), "nonce": NONCE}

"""Applications as tests need them: sent, confirmed, and reached by the link of their mail."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from domain.one_time import Link, OneTimeTokens
from domain.users import Role
from models import Delivery, GuideApplication, Media
from models.session import Database
from services.applications import applying, reviewing
from services.context import Context
from settings import Settings
from tests.factories import Factory, utc

#: When files were sent that nobody looks at the age of.
WHEN = utc(2026, 11, 21, 8)
WORDS: dict[str, Any] = {
    "full_name": "Wanjiru Kamau",
    "email": "wanjiru@example.com",
    "phone": "+254712345678",
    "location": "Nairobi",
    "languages": ["English", "Swahili"],
    "experience_years": "10+",
    "bio": "I have shown friends of friends around Gikomba for ten years.",
}


class Applications:
    """One test's applications. Everybody applies from a network of their own, so that no limit is met by accident."""

    def __init__(self, db: Database, make: Factory, settings: Settings):
        self.db, self.make, self.ctx = db, make, make.ctx
        self.tokens = OneTimeTokens(settings.jwt_refresh_secret)
        self._senders = 0

    def sent(self, *, address: str | None = None, ctx: Context | None = None, **words: Any) -> uuid.UUID:
        """The id of an application without files that has arrived; its job is not done yet."""
        self._senders += 1
        ctx, details = ctx or self.ctx, applying.Details(**WORDS | words)
        with self.db.transaction() as session:
            address = address or f"198.51.100.{self._senders}"
            began = applying.begin_application(session, ctx, self.tokens, details, address, 1_000)
            applying.finish_application(session, ctx, began.id)
            return began.id

    def opened(self, **words: Any) -> uuid.UUID:
        """The same, and its job is done."""
        application_id = self.sent(**words)
        self.open(application_id)
        return application_id

    def open(self, application_id: uuid.UUID) -> None:
        with self.db.transaction() as session:
            applying.open_application(session, self.ctx, application_id)

    def confirmed(self, **words: Any) -> uuid.UUID:
        """The same, and its applicant has followed the link."""
        application_id = self.opened(**words)
        self.confirm(application_id)
        return application_id

    def confirm(self, application_id: uuid.UUID) -> None:
        with self.db.transaction() as session:
            applying.confirm(session, self.ctx, self.hash(application_id))

    def reviewed(self, action: str, reason: str | None = None, *, by: Any = None, **words: Any) -> uuid.UUID:
        """The same, and somebody has decided."""
        application_id = self.confirmed(**words)
        self.review(application_id, action, reason, by=by)
        return application_id

    def review(
        self, application_id: uuid.UUID, action: str, reason: str | None = None, *, by: Any = None, **more: Any
    ) -> None:
        reviewer = by or self.admin()
        with self.db.transaction() as session:
            decided = reviewing.Review(reviewing.ApplicationVerb(action), reason, **more)
            reviewing.review(session, self.make.acting(reviewer), application_id, decided)

    def accept(self, application_id: uuid.UUID, user: Any) -> Any:
        with self.db.transaction() as session:
            return applying.accept(session, self.make.acting(user), self.hash(application_id))

    def sweep(self) -> None:
        with self.db.transaction() as session:
            applying.sweep(session, self.ctx)

    def admin(self) -> Any:
        return self.make.user(roles=[Role.TOURIST.value, Role.ADMIN.value])

    def token(self, application_id: uuid.UUID) -> str:
        """The token that its mails carry."""
        return self.tokens.token(Link.GUIDE_APPLICATION, application_id)

    def hash(self, application_id: uuid.UUID) -> str:
        return self.tokens.hash(self.token(application_id))

    def see(self, application_id: uuid.UUID) -> GuideApplication | None:
        with self.db.reading() as session:
            return session.get(GuideApplication, application_id)

    def told(self, application_id: uuid.UUID) -> list[str]:
        """What its applicant was written, in order."""
        with self.db.reading() as session:
            told = select(Delivery.kind).where(Delivery.application_id == application_id).order_by(Delivery.id)
            return [kind.removeprefix("application_") for kind in session.scalars(told)]

    def file(self, application_id: uuid.UUID, part: str = "video", **values: Any) -> Media:
        """A file of it, as its row has it; nothing lies in the storage."""
        now = {"begun_at": WHEN, "changed_at": WHEN}
        row = {"kind": "video" if part == "video" else "document", "state": "ready", "size_bytes": 9, "checksum": "c"}
        row |= {"is_public": False, "content_type": "video/mp4", "variants": {"file": f"private/{uuid.uuid4()}"}}
        row |= {"width": 1280, "height": 720, "application_id": application_id, "application_part": part} | now | values
        with self.db.transaction() as session:
            media = Media(**row)
            session.add(media)
            session.flush()
            return media

    def speaking(self, locale: str) -> Context:
        return replace(self.ctx, locale=locale)

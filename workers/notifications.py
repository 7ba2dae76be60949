"""Turning news into a notification: its words in the reader's language, its number, its deliveries."""

from __future__ import annotations

from sqlalchemy.orm import Session

from documents import render_mail
from domain.jobs import JobKind
from domain.notices import NoticeKind, is_overtaken
from models.jobs import Claim
from models.users import User
from services.context import Context
from services.facts import booking_facts
from services.notifications import notify
from workers.payload import optional_uuid_of, uuid_of
from workers.running import transactional
from workers.runtime import Runtime

#: What a frontend shows under the title.
BODY_LENGTH = 300


@transactional(JobKind.NOTIFY)
def write_notification(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Write one user's notification and what carries it out; the title and body are those of its mail."""
    kind = NoticeKind(job.payload["kind"])
    user = session.get_one(User, uuid_of(job, "user_id"))
    facts = booking_facts(
        session,
        ctx,
        uuid_of(job, "booking_id"),
        user.id,
        frontend_url=runtime.frontend_url,
        payment_id=optional_uuid_of(job, "payment_id"),
        refund_id=optional_uuid_of(job, "refund_id"),
    )
    if is_overtaken(kind, facts):
        return
    mail = render_mail(kind, user.locale, facts)
    data = {name: value for name, value in job.payload.items() if name.endswith("_id") and name != "user_id"}
    notify(
        session,
        ctx,
        kind,
        user,
        key=f"job:{job.job_id}",
        title=mail.subject,
        body=_first_paragraph(mail.text),
        data=data,
        now=ctx.now(session),
    )


def _first_paragraph(text: str) -> str:
    """The first paragraph that says something: greetings are one short line."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    telling = next((part for part in paragraphs if len(part) > 40), paragraphs[0])
    return telling[:BODY_LENGTH]

"""People who want to guide, one or two in each state, so that a reviewer finds something to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.applications import ApplicationState, ApplicationVerb, Milestone
from domain.one_time import Link, OneTimeTokens
from models import GuideApplication, GuideApplicationEvent, User
from ops.seed.ids import fixed_id
from ops.seed.people import ADMIN

_CERTIFICATE = "Please send us a copy of your first-aid certificate: on a mountain we ask everybody for one."
_CROWDED = "Around Malindi we have more guides than guests at the moment. Please try again after the rains."
_WELCOME = "Your video of the Swahili doors made us want to come along at once."


@dataclass(frozen=True, slots=True)
class Applicant:
    """One application. ``steps`` are what reviewers did after its address was confirmed, ``hours`` apart, with their words."""

    name: str
    location: str
    languages: tuple[str, ...]
    experience: str
    bio: str
    phone: str
    days_ago: int
    steps: tuple[tuple[ApplicationVerb, str | None], ...] = ()
    confirmed: bool = True
    locale: str = "en"
    instagram: str | None = None

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}.applies@elite-events.example"


APPLICANTS = (
    Applicant(
        "Faith Chebet",
        "Iten",
        ("English", "Swahili", "Kalenjin"),
        "6",
        "I pace visiting runners on the red roads of Iten at six in the morning, and know where the tea is afterwards.",
        "+254712004001",
        2,
        instagram="@faith.runs.iten",
    ),
    Applicant(
        "Juma Omar",
        "Lamu",
        ("Swahili", "English", "Arabic"),
        "10+",
        "Nahodha wa mashua kwa miaka kumi na mbili: nawapeleka wageni Manda na Takwa, na tunavua chakula cha mchana wenyewe.",
        "+254712004002",
        1,
        locale="sw",
    ),
    Applicant(
        "Grace Wambui",
        "Nairobi",
        ("English", "Kikuyu"),
        "1",
        "I review street food on weekends and would like to show people what I eat.",
        "+254712004003",
        0,
        confirmed=False,
        instagram="@grace.eats.nairobi",
    ),
    Applicant(
        "Peter Lolkidienye",
        "Samburu",
        ("Samburu", "Swahili", "English"),
        "15",
        "I grew up tracking with my father. I walk with small groups along the Ewaso Ng'iro and read the ground for them.",
        "+254712004004",
        4,
        ((ApplicationVerb.START, None),),
    ),
    Applicant(
        "Nancy Muthoni",
        "Nanyuki",
        ("English", "Swahili", "Kikuyu"),
        "8 years",
        "I take people up to Mackinder's Valley and, if they still smile there, to Point Lenana.",
        "+254712004005",
        6,
        ((ApplicationVerb.START, None), (ApplicationVerb.ASK, _CERTIFICATE)),
    ),
    Applicant(
        "Salim Bwana",
        "Mombasa",
        ("Swahili", "English", "German"),
        "5",
        "I restore carved doors in the Old Town, and tell the stories of the houses behind them.",
        "+254712004006",
        8,
        ((ApplicationVerb.START, None), (ApplicationVerb.APPROVE, _WELCOME)),
    ),
    Applicant(
        "Kevin Otieno",
        "Malindi",
        ("English", "Swahili"),
        "2",
        "I have a tuk-tuk and a good sense of humour.",
        "+254712004007",
        9,
        ((ApplicationVerb.REJECT, _CROWDED),),
    ),
)


def add_applications(session: Session, tokens: OneTimeTokens, now: datetime) -> dict[str, int]:
    """Rows added, by table. What is there stays as it is, whatever somebody decided since."""
    # The reviewers' list goes by ids, which follow time.
    by_time = sorted(APPLICANTS, key=lambda one: one.days_ago, reverse=True)
    ids = dict(zip(sorted(fixed_id("application", one.email) for one in APPLICANTS), by_time, strict=True))
    known = set(session.scalars(select(GuideApplication.id).where(GuideApplication.id.in_(ids))))
    reviewer = session.scalar(select(User).where(User.id == fixed_id("user", ADMIN.email)))
    missing = [(application_id, one) for application_id, one in ids.items() if application_id not in known]
    for application_id, one in missing:
        _add(session, tokens, application_id, one, now - timedelta(days=one.days_ago, hours=1), reviewer)
    events = select(func.count()).where(GuideApplicationEvent.application_id.in_([each for each, _ in missing]))
    return {"guide_applications": len(missing), "guide_application_events": session.scalar(events) or 0}


def _add(
    session: Session, tokens: OneTimeTokens, application_id: Any, one: Applicant, at: datetime, reviewer: User | None
) -> None:
    application = GuideApplication(
        id=application_id,
        full_name=one.name,
        email=one.email,
        phone=one.phone,
        location=one.location,
        languages=list(one.languages),
        experience_years=one.experience,
        bio=one.bio,
        instagram=one.instagram,
        locale=one.locale,
        token_hash=tokens.hash(tokens.token(Link.GUIDE_APPLICATION, application_id)),
        status=ApplicationState.SUBMITTED.value,
        submitted_at=at,
        changed_at=at,
    )
    session.add(application)
    session.flush()
    application.reach(session, Milestone.SUBMIT, at)
    if not one.confirmed:
        return
    application.confirmed_at = at + timedelta(minutes=5)
    application.reach(session, Milestone.CONFIRM, application.confirmed_at)
    for number, (verb, words) in enumerate(one.steps if reviewer else (), 1):
        decided_at = at + timedelta(hours=5 * number)
        application.move(session, verb, decided_at, actor_id=reviewer.id, reason=words)
        application.reason, application.reviewer_id, application.reviewed_at = words, reviewer.id, decided_at

"""Adds what is missing of the demo data and leaves alone what is there, whatever somebody has made of it since."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.listings import ListingStatus
from domain.policy import Policy
from domain.pricing import DEFAULT_TIER, PricePer
from domain.users import Role, UserStatus
from domain.vault import Vault
from models import (
    AvailabilityException,
    Guide,
    LicenceRenewal,
    Listing,
    ListingImage,
    Resource,
    ScheduleRule,
    TwoFactor,
    User,
)
from models.base import Base
from ops.seed import (
    experiences_far_north,
    experiences_kilifi,
    experiences_kisii_kericho,
    experiences_laikipia,
    experiences_lake,
    experiences_lamu,
    experiences_limuru_kajiado,
    experiences_machakos,
    experiences_malindi,
    experiences_mara,
    experiences_mombasa,
    experiences_mount_kenya,
    experiences_nairobi,
    experiences_nairobi_city,
    experiences_north,
    experiences_nyeri_embu,
    experiences_rift,
    experiences_running_country,
    experiences_south_coast,
    experiences_tsavo,
    experiences_west,
    second_factor,
)
from ops.seed.history import add_history
from ops.seed.ids import fixed_id
from ops.seed.people import ADMIN, AMINA, GUIDES, OWNER, TRAVELLER, Account
from ops.seed.pictures.gallery import avatar_key, keys_of
from ops.seed.questions import add_question
from ops.seed.shapes import Experience, GuideProfile, Hours
from ops.seed.travellers import TRAVELLERS, WITHOUT_MAIL, Traveller

EXPERIENCES: tuple[Experience, ...] = (
    *experiences_nairobi.EXPERIENCES,
    *experiences_nairobi_city.EXPERIENCES,
    *experiences_limuru_kajiado.EXPERIENCES,
    *experiences_machakos.EXPERIENCES,
    *experiences_mombasa.EXPERIENCES,
    *experiences_south_coast.EXPERIENCES,
    *experiences_kilifi.EXPERIENCES,
    *experiences_malindi.EXPERIENCES,
    *experiences_lamu.EXPERIENCES,
    *experiences_tsavo.EXPERIENCES,
    *experiences_lake.EXPERIENCES,
    *experiences_kisii_kericho.EXPERIENCES,
    *experiences_west.EXPERIENCES,
    *experiences_running_country.EXPERIENCES,
    *experiences_rift.EXPERIENCES,
    *experiences_mara.EXPERIENCES,
    *experiences_mount_kenya.EXPERIENCES,
    *experiences_nyeri_embu.EXPERIENCES,
    *experiences_laikipia.EXPERIENCES,
    *experiences_north.EXPERIENCES,
    *experiences_far_north.EXPERIENCES,
)
#: Days after loading on which a guide is away, so that calendars show a gap without emptying the coming week.
DAYS_AWAY = {
    "amina-warsame": (12,),
    "athman-bakari": (9, 10),
    "joseph-bulyar": (14, 15, 16),
    "kiplagat-cherono": (16,),
    "lemayian-sankei": (11,),
    "priya-shah": (13,),
    "said-abdalla": (17,),
    "wanjiru-kamau": (10, 11),
}
#: First and last day of a holiday, counted from loading.
HOLIDAYS = {"athman-bakari": (18, 31), "achieng-ouma": (24, 34)}

#: Days after loading in which a licence ends: of the first guide the hourly run writes a warning, the second has sent the next
#: licence, which waits for an administrator.
LICENCES_END_IN = {"hamisi-mwachiti": 20, "mwanaisha-omar": 12}
NEXT_LICENCES = {"mwanaisha-omar": "TRA/TG/91163"}

_NAIROBI = ZoneInfo("Africa/Nairobi")
_CENTS = 100


def add_missing(
    session: Session, policy: Policy, vault: Vault, now: datetime, hashed_password: Callable[[], str]
) -> dict[str, int]:
    """Rows added, by table. ``hashed_password`` is asked only where an account is missing: it is slow on purpose."""
    today = now.astimezone(_NAIROBI).date()
    travellers = {one.email: user_id(one.email) for one in TRAVELLERS}
    # Bookings come with their travellers and never again, however much later and whatever became of them.
    has_history = session.scalar(select(User.id).where(User.id.in_(travellers.values())).limit(1)) is not None
    users = _add(session, User, _missing_users(session, hashed_password))
    # Also one whom a release brought that knew of no published seed; a seed of one's own stays.
    factors = select(TwoFactor.user_id)
    is_unguarded = User.id == user_id(ADMIN.email), User.id.not_in(factors)
    unguarded = session.scalars(select(User.id).where(*is_unguarded)).all()
    for admin_id in unguarded:
        second_factor.switch_on(session, vault, admin_id, ADMIN.second_factor, now)
    present = set(session.scalars(select(User.id).where(User.id.in_([user_id(guide.email) for guide in GUIDES]))))
    # A guide whose address somebody else has taken stays away, and so do that guide's experiences.
    guides = [guide for guide in GUIDES if user_id(guide.email) in present]
    profiles = _add(session, Guide, [_profile(guide, now, today) for guide in guides])
    renewing = [g for g in guides if g.slug in NEXT_LICENCES and fixed_id("guide", g.slug) in profiles]
    renewals = _add(session, LicenceRenewal, [_renewal(guide, now, today) for guide in renewing])
    bodies = _add(session, Resource, [{"id": resource_id(g), "user_id": user_id(g.email)} for g in guides])
    owned = session.scalars(select(Resource).where(Resource.user_id.in_(present)))
    body_of = {body.user_id: body.id for body in owned}
    host_of = {guide.slug: user_id(guide.email) for guide in guides}
    rows = [_listing(e, host_of[e.guide], body_of[host_of[e.guide]]) for e in EXPERIENCES if e.guide in host_of]
    listings = _add(session, Listing, rows)
    # Like its hours, the pictures come with an experience and never again.
    pictures = [picture for row in rows if row["id"] in listings for picture in _pictures(row)]

    # Hours come with their owner and never again: a guide may have changed or removed them since.
    rules = [
        *(row for g in guides if resource_id(g) in bodies for row in _rules(g.hours, resource_id=resource_id(g))),
        *(row for e in EXPERIENCES if listing_id(e) in listings for row in _rules(e.hours, listing_id=listing_id(e))),
    ]
    away = [row for guide in guides if resource_id(guide) in bodies for row in _away(guide, today)]
    counts = {
        "users": len(users),
        "two_factor": len(unguarded),
        "guides": len(profiles),
        "licence_renewals": len(renewals),
        "resources": len(bodies),
        "listings": len(listings),
        "listing_images": len(_add(session, ListingImage, pictures)),
        "schedule_rules": len(_add(session, ScheduleRule, rules)),
        "availability_calendar": len(_add(session, AvailabilityException, away)),
    }
    if has_history:
        return counts
    offered = [(e, listing_id(e)) for e in EXPERIENCES]
    people = {**travellers, "regular": user_id(TRAVELLER.email), "guide": user_id(AMINA.email)}
    asked = add_question(session, now, people["regular"], people["guide"], listing_id(EXPERIENCES[0]))
    return counts | asked | add_history(session, policy, now, today, offered, people)


def user_id(email: str) -> uuid.UUID:
    """The account's id, from the address that it was first given."""
    return fixed_id("user", email)


def resource_id(guide: GuideProfile) -> uuid.UUID:
    """The id of the guide's body, which all of the guide's listings take time from."""
    return fixed_id("resource", guide.slug)


def listing_id(experience: Experience) -> uuid.UUID:
    """The listing's id, which outlives changes of its title and slug in the database."""
    return fixed_id("listing", experience.slug)


def _add(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> set[uuid.UUID]:
    """Insert the rows that collide with nothing; the ids of those."""
    body = table.__table__
    named = [row["id"] for row in rows if "id" in row]
    # Most loads are second ones: asking for ids is far cheaper than having every row refused.
    known = set(session.scalars(select(body.c.id).where(body.c.id.in_(named)))) if named else set()
    missing = [row for row in rows if row.get("id") not in known]
    if not missing:
        return set()
    # One statement, compiled once and filled for many rows: as one VALUES with all of them it compiles for seconds.
    statement = insert(body).on_conflict_do_nothing().returning(body.c.id)
    return set(session.connection().execute(statement, missing).scalars())


def _missing_users(session: Session, hashed_password: Callable[[], str]) -> list[dict[str, Any]]:
    people = [
        *map(_account_user, (TRAVELLER, ADMIN, OWNER)),
        *map(_guide_user, GUIDES),
        *map(_traveller_user, TRAVELLERS),
    ]
    ours = or_(User.id.in_([p["id"] for p in people]), User.email.in_([p["email"] for p in people if p["email"]]))
    known = {part for row in session.execute(select(User.id, User.email).where(ours)) for part in row if part}
    missing = [p for p in people if p["id"] not in known and p["email"] not in known]
    if not missing:
        return []
    # One hash for all: fourteen would take a second, and there is one password.
    shared = {"password_hash": hashed_password(), "status": UserStatus.ACTIVE.value}
    return [person | shared for person in missing]


def _account_user(account: Account) -> dict[str, Any]:
    first, _, last = account.name.partition(" ")
    return _user(account.email, account.phone, first, last, [account.role], "en")


def _guide_user(guide: GuideProfile) -> dict[str, Any]:
    roles = [Role.TOURIST.value, Role.GUIDE.value]
    person = _user(guide.email, guide.phone, guide.first_name, guide.last_name, roles, guide.locale)
    return person | {"avatar_url": avatar_key(guide)}


def _traveller_user(one: Traveller) -> dict[str, Any]:
    first, _, last = one.name.partition(" ")
    person = _user(one.email, one.phone, first, last, [Role.TOURIST.value], one.locale)
    return person | ({"email": None} if one.name in WITHOUT_MAIL else {})


def _user(email: str, phone: str, first: str, last: str, roles: list[str], locale: str) -> dict[str, Any]:
    return {
        "id": user_id(email),
        "email": email,
        "phone": phone,
        "first_name": first,
        "last_name": last,
        "roles": roles,
        "locale": locale,
        "avatar_url": None,
    }


def _profile(guide: GuideProfile, now: datetime, today: date) -> dict[str, Any]:
    return {
        "id": fixed_id("guide", guide.slug),
        "user_id": user_id(guide.email),
        "slug": guide.slug,
        "bio": guide.bio,
        "region": guide.region,
        "languages": list(guide.languages),
        "specializations": list(guide.specializations),
        "years_experience": guide.years,
        "licence_number": guide.licence,
        "licence_expires_on": _last_day(guide, today),
        # Whose next licence is there already has been warned.
        "licence_warned_for": _last_day(guide, today) if guide.slug in NEXT_LICENCES else None,
        "verified_at": now,
    }


def _last_day(guide: GuideProfile, today: date) -> date:
    # Licences of the Tourism Regulatory Authority end with a year.
    days = LICENCES_END_IN.get(guide.slug)
    return date(today.year + 1, 12, 31) if days is None else today + timedelta(days=days)


def _renewal(guide: GuideProfile, now: datetime, today: date) -> dict[str, Any]:
    return {
        "id": fixed_id("licence_renewal", guide.slug),
        "user_id": user_id(guide.email),
        "number": NEXT_LICENCES[guide.slug],
        "expires_on": date(today.year + 1, 12, 31),
        "submitted_at": now - timedelta(days=2),
    }


def _listing(experience: Experience, host: uuid.UUID, body: uuid.UUID) -> dict[str, Any]:
    latitude, longitude = map(Decimal, experience.at)
    return {
        "id": listing_id(experience),
        "host_id": host,
        "resource_id": body,
        "title": experience.title,
        "slug": experience.slug,
        "summary": experience.summary,
        "description": "\n\n".join(experience.description),
        "category": experience.category.value,
        "location": experience.location,
        "latitude": latitude,
        "longitude": longitude,
        "price_minor": experience.price * _CENTS,
        "price_per": (PricePer.GROUP if experience.per_group else PricePer.PERSON).value,
        "tiers": _tiers(experience),
        "duration_minutes": experience.minutes,
        "min_guests": experience.min_guests,
        "max_guests": experience.max_guests or experience.capacity,
        "capacity": experience.capacity,
        "is_private": experience.private,
        "cut_off_hours": experience.cut_off_hours,
        "buffer_minutes": experience.buffer_minutes,
        "confirmation": experience.confirmation.value,
        "inclusions": list(experience.inclusions),
        "exclusions": list(experience.exclusions),
        "meeting_point": experience.meeting_point,
        "cancellation_policy": experience.policy.value,
        "images": keys_of(experience),
        "status": ListingStatus.ACTIVE.value,
    }


def _pictures(listing: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": fixed_id("listing image", f"{listing['slug']} {position}"),
            "listing_id": listing["id"],
            "position": position,
            "key": key,
            "alt_text": listing["title"],
        }
        for position, key in enumerate(listing["images"], start=1)
    ]


def _tiers(experience: Experience) -> list[dict[str, Any]]:
    if experience.child is None:
        return []
    prices = [(DEFAULT_TIER, experience.price, True), ("child", experience.child, True)]
    if experience.infants:
        prices.append(("infant", 0, False))
    return [{"name": name, "price_minor": price * _CENTS, "takes_seat": seat} for name, price, seat in prices]


def _rules(hours: Sequence[Hours], **owner: uuid.UUID) -> list[dict[str, Any]]:
    owners = {"resource_id": None, "listing_id": None, **owner}
    return [{**owners, "weekday": day, "start_time": h.start, "end_time": h.end} for h in hours for day in h.days]


def _away(guide: GuideProfile, today: date) -> list[dict[str, Any]]:
    spans = [(days, None, "Away") for days in DAYS_AWAY.get(guide.slug, ())]
    spans += [(*HOLIDAYS[guide.slug], "Holiday")] if guide.slug in HOLIDAYS else []
    return [
        {
            "resource_id": resource_id(guide),
            "on_date": today + timedelta(days=first),
            "until_on": None if last is None else today + timedelta(days=last),
            "is_available": False,
            "note": note,
        }
        for first, last, note in spans
    ]

"""The demo data as a fresh database gets it: complete, bookable, repeatable, and never in production."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pyotp
import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.description import DEMO_ACCOUNTS, DEMO_LOGIN, DEMO_SECOND_FACTOR
from api.examples import bookings, catalogue
from api.passwords import Passwords
from domain.applications import ApplicationState
from domain.licences import LicenceState, state_on
from domain.listings import Category, Confirmation
from domain.one_time import Link, OneTimeTokens
from domain.phones import normalise
from domain.pricing import DEFAULT_TIER, PricePer, price_for, seats_for
from domain.two_factor import step_of
from domain.vault import Vault
from models import (
    Guide,
    GuideApplication,
    LicenceRenewal,
    Listing,
    ListingImage,
    Resource,
    ScheduleRule,
    TwoFactor,
    User,
)
from models.sealed import place_of
from models.session import Database
from ops import seed
from ops.errors import OpsError
from ops.seed.ids import fixed_id
from ops.seed.loading import EXPERIENCES, LICENCES_END_IN
from ops.seed.people import GUIDES
from ops.seed.shapes import Mood, Scene
from ops.seed.travellers import TRAVELLERS
from services.accounts.users import find_by_email
from services.availability.experiences import find_free_times
from services.context import Context
from settings import Settings
from tests.support.database import row_counts

NAIROBI = ZoneInfo("Africa/Nairobi")
#: Whole shillings, least and most, by category and by what the price is for.
PLAUSIBLE_PRICES = {
    (Category.CULTURAL, PricePer.PERSON): (1_500, 5_500),
    (Category.FOOD, PricePer.PERSON): (1_500, 5_000),
    (Category.NIGHTLIFE, PricePer.PERSON): (2_000, 7_000),
    (Category.NATURE, PricePer.PERSON): (1_500, 8_000),
    (Category.ADVENTURE, PricePer.PERSON): (1_800, 9_500),
    (Category.NIGHTLIFE, PricePer.GROUP): (14_000, 20_000),
    (Category.NATURE, PricePer.GROUP): (14_000, 32_000),
    (Category.ADVENTURE, PricePer.GROUP): (14_000, 40_000),
}


@pytest.fixture
def loaded(db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> seed.Loaded:
    """A database of one's own to write to, without the bookings, which take their time."""
    monkeypatch.setattr("ops.seed.loading.add_history", lambda *_: {})
    return seed.load(settings)


def _listings(session: Session) -> list[Listing]:
    return list(session.scalars(select(Listing)))


def _contents(engine: Engine) -> dict[str, list[str]]:
    """Every row there is, in full."""
    tables = [table for table, count in row_counts(engine).items() if count]
    with engine.connect() as connection:
        return {t: connection.execute(text(f"SELECT {t}::text FROM {t} ORDER BY 1")).scalars().all() for t in tables}


def test_a_first_load_brings_forty_guides_and_two_hundred_experiences(
    demo: Database, demo_counts: Mapping[str, int]
) -> None:
    assert demo_counts["users"] == 3 + 40 + len(TRAVELLERS)
    assert demo_counts["guides"] == demo_counts["resources"] == 40
    assert demo_counts["listings"] == 200
    assert demo_counts["availability_calendar"] == 14
    assert demo_counts["bookings"] >= 1_600
    filled = {table: count for table, count in row_counts(demo.engine).items() if count}
    # Triggers write down what can be searched and how much is offered.
    assert filled == demo_counts | {"search_documents": 240, "search_uncounted": 240, "listing_counts": 200}


def test_a_second_load_changes_nothing(demo: Database, demo_settings: Callable[..., Settings]) -> None:
    before = _contents(demo.engine)
    assert set(seed.load(demo_settings()).counts.values()) == {0}
    assert _contents(demo.engine) == before


def test_what_somebody_has_edited_since_stays_edited(db: Database, settings: Settings, loaded: seed.Loaded) -> None:
    amina = fixed_id("resource", "amina-warsame")
    with db.transaction() as session:
        session.execute(update(User).where(User.email == "amina@elite-events.example").values(email="a@elite.example"))
        session.execute(update(Guide).where(Guide.slug == "amina-warsame").values(slug="amina", bio="New."))
        walk = update(Listing).where(Listing.slug == "nairobi-food-walk")
        session.execute(walk.values(slug="food-walk", title="Food walk", price_minor=1, status="archived"))
        session.execute(delete(ScheduleRule).where(ScheduleRule.resource_id == amina, ScheduleRule.weekday > 2))
    before = _contents(db.engine)
    assert set(seed.load(settings).counts.values()) == {0}
    assert _contents(db.engine) == before


def test_what_is_missing_comes_back_with_its_hours(db: Database, settings: Settings, loaded: seed.Loaded) -> None:
    karura = fixed_id("listing", "karura-forest-dawn-walk")
    with db.transaction() as session:
        session.execute(delete(ScheduleRule).where(ScheduleRule.listing_id == karura))
        session.execute(delete(ListingImage).where(ListingImage.listing_id == karura))
        session.execute(delete(Listing).where(Listing.id == karura))
    again = {table: count for table, count in seed.load(settings).counts.items() if count}
    assert again == {"listings": 1, "listing_images": 3, "schedule_rules": 7}


def test_an_address_that_somebody_has_taken_is_left_to_them(db: Database, settings: Settings) -> None:
    with db.transaction() as session:
        taken = User(email="Amina@Elite-Events.example", first_name="Zoe", last_name="Bright", roles=["tourist"])
        session.add(taken)
    counts = seed.load(settings).counts
    hers = sum(experience.guide == "amina-warsame" for experience in EXPERIENCES)
    assert (counts["users"], counts["guides"], counts["listings"]) == (42 + len(TRAVELLERS), 39, 200 - hers)
    with db.reading() as session:
        zoe = find_by_email(session, "amina@elite-events.example")
        assert zoe is not None
        assert (zoe.first_name, zoe.password_hash, zoe.roles) == ("Zoe", None, ["tourist"])


def test_a_failed_load_leaves_nothing(db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    impossible = dataclasses.replace(EXPERIENCES[-1], title="Impossible", minutes=1)
    monkeypatch.setattr("ops.seed.loading.EXPERIENCES", (*EXPERIENCES, impossible))
    with pytest.raises(IntegrityError, match="duration_bounds"):
        seed.load(settings)
    assert not any(row_counts(db.engine).values())


def test_production_gets_no_account_and_no_row(db: Database, settings: Settings) -> None:
    with pytest.raises(OpsError, match="not for production") as refused:
        seed.load(dataclasses.replace(settings, app_env="production"))
    assert "APP_ENV" in refused.value.cure
    assert not any(row_counts(db.engine).values())


def test_the_accounts_can_sign_in_in_their_roles(demo: Database, settings: Settings) -> None:
    passwords = Passwords(rounds=settings.bcrypt_rounds, slots=1, queue=0)
    assert [account.role for account in seed.ACCOUNTS] == ["tourist", "guide", "admin", "super_admin"]
    with demo.reading() as session:
        for account in seed.ACCOUNTS:
            user = find_by_email(session, account.email)
            assert user is not None
            assert user.may_sign_in
            assert (user.user_type, user.full_name, user.phone) == (account.role, account.name, account.phone)
            assert passwords.matches(account.password, user.password_hash)
            assert not passwords.matches(account.password + "!", user.password_hash)
            assert user.has_two_factor == bool(account.second_factor)


def test_an_authenticator_app_that_knows_the_published_seed_signs_the_administrator_in(
    demo: Database, demo_settings: Callable[..., Settings]
) -> None:
    settings = demo_settings()
    with demo.reading() as session:
        admin = find_by_email(session, seed.ADMIN.email)
        assert admin is not None
        row = session.get_one(TwoFactor, admin.id)
        secret = Vault(settings.encryption_keys).open(row.secret, place_of(TwoFactor.secret, admin.id))
    assert secret == seed.ADMIN.second_factor == DEMO_SECOND_FACTOR
    now = datetime.now(UTC)
    assert step_of(secret, pyotp.TOTP(DEMO_SECOND_FACTOR).at(now), now, row.last_step) is not None


@pytest.mark.parametrize("own_seed", [None, "JBSWY3DPEHPK3PXP"])
def test_an_administrator_of_an_earlier_release_gets_the_published_seed_and_no_other_loses_theirs(
    db: Database, settings: Settings, loaded: seed.Loaded, own_seed: str | None
) -> None:
    vault = Vault(settings.encryption_keys)
    with db.transaction() as session:
        admin = find_by_email(session, seed.ADMIN.email)
        session.execute(delete(TwoFactor).where(TwoFactor.user_id == admin.id))
        admin.two_factor_since = None
        if own_seed:
            sealed = vault.seal(own_seed, place_of(TwoFactor.secret, admin.id))
            session.add(TwoFactor(user_id=admin.id, secret=sealed))
    seed.load(settings)
    with db.reading() as session:
        row = session.get_one(TwoFactor, admin.id)
        assert vault.open(row.secret, place_of(TwoFactor.secret, admin.id)) == (own_seed or seed.ADMIN.second_factor)
        assert session.get_one(User, admin.id).has_two_factor == (own_seed is None)


def test_the_examples_of_the_documentation_are_of_this_data(demo: Database) -> None:
    assert {account.role: account.email for account in seed.ACCOUNTS} == DEMO_ACCOUNTS
    assert {account.password for account in seed.ACCOUNTS} == {DEMO_LOGIN["password"]}
    with demo.reading() as session:
        shown = session.scalars(select(Listing).where(Listing.slug == bookings.BOOKING_REQUEST["experience_id"])).one()
        guide = session.scalars(select(Guide).where(Guide.user_id == shown.host_id)).one()
    card = catalogue.DETAIL
    assert (shown.title, shown.summary, shown.location) == (card["title"], card["summary"], card["location"])
    assert (f"{shown.price_minor // 100}.00", guide.slug) == (card["price"]["amount"], card["guide"]["slug"])


def test_addresses_reach_nobody_and_numbers_are_well_formed(demo: Database) -> None:
    with demo.reading() as session:
        users = list(session.scalars(select(User)))
    addresses = [user.email for user in users if user.email]
    assert all(address.endswith("@elite-events.example") for address in addresses)
    assert len(addresses) >= len(users) - 3
    assert all(user.phone and normalise(user.phone) == user.phone for user in users)
    assert len({user.phone for user in users}) == len(users)


def test_every_experience_can_be_booked_within_a_fortnight(demo: Database, ctx: Context) -> None:
    with demo.reading() as session:
        today = ctx.now(session).astimezone(NAIROBI).date()
        listings = _listings(session)
    for listing in listings:
        party = max(2, listing.min_guests)
        found = find_free_times(demo, ctx, listing.slug, today, today + timedelta(days=14), party)
        starts = {slot.starts_at.astimezone(NAIROBI).date() for slot in found.slots}
        assert len(starts) >= 2, listing.title


def test_a_guide_who_is_away_offers_nothing_that_day(demo: Database, ctx: Context) -> None:
    with demo.reading() as session:
        away = ctx.now(session).astimezone(NAIROBI).date() + timedelta(days=12)
    assert find_free_times(demo, ctx, "nairobi-food-walk", away, away, 1).slots == []


def test_prices_and_tiers_are_what_a_party_can_pay(demo: Database, ctx: Context) -> None:
    with demo.reading() as session:
        listings = _listings(session)
    for listing in listings:
        offer = listing.offer()
        least, most = PLAUSIBLE_PRICES[listing.category, PricePer(listing.price_per)]
        assert least * 100 <= listing.price_minor <= most * 100, listing.title
        assert listing.currency == "KES"
        assert len(price_for(offer, {DEFAULT_TIER: max(2, listing.min_guests)}, ctx.policy.service_fee_percent).lines)
        if offer.tiers:
            adult, child, *infants = offer.tiers
            assert (adult.name, adult.price) == (DEFAULT_TIER, offer.price)
            assert 0 < child.price.minor < adult.price.minor, listing.title
            assert all(infant.price.minor == 0 and not infant.takes_seat for infant in infants)
        if offer.price_per is PricePer.GROUP:
            # One price for everybody only makes sense where nobody else comes along.
            assert offer.is_private, listing.title
            assert seats_for(offer, {DEFAULT_TIER: offer.min_guests}) == offer.capacity
    assert {PricePer(listing.price_per) for listing in listings} == set(PricePer)
    assert any(len(listing.tiers) == 3 for listing in listings)


def test_texts_and_places_are_complete(demo: Database) -> None:
    with demo.reading() as session:
        listings = _listings(session)
        hosts = {body.id: body.user_id for body in session.scalars(select(Resource))}
    for listing in listings:
        assert listing.description.count("\n\n") == 1, listing.title
        assert listing.summary.endswith("."), listing.title
        assert len(listing.summary) <= 120, listing.title
        assert listing.meeting_point, listing.title
        assert listing.inclusions, listing.title
        assert listing.exclusions, listing.title
        assert -4.8 < listing.latitude < 5.1, listing.title
        assert 33.8 < listing.longitude < 42.0, listing.title
        assert hosts[listing.resource_id] == listing.host_id
    assert Counter(listing.confirmation for listing in listings)[Confirmation.MANUAL] >= 12
    categories = Counter(listing.category for listing in listings)
    assert set(categories) == set(Category)
    assert min(categories.values()) >= 20


def test_no_two_experiences_or_guides_read_alike() -> None:
    for texts in (
        [experience.slug for experience in EXPERIENCES],
        [experience.summary for experience in EXPERIENCES],
        [paragraph for experience in EXPERIENCES for paragraph in experience.description],
        [guide.bio for guide in GUIDES],
        [guide.licence for guide in GUIDES],
    ):
        assert not [text for text, times in Counter(texts).items() if times > 1]
    words = {experience.title: set(re.findall(r"\w{4,}", experience.title.lower())) for experience in EXPERIENCES}
    alike = [pair for pair in combinations(words, 2) if len(words[pair[0]] & words[pair[1]]) > 2]
    assert not alike
    openings = Counter(" ".join(e.description[0].split()[:4]).lower() for e in EXPERIENCES)
    assert not [opening for opening, times in openings.items() if times > 1]


def test_licences_hold_and_two_of_them_show_what_becomes_of_one(demo: Database) -> None:
    with demo.reading() as session:
        guides = session.scalars(select(Guide)).all()
        (waiting,) = session.scalars(select(LicenceRenewal)).all()
        (renewing,) = session.scalars(select(Guide.slug).where(Guide.user_id == waiting.user_id))
    today = datetime.now(NAIROBI).date()
    states = {guide.slug: state_on(today, guide.licence_expires_on) for guide in guides}
    assert {slug for slug, state in states.items() if state is not LicenceState.VALID} == set(LICENCES_END_IN)
    assert set(states.values()) == {LicenceState.VALID, LicenceState.EXPIRING}
    assert (waiting.state, renewing) == ("waiting", "mwanaisha-omar")


def test_every_guide_has_one_to_nine_experiences() -> None:
    offered = Counter(experience.guide for experience in EXPERIENCES)
    assert set(offered) == {guide.slug for guide in GUIDES}
    assert max(offered.values()) <= 9


def test_every_scene_and_light_is_drawn_somewhere() -> None:
    assert {experience.scene for experience in EXPERIENCES} == set(Scene)
    assert {experience.mood for experience in EXPERIENCES} == set(Mood)


def test_an_application_waits_in_every_state(demo: Database, demo_settings: Callable[..., Settings]) -> None:
    tokens = OneTimeTokens(demo_settings().jwt_refresh_secret)
    with demo.reading() as session:
        applications = session.scalars(select(GuideApplication).order_by(GuideApplication.id)).all()
    # Reviewers read them in this order.
    assert applications == sorted(applications, key=lambda one: one.submitted_at)
    assert {one.status for one in applications} == set(ApplicationState)
    assert {one.confirmed_at is None for one in applications} == {True, False}
    # Whoever decides about one finds in the sandbox's inbox a link that works.
    for one in applications:
        assert one.token_hash == tokens.hash(tokens.token(Link.GUIDE_APPLICATION, one.id))


def test_ids_are_version_seven_and_older_than_anything_new(demo: Database) -> None:
    with demo.reading() as session:
        ids = list(session.scalars(select(Listing.id)))
        newest = session.scalars(select(ScheduleRule.id).order_by(ScheduleRule.id).limit(1)).one()
    assert all(each.version == 7 and each < newest for each in ids)
    assert fixed_id("listing", "nairobi-food-walk") in ids


def test_some_nights_last_past_midnight_and_some_guides_are_on_holiday(demo: Database, ctx: Context) -> None:
    with demo.reading() as session:
        today = ctx.now(session).astimezone(NAIROBI).date()
    for slug in ("rhumba-and-nyama-choma-night", "bango-and-mnazi-on-the-mainland", "ohangla-night-in-kisumu"):
        nights = find_free_times(demo, ctx, slug, today, today + timedelta(days=14), None).slots
        ends = [(slot.starts_at.astimezone(NAIROBI), slot.ends_at.astimezone(NAIROBI)) for slot in nights]
        assert any(start.date() < end.date() for start, end in ends), slug
    away = today + timedelta(days=25)
    assert find_free_times(demo, ctx, "ohangla-night-in-kisumu", away, away + timedelta(days=9), None).slots == []

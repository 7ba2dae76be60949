"""Erasing: of a person nothing is left in any table, of their money everything, and the audit log still proves itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Text, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT, INET, JSONB

from domain.daraja import parse_callback
from domain.one_time import OneTimeTokens
from domain.personal_data import PERSONAL, Side, Special
from models import (
    AuditEntry,
    AvailabilityException,
    Base,
    DataExport,
    Delivery,
    DeviceToken,
    ExternalIdentity,
    IdempotencyKey,
    LicenceRenewal,
    Notification,
    NotificationPreference,
    OwnSearch,
    Payment,
    Resource,
    Review,
    User,
    WebhookEvent,
)
from models.locks import lock_user
from models.operations import RateLimit
from models.sealed import place_of
from models.two_factor import TwoFactor
from services import feed, limits
from services.accounts import sessions
from services.audit.chain import extend_chain
from services.audit.proof import prove
from services.messages.conversations import ask, send
from services.money.inbox import receive_mpesa_callback
from services.personal_data import erasing, leaving
from services.personal_data.subjects import concerns, table_of
from tests.support.refusals import refused

#: In no other row, and in none after the erasure.
MARK, IP, DIGITS = "Zaphod Quuxington", "203.0.113.77", "799887766"
PHONE, EMAIL = f"+254{DIGITS}", "zaphod.quuxington@example.com"
TRACES = (MARK.lower(), *MARK.lower().split(), IP, DIGITS, EMAIL)


def callback(payment: Payment) -> bytes:
    items = {"Amount": payment.amount_minor / 100, "MpesaReceiptNumber": "SKL7RT61SV", "PhoneNumber": int(PHONE[1:])}
    return json.dumps(
        {
            "Body": {
                "stkCallback": {
                    "MerchantRequestID": "29115-34620561-1",
                    "CheckoutRequestID": payment.provider_reference,
                    "ResultCode": 0,
                    "ResultDesc": "The service request is processed successfully.",
                    "CallbackMetadata": {"Item": [{"Name": name, "Value": value} for name, value in items.items()]},
                }
            }
        }
    ).encode()


@pytest.fixture
def person(db, ctx, make, book, pay, mpesa, later, vault, applications):
    """Somebody who has been a tourist and a guide, and has a row in every table that concerns people."""
    person = make.guide(email=EMAIL, phone=PHONE, first_name="Zaphod", last_name="Quuxington", password_hash="hash")
    own = make.listing(person)
    acting = replace(make.acting(person), actor=replace(make.acting(person).actor, ip=IP))
    for tourist, listing in ((person, make.listing()), (make.user(), own)):
        booking = book(tourist, listing, special_requests=MARK if tourist is person else None)
        payment = pay(tourist, booking)
        with db.transaction() as session:
            session.get_one(Payment, payment.id).provider_reference = f"ws_CO_21112026141530123{tourist.phone[-9:]}"
        mpesa.pays(payment)
        if tourist is person:
            mine, paid = booking, make.reload(payment)
    later(days=10)
    application = applications.reviewed("more_info", MARK, email=EMAIL, full_name="Zaphod Quuxington", phone=PHONE)
    applications.file(application)
    with db.transaction() as session:
        receive_mpesa_callback(session, ctx, paid.callback_token, callback(paid))
        session_id = sessions.new_session_id()
        sessions.open_session(session, acting, person, token_hash="a", session_id=session_id, device=MARK)
        session.add(
            Review(
                booking_id=mine.id,
                listing_id=mine.listing_id,
                host_id=mine.host_id,
                author_id=person.id,
                rating=5,
                comment="Wonderful.",
                status="approved",
                submitted_at=ctx.now(session),
            )
        )
        now = ctx.now(session)
        seed = vault.seal("GEZDGNBVGY3TQOJQ", place_of(TwoFactor.secret, person.id))
        session.add(TwoFactor(user_id=person.id, secret=seed))
        session.add(DataExport(user_id=person.id, requested_at=now, state="deleted", token_id=person.id))
        licence = {"number": MARK, "expires_on": now.date(), "submitted_at": now}
        session.add(LicenceRenewal(user_id=person.id, **licence))
        session.add(OwnSearch(user_id=person.id, query=MARK, searched_at=now))
        session.add(ExternalIdentity(user_id=person.id, provider="google", subject=MARK, email=EMAIL))
        wish = {"category": MARK, "channel": "email", "is_enabled": False, "changed_at": now}
        session.add(NotificationPreference(user_id=person.id, **wish))
        session.add(IdempotencyKey(user_id=person.id, route="POST /x", key=MARK, fingerprint="x"))
        resource = session.scalars(select(Resource).where(Resource.user_id == person.id)).one()
        off = {"on_date": now.date(), "is_available": False, "note": MARK}
        session.add(AvailabilityException(resource_id=resource.id, **off))
        told = [
            Notification(
                key=f"told {one}", kind="new_booking", title="New", body=MARK, data={"booking_id": str(mine.id)}
            )
            for one in ("them", "the guide")
        ]
        ask(session, replace(acting, locale="en"), str(mine.listing_id), MARK)
        send(session, make.acting(session.get_one(User, mine.host_id)), person.id, f"Dear {MARK}")
        feed.append(session, person.id, told[:1])
        feed.append(session, mine.host_id, told[1:])
        session.add(Delivery(notification_id=told[0].id, channel="email", address=EMAIL, locale="en"))
        limits.enforce(session, ctx, "login_account", EMAIL, ctx.policy.limits.login_account)
    acting = replace(acting, actor=replace(acting.actor, session_id=session_id))
    with db.transaction() as session:
        leaving.delete_account(session, acting, OneTimeTokens("k" * 40), vault, "hash")
    with db.transaction() as session:
        # By a process that still remembered the session.
        session.add(DeviceToken(user_id=person.id, token=MARK, platform="ios", registered_at=ctx.now(session)))
    return make.reload(person)


def fill(db, person: User) -> set[str]:
    """Write what cannot be mistaken into every column that is to be erased, in every row that is the person's; where."""
    written = set()
    with db.transaction() as session:
        for name, personal in PERSONAL.items():
            table = table_of(name)
            for side in personal.sides:
                theirs = concerns(table, side, person.id)
                values = {column: _unmistakable(table.c[column]) for column in _erased(name, side)}
                values = {column: value for column, value in values.items() if value is not None}
                rows = session.execute(select(*table.primary_key.columns).where(theirs)).all()
                if side.erases or side.deletes:
                    assert rows, f"give the person of this test a row in {name}, as {side.name}"
                if values:
                    session.execute(update(table).where(theirs).values(values))
                written |= {f"{name}.{column}" for column in values}
    return written


def _erased(name: str, side: Side) -> list[str]:
    if side.deletes:
        keys = {c.name for c in table_of(name).primary_key.columns}
        return [c.name for c in table_of(name).columns if c.name not in keys and not c.foreign_keys]
    return [column for column, value in side.erases.items() if value is not Special.WITHOUT_SUBSCRIBER]


def _unmistakable(column: Any) -> Any:
    kind = column.type
    if isinstance(kind, CITEXT):
        return EMAIL
    if isinstance(kind, INET):
        return IP
    if isinstance(kind, ARRAY):
        return [MARK]
    # Where a CHECK knows every word there is, nothing can be hidden.
    if isinstance(kind, Text) and not any(column.name in str(check.sqltext) for check in _checks(column)):
        return MARK
    return {"name": MARK} if isinstance(kind, JSONB) else None


def _checks(column: Any) -> list[Any]:
    return [each for each in column.table.constraints if hasattr(each, "sqltext")]


def dump(db) -> dict[str, str]:
    """Every table as text, in small letters."""
    with db.reading() as session:
        return {
            table.name: "\n".join(_spelled(row) for row in session.execute(select(table))).lower()
            for table in Base.metadata.sorted_tables
        }


def _spelled(row: Any) -> str:
    return " ".join(bytes(v).decode(errors="replace") if isinstance(v, bytes | memoryview) else str(v) for v in row)


def traces(db) -> list[str]:
    return [f"{name}: {trace}" for name, text in dump(db).items() for trace in TRACES if trace in text]


MONEY = {
    "bookings": "count(*), sum(seats), count(DISTINCT customer_id)",
    "line_items": "count(*), sum(amount_minor)",
    "receivables": "count(*), sum(amount_minor), count(settled_at)",
    "payments": "count(*), sum(amount_minor), sum(fx_rate), count(DISTINCT provider_reference), "
    "string_agg(receipt, ',' ORDER BY id)",
    "payment_events": "count(*), sum(amount_minor), string_agg(key, ',' ORDER BY id)",
    "refunds": "count(*), sum(amount_minor)",
    "booking_events": "count(*), string_agg(to_status, ',' ORDER BY id)",
    "webhook_inbox": "count(*), string_agg(event_id, ',' ORDER BY id)",
    "reviews": "count(*), sum(rating), string_agg(comment, ',' ORDER BY id)",
}


def money(db) -> dict[str, tuple[Any, ...]]:
    with db.reading() as session:
        return {name: tuple(session.execute(text(f"SELECT {sums} FROM {name}")).one()) for name, sums in MONEY.items()}


@pytest.fixture
def chain(db, ctx) -> Callable[[], int]:
    """Chain what waits; how many faults the audit log has."""

    def chain() -> int:
        with db.transaction() as session:
            while extend_chain(session, ctx.now(session)):
                pass
        faults = []
        with db.reading() as session:
            prove(session, faults.append, grace=timedelta(0))
        return len(faults)

    return chain


@pytest.fixture
def erase(db, ctx):
    def erase(user) -> int:
        """Run after run, as the job does; how many it took."""
        for run in range(1, 20):
            with db.transaction() as session:
                if not erasing.erase_account(session, ctx, user.id):
                    return run
        raise AssertionError("it never ends")

    return erase


def test_of_an_erased_person_nothing_is_left_and_of_their_money_everything(db, make, person, chain, later, erase):
    written = fill(db, person)
    assert {"users.first_name", "sessions.device", "guides.bio", "bookings.special_requests"} <= written
    before, found = money(db), traces(db)
    assert {line.partition(":")[0] for line in found} >= {
        *("users", "sessions", "guides", "bookings", "payments", "webhook_inbox", "notifications", "deliveries"),
        *("listings", "reviews", "device_tokens", "availability_calendar", "idempotency_keys", "one_time_tokens"),
    }
    assert chain() == 0
    later(days=30)

    erase(person)

    assert traces(db) == []
    assert money(db) == before
    assert chain() == 0
    gone = make.reload(person)
    assert (gone.full_name, gone.email, gone.status) == ("A traveller", None, "deleted")
    assert gone.erased_at is not None
    with db.reading() as session:
        counted = set(session.scalars(select(RateLimit.subject)))
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.erased"))
        (delivery,) = session.scalars(select(Delivery).where(Delivery.address == ""))
    assert (entry.entity_id, entry.data) == (person.id, {})
    assert delivery.state == "suppressed"
    assert not counted & {limits._digest("login_account", EMAIL), limits._digest("stk_phone", PHONE)}


def test_nobody_else_loses_anything(db, make, person, erase, later):
    other = make.guide(email="other@example.com")
    listing = make.listing(other)
    before = {name: len(text.splitlines()) for name, text in dump(db).items()}
    later(days=30)
    erase(person)
    assert make.reload(other).email == "other@example.com"
    assert make.reload(listing).description == listing.description
    after = {name: len(text.splitlines()) for name, text in dump(db).items()}
    emptied = {name for name in before if after[name] < before[name]}
    assert emptied == {
        "identities",
        "two_factor",
        "sessions",
        "one_time_tokens",
        "device_tokens",
        "idempotency_keys",
        "notification_preferences",
        "guides",
        # With its history, and the mails that went to no account.
        "guide_applications",
        "guide_application_events",
        "deliveries",
        "licence_renewals",
        "search_history",
        "listing_images",
        "availability_calendar",
        "schedule_rules",
        "rate_limits",
    }


def test_a_callback_without_its_subscriber_still_says_what_it_said(db, make, person, erase, later):
    with db.reading() as session:
        (event,) = session.scalars(select(WebhookEvent))
    before = parse_callback(json.loads(event.body))
    later(days=30)
    erase(person)
    event = make.reload(event)
    after = parse_callback(json.loads(event.body))
    with db.reading() as session:
        payment = session.get_one(Payment, event.payment_id)
    assert (after.result_code, after.amount, after.receipt) == (before.result_code, before.amount, before.receipt)
    assert after.phone == "254000000000"
    assert after.checkout_request_id == payment.provider_reference
    assert payment.phone is None


def test_it_goes_on_where_it_stopped_and_a_second_time_changes_nothing(db, person, erase, later, monkeypatch):
    fill(db, person)
    later(days=30)
    monkeypatch.setattr(erasing, "BATCH", 1)
    monkeypatch.setattr(erasing, "PAYMENTS_AT_ONCE", 1)
    assert erase(person) > 3
    assert traces(db) == []
    after = dump(db)
    assert erase(person) == 1
    assert dump(db) == after


@pytest.mark.parametrize("when", ["before its end", "taken back"])
def test_who_may_still_come_back_is_not_erased(db, ctx, make, person, erase, later, when):
    if when == "taken back":
        with db.transaction() as session:
            leaving.restore_for_owner(session, ctx, person.id)
        later(days=30)
    else:
        later(days=29)
    assert erase(person) == 1
    assert make.reload(person).email == EMAIL
    with db.reading() as session:
        due = erasing.accounts_to_erase(session, ctx.now(session), 10)
    assert due == []


def test_whose_money_is_on_its_way_again_is_erased_only_when_that_is_over(db, make, person, erase, later, caplog):
    later(days=30)
    with db.transaction() as session:
        payment = session.scalars(select(Payment).where(Payment.phone == PHONE)).one()
        payment.state, was = "needs_review", payment.state
    assert erase(person) == 1
    assert make.reload(person).email == EMAIL
    assert "account.not_erased" in caplog.text
    assert EMAIL not in caplog.text
    with db.transaction() as session:
        session.get_one(Payment, payment.id).state = was
    erase(person)
    assert make.reload(person).email is None


def test_the_address_is_free_once_it_is_erased(db, make, person, erase, later):
    later(days=30)
    erase(person)
    assert make.user(email=EMAIL).email == EMAIL


def test_coming_back_and_erasing_at_once_end_in_one_of_both(db, ctx, make, person, later):
    later(days=30)
    with refused(db, "account_not_restorable"), db.transaction() as session:
        leaving.restore_for_owner(session, ctx, person.id)
    with db.transaction() as session:
        # Whoever comes first has the account's row, and looks at it only then.
        assert lock_user(session, person.id).erased_at is None


def test_the_audit_log_says_from_which_network_and_not_from_which_address(db, person):
    with db.reading() as session:
        seen = {entry.ip for entry in session.scalars(select(AuditEntry).where(AuditEntry.actor_id == person.id))}
    assert "203.0.113.0/24" in seen
    assert IP not in seen

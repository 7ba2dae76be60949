"""A copy of one's data: everything the registry promises and nothing of others, by a link that works for a week."""

from __future__ import annotations

import io
import json
import re
import tempfile
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from beat.schedule import RUNS
from domain.errors import NotFound
from domain.jobs import JobKind
from domain.notices import NOTICES
from domain.personal_data import PERSONAL
from domain.provider_errors import OutcomeUnknown, Unavailable
from models import DataExport, Job, Notification
from models.jobs import claim
from services import feed
from services.accounts import sessions
from services.bookings.cancelling import cancel_booking
from services.bookings.reserving import Wish, create_booking
from services.personal_data import exports, leaving
from services.personal_data.subjects import concerns, table_of
from tests.factories import start_in
from tests.support.evidence import Witness
from workers import periodic
from workers.exports import WriteExport
from workers.running import context_for


@pytest.fixture
def signed_in(db, make):
    def signed_in(user):
        ctx, session_id = make.acting(user), sessions.new_session_id()
        with db.transaction() as session:
            sessions.open_session(
                session, ctx, user, token_hash=str(session_id), session_id=session_id, device="Firefox"
            )
        return replace(ctx, actor=replace(ctx.actor, session_id=session_id))

    return signed_in


@pytest.fixture
def ask(db, signed_in):
    def ask(user):
        with db.transaction() as session:
            return exports.ask_for_export(session, signed_in(user))

    return ask


@pytest.fixture
def opened(bucket):
    """The one file of the bucket: what is for machines, what is for people, by its name."""

    def opened():
        (key,) = bucket.keys()
        with zipfile.ZipFile(io.BytesIO(bucket.read(key))) as archive:
            pages = {name: archive.read(name).decode() for name in archive.namelist()}
        return json.loads(pages.pop("export.json")), pages

    return opened


@pytest.fixture
def tick(db, ctx, hands):
    def tick():
        name = JobKind.DELETE_EXPORTS.value
        with db.transaction() as session:
            assert periodic.tick(session, ctx, name, RUNS[name])
        return hands.work("periodic", "reports")

    return tick


def link_in(mail) -> str:
    (token,) = set(re.findall(r"data-export\?token=([A-Za-z0-9_-]{43})", mail["text"]))
    return token


def test_a_copy_holds_every_column_and_every_row_that_the_registry_promises(db, make, ask, hands, opened):
    guide, other = make.guide(), make.guide()
    own, theirs = make.listing(guide), make.listing(other)
    make.payment(make.booking(guide, theirs))
    make.booking(other, own)
    ask(guide)
    with db.reading() as session:
        promised = {
            side.name: session.scalar(
                select(func.count())
                .select_from(table_of(name))
                .where(concerns(table_of(name), side, guide.id))
                .where(*(table_of(name).c[column].in_(values) for column, values in side.only.items()))
            )
            for name, personal in PERSONAL.items()
            for side in personal.sides
        }
    assert hands.work("reports") == ["reports.write_export"]
    tables = opened()[0]["tables"]
    sides = {side.name: side for personal in PERSONAL.values() for side in personal.sides}
    assert set(tables) == set(sides)
    for name, side in sides.items():
        assert all(set(row) == set(side.shows) for row in tables[name]), name
    assert {name: len(tables[name]) for name in promised} == promised
    (account,) = tables["account"]
    assert (account["email"], account["phone"]) == (guide.email, guide.phone)
    assert [len(tables[each]) for each in ("bookings", "payments", "experiences", "guide_profile")] == [1, 1, 1, 1]
    # A hold that nobody has paid is not the guide's to know.
    assert tables["bookings_as_guide"] == []


def test_nothing_of_others_and_no_key_is_in_it(db, make, ask, hands, bucket, opened):
    tourist, guide = make.user(password_hash="$2b$hash"), make.guide()
    payment = make.payment(make.booking(tourist, make.listing(guide)))
    ask(tourist)
    hands.work("reports")
    data, pages = opened()
    for secret in (guide.phone, guide.email, str(guide.id), payment.callback_token, "$2b$hash", bucket.keys()[0]):
        assert secret not in json.dumps(data)
        assert not any(secret in page for page in pages.values())


def test_neither_side_of_a_booking_gets_what_is_the_others(db, ctx, make, ask, hands, bucket, opened):
    tourist, guide = make.user(first_name="Ingrid", last_name="Larsen"), make.guide()
    listing, bookings = make.listing(guide), []
    for day in (3, 20):
        wish = Wish(listing.id, start_in(day), {"adult": 2}, special_requests="Coeliac, and an insulin pump.")
        with db.transaction() as session:
            bookings.append(create_booking(session, make.acting(tourist), wish))
        Witness(db, ctx).pays(make.payment(bookings[-1]))
    with db.transaction() as session:
        cancel_booking(session, make.acting(tourist), bookings[1].id, "A broken hip")
    for job in hands.due("deliveries"):
        if job.kind == JobKind.NOTIFY:
            hands.do(job)

    def copy(user):
        ask(user)
        hands.work("reports")
        data, pages = opened()
        bucket.empty()
        return data["tables"], json.dumps(data) + "".join(pages.values())

    tables, whole = copy(guide)
    assert {row["kind"] for row in tables["notifications_of_both_sides"]} == {"new_booking", "booking_cancelled"}
    assert bookings[0].reference in [row["reference"] for row in tables["bookings_as_guide"]]
    for other in ("Ingrid", "Larsen", "insulin", "broken hip", tourist.phone, tourist.email, str(tourist.id)):
        assert other not in whole
    tables, whole = copy(tourist)
    assert {row["kind"] for row in tables["notifications"]} >= {"booking_confirmed", "payment_receipt"}
    assert all(row["title"] and row["body"] for row in tables["notifications"] if row["kind"] in NOTICES)
    assert [row["special_requests"] for row in tables["bookings"]] == ["Coeliac, and an insulin pump."] * 2
    for other in (guide.phone, guide.last_name, guide.email, str(guide.id)):
        assert other not in whole


@pytest.mark.parametrize(
    ("locale", "page", "says", "button"),
    [
        ("en", "your-data.html", "Where you signed in", "Download my data"),
        ("sw", "data-yako.html", "Ulipoingia", "Pakua data yangu"),
    ],
)
def test_a_page_for_people_and_a_mail_in_their_language(
    db, ctx, make, ask, hands, opened, sandbox, runtime, locale, page, says, button
):
    user = make.user(locale=locale, first_name="<b>Amina", email="amina@example.com")
    ask(user)
    hands.work("reports", "deliveries")
    ((name, text),) = opened()[1].items()
    assert name == page
    assert f"<h2>{says}</h2>" in text
    assert "&lt;b&gt;Amina" in text
    assert "<b>Amina" not in text
    (mail,) = sandbox.mails()
    assert f"{button}: {runtime.frontend_url}/data-export?token=" in mail["text"]
    with db.reading() as session:
        for _ in range(2):
            found = exports.find_export(session, ctx, runtime.one_time_tokens.hash(link_in(mail)))
    assert (found.user_id, found.state) == (user.id, "ready")


def test_the_file_goes_after_a_week_and_its_link_before(
    db, ctx, clock, make, ask, hands, bucket, sandbox, runtime, tick
):
    ask(make.user())
    hands.work("reports", "deliveries")
    link = runtime.one_time_tokens.hash(link_in(sandbox.mails()[0]))
    clock.offset += timedelta(days=6, hours=23)
    assert tick() == ["periodic.delete_exports"]
    assert len(bucket.keys()) == 1
    clock.offset += timedelta(hours=1)
    with db.reading() as session, pytest.raises(NotFound):
        exports.find_export(session, ctx, link)
    clock.offset += timedelta(hours=1)
    assert tick() == ["periodic.delete_exports", "reports.delete_export"]
    assert bucket.keys() == []
    clock.offset += timedelta(hours=1)
    assert tick() == ["periodic.delete_exports"]


def test_what_one_applied_for_before_one_had_an_account_is_in_the_copy(make, ask, hands, opened, applications):
    applications.confirmed(email="wanjiru@example.com")
    ask(make.user(email="wanjiru@example.com"))
    hands.work("reports")
    data, _ = opened()
    assert [each["email"] for each in data["tables"]["guide_applications"]] == ["wanjiru@example.com"]
    assert len(data["tables"]["application_history"]) == 2


@pytest.mark.parametrize("when", ["before it is written", "while it is stored", "afterwards"])
def test_who_leaves_meanwhile_gets_no_link_and_no_file_stays(
    db, make, signed_in, hands, clock, bucket, sandbox, runtime, tick, monkeypatch, vault, when
):
    user = make.user(password_hash="hash")
    acting = signed_in(user)

    def leave():
        with db.transaction() as session:
            leaving.delete_account(session, acting, runtime.one_time_tokens, vault, "hash")

    with db.transaction() as session:
        export = exports.ask_for_export(session, acting)
    if when == "before it is written":
        leave()
    if when == "while it is stored":
        put = runtime.storage.put
        monkeypatch.setattr(runtime.storage, "put", lambda *args, **more: (put(*args, **more), leave())[0])
    hands.work("reports")
    if when == "afterwards":
        leave()
    clock.offset += timedelta(hours=1)
    tick()
    assert bucket.keys() == []
    assert make.reload(export).state == "deleted"
    hands.work("deliveries")
    assert [mail["subject"] for mail in sandbox.mails()] == ["Your account with Elite Events Kenya is deleted"]


def test_a_storage_that_is_away_delays_the_copy_and_writes_it_once(
    db, clock, make, ask, hands, bucket, runtime, monkeypatch
):
    export, put, tries = ask(make.user()), runtime.storage.put, []

    def fails_first(*args, **more):
        tries.append(args[0])
        if len(tries) == 1:
            raise Unavailable("away", code="connect_error")
        put(*args, **more)

    monkeypatch.setattr(runtime.storage, "put", fails_first)
    hands.work("reports")
    assert make.reload(export).state == "waiting"
    clock.offset += timedelta(minutes=1)
    hands.work("reports")
    assert make.reload(export).state == "ready"
    assert bucket.keys() == [export.storage_key] == list(set(tries))


@pytest.mark.parametrize("arrived", [True, False], ids=["the file arrived", "no file arrived"])
def test_a_copy_that_could_not_be_written_leaves_no_file_and_may_be_asked_for_again(
    db, clock, make, ask, hands, bucket, runtime, tick, monkeypatch, arrived
):
    user = make.user()
    export, put = ask(user), runtime.storage.put

    def never_answers(*args, **more):
        if arrived:
            put(*args, **more)
        raise OutcomeUnknown("no answer", code="read_timeout_error")

    monkeypatch.setattr(runtime.storage, "put", never_answers)
    hands.work("reports")
    tick()
    assert make.reload(export).state == "waiting"
    clock.offset += timedelta(hours=24, minutes=1)
    hands.work("reports")
    tick()
    assert make.reload(export).state == "deleted"
    assert bucket.keys() == []
    monkeypatch.undo()
    again = ask(user)
    hands.work("reports")
    assert again.id != export.id
    assert make.reload(again).state == "ready"


def test_a_worker_that_is_killed_leaves_nothing_on_its_disk(db, make, ask, runtime, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    export = ask(make.user())
    with db.transaction() as session:
        job = session.scalars(select(Job).where(Job.kind == JobKind.WRITE_EXPORT)).one()
        taken = claim(session, job.id, job.attempt, runtime.clock.now(session))
        written = WriteExport().prepare(session, context_for(runtime, None), taken, runtime)
    # Whatever has a name here outlives the process.
    assert written.export_id == export.id
    assert list(tmp_path.iterdir()) == []
    written.file.close()


def test_a_long_history_goes_through_memory_a_few_rows_at_a_time(db, make, ask, hands, bucket, opened):
    user = make.user()
    with db.transaction() as session:
        for start in range(0, 4_000, 1_000):
            told = [
                Notification(key=f"{start + n}", kind="welcome", title="x", body="y" * 2_000, data={})
                for n in range(1_000)
            ]
            feed.append(session, user.id, told)
            session.expunge_all()
    # The first one loads what it works with.
    ask(make.user())
    hands.work("reports")
    bucket.empty()
    ask(user)
    tracemalloc.start()
    hands.work("reports")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    data, _ = opened()
    assert len(data["tables"]["notifications"]) == 4_000
    assert most < 4_000_000 < len(json.dumps(data))


def test_one_is_written_at_a_time(db, make, ask, hands):
    user = make.user()
    first, second = ask(user), ask(user)
    assert first.id == second.id
    hands.work("reports")
    with db.reading() as session:
        assert len(session.scalars(select(DataExport)).all()) == 1

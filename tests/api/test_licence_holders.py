"""Whoever reviews a licence or an application sees who else has its number, however it is written; nobody is refused for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, text, update

from models import Guide, LicenceRenewal, User
from services.guides.licence_holders import holders_of
from tests.factories import today
from tests.support.http import refused

SENT, HOLDERS = "/api/admin/licences/sent", "/api/admin/licences/holders"
NEXT_YEAR = today() + timedelta(days=365)


@pytest.fixture
def admin(http, make):
    return http.signed_in_as(make.user(roles=["tourist", "admin"]))


@pytest.fixture
def guide(make, db):
    """A guide with the number of a licence in their profile."""

    def guide(number, **values):
        user = make.guide(**values)
        with db.transaction() as session:
            changes = {"licence_number": number, "licence_expires_on": NEXT_YEAR}
            session.execute(update(Guide).where(Guide.user_id == user.id).values(**changes))
        return user

    return guide


@pytest.fixture
def sent(make, db, ctx):
    """A licence that waits for a reviewer, of a guide of its own unless told otherwise."""

    def sent(number, user=None, **values):
        user = user or make.guide(**values)
        with db.transaction() as session:
            row = {"user_id": user.id, "number": number, "expires_on": NEXT_YEAR, "submitted_at": ctx.now(session)}
            renewal = LicenceRenewal(**row)
            session.add(renewal)
        return renewal

    return sent


def names(shown) -> list[tuple[str, str]]:
    return [(each["name"], each["held_as"]) for each in shown]


@pytest.mark.parametrize("written", ["TRA/TG/91840", "tra/tg/91840", " TRA TG 91840", "TRA-TG–91840", "tra.tg.91840"])
def test_another_guide_with_the_number_is_named_however_they_write_it(admin, guide, sent, written):
    other = guide(written, first_name="Baraka", last_name="Mutua")
    guide("TRA/TG/91841")
    mine = sent("TRA/TG/91840")

    shown = admin.get(f"{SENT}/{mine.id}").get_json()["also_held_by"]

    assert shown == [
        {
            "held_as": "licence",
            "user_id": str(other.id),
            "slug": f"kamau-{other.id}",
            "name": "Baraka Mutua",
            "number": written,
            "expires_on": str(NEXT_YEAR),
        }
    ]
    assert admin.get(SENT).get_json()["items"][0]["also_held_by"] == shown
    confirmed = admin.put(f"{SENT}/{mine.id}/review", {"action": "confirm"})
    assert (confirmed.status_code, confirmed.get_json()["also_held_by"]) == (200, shown)


def test_ones_own_number_is_nobody_elses(admin, guide, sent):
    user = guide("TRA/TG/1")
    renewal = sent("tra tg 1", user)
    assert admin.get(f"{SENT}/{renewal.id}").get_json()["also_held_by"] == []


def test_two_who_send_one_number_see_each_other_and_are_named_once(admin, guide, sent):
    first = sent("TRA/TG/1", guide("TRA/TG/1", first_name="Amina", last_name="A"))
    second = sent("TRA/TG/1", first_name="Baraka", last_name="B")
    assert names(admin.get(f"{SENT}/{first.id}").get_json()["also_held_by"]) == [("Baraka B", "sent")]
    assert names(admin.get(f"{SENT}/{second.id}").get_json()["also_held_by"]) == [("Amina A", "licence")]
    admin.put(f"{SENT}/{second.id}/review", {"action": "refuse", "reason": "Amina's."})
    assert admin.get(f"{SENT}/{first.id}").get_json()["also_held_by"] == []


def test_who_has_left_is_not_named_and_who_is_suspended_is(admin, guide, sent, db, ctx):
    left, suspended = guide("TRA/TG/1"), guide("TRA/TG/1", first_name="Sidi", last_name="S", status="suspended")
    with db.transaction() as session:
        now = ctx.now(session)
        session.get_one(User, left.id).delete(now, now + timedelta(days=30))
    assert suspended.status == "suspended"
    assert names(admin.get(f"{SENT}/{sent('TRA/TG/1').id}").get_json()["also_held_by"]) == [("Sidi S", "licence")]


def test_what_is_only_punctuation_is_no_number(admin, guide, sent):
    guide("–")
    assert admin.get(f"{SENT}/{sent('-').id}").get_json()["also_held_by"] == []


def test_the_reviewer_of_an_application_is_told_with_the_approval_and_may_look_before(admin, guide, applications):
    guide("TRA/G/1", first_name="Baraka", last_name="Mutua")
    application = applications.confirmed()
    path = f"/api/admin/applications/{application}"
    assert names(admin.get(f"{HOLDERS}?number=tra-g-1").get_json()["items"]) == [("Baraka Mutua", "licence")]

    approved = admin.put(f"{path}/review", {"action": "approve", "licence_number": "tra g 1"})

    assert approved.status_code == 200
    assert names(approved.get_json()["licence"]["also_held_by"]) == [("Baraka Mutua", "licence")]
    assert admin.get(path).get_json() == approved.get_json()
    everybody = admin.get(f"{HOLDERS}?number=TRAG1").get_json()["items"]
    assert names(everybody) == [("Baraka Mutua", "licence"), ("Wanjiru Kamau", "invited")]
    assert (everybody[1]["user_id"], everybody[1]["slug"]) == (None, None)


def test_who_is_invited_is_named_until_they_are_a_guide_and_then_as_one(admin, applications, make, sent):
    user = make.user(email="wanjiru@example.com", first_name="Wanjiru", last_name="Kamau")
    application = applications.confirmed()
    applications.review(application, "approve", licence_number="TRA/G/1")
    renewal = sent("TRA/G/1")
    assert names(admin.get(f"{SENT}/{renewal.id}").get_json()["also_held_by"]) == [("Wanjiru Kamau", "invited")]
    applications.accept(application, user)
    assert names(admin.get(f"{SENT}/{renewal.id}").get_json()["also_held_by"]) == [("Wanjiru Kamau", "licence")]
    # An applicant's own profile is nobody else's.
    own = admin.get(f"/api/admin/applications/{application}").get_json()
    assert names(own["licence"]["also_held_by"]) == [(renewal_name(make, renewal), "sent")]


def renewal_name(make, renewal) -> str:
    return make.reload_user(renewal.user_id).full_name


def test_an_account_of_the_applicants_address_is_the_applicants(admin, applications, guide, db):
    # Nobody has proved to read that address yet, so the two are not joined.
    guide("TRA/G/1", email="wanjiru@example.com", status="pending")
    application = applications.confirmed()
    applications.review(application, "approve", licence_number="TRA/G/1")
    shown = admin.get(f"/api/admin/applications/{application}").get_json()
    assert (shown["user_id"], shown["licence"]["also_held_by"]) == (None, [])


@pytest.mark.parametrize("query", ["", "?number=", "?number=" + "x" * 61])
def test_looking_up_takes_a_number(admin, query):
    refused(admin.get(HOLDERS + query), 422, "invalid_fields", "number")


def test_a_list_asks_once_however_many_wait(admin, sent, db):
    seen = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    def asked() -> int:
        seen.clear()
        assert admin.get(SENT).status_code == 200
        return len(seen)

    sent("TRA/TG/1")
    asked()
    one = asked()
    for number in range(3):
        sent(f"TRA/TG/{number}")
    assert asked() == one


def test_profiles_are_found_by_the_index(db, guide):
    # Of one row any way is as good.
    for number in range(1, 31):
        guide(f"TRA/TG/{number}")
    with db.transaction() as session:
        session.execute(text("ANALYZE guides"))
    plans = []

    def explain(connection, cursor, statement, parameters, *_):
        if "asked" in statement and not statement.startswith("EXPLAIN"):
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))

    event.listen(db.engine, "before_cursor_execute", explain)
    with db.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
        assert len(holders_of(session, ["tra tg 1"])["tra tg 1"]) == 1
    event.remove(db.engine, "before_cursor_execute", explain)
    assert "ix_guides_found_by_licence" in plans[0], plans[0]

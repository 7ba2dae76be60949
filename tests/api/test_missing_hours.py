"""Guides are told of experiences that nobody can book for want of hours: in the answer to writing one, and in their list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from models import AvailabilityException, Resource, ScheduleRule
from tests.api.test_own_experiences import TAPPED, TYPED
from tests.api.test_schedules import MINE, OWN, daily
from tests.factories import CLOSING, OPENING, today

LIST = "/api/guides/me/experiences"


@pytest.fixture
def guide(make):
    return make.guide()


@pytest.fixture
def client(http, guide):
    return http.signed_in_as(guide)


@pytest.fixture
def keep(db, guide):
    """Keep hours of the guide's, or of one listing's."""

    def keep(table, listing=None, **values):
        with db.transaction() as session:
            body = session.query(Resource).filter_by(user_id=guide.id).one()
            whose = {"listing_id": listing.id} if listing else {"resource_id": body.id}
            session.add(table(**whose, start_time=OPENING, end_time=CLOSING, **values))

    return keep


def missing(client, listing) -> list[str]:
    """What the list says, and its own page as well."""
    (shown,) = (item for item in client.get(LIST).get_json()["items"] if item["id"] == str(listing.id))
    assert client.get(f"{LIST}/{listing.id}").get_json()["missing"] == shown["missing"]
    return shown["missing"]


def test_what_is_offered_without_hours_says_so_until_there_are_some(client, http):
    made = client.post("/api/experiences", TAPPED | TYPED | {"status": "active"})

    assert (made.status_code, made.get_json()["status"], made.get_json()["missing"]) == (201, "active", ["hours"])
    shown = http.get(f"/api/experiences/{made.get_json()['id']}/availability")
    assert (shown.status_code, shown.get_json()["slots"]) == (200, [])
    assert client.get(LIST).get_json()["items"][0]["missing"] == ["hours"]

    assert client.post(OWN, {"rules": daily()}).status_code == 201
    assert client.get(LIST).get_json()["items"][0]["missing"] == []
    assert http.get(f"/api/experiences/{made.get_json()['id']}/availability").get_json()["slots"]


def test_a_change_says_it_as_well(client, make, guide):
    listing = make.listing(guide, rules=False)
    changed = client.put(f"/api/experiences/{listing.id}", {"summary": "New."}).get_json()
    assert changed["missing"] == ["hours"]


def test_ones_own_hours_and_its_guides_both_do(client, make, guide, keep):
    own, guided = make.listing(guide), make.listing(guide, rules=False)
    assert (missing(client, own), missing(client, guided)) == ([], ["hours"])
    keep(ScheduleRule, weekday=2)
    assert (missing(client, own), missing(client, guided)) == ([], [])


def test_another_guides_hours_and_another_experiences_do_not(client, make, guide):
    make.listing(guide)
    make.listing()
    bare = make.listing(guide, rules=False)
    assert missing(client, bare) == ["hours"]


def test_own_rules_replace_the_guides_also_when_they_are_over(client, make, guide, keep):
    listing = make.listing(guide, rules=False)
    keep(ScheduleRule, weekday=2)
    keep(ScheduleRule, listing, weekday=3, valid_until=today() - timedelta(days=3))
    assert missing(client, listing) == ["hours"]
    keep(ScheduleRule, listing, weekday=3, valid_until=today())
    assert missing(client, listing) == []


@pytest.mark.parametrize("is_own", [True, False])
def test_extra_hours_ahead_are_hours_and_closed_or_past_ones_are_not(client, make, guide, keep, is_own):
    listing = make.listing(guide, rules=False)
    whose = listing if is_own else None
    keep(AvailabilityException, whose, on_date=today() + timedelta(days=3), is_available=False)
    keep(AvailabilityException, whose, on_date=today() - timedelta(days=3), is_available=True)
    assert missing(client, listing) == ["hours"]
    keep(
        AvailabilityException,
        whose,
        on_date=today() - timedelta(days=3),
        until_on=today() + timedelta(days=3),
        is_available=True,
    )
    assert missing(client, listing) == []


def test_a_list_asks_once_however_long_it_is(client, make, guide, db):
    seen = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    def asked() -> int:
        seen.clear()
        assert client.get(LIST).status_code == 200
        return len(seen)

    make.listing(guide)
    asked()
    one = asked()
    for _ in range(3):
        make.listing(guide, rules=False)
    assert asked() == one


def test_a_schedule_of_ones_own_ends_it_too(client, make, guide):
    listing = make.listing(guide, rules=False)
    client.post(f"/api/experiences/{listing.id}/schedule", {"rules": daily()})
    assert missing(client, listing) == []
    assert client.get(MINE).get_json()["rules"] == []

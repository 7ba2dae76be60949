"""Hours over HTTP: added all or none, replaced and removed by their guide alone, and what everybody sees of them."""

from __future__ import annotations

import uuid
from datetime import date, time

import pytest
from sqlalchemy import select

from models import AuditEntry, AvailabilityException, Booking, Resource, ScheduleRule
from models.prepared import HotReads
from services.listings.schedules import MOST_RULES
from tests.factories import NAIROBI, start_in
from tests.support.http import refused

OWN, MINE = "/api/guides/me/availability", "/api/guides/me/schedule"
MORNINGS = {"weekday": "monday", "start_time": "08:00", "end_time": "12:00"}
NIGHTS = {"weekday": "friday", "start_time": "20:00", "end_time": "02:00"}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def day_in(days: int) -> date:
    return start_in(days).astimezone(NAIROBI).date()


def closed(days: int, **more) -> dict:
    return {"date": str(day_in(days)), "is_available": False, **more}


def daily(start: str = "08:00", end: str = "18:00") -> list[dict]:
    return [{"weekday": weekday, "start_time": start, "end_time": end} for weekday in WEEKDAYS]


@pytest.fixture
def guide(make):
    return make.guide()


@pytest.fixture
def client(http, guide):
    return http.signed_in_as(guide)


def kept(db) -> tuple[int, int]:
    with db.reading() as session:
        rules, exceptions = session.scalars(select(ScheduleRule)), session.scalars(select(AvailabilityException))
        return len(rules.all()), len(exceptions.all())


@pytest.mark.parametrize("whose", ["me", "id", "slug"])
def test_rules_and_exceptions_are_added_in_one_request(client, guide, http, db, whose):
    slug = f"kamau-{guide.id}"
    name = {"me": "me", "slug": slug, "id": http.get(f"/api/guides/{slug}").get_json()["id"]}[whose]
    holiday = closed(20, until=str(day_in(33)), note="At home")

    response = client.post(f"/api/guides/{name}/availability", {"rules": [NIGHTS, MORNINGS], "exceptions": [holiday]})

    schedule = response.get_json()
    assert (response.status_code, response.headers["Location"]) == (201, MINE)
    assert (schedule["experience_id"], schedule["timezone"]) == (None, "Africa/Nairobi")
    assert [rule["weekday"] for rule in schedule["rules"]] == ["monday", "friday"]
    assert [rule["ends_next_day"] for rule in schedule["rules"]] == [False, True]
    (exception,) = schedule["exceptions"]
    assert exception == {
        "id": exception["id"],
        **holiday,
        "start_time": None,
        "end_time": None,
        "ends_next_day": False,
    }
    assert client.get(MINE).get_json() == schedule
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "hours.added"))
    assert (entry.entity_type, entry.data) == ("resources", {"rules": 2, "exceptions": 1})


def test_hours_of_an_experience_are_its_own_and_replace_the_guides(client, guide, make, http):
    listing, other = (make.listing(guide, rules=False, slug=slug) for slug in ("night-out", "day-out"))
    client.post(OWN, {"rules": daily("09:00", "12:00")})

    response = client.post("/api/experiences/night-out/schedule", {"rules": daily("20:00", "23:00")})

    assert response.status_code == 201
    assert response.get_json()["experience_id"] == str(listing.id)
    assert client.get(f"/api/experiences/{listing.id}/schedule").get_json() == response.get_json()
    day = day_in(3)
    times = {
        each: [
            slot["time"]
            for slot in http.get(f"/api/experiences/{each}/availability?from={day}&to={day}").get_json()["slots"]
        ]
        for each in (listing.slug, other.slug)
    }
    assert times == {"night-out": ["20:00"], "day-out": ["09:00"]}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"rules"}),
        ({"rules": [], "exceptions": []}, {"rules"}),
        ({"rules": [MORNINGS, {}]}, {"rules.1.weekday", "rules.1.start_time", "rules.1.end_time"}),
        ({"rules": [MORNINGS | {"weekday": 1}]}, {"rules.0.weekday"}),
        ({"rules": [MORNINGS | {"weekday": "Funday"}]}, {"rules.0.weekday"}),
        ({"rules": [MORNINGS | {"start_time": "8"}]}, {"rules.0.start_time"}),
        ({"rules": [MORNINGS | {"end_time": "24:00"}]}, {"rules.0.end_time"}),
        ({"rules": [MORNINGS | {"end_time": "12:00:30"}]}, {"rules.0.end_time"}),
        ({"rules": [MORNINGS | {"valid_from": "2027-01-02", "valid_until": "2027-01-01"}]}, {"rules.0.valid_until"}),
        ({"rules": [MORNINGS | {"valid_from": "2027-01-05", "valid_until": "2027-01-10"}]}, {"rules.0.valid_until"}),
        ({"rules": [MORNINGS | {"id": str(uuid.UUID(int=7))}]}, {"rules.0.id"}),
        ({"rules": [MORNINGS] * 51}, {"rules"}),
        ({"rules": "all day"}, {"rules"}),
        ({"exceptions": [closed(1), {"date": "tomorrow"}]}, {"exceptions.1.date", "exceptions.1.is_available"}),
        ({"exceptions": [closed(1, is_available=True)]}, {"exceptions.0.start_time"}),
        ({"exceptions": [closed(1, start_time="09:00")]}, {"exceptions.0.end_time"}),
        ({"exceptions": [closed(1, until=str(day_in(400)))]}, {"exceptions.0.until"}),
        ({"exceptions": [closed(2, until=str(day_in(1)))]}, {"exceptions.0.until"}),
        ({"exceptions": [closed(1, note="x" * 201)]}, {"exceptions.0.note"}),
        ({"exceptions": [closed(1, is_available="no")]}, {"exceptions.0.is_available"}),
        ({"rules": [MORNINGS], "exceptions": [closed(-3)]}, {"exceptions.0.date"}),
        ({"exceptions": [closed(1), closed(-9, until=str(day_in(-2)))]}, {"exceptions.1.until"}),
    ],
)
def test_each_fault_is_named_by_its_index_and_field_and_nothing_is_kept(client, db, untouched, body, fields):
    with untouched():
        errors = refused(client.post(OWN, body), 422, "invalid_fields")["errors"]
    assert set(errors) == fields
    assert kept(db) == (0, 0)


def test_hours_that_are_there_already_are_refused_by_name(client, untouched):
    (there,) = client.post(OWN, {"rules": [MORNINGS]}).get_json()["rules"]
    body = {"rules": [NIGHTS, MORNINGS, NIGHTS], "exceptions": [closed(3), closed(3)]}

    with untouched():
        errors = refused(client.post(OWN, body), 409, "hours_duplicate")["errors"]

    assert set(errors) == {"rules.1.weekday", "rules.2.weekday", "exceptions.1.date"}
    assert there["id"] in errors["rules.1.weekday"][0]


def test_extra_hours_of_a_closed_day_are_refused_by_name(client, guide, make, untouched):
    listing = make.listing(guide)
    extra = {"date": str(day_in(3)), "is_available": True, "start_time": "19:00", "end_time": "22:00"}
    client.post(OWN, {"exceptions": [closed(2, until=str(day_in(5)))]})

    with untouched():
        for path in (OWN, f"/api/experiences/{listing.id}/schedule"):
            refused(client.post(path, {"exceptions": [extra]}), 409, "hours_contradict", "exceptions.0.date")

    assert client.post(OWN, {"exceptions": [extra | {"date": str(day_in(6))}]}).status_code == 201


def test_there_are_only_so_many(client, db, guide, untouched):
    with db.transaction() as session:
        (body,) = session.scalars(select(Resource.id).where(Resource.user_id == guide.id))
        session.add_all(
            ScheduleRule(resource_id=body, weekday=0, start_time=time(number // 60, number % 60), end_time=time(23))
            for number in range(MOST_RULES - 1)
        )
    with untouched():
        refused(client.post(OWN, {"rules": [MORNINGS, NIGHTS]}), 409, "schedule_full")
    assert client.post(OWN, {"rules": [NIGHTS]}).status_code == 201


def test_a_rule_and_an_exception_are_read_replaced_and_removed(client, guide, make, db):
    listing = make.listing(guide, rules=False)
    for path, mine in ((OWN, MINE), (f"/api/experiences/{listing.id}/schedule",) * 2):
        made = client.post(path, {"rules": [MORNINGS], "exceptions": [closed(3)]}).get_json()
        rule, exception = made["rules"][0]["id"], made["exceptions"][0]["id"]
        assert client.get(f"{path}/{rule}").get_json() == {"rule": made["rules"][0], "exception": None}
        assert client.get(f"{path}/{exception}").get_json()["exception"] == made["exceptions"][0]

        later = client.put(f"{path}/{rule}", {"rule": NIGHTS | {"validFrom": "2027-01-01"}}).get_json()
        longer = client.put(f"{path}/{exception}", {"exception": closed(3, until=str(day_in(4)))}).get_json()

        assert (later["rules"][0]["weekday"], later["rules"][0]["valid_from"]) == ("friday", "2027-01-01")
        assert longer["exceptions"][0]["until"] == str(day_in(4))
        assert client.request("DELETE", f"{path}/{rule}").get_json()["rules"] == []
        assert client.request("DELETE", f"{path}/{exception}").get_json() == client.get(mine).get_json()
        refused(client.request("DELETE", f"{path}/{rule}"), 404, "hours_not_found")
    assert kept(db) == (0, 0)
    with db.reading() as session:
        changed = session.scalars(select(AuditEntry.data).where(AuditEntry.action == "hours.changed")).all()
    assert {"fields": ["until_on"]} in changed


def test_what_is_so_already_is_done_already(client, untouched):
    made = client.post(OWN, {"rules": [MORNINGS], "exceptions": [closed(3, note="Away")]}).get_json()
    with untouched():
        again = client.put(f"{OWN}/{made['rules'][0]['id']}", {"rule": MORNINGS})
        same = closed(3, note="Away", until=str(day_in(3)))
        once_more = client.put(f"{OWN}/{made['exceptions'][0]['id']}", {"exception": same})
        zone = client.put(MINE, {"timezone": "Africa/Nairobi"})
    assert [response.status_code for response in (again, once_more, zone)] == [200] * 3
    assert again.get_json() == made


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "invalid_fields", "rule"),
        ({"rule": MORNINGS, "exception": closed(1)}, "invalid_fields", "rule"),
        ({"rule": MORNINGS | {"weekday": "no"}}, "invalid_fields", "rule.weekday"),
        ({"exception": closed(1)}, "invalid_field", "exception"),
    ],
)
def test_a_rule_becomes_a_whole_rule_and_nothing_else(client, untouched, body, code, field):
    rule = client.post(OWN, {"rules": [MORNINGS]}).get_json()["rules"][0]["id"]
    with untouched():
        refused(client.put(f"{OWN}/{rule}", body), 422, code, field)


def test_a_change_is_held_against_the_others_and_not_against_itself(client, untouched):
    rules = client.post(OWN, {"rules": [MORNINGS, NIGHTS]}).get_json()["rules"]
    with untouched():
        response = client.put(f"{OWN}/{rules[0]['id']}", {"rule": NIGHTS})
        refused(response, 409, "hours_duplicate", "rule.weekday")
    assert client.put(f"{OWN}/{rules[0]['id']}", {"rule": MORNINGS | {"end_time": "11:00"}}).status_code == 200


def test_nobody_else_reads_or_changes_them(client, guide, make, http, untouched):
    listing, slug = make.listing(guide), f"kamau-{guide.id}"
    client.post(OWN, {"rules": [MORNINGS]})
    mine = client.get(MINE).get_json()["rules"][0]["id"]
    theirs = client.get(f"/api/experiences/{listing.id}/schedule").get_json()["rules"][0]["id"]
    other = http.signed_in_as(make.guide())
    with untouched():
        for verb in ("GET", "PUT", "DELETE"):
            body = {} if verb == "GET" else {"json": {"rule": NIGHTS}}
            refused(other.request(verb, f"/api/guides/{slug}/availability/{mine}", **body), 404, "guide_not_found")
            refused(other.request(verb, f"{OWN}/{mine}", **body), 404, "hours_not_found")
            path = f"/api/experiences/{listing.id}/schedule"
            refused(other.request(verb, f"{path}/{theirs}", **body), 404, "experience_not_found")
        refused(other.post(f"/api/guides/{slug}/availability", {"rules": [NIGHTS]}), 404, "guide_not_found")
        refused(other.post(f"/api/experiences/{listing.id}/schedule", {"rules": [NIGHTS]}), 404, "experience_not_found")
        # A rule of one's own at the address of another of one's things.
        refused(client.request("DELETE", f"/api/experiences/{listing.id}/schedule/{mine}"), 404, "hours_not_found")


def test_a_request_that_is_sent_again_adds_nothing(client, guide, make, db):
    key = {"headers": {"Idempotency-Key": "hours-1"}}
    listing, other = make.listing(guide, rules=False), make.listing(guide, rules=False)
    path = f"/api/experiences/{listing.id}/schedule"

    first, again = (client.post(path, {"rules": [MORNINGS]}, **key) for _ in range(2))

    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.get_json() == first.get_json()
    assert kept(db) == (1, 0)
    elsewhere = client.post(f"/api/experiences/{other.id}/schedule", {"rules": [MORNINGS]}, **key)
    refused(elsewhere, 422, "idempotency_key_reused")


def test_bookings_stand_and_the_guide_is_told_which_lie_outside(client, guide, make, db, pay_for):
    listing = make.listing(guide, rules=False)
    client.post(OWN, {"rules": daily()})
    inside, outside = (pay_for(make.booking(listing=listing, starts_at=start_in(days))) for days in (3, 5))
    held = make.booking(listing=listing, starts_at=start_in(5))

    told = client.post(OWN, {"exceptions": [closed(5)]}).get_json()["bookings_outside"]

    assert (told["total"], told["holds"]) == (1, 1)
    assert [one["reference"] for one in told["items"]] == [outside.reference]
    assert [make.reload(one).status for one in (inside, outside, held)] == ["confirmed", "confirmed", "pending"]
    assert client.get(MINE).get_json()["bookings_outside"] == told
    of_listing = client.get(f"/api/experiences/{listing.id}/schedule").get_json()["bookings_outside"]
    assert of_listing == told
    (exception,) = client.get(MINE).get_json()["exceptions"]
    assert client.request("DELETE", f"{OWN}/{exception['id']}").get_json()["bookings_outside"]["total"] == 0


def test_hours_that_begin_at_another_time_still_hold_what_lies_within_them(client, guide, make, pay_for):
    listing = make.listing(guide, rules=False)
    client.post(OWN, {"rules": daily()})
    pay_for(make.booking(listing=listing, starts_at=start_in(3, time(11))))
    rules = client.get(MINE).get_json()["rules"]
    for rule in rules:
        changed = {"weekday": rule["weekday"], "start_time": "09:00", "end_time": "18:00"}
        schedule = client.put(f"{OWN}/{rule['id']}", {"rule": changed}).get_json()
    assert schedule["bookings_outside"]["total"] == 0


@pytest.fixture
def pay_for(db):
    def confirm(booking):
        with db.transaction() as session:
            session.get_one(Booking, booking.id).status = "confirmed"
        return booking

    return confirm


def test_a_guides_own_zone_is_told_and_changed(client, guide, make, http, db):
    listing = make.listing(guide, rules=False)
    client.post(OWN, {"rules": daily("09:00", "12:00")})

    schedule = client.put(MINE, {"timezone": "Africa/Kigali"}).get_json()

    assert schedule["timezone"] == "Africa/Kigali"
    day = day_in(3)
    slots = http.get(f"/api/experiences/{listing.id}/availability?from={day}&to={day}").get_json()["slots"]
    assert [slot["time"] for slot in slots] == ["10:00"]
    refused(client.put(MINE, {"timezone": "Nairobi"}), 422, "invalid_fields", "timezone")


def test_a_guides_free_times_are_those_of_all_that_they_offer(client, guide, make, http):
    walk, drive = make.listing(guide, slug="walk"), make.listing(guide, rules=False, slug="drive", duration_minutes=60)
    make.listing(guide, status="draft")
    make.listing()
    make.booking(listing=walk, starts_at=start_in(3), guests={"adult": 2})
    client.post(OWN, {"rules": daily("12:00", "14:00"), "exceptions": [closed(4)]})
    path = f"/api/guides/kamau-{guide.id}/availability"

    response = http.get(f"{path}?from={day_in(3)}&to={day_in(5)}")

    times = response.get_json()
    assert response.headers["Cache-Control"] == "public, max-age=10"
    assert (times["timezone"], times["from"], times["to"]) == ("Africa/Nairobi", str(day_in(3)), str(day_in(5)))
    assert [one["slug"] for one in times["experiences"]] == ["walk", "drive"]
    assert [day["date"] for day in times["days"]] == [str(day_in(n)) for n in (3, 4, 5)]
    assert times["days"][1]["experiences"] == []
    shown = {
        one["experience_id"]: [(slot["time"], slot["seats_free"]) for slot in one["slots"]]
        for one in times["days"][0]["experiences"]
    }
    assert shown == {
        str(walk.id): [("08:00", 6), ("11:00", 8), ("14:00", 8)],
        str(drive.id): [("12:00", 8), ("13:00", 8)],
    }
    by_id = http.get(f"/api/guides/{times['guide_id']}/availability?from={day_in(3)}&to={day_in(5)}")
    assert by_id.get_json() == times


def test_each_experience_shows_the_same_by_itself_and_with_its_guide(client, guide, make, http):
    for number, zone in enumerate(("Africa/Nairobi", "Africa/Kigali", "America/New_York")):
        make.listing(guide, rules=number != 1, slug=f"tour-{number}", timezone=zone, duration_minutes=60 + 30 * number)
    make.booking(starts_at=start_in(4), listing=make.listing(guide, slug="tour-9", buffer_minutes=45))
    client.post(OWN, {"rules": daily("18:00", "03:00"), "exceptions": [closed(6, until=str(day_in(8)))]})
    window = f"from={day_in(3)}&to={day_in(30)}"

    times = http.get(f"/api/guides/kamau-{guide.id}/availability?{window}").get_json()

    for experience in times["experiences"]:
        alone = http.get(f"/api/experiences/{experience['slug']}/availability?{window}").get_json()
        together = [
            slot
            for day in times["days"]
            for one in day["experiences"]
            if one["experience_id"] == experience["id"]
            for slot in one["slots"]
        ]
        assert together == alone["slots"]
        assert together


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=x", "from"), ("from=2026-12-01&to=2027-01-02", "to"), ("from=2026-12-02&to=2026-12-01", "to")],
)
def test_bad_days_are_refused_by_name(http, guide, query, field):
    refused(http.get(f"/api/guides/kamau-{guide.id}/availability?{query}"), 422, "invalid_fields", field)


def test_no_more_than_a_month_is_shown_at_once(http, guide):
    far = http.get(f"/api/guides/kamau-{guide.id}/availability?to=2199-01-01").get_json()
    assert len(far["days"]) == 32


def test_who_is_not_there_as_a_guide_has_no_free_times(http, make):
    make.user()
    gone = make.guide(status="suspended")
    for name in ("nobody", "me", f"kamau-{gone.id}", str(uuid.UUID(int=7)), "%00"):
        refused(http.get(f"/api/guides/{name}/availability"), 404, "guide_not_found")


def test_a_guides_month_costs_one_question_however_much_they_offer(http, guide, make, monkeypatch):
    asked: list[str] = []
    ask = HotReads.ask

    def listening(self, question, **values):
        asked.append(question.text)
        return ask(self, question, **values)

    monkeypatch.setattr(HotReads, "ask", listening)
    for _ in range(3):
        make.listing(guide)
        asked.clear()
        http.get(f"/api/guides/kamau-{guide.id}/availability")
        assert len(asked) == 1


def test_somebody_signed_out_a_moment_ago_changes_nothing(client, http, guide, db, untouched):
    assert client.get(MINE).status_code == 200
    http.signed_in_as(guide).post("/api/auth/logout?everywhere=true")
    with untouched():
        refused(client.post(OWN, {"rules": [MORNINGS]}), 401, "session_ended")
    assert kept(db) == (0, 0)

"""Writing experiences over HTTP: drafts, offering, changing by field, archiving, and one's own list."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from models import Booking, Departure, Guide, Listing
from tests.factories import start_in, today
from tests.support.http import refused

TAPPED = {"title": "Market walk", "category": "food", "price": "1500", "duration_minutes": 90, "max_guests": 4}
TYPED = {
    "summary": "Stalls of Gikomba.",
    "description": "We begin at the fish.\n\nWe end at the cloth.",
    "location": "Nairobi",
    "meeting_point": "The clock tower",
}
#: What a client may wish to be, and what is not theirs to say.
FOREIGN = {
    "id": str(uuid.UUID(int=7)),
    "slug": "another",
    "host_id": str(uuid.UUID(int=7)),
    "resource_id": str(uuid.UUID(int=7)),
    "kind": "service",
    "rating_average": 5,
    "rating_count": 1000,
    "published_at": "2020-01-01T00:00:00Z",
    "created_at": "2020-01-01T00:00:00Z",
    "hidden_from": "active",
    "hidden_reason": None,
    "search": "x",
    "images": ["demo/x.svg"],
    "price_minor": 1,
}


@pytest.fixture
def guide(make):
    return make.guide()


@pytest.fixture
def client(http, guide):
    return http.signed_in_as(guide)


@pytest.fixture
def draft(client):
    return client.post("/api/experiences", TAPPED).get_json()


def test_what_is_tapped_makes_a_draft_that_nobody_else_sees(client, http):
    response = client.post("/api/experiences", TAPPED)

    made = response.get_json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/guides/me/experiences/{made['id']}"
    assert (made["status"], made["slug"], made["version"]) == ("draft", "market-walk", 1)
    assert made["missing"] == ["summary", "description", "location", "meeting_point", "hours"]
    assert (made["capacity"], made["min_guests"], made["price"]["currency"]) == (4, 1, "KES")
    assert client.get(response.headers["Location"]).get_json() == made
    refused(http.get("/api/experiences/market-walk"), 404, "experience_not_found")


def test_all_at_once_is_offered_at_once(client, http):
    whole = TAPPED | TYPED | {"status": "active", "latitude": -1.286389, "longitude": "36.817223"}
    whole |= {"tiers": [{"name": "adult", "price": 1500}, {"name": "infant", "price": 0, "takesSeat": False}]}

    made = client.post("/api/experiences", whole)

    assert made.status_code == 201, made.text
    shown = http.get("/api/experiences/market-walk").get_json()
    assert shown["id"] == made.get_json()["id"]
    assert shown["coordinates"] == {"latitude": -1.286389, "longitude": 36.817223}
    assert shown["tiers"][1] == {"name": "infant", "price": {"amount": "0.00", "currency": "KES"}, "takes_seat": False}
    assert "meeting_point" not in shown
    assert made.get_json()["published_at"] is not None


def test_a_draft_is_finished_and_offered_field_by_field(client, http, draft):
    path = f"/api/experiences/{draft['id']}"
    for name, value in TYPED.items():
        assert client.put(path, {name: value}).get_json()[name] == value
    offered = client.put(path, {"status": "active"}).get_json()

    assert (offered["status"], offered["missing"]) == ("active", ["hours"])
    assert offered["version"] == draft["version"] + len(TYPED) + 1
    assert http.get("/api/experiences/market-walk").status_code == 200


def test_what_is_not_finished_is_not_offered(client, draft, untouched):
    with untouched():
        answer = client.put(f"/api/experiences/{draft['id']}", {"status": "active", "summary": "So far."})
        problem = refused(answer, 422, "experience_incomplete", "description")
        assert set(problem["errors"]) == set(TYPED) - {"summary"}
        whole = client.post("/api/experiences", TAPPED | {"status": "active"})
        refused(whole, 422, "experience_incomplete", "meeting_point")


def test_what_is_offered_is_not_emptied(client, make, guide, untouched):
    listing = make.listing(guide)
    with untouched():
        refused(client.put(f"/api/experiences/{listing.id}", {"summary": ""}), 422, "experience_incomplete", "summary")


def test_the_same_again_changes_nothing(client, make, guide, untouched):
    listing = make.listing(guide)
    with untouched():
        same = client.put(
            f"/api/experiences/{listing.slug}", {"title": listing.title, "price": 2500, "status": "active"}
        )
        assert (same.status_code, same.get_json()["version"]) == (200, 1)
        assert client.put(f"/api/experiences/{listing.slug}", {}).status_code == 200


def test_a_slug_follows_the_title_until_somebody_may_know_it(client, draft):
    path = f"/api/experiences/{draft['id']}"
    assert client.put(path, {"title": "Fish walk"}).get_json()["slug"] == "fish-walk"
    client.put(path, TYPED | {"status": "active"})
    client.put(path, {"status": "draft"})
    assert client.put(path, {"title": "Cloth walk"}).get_json()["slug"] == "fish-walk"


def test_two_of_one_title_have_two_addresses(client):
    slugs = [client.post("/api/experiences", TAPPED).get_json()["slug"] for _ in range(3)]
    assert slugs == ["market-walk", "market-walk-2", "market-walk-3"]


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_not_the_guides_to_say_is_refused_by_name(client, make, guide, untouched, name):
    listing = make.listing(guide)
    with untouched():
        refused(client.put(f"/api/experiences/{listing.id}", {name: FOREIGN[name]}), 422, "invalid_fields", name)
        refused(client.post("/api/experiences", TAPPED | {name: FOREIGN[name]}), 422, "invalid_fields", name)


@pytest.mark.parametrize("status", ["hidden", "withdrawn", "archived", "ACTIVE", None])
def test_a_status_that_only_happens_cannot_be_given(client, make, guide, untouched, status):
    listing = make.listing(guide)
    with untouched():
        refused(client.put(f"/api/experiences/{listing.id}", {"status": status}), 422, "invalid_fields", "status")
        refused(client.post("/api/experiences", TAPPED | {"status": status}), 422, "invalid_fields", "status")


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"title": "ab"}, "title"),
        ({"title": "a\nb c"}, "title"),
        ({"category": "sport"}, "category"),
        ({"price": 0}, "price"),
        ({"price": "1.005"}, "price"),
        ({"price": -1}, "price"),
        ({"currency": "EUR"}, "currency"),
        ({"price_per": "head"}, "price_per"),
        ({"duration_minutes": 14}, "duration_minutes"),
        ({"duration_minutes": 43_201}, "duration_minutes"),
        ({"max_guests": 501}, "max_guests"),
        ({"min_guests": 5}, "max_guests"),
        ({"capacity": 3}, "capacity"),
        ({"capacity": 501}, "capacity"),
        ({"is_private": "yes"}, "is_private"),
        ({"cut_off_hours": 721}, "cut_off_hours"),
        ({"buffer_minutes": 1441}, "buffer_minutes"),
        ({"timezone": "Africa/Nirobi"}, "timezone"),
        ({"latitude": 1}, "longitude"),
        ({"latitude": 90.5, "longitude": 1}, "latitude"),
        ({"latitude": 1, "longitude": -180.1}, "longitude"),
        ({"inclusions": ["x"] * 21}, "inclusions"),
        ({"exclusions": ["x" * 121]}, "exclusions.0"),
        ({"exclusions": [""]}, "exclusions.0"),
        ({"confirmation": "maybe"}, "confirmation"),
        ({"cancellation_policy": "lenient"}, "cancellation_policy"),
        ({"tiers": [{"name": "adult", "price": 1500}] * 2}, "tiers"),
        ({"tiers": [{"name": "infant", "price": 1500, "takes_seat": False}]}, "tiers"),
        ({"tiers": [{"name": "adult", "price": 1400}]}, "price"),
        ({"tiers": [{"name": "adult", "price": 1500, "seats": 1}]}, "tiers.0.seats"),
        ({"tiers": [{"name": "adult", "price": 1500}], "price_per": "group"}, "tiers"),
    ],
)
def test_each_field_has_its_bounds(client, untouched, wish, field):
    with untouched():
        refused(client.post("/api/experiences", TAPPED | wish), 422, "invalid_fields", field)


@pytest.mark.parametrize("missing", TAPPED)
def test_what_is_tapped_is_asked_for(client, untouched, missing):
    with untouched():
        wish = {name: value for name, value in TAPPED.items() if name != missing}
        refused(client.post("/api/experiences", wish), 422, "invalid_fields", missing)


def test_another_currency_needs_its_own_prices(client, draft, untouched):
    path = f"/api/experiences/{draft['id']}"
    with untouched():
        refused(client.put(path, {"currency": "USD"}), 422, "invalid_field", "price")
    changed = client.put(path, {"currency": "USD", "price": "12.50"}).get_json()
    assert changed["price"] == {"amount": "12.50", "currency": "USD"}


def test_who_has_read_an_older_version_is_told(client, draft, untouched):
    path = f"/api/experiences/{draft['id']}"
    client.put(path, {"summary": "By another phone."})
    with untouched():
        problem = refused(client.put(path, {"summary": "By this one.", "version": 1}), 409, "experience_changed")
    assert problem["version"] == 2
    assert client.put(path, {"summary": "By this one.", "version": 2}).get_json()["version"] == 3


def test_a_key_makes_one_experience(client, db):
    headers = {"Idempotency-Key": "draft-1"}
    first, second = (client.post("/api/experiences", TAPPED, headers=headers) for _ in range(2))

    assert second.get_json() == first.get_json()
    assert second.headers["Idempotent-Replayed"] == "true"
    refused(
        client.post("/api/experiences", TAPPED | {"title": "Another"}, headers=headers), 422, "idempotency_key_reused"
    )
    with db.reading() as session:
        assert session.query(Listing).count() == 1


def test_somebody_elses_does_not_exist(client, make, untouched):
    other = make.listing()
    with untouched():
        for path in (
            f"/api/experiences/{other.id}",
            f"/api/experiences/{other.slug}",
            f"/api/experiences/{uuid.uuid4()}",
        ):
            refused(client.put(path, {"title": "Mine now"}), 404, "experience_not_found")
            refused(client.request("DELETE", path), 404, "experience_not_found")
        refused(client.get(f"/api/guides/me/experiences/{other.id}"), 404, "experience_not_found")


def test_a_tourist_writes_nothing(http, make, untouched):
    client = http.signed_in_as(make.user())
    with untouched():
        refused(client.post("/api/experiences", TAPPED), 403, "not_a_guide")


def test_archiving_takes_an_experience_away_and_twice_is_once(client, http, make, guide, untouched):
    listing = make.listing(guide)
    path = f"/api/experiences/{listing.id}"

    assert client.request("DELETE", path).status_code == 204
    with untouched():
        assert client.request("DELETE", path).status_code == 204
    refused(http.get(path), 404, "experience_not_found")
    assert client.get(f"/api/guides/me/experiences/{listing.id}").get_json()["status"] == "archived"
    assert client.put(path, {"status": "active"}).get_json()["status"] == "active"


def test_what_is_booked_is_not_archived_and_says_by_which(client, make, guide, db, untouched):
    listing = make.listing(guide)
    path = f"/api/experiences/{listing.id}"
    booking = make.booking(listing=listing)
    with untouched():
        # Of a bare hold its host has not heard.
        problem = refused(client.request("DELETE", path), 409, "experience_booked")
        assert (problem["bookings"], problem["holds"]) == ([], 1)
    with db.transaction() as session:
        session.get_one(Booking, booking.id).status = "confirmed"
    with untouched():
        problem = refused(client.request("DELETE", path), 409, "experience_booked")
    assert [each["reference"] for each in problem["bookings"]] == [booking.reference]
    assert booking.reference in problem["detail"]


def test_a_hold_that_has_ended_and_a_tour_that_is_over_are_in_nobodys_way(client, make, guide, clock):
    listing = make.listing(guide)
    make.booking(listing=listing)
    clock.offset += start_in(8) - start_in(7)
    assert client.request("DELETE", f"/api/experiences/{listing.id}").status_code == 204


def test_what_is_sold_stays_as_it_was_sold(client, http, make, guide, db):
    listing = make.listing(guide)
    tourist = make.user()
    booking = make.booking(tourist, listing)
    before = http.signed_in_as(tourist).get(f"/api/bookings/{booking.id}").get_json()

    changes = {"price": 9000, "max_guests": 2, "capacity": 2, "duration_minutes": 60, "buffer_minutes": 120}
    changes |= {"tiers": [{"name": "grown-up", "price": 9000}], "cancellation_policy": "strict", "currency": "KES"}
    assert client.put(f"/api/experiences/{listing.id}", changes).status_code == 200

    after = http.signed_in_as(tourist).get(f"/api/bookings/{booking.id}").get_json()
    assert after == before
    with db.reading() as session:
        departure = session.query(Departure).one()
        assert (departure.capacity, departure.seats_taken) == (8, 2)
        assert departure.during.upper == booking.ends_at


def test_a_run_on_which_nobody_sits_is_as_large_as_the_experience_is_now(client, http, make, guide, db):
    listing = make.listing(guide)
    tourist = make.user()
    booking = make.booking(tourist, listing)
    http.signed_in_as(tourist).put(f"/api/bookings/{booking.id}/cancel")

    client.put(f"/api/experiences/{listing.id}", {"capacity": 12, "max_guests": 12})

    with db.reading() as session:
        assert session.query(Departure.capacity).one() == (12,)
    assert make.booking(listing=listing, guests={"adult": 12}).seats == 12


def test_ones_own_list_has_every_state_the_newest_first(client, make, guide):
    make.listing()
    mine = [make.listing(guide, status=status) for status in ("active", "draft", "archived", "hidden", "withdrawn")]

    page = client.get("/api/guides/me/experiences?limit=3").get_json()
    assert [item["id"] for item in page["items"]] == [str(listing.id) for listing in mine[:1:-1]]
    assert page["pagination"]["total"] == 5
    drafts = client.get("/api/guides/me/experiences?status=draft").get_json()
    assert [item["status"] for item in drafts["items"]] == ["draft"]
    refused(client.get("/api/guides/me/experiences?status=gone"), 422, "invalid_fields", "status")


def test_with_an_expired_licence_nothing_is_offered(client, make, guide, db, untouched):
    draft = make.listing(guide, status="draft")
    withdrawn = make.listing(guide, status="withdrawn")
    with db.transaction() as session:
        session.query(Guide).filter_by(user_id=guide.id).update({"licence_expires_on": today() - timedelta(days=2)})
    with untouched():
        for each in (draft, withdrawn):
            problem = refused(client.put(f"/api/experiences/{each.id}", {"status": "active"}), 409, "cannot_offer")
            assert problem["obstacles"] == ["licence_expired"]
        refused(client.post("/api/experiences", TAPPED | TYPED | {"status": "active"}), 409, "cannot_offer")
    # Writing goes on meanwhile, and what was withdrawn may be taken back for good.
    assert client.put(f"/api/experiences/{withdrawn.id}", {"summary": "New."}).get_json()["status"] == "withdrawn"
    assert client.put(f"/api/experiences/{withdrawn.id}", {"status": "draft"}).get_json()["status"] == "draft"

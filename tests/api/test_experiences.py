"""Finding experiences and their free times: public, cacheable, and strict about what is asked."""

from __future__ import annotations

import gzip
from datetime import date, time, timedelta

import brotli
import pytest

from models import AvailabilityException, Listing, ScheduleRule
from tests.factories import NAIROBI, start_in
from tests.support.http import refused


def titles(response) -> list[str]:
    assert response.status_code == 200, response.get_json()
    return [item["title"] for item in response.get_json()["items"]]


@pytest.fixture
def three(make):
    """Three experiences that differ in everything one can ask for."""
    host = make.guide()
    listings = [
        make.listing(host, title="Street food walk", slug="food-walk", price_minor=250_000, rating_average=4.5),
        make.listing(
            host,
            title="Forest run",
            slug="forest-run",
            category="nature",
            location="Karura",
            price_minor=100_000,
            rating_average=3.9,
            max_guests=2,
        ),
        make.listing(
            host,
            title="Jazz night",
            slug="jazz-night",
            category="nightlife",
            location="Mombasa",
            price_minor=400_000,
            rating_average=4.9,
            min_guests=2,
        ),
    ]
    make.words_known()
    return listings


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Jazz night", "Street food walk", "Forest run"]),
        ("sort=price", ["Forest run", "Street food walk", "Jazz night"]),
        ("sort=-price", ["Jazz night", "Street food walk", "Forest run"]),
        ("sort=newest", ["Jazz night", "Forest run", "Street food walk"]),
        ("category=nature", ["Forest run"]),
        ("location=karu", ["Forest run"]),
        ("location=%25", []),
        ("q=jazz", ["Jazz night"]),
        ("q=fod+wlak", ["Street food walk"]),
        ("min_price=1500", ["Jazz night", "Street food walk"]),
        ("minPrice=1000.01&maxPrice=2500", ["Street food walk"]),
        ("max_price=1000", ["Forest run"]),
        ("currency=USD", []),
        ("currency=KES&max_price=1000", ["Forest run"]),
        ("rating=4.5", ["Jazz night", "Street food walk"]),
        ("guests=1", ["Street food walk", "Forest run"]),
        ("guests=3", ["Jazz night", "Street food walk"]),
        ("category=&q=&min_price=", ["Jazz night", "Street food walk", "Forest run"]),
        ("colour=green", ["Jazz night", "Street food walk", "Forest run"]),
        ("limit=1&page=2", ["Street food walk"]),
        ("page=10000", []),
    ],
)
def test_a_list_holds_what_was_asked_for(http, three, query, found):
    assert titles(http.get(f"/api/experiences?{query}")) == found


def test_a_page_says_where_it_is(http, three):
    assert http.get("/api/experiences?limit=2&page=2").get_json()["pagination"] == {
        "page": 2,
        "limit": 2,
        "total": 3,
        "total_is_capped": False,
        "total_pages": 2,
        "has_next": False,
        "has_prev": True,
        "next_cursor": None,
    }


@pytest.mark.parametrize("status", ["draft", "archived", "hidden"])
def test_what_is_not_offered_cannot_be_found(http, make, status):
    listing = make.listing(status=status)

    assert titles(http.get("/api/experiences")) == []
    for path in (listing.id, listing.slug, f"{listing.id}/availability"):
        refused(http.get(f"/api/experiences/{path}"), 404, "experience_not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("category=crime", "category"),
        ("sort=cheapest", "sort"),
        ("page=0", "page"),
        ("page=10001", "page"),
        ("page=99999999999999999999999999", "page"),
        ("page=1e3", "page"),
        ("page=%D9%A1", "page"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("min_price=-1", "min_price"),
        ("min_price=1.001", "min_price"),
        ("min_price=NaN", "min_price"),
        ("min_price=1e9999999", "min_price"),
        ("min_price=99999999999999999999", "min_price"),
        ("min_price=2&max_price=1", "max_price"),
        ("min_price=1.5&currency=UGX", "min_price"),
        ("currency=XXX", "currency"),
        ("rating=6", "rating"),
        ("rating=5.5", "rating"),
        ("rating=four", "rating"),
        ("guests=0", "guests"),
        ("guests=two", "guests"),
        ("q=%00", "q"),
        ("q=" + "x" * 201, "q"),
        ("location=%00", "location"),
        ("minPrice=1&min_price=2", "min_price"),
    ],
)
def test_a_bad_question_is_refused_by_name(http, query, field):
    response = http.get(f"/api/experiences?{query}")

    assert response.status_code == 422
    assert field in response.get_json()["errors"]


def test_an_experience_is_known_by_id_and_by_slug(http, three):
    by_slug, by_id = http.get("/api/experiences/food-walk"), http.get(f"/api/experiences/{three[0].id}")

    assert by_slug.get_json() == by_id.get_json()
    detail = by_slug.get_json()
    assert detail["price"] == {"amount": "2500.00", "currency": "KES"}
    assert detail["guide"]["name"].startswith("Kamau")
    assert detail["cancellation_policy"]["name"] == "moderate"
    # The exact place is for those who come.
    assert "meeting_point" not in detail
    assert "phone" not in str(detail)


def test_an_experience_with_tiers_names_their_prices(http, make):
    listing = make.listing(tiers=[{"name": "child", "price_minor": 100_050, "takes_seat": True}])

    assert http.get(f"/api/experiences/{listing.id}").get_json()["tiers"] == [
        {"name": "child", "price": {"amount": "1000.50", "currency": "KES"}, "takes_seat": True}
    ]


@pytest.mark.parametrize("name", ["nothing", "%00", "%F0%9F%98%80", "x" * 300, "..", "0", "%ff"])
def test_an_unknown_experience_is_not_found(http, name):
    refused(http.get(f"/api/experiences/{name}"), 404, "experience_not_found")


def test_free_times_are_told_by_instant_and_by_local_clock(http, make):
    listing = make.listing()
    day = start_in(3).astimezone(NAIROBI).date()

    body = http.get(f"/api/experiences/{listing.slug}/availability?from={day}&to={day}&guests=2").get_json()

    assert (body["from"], body["to"], body["guests"], body["timezone"]) == (str(day), str(day), 2, "Africa/Nairobi")
    assert [slot["time"] for slot in body["slots"]] == ["08:00", "11:00", "14:00"]
    assert body["slots"][0] == {
        "starts_at": f"{day}T05:00:00Z",
        "ends_at": f"{day}T08:00:00Z",
        "date": str(day),
        "time": "08:00",
        "seats_free": 8,
        "capacity": 8,
    }


def test_free_times_shrink_with_bookings_and_exceptions(http, make, db):
    listing = make.listing()
    start = start_in(3)
    day = start.astimezone(NAIROBI).date()
    make.booking(listing=listing, starts_at=start, guests={"adult": 7})
    with db.transaction() as session:
        session.add(
            AvailabilityException(
                listing_id=listing.id, on_date=day, is_available=False, start_time=time(14), end_time=time(18)
            )
        )
    path = f"/api/experiences/{listing.id}/availability?from={day}&to={day}"

    assert [(slot["time"], slot["seats_free"]) for slot in http.get(path).get_json()["slots"]] == [
        ("08:00", 1),
        ("11:00", 8),
    ]
    assert [slot["time"] for slot in http.get(f"{path}&guests=2").get_json()["slots"]] == ["11:00"]


def test_without_days_the_next_thirty_are_shown_and_the_past_never(http, make):
    listing = make.listing()

    body = http.get(f"/api/experiences/{listing.id}/availability").get_json()
    past = http.get(f"/api/experiences/{listing.id}/availability?from=2020-01-01").get_json()

    assert date.fromisoformat(body["to"]) - date.fromisoformat(body["from"]) == timedelta(days=30)
    assert past["from"] == body["from"]
    assert len(body["slots"]) > 80


def test_without_a_party_the_smallest_that_may_come_is_meant(http, make, three):
    listing = three[2]
    day = start_in(7).date()
    make.booking(listing=listing, starts_at=start_in(7), guests={"adult": 7})
    path = f"/api/experiences/{listing.id}/availability?from={day}&to={day}"

    body, two = http.get(path).get_json(), http.get(f"{path}&guests=2").get_json()

    assert body == two
    assert body["guests"] == 2


def test_a_party_that_cannot_book_together_is_refused_as_booking_would(http, make):
    listing = make.listing(min_guests=2, max_guests=6)
    path = f"/api/experiences/{listing.id}/availability"

    few = refused(http.get(f"{path}?guests=1"), 422, "invalid_field", "guests")
    many = refused(http.get(f"{path}?guests=7"), 422, "invalid_field", "guests")

    assert few["errors"] == {"guests": ["at least 2 guests are needed"]}
    assert many["errors"] == {"guests": ["at most 6 guests can book together"]}
    assert http.get(f"{path}?guests=6").status_code == 200


def test_who_takes_no_seat_needs_none(http, make):
    names = (("adult", True), ("child", True), ("infant", False))
    tiers = [{"name": name, "price_minor": 100_000, "takes_seat": takes_seat} for name, takes_seat in names]
    listing, start = make.listing(tiers=tiers), start_in(3)
    make.booking(listing=listing, starts_at=start, guests={"adult": 6})
    day = start.astimezone(NAIROBI).date()
    path = f"/api/experiences/{listing.id}/availability?from={day}&to={day}"

    with_infant = http.get(f"{path}&guests=adult:1,child:1,infant:1").get_json()
    with_children = http.get(f"{path}&guests=adult:1,child:2").get_json()

    assert (with_infant["guests"], with_children["guests"]) == (3, 3)
    assert [slot["time"] for slot in with_infant["slots"]] == ["08:00", "11:00", "14:00"]
    assert [slot["time"] for slot in with_children["slots"]] == ["11:00", "14:00"]
    refused(http.get(f"{path}&guests=infant:1"), 422, "invalid_field", "guests")
    refused(http.get(f"{path}&guests=lion:2"), 422, "invalid_field", "guests")
    refused(http.get(f"{path}&guests=adult:x"), 422, "invalid_fields", "guests")


def test_a_night_out_is_shown_on_the_days_that_its_clocks_show(http, make, db):
    listing = make.listing(rules=False, duration_minutes=90)
    friday = start_in(3).astimezone(NAIROBI).date()
    with db.transaction() as session:
        hours = {"start_time": time(20), "end_time": time(2)}
        session.add(ScheduleRule(listing_id=listing.id, weekday=friday.weekday(), **hours))
    saturday = friday + timedelta(days=1)
    path = f"/api/experiences/{listing.id}/availability?from={friday}&to={saturday}"

    slots = http.get(path).get_json()["slots"]

    assert [(slot["date"], slot["time"]) for slot in slots] == [
        (str(friday), "20:00"),
        (str(friday), "21:30"),
        (str(friday), "23:00"),
        (str(saturday), "00:30"),
    ]
    wish = {"experience_id": str(listing.id), "date": str(saturday), "time": "00:30", "guests": 2}
    assert http.signed_in_as(make.user()).post("/api/bookings", wish).status_code == 201
    left = http.get(path).get_json()["slots"]
    assert [slot["seats_free"] for slot in left] == [8, 8, 8, 6]


def test_a_private_start_is_gone_once_anybody_sits_in_it(http, make, db):
    listing, start = make.listing(), start_in(3)
    make.booking(listing=listing, starts_at=start, guests={"adult": 1})
    with db.transaction() as session:
        session.get_one(Listing, listing.id).is_private = True
    day = start.astimezone(NAIROBI).date()

    shown = http.get(f"/api/experiences/{listing.id}/availability?from={day}&to={day}").get_json()["slots"]

    assert [slot["time"] for slot in shown] == ["11:00", "14:00"]
    wish = {"experience_id": str(listing.id), "starts_at": start.isoformat(), "guests": 1}
    refused(http.signed_in_as(make.user()).post("/api/bookings", wish), 409, "seats_sold_out")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=tomorrow", "from"),
        ("from=20261201", "from"),
        ("from=2026-13-01", "from"),
        ("from=0001-01-01", "from"),
        ("to=9999-12-31", "to"),
        ("from=2026-12-05&to=2026-12-04", "to"),
        ("from=2026-12-01&to=2027-12-01", "to"),
        ("guests=0", "guests"),
        ("guests=1000000000000000", "guests"),
    ],
)
def test_bad_days_are_refused_by_name(http, make, query, field):
    listing = make.listing()

    refused(http.get(f"/api/experiences/{listing.id}/availability?{query}"), 422, "invalid_fields", field)


def test_public_answers_are_tagged_and_cost_nothing_when_unchanged(http, make):
    listing = make.listing()
    for path, age in (("", 60), (f"/{listing.slug}", 60), (f"/{listing.slug}/availability", 10)):
        first = http.get(f"/api/experiences{path}")
        again = http.get(f"/api/experiences{path}", headers={"If-None-Match": first.headers["ETag"]})

        assert first.headers["Cache-Control"] == f"public, max-age={age}"
        assert first.headers["ETag"].startswith('W/"')
        assert {"Accept-Encoding", "Accept-Language", "Origin"} <= set(first.headers["Vary"].split(", "))
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert "Content-Length" not in again.headers


def test_a_changed_answer_has_another_tag(http, make):
    listing = make.listing()
    tag = http.get("/api/experiences").headers["ETag"]
    make.listing()

    assert http.get("/api/experiences", headers={"If-None-Match": tag}).status_code == 200
    assert http.get(f"/api/experiences/{listing.id}", headers={"If-None-Match": '"nonsense'}).status_code == 200


def test_public_answers_are_the_same_whoever_asks(http, make):
    make.listing()
    plain = http.get("/api/experiences")

    with_token = http.get("/api/experiences", headers={"Authorization": "Bearer nonsense"})

    assert with_token.status_code == 200
    assert with_token.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_public_answers_are_compressed_and_keep_their_tag(http, make, encoding, unpack):
    make.listing()
    plain = http.get("/api/experiences")

    packed = http.app.test_client().get("/api/experiences", headers={"Accept-Encoding": encoding})

    assert packed.headers["Content-Encoding"] == encoding
    assert unpack(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"]
    with_tag = {"Accept-Encoding": encoding, "If-None-Match": plain.headers["ETag"]}
    assert http.app.test_client().get("/api/experiences", headers=with_tag).status_code == 304


def test_public_reads_are_limited_by_address_and_say_so(http, make, monkeypatch):
    first = http.get("/api/experiences")

    assert first.headers["RateLimit-Limit"] == "600"
    assert int(first.headers["RateLimit-Remaining"]) == 599
    assert 0 < int(first.headers["RateLimit-Reset"]) <= 61
    assert "Retry-After" not in first.headers
    http.get("/api/experiences/nothing")
    assert http.get("/api/experiences").headers["RateLimit-Remaining"] == "597"

"""Experiences with a free start in some days: what is listed can be booked, what cannot be is not, and the work is bounded."""

from __future__ import annotations

from datetime import date, time

import pytest

from models import AvailabilityException, Resource, ScheduleRule
from models.prepared import HotReads
from services.search import by_days
from tests.factories import NAIROBI, start_in
from tests.support.http import refused


def day(ahead: int) -> date:
    return start_in(ahead).astimezone(NAIROBI).date()


def listed(http, query: str) -> list[str]:
    response = http.get(f"/api/experiences?{query}")
    assert response.status_code == 200, response.get_json()
    return [item["title"] for item in response.get_json()["items"]]


@pytest.fixture
def asked(monkeypatch):
    """The hot questions that were put to the database."""
    texts: list[str] = []
    ask = HotReads.ask

    def listening(self, question, **values):
        texts.append(question.text)
        return ask(self, question, **values)

    monkeypatch.setattr(HotReads, "ask", listening)
    return texts


@pytest.fixture
def close(db):
    def close(listing, on: date, **values) -> None:
        with db.transaction() as session:
            session.add(AvailabilityException(**{"listing_id": listing.id} | values, on_date=on, is_available=False))

    return close


def test_only_what_is_free_on_the_day_is_listed(http, make, close, db):
    _, closed, full = (make.listing(title=title) for title in ("Open", "Closed", "Full"))
    close(closed, day(5))
    for hour in (8, 11, 14):
        start = start_in(5).astimezone(NAIROBI).replace(hour=hour)
        make.booking(listing=full, starts_at=start, guests={"adult": 8})
    make.listing(title="Never open", rules=False)

    assert listed(http, f"date={day(5)}") == ["Open"]
    assert sorted(listed(http, f"date={day(6)}")) == ["Closed", "Full", "Open"]
    assert sorted(listed(http, f"date_from={day(5)}&date_to={day(6)}")) == ["Closed", "Full", "Open"]
    assert sorted(listed(http, f"date_from={day(5)}")) == ["Closed", "Full", "Open"]


def test_seats_must_be_free_for_the_whole_party(http, make):
    listing = make.listing(title="Walk")
    for hour in (8, 11, 14):
        make.booking(listing=listing, starts_at=start_in(5).astimezone(NAIROBI).replace(hour=hour), guests={"adult": 6})

    assert listed(http, f"date={day(5)}&guests=2") == ["Walk"]
    assert listed(http, f"date={day(5)}&guests=3") == []
    assert listed(http, f"date={day(6)}&guests=3") == ["Walk"]
    assert listed(http, f"date={day(6)}&guests=9") == []


def test_without_a_party_the_smallest_that_may_come_is_meant(http, make):
    listing = make.listing(title="Pairs", min_guests=2)
    for hour in (8, 11, 14):
        make.booking(listing=listing, starts_at=start_in(5).astimezone(NAIROBI).replace(hour=hour), guests={"adult": 7})
    assert listed(http, f"date={day(5)}") == []


def test_the_bodys_hours_count_where_a_listing_has_none_and_its_other_tours_stand_in_the_way(http, make, db):
    guide = make.guide()
    make.listing(guide, title="By the guide", rules=False, duration_minutes=600)
    with db.transaction() as session:
        body = session.query(Resource).filter_by(user_id=guide.id).one()
        session.add(ScheduleRule(resource_id=body.id, weekday=day(5).weekday(), start_time=time(8), end_time=time(18)))
    assert listed(http, f"date={day(5)}&max_price=2500") == ["By the guide"]
    assert listed(http, f"date={day(6)}") == []
    other = make.listing(guide, title="Other", price_minor=900_000)
    make.booking(listing=other, starts_at=start_in(5))
    assert listed(http, f"date={day(5)}") == ["Other"]


@pytest.mark.parametrize(
    "days", [f"date={date(2020, 1, 1)}", "date=2199-12-31", "date_from=2000-01-01", "date=2000-01-01"]
)
def test_days_in_which_nothing_can_be_booked_are_empty_and_cost_one_look(http, make, asked, days):
    make.listing()
    body = http.get(f"/api/experiences?{days}").get_json()
    assert (body["items"], body["pagination"]["total"], body["pagination"]["has_next"]) == ([], 0, False)
    assert body["pagination"]["total_is_capped"] is False
    assert len(asked) == 1


@pytest.mark.parametrize("sort", ["rating", "price", "-price", "newest", "distance&lat=-1.3&lon=36.8"])
def test_pages_by_number_and_by_cursor_show_the_same_each_once(http, make, close, sort):
    guide = make.guide()
    for number in range(9):
        listing = make.listing(guide, title=str(number), rating_average=number % 3, price_minor=100_000 + number % 2)
        if number % 3 == 0:
            close(listing, day(5))
    path = f"/api/experiences?date={day(5)}&sort={sort}&limit=2"
    pages = [http.get(f"{path}&page={number}").get_json() for number in (1, 2, 3, 4)]
    by_page = [item["title"] for page in pages for item in page["items"]]
    page = http.get(path).get_json()
    by_cursor = [item["title"] for item in page["items"]]
    while page["pagination"]["next_cursor"]:
        page = http.get(f"{path}&cursor={page['pagination']['next_cursor']}").get_json()
        by_cursor += [item["title"] for item in page["items"]]

    assert by_page == by_cursor
    assert sorted(by_page) == ["1", "2", "4", "5", "7", "8"]
    totals = [(page["pagination"]["total"], page["pagination"]["total_is_capped"]) for page in pages]
    assert totals == [(3, True), (5, True), (6, False), (6, False)]


def test_where_little_is_free_a_page_ends_early_and_the_next_goes_on(http, make, close, monkeypatch, asked):
    monkeypatch.setattr(by_days, "MOST_LOOKED_AT", 6)
    guide = make.guide()
    for number in range(15):
        listing = make.listing(guide, title=str(number))
        if number not in (0, 14):
            close(listing, day(5))
    path = f"/api/experiences?date={day(5)}&sort=newest&limit=2"
    page, met, sizes = http.get(path).get_json(), [], []
    while True:
        met += [item["title"] for item in page["items"]]
        sizes.append(len(page["items"]))
        if not page["pagination"]["has_next"]:
            break
        assert page["pagination"]["total_is_capped"] is True
        asked.clear()
        page = http.get(f"{path}&cursor={page['pagination']['next_cursor']}").get_json()
        assert len(asked) <= 2
    assert met == ["14", "0"]
    assert sizes == [1, 0, 1]


def test_what_is_listed_is_free_as_its_own_page_says(http, make, close):
    guide = make.guide()
    listings = [make.listing(guide, cut_off_hours=hours, buffer_minutes=hours) for hours in (0, 24, 200, 720)]
    close(listings[0], day(3), start_time=time(7), end_time=time(12))
    make.booking(listing=listings[1], starts_at=start_in(3))
    for ahead in (0, 1, 3, 9, 40):
        when = f"{day(ahead)}"
        free = {item["id"] for item in http.get(f"/api/experiences?date={when}&guests=2").get_json()["items"]}
        for listing in listings:
            own = http.get(f"/api/experiences/{listing.id}/availability?from={when}&to={when}&guests=2").get_json()
            assert bool(own["slots"]) == (str(listing.id) in free), (ahead, listing.cut_off_hours)


def test_what_is_free_may_be_shown_for_ten_seconds(http, make):
    make.listing()
    assert http.get(f"/api/experiences?date={day(5)}").headers["Cache-Control"] == "public, max-age=10"
    assert http.get("/api/experiences").headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("limit", [1, 20])
def test_a_page_of_days_is_one_question_whatever_it_shows(http, make, asked, limit):
    guide = make.guide()
    for _ in range(5):
        make.listing(guide)
    asked.clear()
    listed(http, f"date_from={day(3)}&date_to={day(20)}&limit={limit}")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("date=tomorrow", "date"),
        ("date=2026-02-30", "date"),
        ("date=0001-01-01", "date"),
        ("date=9999-12-31", "date"),
        ("date=1e9", "date"),
        ("date=2026-12-01&date_from=2026-12-01", "date"),
        ("date=2026-12-01&date_to=2026-12-01", "date"),
        ("date_to=2026-12-01", "date_from"),
        ("date_from=2026-12-02&date_to=2026-12-01", "date_to"),
        ("date_from=2026-12-01&date_to=2027-01-01", "date_to"),
        ("dateFrom=2026-12-01&date_from=2026-12-01", "date_from"),
        ("date=2026-12-01&guests=0", "guests"),
    ],
)
def test_bad_days_are_refused_by_name(http, query, field):
    refused(http.get(f"/api/experiences?{query}"), 422, "invalid_fields", field)

"""What visitors read of reviews: approved ones, in the order they asked for, without anybody's surname."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models import Review
from tests.factories import start_in
from tests.support.http import refused

_POSTED = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def review(make, db):
    """Writes a review of a listing (submitted ``day`` days after the first of June), each of another booking."""
    starts = iter(start_in(days) for days in range(3, 40))

    def write(listing, rating, comment, *, day=0, **values):
        customer = values.pop("author", None) or make.user(first_name="Ingrid", last_name="Larsen")
        booking = make.booking(customer, listing, starts_at=next(starts), guests={"adult": 1})
        row = Review(
            **{"status": "approved"} | values,
            booking_id=booking.id,
            listing_id=listing.id,
            host_id=listing.host_id,
            author_id=booking.customer_id,
            rating=rating,
            comment=comment,
            submitted_at=_POSTED + timedelta(days=day),
        )
        with db.transaction() as session:
            session.add(row)
        return row

    return write


def comments(response) -> list[str]:
    return [item["comment"] for item in response.get_json()["items"]]


def test_a_review_shows_its_writer_by_first_name_and_initial(http, make, review):
    listing = make.listing()
    answered = {"response": "Asante!", "responded_at": _POSTED, "photos": ["reviews/one.webp", "https://x.example/2"]}
    review(listing, 5, "Seven stops, no room for dinner.", helpful_count=3, **answered)

    body = http.get(f"/api/reviews/experience/{listing.slug}").get_json()

    (item,) = body["items"]
    assert item.pop("id")
    assert item == {
        "rating": 5,
        "comment": "Seven stops, no room for dinner.",
        "photos": ["http://localhost:5050/cdn/reviews/one.webp", "https://x.example/2"],
        "reviewer": {"name": "Ingrid L."},
        "experience": {"id": str(listing.id), "slug": listing.slug, "title": listing.title},
        "response": {"text": "Asante!", "responded_at": "2026-06-01T09:00:00Z"},
        "helpful_count": 3,
        "submitted_at": "2026-06-01T09:00:00Z",
    }
    assert "Larsen" not in str(body)


def test_only_what_is_approved_is_shown_and_counted(http, make, review):
    listing = make.listing()
    for rating, comment, status in ((5, "Good", "approved"), (1, "Waits", "pending"), (1, "Spam", "rejected")):
        review(listing, rating, comment, status=status)

    response = http.get(f"/api/reviews/experience/{listing.id}")

    assert comments(response) == ["Good"]
    assert response.get_json()["pagination"]["total"] == 1
    assert response.get_json()["summary"] == {
        "average": 5.0,
        "count": 1,
        "histogram": {"5": 1, "4": 0, "3": 0, "2": 0, "1": 0},
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["last", "third", "second", "first"]),
        ("?sort=newest", ["last", "third", "second", "first"]),
        ("?sort=highest", ["last", "second", "third", "first"]),
        ("?sort=lowest", ["first", "third", "last", "second"]),
        ("?sort=helpful", ["third", "last", "second", "first"]),
        ("?limit=3&page=2", ["first"]),
    ],
)
def test_reviews_come_in_the_order_that_was_asked_for(http, make, review, query, expected):
    listing = make.listing()
    votes = ((1, "first", 0), (5, "second", 0), (3, "third", 7), (5, "last", 0))
    for day, (rating, comment, helpful) in enumerate(votes):
        review(listing, rating, comment, day=day, helpful_count=helpful)

    response = http.get(f"/api/reviews/experience/{listing.slug}{query}")

    assert comments(response) == expected
    summary = response.get_json()["summary"]
    assert (summary["average"], summary["count"]) == (3.5, 4)
    assert list(summary["histogram"].items()) == [("5", 2), ("4", 0), ("3", 1), ("2", 0), ("1", 1)]


def test_a_guides_reviews_are_those_of_all_their_experiences(http, make, review):
    guide = make.guide()
    walk, cooking, elsewhere = make.listing(guide), make.listing(guide), make.listing()
    review(walk, 5, "The walk")
    review(cooking, 4, "The kitchen", day=1)
    review(elsewhere, 1, "Somebody else")

    by_slug = http.get(f"/api/reviews/guide/kamau-{guide.id}")

    assert comments(by_slug) == ["The kitchen", "The walk"]
    assert [item["experience"]["slug"] for item in by_slug.get_json()["items"]] == [cooking.slug, walk.slug]
    profile = http.get(f"/api/experiences/{walk.slug}").get_json()["guide"]["id"]
    assert http.get(f"/api/reviews/guide/{profile}").get_json() == by_slug.get_json()


def test_what_is_not_offered_has_no_reviews(http, make, review):
    hidden = make.listing(status="hidden")
    suspended = make.guide(status="suspended")

    refused(http.get(f"/api/reviews/experience/{hidden.slug}"), 404, "experience_not_found")
    refused(http.get("/api/reviews/experience/%00"), 404, "experience_not_found")
    refused(http.get(f"/api/reviews/guide/kamau-{suspended.id}"), 404, "guide_not_found")
    refused(http.get(f"/api/reviews/guide/{'x' * 300}"), 404, "guide_not_found")


def test_a_sort_that_is_not_offered_is_refused_by_name(http, make):
    refused(http.get(f"/api/reviews/experience/{make.listing().slug}?sort=id"), 422, "invalid_fields", "sort")


def test_reviews_are_tagged_and_the_same_for_everybody(http, make, review):
    listing = make.listing()
    review(listing, 5, "Good")
    for path in (f"experience/{listing.slug}", f"guide/kamau-{listing.host_id}"):
        first = http.get(f"/api/reviews/{path}")
        again = http.get(f"/api/reviews/{path}", headers={"If-None-Match": first.headers["ETag"]})
        assert first.headers["Cache-Control"] == "public, max-age=60"
        assert (again.status_code, again.data) == (304, b"")


def test_stored_pictures_are_told_by_their_full_address(http, make):
    host = make.guide(avatar_url="demo/kamau.svg")
    listing = make.listing(host, images=["demo/walk-1.svg", "https://elsewhere.example/walk.webp"])

    detail = http.get(f"/api/experiences/{listing.slug}").get_json()

    assert detail["images"] == ["http://localhost:5050/cdn/demo/walk-1.svg", "https://elsewhere.example/walk.webp"]
    assert detail["guide"]["avatar_url"] == "http://localhost:5050/cdn/demo/kamau.svg"
    assert http.signed_in_as(host).get("/api/users/me").get_json()["avatar_url"] == detail["guide"]["avatar_url"]

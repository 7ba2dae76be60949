"""Lists by cursor over HTTP: each of them walks, and what is no cursor of this very list is refused by name."""

from __future__ import annotations

import base64
import json

import pytest

from tests.factories import start_in
from tests.support.http import refused


def walk(client, path: str, limit: int = 2) -> list[str]:
    """The ids of a list, page after page, each as the one before says."""
    joint = "&" if "?" in path else "?"
    page = client.get(f"{path}{joint}limit={limit}").get_json()
    ids = [item["id"] for item in page["items"]]
    while page["pagination"]["next_cursor"]:
        assert page["pagination"]["has_next"] is True
        page = client.get(f"{path}{joint}limit={limit}&cursor={page['pagination']['next_cursor']}").get_json()
        assert (page["pagination"]["page"], page["pagination"]["has_prev"]) == (None, True)
        ids += [item["id"] for item in page["items"]]
    assert page["pagination"]["has_next"] is False
    return ids


def whole(client, path: str) -> list[str]:
    return [item["id"] for item in client.get(f"{path}{'&' if '?' in path else '?'}limit=100").get_json()["items"]]


@pytest.mark.parametrize("sort", ["rating", "price", "-price", "newest", "distance&lat=-1.3&lon=36.8"])
def test_experiences_walk_by_cursor_in_every_order(http, make, sort):
    host = make.guide()
    for number in range(7):
        # Alike in every key but the last.
        values = {"price_minor": 100_000 + number % 2, "rating_average": 4 + number % 3 / 4}
        make.listing(host, latitude="-1.28", longitude=f"36.{70 + number % 3}", **values)
    path = f"/api/experiences?sort={sort}"

    assert walk(http, path) == whole(http, path)
    assert len(whole(http, path)) == 7


@pytest.mark.parametrize("sort", ["rating", "newest", "experience", "name"])
def test_guides_walk_by_cursor_in_every_order(http, make, sort):
    for number in range(5):
        make.guide(first_name="aÖß'z"[number % 3], last_name=f"Njoroge{number % 2}")
    path = f"/api/guides?sort={sort}"

    assert walk(http, path) == whole(http, path)
    assert len(whole(http, path)) == 5


def test_an_experience_that_comes_meanwhile_moves_nobody(http, make):
    host = make.guide()
    for price in (100, 200, 300, 400):
        make.listing(host, price_minor=price * 100, title=f"for {price}")
    first = http.get("/api/experiences?sort=price&limit=2").get_json()
    make.listing(host, price_minor=5_000, title="for 50")
    cursor, page = first["pagination"]["next_cursor"], "/api/experiences?sort=price&limit=2"

    by_cursor, by_page = http.get(f"{page}&cursor={cursor}").get_json(), http.get(f"{page}&page=2").get_json()

    assert [item["title"] for item in by_cursor["items"]] == ["for 300", "for 400"]
    assert [item["title"] for item in by_page["items"]] == ["for 200", "for 300"]
    # The count is some seconds old.
    assert by_cursor["pagination"]["total"] == 4
    assert by_cursor["pagination"]["has_next"] is False


@pytest.mark.parametrize(
    "path",
    [
        "/api/experiences?sort=price",
        "/api/experiences?category=food",
        "/api/guides?limit=20",
        "/api/experiences?guests=1",
    ],
)
def test_a_public_cursor_of_another_list_is_refused(http, make, path):
    make.listing()
    make.listing()
    cursor = http.get("/api/experiences?limit=1").get_json()["pagination"]["next_cursor"]
    refused(http.get(f"{path}&cursor={cursor}"), 422, "invalid_field", "cursor")


@pytest.mark.parametrize("years", [2**31, -(2**31), 2**62])
def test_a_cursor_with_a_number_that_no_row_could_have_is_refused(http, make, years):
    make.guide()
    make.guide()
    path = "/api/guides?sort=experience&limit=1"
    cursor = http.get(path).get_json()["pagination"]["next_cursor"]
    mark, _, guide = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    forged = base64.urlsafe_b64encode(json.dumps([mark, years, guide]).encode()).rstrip(b"=").decode()
    refused(http.get(f"{path}&cursor={forged}"), 422, "invalid_field", "cursor")


@pytest.fixture
def busy(http, make):
    """Somebody signed in with five of everything, and an administrator."""
    user = make.user()
    client = http.signed_in_as(user)
    host = make.guide()
    for number in range(5):
        make.booking(user if number < 3 else None, make.listing(host), starts_at=start_in(3 + number))
        client.post("/api/users/me/devices", {"token": f"device-number-{number}", "platform": "web"})
        http.signed_in_as(user)
    return client, http.signed_in_as(make.user(roles=["admin"]))


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("/api/bookings", 3),
        ("/api/bookings?when=upcoming", 3),
        ("/api/auth/sessions", 5),
        ("/api/users/me/devices", 5),
        ("/api/notifications", 0),
        ("/api/payments", 0),
    ],
)
def test_every_list_of_ones_own_walks_by_cursor(busy, path, least):
    client, _ = busy
    ids = walk(client, path)
    assert ids == whole(client, path)
    assert len(ids) >= least


def test_accounts_walk_by_cursor(busy):
    _, admin = busy
    ids = walk(admin, "/api/admin/users")
    assert ids == whole(admin, "/api/admin/users")
    assert len(ids) >= 3


@pytest.fixture
def cursor(busy):
    client, _ = busy
    return client.get("/api/bookings?limit=1").get_json()["pagination"]["next_cursor"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/bookings?when=upcoming",
        "/api/bookings?role=guide",
        "/api/bookings?status=pending",
        "/api/payments?",
        "/api/auth/sessions?",
    ],
)
def test_a_cursor_of_another_list_order_or_filter_is_refused(busy, cursor, path):
    client, _ = busy
    refused(client.get(f"{path}&cursor={cursor}"), 422, "invalid_field", "cursor")


def test_a_cursor_of_somebody_elses_list_is_refused(http, make, cursor):
    refused(http.signed_in_as(make.user()).get(f"/api/bookings?cursor={cursor}"), 422, "invalid_field", "cursor")


def test_page_and_cursor_are_one_too_many(busy, cursor):
    client, _ = busy
    refused(client.get(f"/api/bookings?page=1&cursor={cursor}"), 422, "invalid_fields", "cursor")


def test_another_limit_may_go_on_from_the_same_place(busy, cursor):
    client, _ = busy
    body = client.get(f"/api/bookings?limit=50&cursor={cursor}").get_json()
    assert [item["id"] for item in body["items"]] == whole(client, "/api/bookings")[1:]


@pytest.mark.parametrize(
    "nonsense",
    ["x", "%00", "=", "e30", "W10", "bnVsbA", "%F0%9F%98%80", "1" * 401, "WzFlMzA5XQ", "W1tbW1tbW1tbW1tb", "_-_-"],
)
def test_nonsense_for_a_cursor_is_refused_by_name(busy, nonsense):
    client, admin = busy
    paths = ["/api/bookings", "/api/payments", "/api/notifications", "/api/auth/sessions", "/api/users/me/devices"]
    for path in paths:
        body = client.get(f"{path}?cursor={nonsense}")
        assert (body.status_code, "cursor" in body.get_json()["errors"]) == (422, True), path
    refusal = admin.get(f"/api/admin/users?cursor={nonsense}")
    assert (refusal.status_code, "cursor" in refusal.get_json()["errors"]) == (422, True)


@pytest.mark.parametrize("key", [None, True, 10**30, -1, "x", "0001-01-01T00:00:00+14:00", [], {"a": 1}])
def test_a_forged_key_begins_somewhere_or_is_refused(busy, cursor, key):
    client, _ = busy
    mark, *keys = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    for position in range(len(keys)):
        forged = [mark, *keys[:position], key, *keys[position + 1 :]]
        sent = base64.urlsafe_b64encode(json.dumps(forged).encode()).decode().rstrip("=")
        refused(client.get(f"/api/bookings?cursor={sent}"), 422, "invalid_field", "cursor")

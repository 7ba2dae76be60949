"""The short way of hot reads: what it answers is what Flask would have answered, and what it cannot answer Flask does."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from api.lane import Lane
from services.pages import Page
from tests.support.http import Http

#: What differs between any two requests.
OWN = {"X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset", "Date"}
ORIGIN = "http://localhost:5173"


@pytest.fixture
def short(http: Http) -> Client:
    """The way in that clients take."""
    assert isinstance(http.app.wsgi_app, Lane)
    return Client(http.app.wsgi_app)


@pytest.fixture
def long(http: Http) -> Client:
    """Flask alone."""
    return Client(Flask.wsgi_app.__get__(http.app))


@pytest.fixture
def flask_is_gone(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise AssertionError("the request took the long way")

    monkeypatch.setattr(http.app.wsgi_app, "_flask", gone)


def told(response: TestResponse) -> tuple[int, dict[str, object], object]:
    body: object = response.data
    if response.mimetype == "application/problem+json":
        body = {name: value for name, value in response.get_json().items() if name != "request_id"}
    headers = {name: value for name, value in response.headers if name not in OWN}
    headers["Vary"] = {part.strip() for part in ", ".join(response.headers.getlist("Vary")).split(",")}
    if isinstance(body, dict):
        headers.pop("Content-Length")
    return response.status_code, headers, body


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "gzip;q=0.5, br"},
        {"Accept-Encoding": "*"},
        {"Accept-Encoding": "identity"},
        {"Accept-Encoding": "br;q=0, gzip;q=0"},
        {"Accept-Encoding": "zstd, nonsense;q=x"},
        {"Origin": ORIGIN},
        {"Origin": "https://strange.example", "Accept-Encoding": "br"},
        {"Origin": f"{ORIGIN}.strange.example"},
        {"If-None-Match": '"nonsense'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Sat, 21 Nov 2026 09:00:00 GMT"},
        {"Authorization": "Bearer nonsense", "Cookie": "a=b"},
    ],
)
def test_both_ways_say_the_same(short, long, make, headers):
    listing = make.listing(images=["one.webp", "https://elsewhere.example/two.webp"])
    for path in (
        "",
        "?limit=1&sort=-price&minPrice=1&location=NAIROBI",
        "?page=2",
        f"/{listing.slug}",
        f"/{str(listing.id).upper()}",
        f"/{listing.slug}/availability",
        f"/{listing.id}/availability?from=2027-01-01&to=2027-01-03&guests=2",
    ):
        whole = f"/api/experiences{path}"
        assert told(short.get(whole, headers=headers)) == told(long.get(whole, headers=headers)), path


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/experiences/nothing", 404),
        ("/api/experiences/nothing/availability", 404),
        ("/api/experiences/%00", 404),
        ("/api/experiences/ch%C3%A2teau", 404),
        (f"/api/experiences/{'long' * 100}", 404),
        ("/api/experiences?sort=worst", 422),
        ("/api/experiences?page=0&limit=1000", 422),
        ("/api/experiences?minPrice=1&min_price=2", 422),
        ("/api/experiences?min_price=1.001&currency=UGX", 422),
        ("/api/experiences/nothing/availability?from=never", 422),
        ("/api/experiences/", 200),
        ("/api/experiences//availability", 404),
        ("/api/experiences/a/b", 404),
    ],
)
def test_refusals_are_the_same(short, long, make, path, status):
    make.listing()
    given = {"X-Request-ID": "mine", "Origin": ORIGIN}
    ours, theirs = short.get(path, headers=given), long.get(path, headers=given)

    assert ours.status_code == status
    assert told(ours) == told(theirs)
    assert ours.headers["X-Request-ID"] == "mine"


def test_what_is_unchanged_costs_no_bytes_on_either_way(short, long, make):
    make.listing()
    tag = {"If-None-Match": short.get("/api/experiences").headers["ETag"], "Origin": ORIGIN}

    ours, theirs = short.get("/api/experiences", headers=tag), long.get("/api/experiences", headers=tag)

    assert (ours.status_code, ours.data) == (304, b"")
    assert told(ours) == told(theirs)


@pytest.mark.usefixtures("flask_is_gone")
@pytest.mark.parametrize(
    "headers", [{}, {"Accept-Encoding": "gzip, deflate, br", "Origin": ORIGIN, "If-None-Match": "x"}]
)
def test_browsers_take_the_short_way_too(short, make, headers):
    listing = make.listing()
    for path in ("", "?category=food", f"/{listing.slug}", f"/{listing.id}/availability"):
        assert short.get(f"/api/experiences{path}", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"If-Modified-Since": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"},
        {"If-None-Match": "x", "If-Match": "y", "If-Unmodified-Since": "never", "Range": "bytes=0-1"},
        {"Accept-Encoding": "br, " * 10_000},
        {"Origin": "http://localhost:" + "9" * 10_000},
        {"X-Request-ID": "x" * 10_000},
    ],
)
def test_hostile_headers_change_nothing(short, long, make, headers):
    make.listing()
    ours, theirs = short.get("/api/experiences", headers=headers), long.get("/api/experiences", headers=headers)

    assert ours.status_code == 200
    assert told(ours) == told(theirs)


def test_what_breaks_after_the_answer_is_made_is_a_problem_too(http, monkeypatch):
    def broken(*_: object) -> str:
        raise OverflowError("of a header")

    monkeypatch.setattr("api.lane.chosen", broken)
    monkeypatch.setattr("api.lane.SMALLEST", 0)

    response = dataclasses.replace(http, expects_faults=True).get("/api/experiences", headers={"X-Request-ID": "mine"})

    assert (response.status_code, response.get_json()["code"]) == (500, "internal_error")
    assert response.headers["X-Request-ID"] == "mine"


def test_head_and_other_methods_take_the_long_way(short, make):
    make.listing()
    assert short.head("/api/experiences").data == b""
    assert short.head("/api/experiences").headers["ETag"] == short.get("/api/experiences").headers["ETag"]
    assert short.put("/api/experiences").status_code == 405


def test_a_refusal_counts_once_towards_the_limit(short):
    first = short.get("/api/experiences/nothing").headers["RateLimit-Remaining"]
    short.get("/api/experiences?sort=worst")
    assert int(short.get("/api/experiences").headers["RateLimit-Remaining"]) == int(first) - 2


def test_beyond_the_limit_nothing_is_asked_of_the_database(http, short, monkeypatch):
    lane = http.app.wsgi_app
    monkeypatch.setattr(lane, "_stops", [stop._replace(limit=1) for stop in lane._stops])
    monkeypatch.setattr("api.resources.experiences.find_listings", lambda *_: Page([], 0))
    assert short.get("/api/experiences").status_code == 200
    monkeypatch.setattr("api.resources.experiences.find_listings", pytest.fail)

    refused = short.get("/api/experiences")

    assert refused.status_code == 429
    assert refused.get_json()["code"] == "too_many_requests"
    assert (refused.headers["RateLimit-Limit"], refused.headers["RateLimit-Remaining"]) == ("1", "0")
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_each_way_leaves_one_line_and_one_count(http, short, long, make, caplog):
    make.listing()
    lines: list[Callable[[], object]] = []
    for way in (short, long):
        caplog.clear()
        with caplog.at_level(logging.INFO, "access"):
            way.get("/api/experiences?page=3", headers={"X-Request-ID": "mine"})
        lines.append([{**record.told_of_a_request, "ms": None} for record in caplog.records if record.name == "access"])
    assert lines[0] == lines[1]
    (line,) = lines[0]
    assert (line["route"], line["status"], line["request_id"]) == ("/api/experiences", 200, "mine")


def test_an_address_with_a_view_of_its_own_is_not_taken_for_a_name(http, make):
    app = http.app
    lane = Lane(app, http.edge, app.wsgi_app._origins)
    found = lane._find({"REQUEST_METHOD": "GET", "PATH_INFO": "/api/experiences/featured"})
    assert found is not None
    lane._fixed = lane._fixed | {"/api/experiences/featured"}
    assert lane._find({"REQUEST_METHOD": "GET", "PATH_INFO": "/api/experiences/featured"}) is None

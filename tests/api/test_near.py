"""Experiences near a place: exact distances, the poles and the date line, and nonsense refused by name."""

from __future__ import annotations

import pytest

from domain.geography import Circle
from services.search import by_filters
from tests.support.http import refused

NAIROBI, KAREN, MOMBASA = ("-1.286389", "36.817223"), ("-1.319700", "36.706800"), ("-4.043740", "39.658871")


@pytest.fixture
def towns(make):
    host = make.guide()
    for title, (latitude, longitude) in (("Nairobi", NAIROBI), ("Karen", KAREN), ("Mombasa", MOMBASA)):
        make.listing(host, title=title, latitude=latitude, longitude=longitude, rating_average=len(title) / 2)
    make.listing(host, title="Nowhere", latitude=None, longitude=None)


def titles(response) -> list[str]:
    assert response.status_code == 200, response.get_json()
    return [item["title"] for item in response.get_json()["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lat=-1.286389&lon=36.817223&sort=distance", ["Nairobi", "Karen"]),
        ("lat=-1.286389&lon=36.817223", ["Nairobi", "Karen"]),
        ("lat=-1.3&lon=36.7&sort=distance", ["Karen", "Nairobi"]),
        ("lat=-1.286389&lon=36.817223&radius=12", ["Nairobi"]),
        ("lat=-1.286389&lon=36.817223&radius=500&sort=distance", ["Nairobi", "Karen", "Mombasa"]),
        ("lat=-1.286389&lon=36.817223&radius=439.9&sort=distance", ["Nairobi", "Karen"]),
        ("lat=-1.286389&lon=36.817223&radius=440.1&sort=distance", ["Nairobi", "Karen", "Mombasa"]),
        ("lat=-1.286389&lon=36.817223&radius=500&rating=3", ["Nairobi", "Mombasa"]),
        ("lat=0&lon=0", []),
        ("lat=-0&lon=-0.0", []),
        ("lat=90&lon=180&radius=500", []),
        ("lat=-90&lon=-180&radius=0.1", []),
        ("lat=+1&lon=36.8", []),
    ],
)
def test_what_is_near_is_found(http, towns, query, found):
    assert sorted(titles(http.get(f"/api/experiences?{query}"))) == sorted(found)
    if "distance" in query:
        assert titles(http.get(f"/api/experiences?{query}")) == found


def test_a_card_tells_how_far_it_is_only_where_a_place_is_asked_for(http, towns):
    here = Circle(-1.286389, 36.817223, 25)
    items = http.get("/api/experiences?lat=-1.286389&lon=36.817223&sort=distance").get_json()["items"]

    assert [item["distance_km"] for item in items] == [0, round(here.distance_km(-1.3197, 36.7068), 2)]
    assert all("distance_km" not in item for item in http.get("/api/experiences").get_json()["items"])


@pytest.mark.parametrize(
    ("latitude", "longitude", "asked"),
    [
        ("10.0", "179.99", "lat=10&lon=-179.99"),
        ("10.0", "-179.99", "lat=10&lon=179.99"),
        ("10.0", "180", "lat=10&lon=-180"),
        ("10.0", "-180", "lat=10&lon=180"),
        ("89.99", "0", "lat=89.99&lon=180"),
        ("-89.9", "-90", "lat=-89.9&lon=90"),
        ("90", "12", "lat=90&lon=-170&radius=0.1"),
    ],
)
def test_the_date_line_and_the_poles_part_nobody(http, make, latitude, longitude, asked):
    make.listing(title="There", latitude=latitude, longitude=longitude)
    for sort in ("distance", "rating"):
        body = http.get(f"/api/experiences?{asked}&sort={sort}").get_json()
        assert [item["title"] for item in body["items"]] == ["There"]
        assert body["items"][0]["distance_km"] < 25
        assert body["pagination"]["total"] == 1


@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "1e309",
        "1e2",
        "0x10",
        "1_0",
        "abc",
        "%00",
        "%D9%A1",
        "91",
        "-90.1",
        "1,5",
        "9" * 400,
    ],
)
@pytest.mark.parametrize("name", ["lat", "radius"])
def test_no_number_in_bounds_is_refused_by_name(http, name, value):
    given = {"lat": "1", "lon": "1", "radius": "1"} | {name: value}
    if (name, value) == ("radius", "91"):
        given["radius"] = "501"
    query = "&".join(f"{each}={told}" for each, told in given.items())
    refused(http.get(f"/api/experiences?{query}"), 422, "invalid_fields", name)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("lat=1", "lon"),
        ("lon=1", "lat"),
        ("radius=5", "lat"),
        ("sort=distance", "lat"),
        ("lat=1&lon=181", "lon"),
        ("lat=1&lon=-180.0000001", "lon"),
        ("lat=1&lon=1&radius=0", "radius"),
        ("lat=1&lon=1&radius=-1", "radius"),
        ("lat=1&lon=1&radius=500.1", "radius"),
    ],
)
def test_half_a_place_and_too_wide_a_circle_are_refused_by_name(http, query, field):
    refused(http.get(f"/api/experiences?{query}"), 422, "invalid_fields", field)


@pytest.mark.parametrize(("few", "many"), [(0, 0), (0, 5_000), (200, 0)])
def test_the_nearest_are_the_same_however_they_are_looked_for(http, make, monkeypatch, few, many):
    monkeypatch.setattr(by_filters, "_FEW", few)
    monkeypatch.setattr(by_filters, "_MANY", many)
    host = make.guide()
    for number in range(12):
        away = {"latitude": f"{-1.3 - 0.08 * number**1.5:.6f}", "longitude": "36.8"}
        make.listing(host, title=f"{number:02}", rating_average=number % 3, **away)
    path, here = "/api/experiences?lat=-1.3&lon=36.8&radius=400", Circle(-1.3, 36.8, 400)
    nearest = [f"{number:02}" for number in range(12) if here.distance_km(-1.3 - 0.08 * number**1.5, 36.8) <= 400]

    page, met = http.get(f"{path}&sort=distance&limit=3").get_json(), []
    while True:
        met += [item["title"] for item in page["items"]]
        assert page["pagination"]["total"] == len(nearest)
        if not page["pagination"]["next_cursor"]:
            break
        page = http.get(f"{path}&sort=distance&limit=3&cursor={page['pagination']['next_cursor']}").get_json()

    assert met == nearest == titles(http.get(f"{path}&sort=distance"))
    assert titles(http.get(f"{path}&sort=distance&limit=3&page=2")) == nearest[3:6]
    assert sorted(titles(http.get(path))) == nearest
    assert titles(http.get(f"{path}&limit=3")) == titles(http.get(path))[:3]

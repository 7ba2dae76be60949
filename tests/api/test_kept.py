"""Answers that Redis keeps: the same words and tag as fresh ones, honest about their age, for their time and no longer."""

from __future__ import annotations

import dataclasses
import time
from datetime import timedelta

import pytest

from api import create_app, kept
from models import Listing
from services.pages import Page
from tests.support.http import Http, refused
from tests.support.network import free_port

ONES_OWN = {"X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset", "Age"}


@pytest.fixture
def keeping(http: Http):
    """An edge that keeps answers for so many seconds."""

    def keeping(seconds: int = 30, **changes) -> Http:
        settings = dataclasses.replace(http.edge.settings, cache_seconds=seconds, **changes)
        client = Http(create_app(settings, http.edge.ports), http.contract, http.make)
        if "redis_url" not in changes:
            client.edge.kept.forget_all()
        return client

    return keeping


def warmed(client: Http, path: str, times: int = 2):
    """The answer that is kept from now on."""
    return [client.get(path) for _ in range(times)][-1]


def told(response) -> dict[str, str]:
    return {name: value for name, value in response.headers if name not in ONES_OWN}


@pytest.fixture
def paths(make) -> list[str]:
    guide = make.guide()
    listing = make.listing(guide)
    make.listing(guide)
    return [
        "/api/experiences",
        f"/api/experiences/{listing.slug}",
        "/api/experiences?sort=price&limit=1",
        "/api/guides",
    ]


def test_a_kept_answer_is_the_fresh_one_with_an_age(keeping, paths):
    client = keeping()
    for path in paths:
        fresh = warmed(client, path)
        again = client.get(path)
        assert "Age" not in fresh.headers
        assert again.headers["Age"] in "01"
        assert (again.data, told(again)) == (fresh.data, told(fresh))
        assert int(again.headers["RateLimit-Remaining"]) == int(fresh.headers["RateLimit-Remaining"]) - 1


def test_what_is_kept_asks_nothing_of_the_database_until_its_time_is_over(keeping, paths, monkeypatch):
    client = keeping(1)
    warmed(client, "/api/experiences")
    monkeypatch.setattr("api.resources.experiences.find_listings", pytest.fail)
    assert client.get("/api/experiences").status_code == 200
    monkeypatch.setattr("api.resources.experiences.find_listings", lambda *_: Page([], 0))
    time.sleep(1.1)
    assert client.get("/api/experiences").get_json()["items"] == []


def test_the_first_who_asks_fills_nothing(keeping, paths):
    client = keeping()
    client.get("/api/experiences?guests=1")
    (key,) = client.edge.kept._scripts.client.keys(f"{kept.PREFIX}*")
    assert key.endswith(b":asked")


def test_a_change_is_seen_when_the_time_is_over_and_tags_tell_it(keeping, make, db):
    client, listing = keeping(1), make.listing()
    path = f"/api/experiences/{listing.id}"
    warmed(client, path)
    with db.transaction() as session:
        session.get_one(Listing, listing.id).title = "Another title"
    tag = client.get(path).headers["ETag"]
    time.sleep(1.1)
    seen = client.get(path, headers={"If-None-Match": tag})
    assert (seen.status_code, seen.get_json()["title"]) == (200, "Another title")


@pytest.fixture
def admin(make):
    def admin(client: Http) -> Http:
        return client.signed_in_as(make.user(roles=["tourist", "admin"]))

    return admin


def test_what_is_hidden_is_gone_at_once_from_pages_and_lists(keeping, make, admin):
    client, listing, other = keeping(), make.listing(), make.listing()
    path, more = f"/api/experiences/{listing.slug}", f"/api/experiences/{other.slug}"
    for each in (path, more, "/api/experiences"):
        assert "Age" in warmed(client, each, 3).headers
    hidden = admin(client).put(f"/api/admin/experiences/{listing.id}/hide", {"reason": "Shows a child."})

    assert hidden.status_code == 200
    refused(client.get(path), 404, "experience_not_found")
    assert [item["slug"] for item in client.get("/api/experiences").get_json()["items"]] == [other.slug]
    # The others are kept again as soon as they are asked for.
    assert "Age" not in client.get(more).headers
    assert "Age" in client.get(more).headers


def test_who_is_suspended_is_gone_at_once(keeping, make, admin):
    client, guide = keeping(), make.guide()
    listing = make.listing(guide)
    paths = [f"/api/experiences/{listing.slug}", f"/api/guides/kamau-{guide.id}"]
    for path in paths:
        assert "Age" in warmed(client, path, 3).headers
    admin(client).put(f"/api/admin/users/{guide.id}/suspend", {"reason": "Took money beside us."})
    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_what_is_refused_lets_nothing_go(keeping, make, admin):
    client, listing = keeping(), make.listing()
    assert "Age" in warmed(client, "/api/experiences", 3).headers
    path = f"/api/admin/experiences/{listing.id}/hide"
    refused(client.signed_in_as(make.user()).put(path, {"reason": "Mine is better."}), 403, "admins_only")
    refused(admin(client).put(path, {}), 422, "invalid_fields", "reason")
    assert "Age" in client.get("/api/experiences").headers


def test_what_was_read_before_all_were_let_go_is_shown_to_nobody(keeping, paths, monkeypatch):
    """Whoever reads the database while something is hidden lays down what they read afterwards."""
    client = keeping()
    answers = client.edge.kept
    warmed(client, "/api/experiences", 1)
    real = answers._scripts.run

    def meanwhile(script, *values, **options):
        if script is kept._KEEP:
            answers.let_go()
        return real(script, *values, **options)

    monkeypatch.setattr(answers._scripts, "run", meanwhile)
    client.get("/api/experiences")
    monkeypatch.setattr(answers._scripts, "run", real)
    assert "Age" not in client.get("/api/experiences").headers
    assert "Age" in client.get("/api/experiences").headers


def test_all_processes_and_releases_let_go_together(keeping, paths):
    one, two = keeping(build_revision="one"), keeping(build_revision="two")
    for client in (one, two):
        assert "Age" in warmed(client, "/api/experiences", 3).headers
    two.edge.kept.let_go()
    assert ["Age" in client.get("/api/experiences").headers for client in (one, two)] == [False, False]


@pytest.mark.parametrize(
    "changes", [{"seconds": 0}, {"redis_url": f"redis://127.0.0.1:{free_port()}/0"}], ids=["off", "away"]
)
def test_hiding_needs_no_redis(keeping, make, admin, changes):
    client, listing = keeping(**changes), make.listing()
    assert client.get(f"/api/experiences/{listing.id}").status_code == 200
    assert admin(client).put(f"/api/admin/experiences/{listing.id}/hide", {"reason": "No."}).status_code == 200
    refused(client.get(f"/api/experiences/{listing.id}"), 404, "experience_not_found")


def test_an_unchanged_answer_costs_no_bytes_kept_or_not(keeping, paths):
    client = keeping()
    tag = {"If-None-Match": warmed(client, "/api/experiences").headers["ETag"]}
    again = client.get("/api/experiences", headers=tag)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag["If-None-Match"])
    assert "Age" in again.headers


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_kept_answer_is_packed_for_whoever_wants_it(keeping, paths, encoding):
    client = keeping()
    warmed(client, "/api/experiences")
    packed = client.get("/api/experiences", headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert "Age" in packed.headers
    assert client.get("/api/experiences").headers["ETag"] == packed.headers["ETag"]


def test_free_times_and_refusals_are_never_kept(keeping, make):
    client, listing = keeping(), make.listing()
    for path in (
        f"/api/experiences/{listing.id}/availability",
        "/api/experiences?sort=worst",
        "/api/experiences/nothing",
    ):
        assert "Age" not in warmed(client, path, 4).headers, path
    # What was not there a moment ago is there at once.
    make.listing(slug="nothing")
    assert client.get("/api/experiences/nothing").status_code == 200


def test_a_kept_answer_counts_towards_the_limit(keeping, paths):
    client = keeping(limit_public_reads=(3, timedelta(minutes=1)))
    warmed(client, "/api/experiences", 3)
    body = refused(client.get("/api/experiences"), 429, "too_many_requests")
    assert "items" not in body


def test_without_redis_the_database_answers(keeping, paths):
    client = keeping(redis_url=f"redis://127.0.0.1:{free_port()}/0")
    for path in paths:
        assert "Age" not in warmed(client, path, 4).headers


def test_pages_never_fill_what_jobs_need(keeping, paths, monkeypatch):
    monkeypatch.setattr(kept, "MOST_BYTES", 100)
    client = keeping()
    assert "Age" not in warmed(client, "/api/experiences", 4).headers
    monkeypatch.setattr(kept, "LARGEST", 10)
    assert "Age" not in warmed(client, "/api/experiences?page=2", 4).headers


def test_nothing_is_kept_where_it_is_turned_off(keeping, paths):
    assert "Age" not in warmed(keeping(0), "/api/experiences", 4).headers


def test_releases_do_not_read_each_others_answers(keeping, paths):
    client = keeping(build_revision="one")
    assert "Age" in warmed(client, "/api/experiences", 3).headers
    other = dataclasses.replace(client.edge.settings, build_revision="two")
    assert (
        "Age"
        not in Http(create_app(other, client.edge.ports), client.contract, client.make).get("/api/experiences").headers
    )


def test_an_escaped_question_mark_makes_no_other_address(keeping, make):
    client, slug = keeping(), make.listing().slug
    assert warmed(client, f"/api/experiences/{slug}?a?b", 3).headers["Age"]
    refused(client.get(f"/api/experiences/{slug}%3Fa?b"), 404, "experience_not_found")

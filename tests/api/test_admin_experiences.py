"""Hiding strangers' content over HTTP: what its guide still may do, what is told, and what comes back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from models import AuditEntry, Guide, Job
from tests.factories import today
from tests.support.http import refused

REASON = {"reason": "The pictures show another place."}


@pytest.fixture
def guide(make):
    return make.guide()


@pytest.fixture
def listing(make, guide):
    return make.listing(guide)


@pytest.fixture
def admin(http, make):
    return http.signed_in_as(make.user(roles=["tourist", "admin"]))


@pytest.fixture
def path(listing):
    return f"/api/admin/experiences/{listing.id}"


@pytest.fixture
def told(db, guide):
    def told():
        with db.reading() as session:
            jobs = session.query(Job).filter(Job.key.startswith("tell:")).order_by(Job.id)
            return [job.payload["kind"] for job in jobs if job.payload["user_id"] == str(guide.id)]

    return told


def test_what_is_hidden_nobody_finds_and_its_guide_learns_why(admin, http, guide, listing, path, told, untouched):
    response = admin.put(f"{path}/hide", REASON)

    assert (response.status_code, response.get_json()["status"]) == (200, "hidden")
    refused(http.get(f"/api/experiences/{listing.id}"), 404, "experience_not_found")
    own = http.signed_in_as(guide).get(f"/api/guides/me/experiences/{listing.id}").get_json()
    assert (own["status"], own["hidden_reason"]) == ("hidden", REASON["reason"])
    assert told() == ["experience_hidden"]
    with untouched():
        assert admin.put(f"{path}/hide", {"reason": "Once more."}).get_json()["hidden_reason"] == REASON["reason"]


def test_its_guide_mends_it_and_cannot_show_it(admin, http, guide, listing, path, untouched):
    admin.put(f"{path}/hide", REASON)
    client, own = http.signed_in_as(guide), f"/api/experiences/{listing.id}"

    assert client.put(own, {"summary": "Mended."}).get_json()["status"] == "hidden"
    with untouched():
        refused(client.put(own, {"status": "active"}), 409, "experience_hidden")
    client.put(own, {"status": "draft"})
    with untouched():
        refused(client.put(own, {"status": "active"}), 409, "experience_hidden")
    assert admin.put(f"{path}/unhide").get_json()["status"] == "draft"
    assert client.put(own, {"status": "active"}).get_json()["status"] == "active"


def test_what_is_shown_again_is_what_it_was(admin, http, listing, path, told, untouched):
    admin.put(f"{path}/hide", REASON)
    shown = admin.put(f"{path}/unhide").get_json()

    assert (shown["status"], shown["hidden_reason"]) == ("active", None)
    assert http.get(f"/api/experiences/{listing.id}").status_code == 200
    assert told() == ["experience_hidden", "experience_shown"]
    with untouched():
        assert admin.put(f"{path}/unhide").status_code == 200


def test_archiving_what_is_hidden_shows_when_it_is_not(admin, http, guide, listing, path):
    admin.put(f"{path}/hide", REASON)
    assert http.signed_in_as(guide).request("DELETE", f"/api/experiences/{listing.id}").status_code == 204
    assert admin.put(f"{path}/unhide").get_json()["status"] == "archived"


def test_with_an_obstacle_left_it_waits_withdrawn(admin, listing, guide, path, db):
    admin.put(f"{path}/hide", REASON)
    with db.transaction() as session:
        session.query(Guide).filter_by(user_id=guide.id).update({"licence_expires_on": today() - timedelta(days=2)})
    assert admin.put(f"{path}/unhide").get_json()["status"] == "withdrawn"


def test_hiding_is_in_the_log_without_its_words(admin, path, db):
    admin.put(f"{path}/hide", REASON)
    with db.reading() as session:
        (entry,) = session.query(AuditEntry).filter_by(action="listing.hidden")
        assert (entry.actor_role, entry.data) == ("admin", {"from": "active"})


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": "a\u0000"}])
def test_a_reason_is_asked_for(admin, path, body, untouched):
    with untouched():
        refused(admin.put(f"{path}/hide", body), 422, "invalid_fields", "reason")


def test_unknown_ones_are_unknown(admin, untouched):
    with untouched():
        hidden = admin.put(f"/api/admin/experiences/{uuid.uuid4()}/hide", REASON)
        shown = admin.put(f"/api/admin/experiences/{uuid.uuid4()}/unhide")
    refused(hidden, 404, "experience_not_found")
    refused(shown, 404, "experience_not_found")


def test_nobody_decides_about_their_own(http, make, untouched):
    both = make.guide(roles=["tourist", "guide", "admin"])
    path, client = f"/api/admin/experiences/{make.listing(both).id}", http.signed_in_as(both)
    with untouched():
        refused(client.put(f"{path}/hide", REASON), 409, "own_experience")
        refused(client.put(f"{path}/unhide"), 409, "own_experience")

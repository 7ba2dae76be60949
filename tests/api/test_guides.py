"""Guides as everybody meets them, and their profiles in their own hands and no others."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import Client

from models import AuditEntry, Guide, User
from tests.api.test_lane import told
from tests.support.http import refused

GUIDES = "/api/guides"


@pytest.fixture
def amina(make, db):
    user = make.guide(first_name="Amina", last_name="Warsame", avatar_url="public/avatars/a.webp")
    changes = {
        "slug": "amina-warsame",
        "bio": "Raised in Eastleigh.  " + "I eat. " * 60,
        "languages": ["English", "Swahili"],
        "specializations": ["Street food"],
        "licence_number": "TRA/TG/1",
    }
    with db.transaction() as session:
        session.execute(update(Guide).where(Guide.user_id == user.id).values(**changes))
    return user


def profile_of(db, user) -> Guide:
    with db.reading() as session:
        return session.scalars(select(Guide).where(Guide.user_id == user.id)).one()


def listed(response) -> list[str]:
    assert response.status_code == 200, response.get_json()
    return [item["slug"] for item in response.get_json()["items"]]


def test_guides_are_met_by_everybody(http, make, amina, db):
    listing = make.listing(amina, title="Food walk")
    response = http.get(GUIDES)

    (card,) = response.get_json()["items"]
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert (card["name"], card["avatar_url"].split("/public/")[1]) == ("Amina Warsame", "avatars/a.webp")
    assert card["summary"].startswith("Raised in Eastleigh. I eat.")
    assert (card["summary"][-1], len(card["summary"]) <= 200, "bio" in card) == ("…", True, False)
    assert (card["experience_count"], card["is_licensed"]) == (1, True)

    for name in ("amina-warsame", profile_of(db, amina).id):
        page = http.get(f"{GUIDES}/{name}")
        shown = page.get_json()
        assert page.headers["Cache-Control"] == "public, max-age=60"
        assert [one["slug"] for one in shown["experiences"]] == [listing.slug]
        assert shown["bio"].endswith("I eat. ")
        assert http.get(shown["reviews_url"]).status_code == 200
        assert http.get(f"{GUIDES}/{name}", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_nothing_private_is_shown_to_everybody(http, make, amina):
    shown = http.get(f"{GUIDES}/amina-warsame").text + http.get(GUIDES).text

    for private in (amina.email, amina.phone, "TRA/TG/1", str(amina.id)):
        assert private not in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("language=sw", 1),
        ("language=kiswahili", 1),
        ("language=de", 0),
        ("region=NAIROBI&specialization=street%20food", 1),
        ("rating=0.5", 0),
        ("minRating=0", 1),
        ("sort=name&limit=1", 1),
        ("colour=green", 1),
        ("page=2", 0),
    ],
)
def test_a_list_holds_what_was_asked_for(http, amina, query, found):
    assert len(listed(http.get(f"{GUIDES}?{query}"))) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sort=bio", "sort"),
        ("min_rating=6", "min_rating"),
        ("rating=1&min_rating=2", "min_rating"),
        ("region=" + "x" * 81, "region"),
        ("language=a%00b", "language"),
        ("limit=101", "limit"),
    ],
)
def test_nonsense_is_refused_by_name(http, query, field):
    refused(http.get(f"{GUIDES}?{query}"), 422, "invalid_fields", field)


@pytest.mark.parametrize("name", ["nobody", "0193f1a0-6000-7abc-8def-0123456789ab", "a" * 300, "%00"])
def test_nobody_is_there_under_other_names(http, amina, name):
    refused(http.get(f"{GUIDES}/{name}"), 404, "guide_not_found")


def test_both_ways_of_a_hot_read_say_the_same(http, make, amina):
    make.listing(amina)
    short, long = Client(http.app.wsgi_app), Client(Flask.wsgi_app.__get__(http.app))
    for path in ("", "?sort=name&language=sw", "?sort=worst", "/amina-warsame", "/nobody", "/%00"):
        ours, theirs = short.get(f"{GUIDES}{path}"), long.get(f"{GUIDES}{path}")
        assert told(ours) == told(theirs), path


def test_a_guide_reads_what_is_missing_and_what_stands_in_the_way(http, make, amina, db):
    for status in ("active", "draft", "draft"):
        make.listing(amina, status=status)
    shown = http.signed_in_as(amina).get(f"{GUIDES}/me")

    body = shown.get_json()
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert (body["slug"], body["user_id"], body["experience_count"]) == ("amina-warsame", str(amina.id), 1)
    assert body["licence"] == {"number": "TRA/TG/1", "expires_on": None, "state": "none", "sent": None}
    assert (body["missing"], body["not_offered_because"]) == ([], [])
    assert body["listings"] == {"active": 1, "draft": 2}

    bare = http.signed_in_as(make.guide(phone=None)).get(f"{GUIDES}/me").get_json()
    assert bare["missing"] == ["avatar_url", "languages", "specializations", "phone", "licence"]


@pytest.mark.parametrize("at", ["me", "amina-warsame", "id"])
def test_a_guide_changes_what_is_named(http, make, amina, db, at):
    listing, strangers = make.listing(amina), make.listing()
    before = http.get(f"/api/experiences/{listing.slug}").headers["ETag"]
    path = f"{GUIDES}/{profile_of(db, amina).id if at == 'id' else at}"
    change = {
        "bio": "Line one.\nLine two.",
        "languages": ["sw", "Kiswahili", "English", "MAA", "maa"],
        "specializations": ["Markets", "markets"],
        "yearsExperience": "12",
    }
    response = http.signed_in_as(amina).put(path, change)

    body = response.get_json()
    assert response.status_code == 200, body
    assert (body["languages"], body["specializations"]) == (["Swahili", "English", "MAA"], ["Markets"])
    assert (body["bio"], body["region"], body["years_experience"]) == ("Line one.\nLine two.", "Nairobi", 12)
    assert profile_of(db, amina).version == 2
    assert (make.reload(listing).version, make.reload(strangers).version) == (2, 1)
    assert http.get(f"/api/experiences/{listing.slug}").headers["ETag"] != before
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "guide.changed")).all()
    assert [entry.data for entry in entries] == [
        {"fields": ["bio", "languages", "specializations", "years_experience"]}
    ]


def test_the_same_again_changes_nothing(http, make, amina, db, untouched):
    client, listing = http.signed_in_as(amina), make.listing(amina)
    with untouched():
        assert client.put(f"{GUIDES}/me", {"region": "Nairobi", "languages": ["English", "Swahili"]}).status_code == 200
        assert client.put(f"{GUIDES}/me", {}).status_code == 200
    assert (profile_of(db, amina).version, make.reload(listing).version) == (1, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bio": ""}, "bio"),
        ({"bio": "x" * 2001}, "bio"),
        ({"bio": None}, "bio"),
        ({"region": "Nai\nrobi"}, "region"),
        ({"languages": "English"}, "languages"),
        ({"languages": {"en": 1}}, "languages"),
        ({"languages": [f"Language {n}" for n in range(16)]}, "languages"),
        ({"languages": ["x" * 61]}, "languages"),
        ({"languages": [7, None, ["a"]]}, "languages"),
        ({"specializations": [""]}, "specializations"),
        ({"specializations": ["a\u0000b"]}, "specializations"),
        ({"years_experience": -1}, "years_experience"),
        ({"years_experience": 81}, "years_experience"),
        ({"years_experience": True}, "years_experience"),
        ({"rating_average": 5}, "rating_average"),
        ({"slug": "me"}, "slug"),
        ({"licence_expires_on": "2099-01-01"}, "licence_expires_on"),
        ({"verified_at": "2026-01-01T00:00:00Z"}, "verified_at"),
        ({"user_id": "0193f1a0-6000-7abc-8def-0123456789ab"}, "user_id"),
        ({"payout_phone": "+254700000001"}, "payout_phone"),
    ],
)
def test_what_a_guide_may_not_write_is_refused_by_name(http, amina, db, untouched, change, field):
    client = http.signed_in_as(amina)
    with untouched():
        body = refused(client.put(f"{GUIDES}/me", change), 422, "invalid_fields", field)
    assert all(isinstance(fault, str) for fault in body["errors"][field])
    assert profile_of(db, amina).version == 1


def test_another_guides_profile_is_not_there(http, make, amina, db, untouched):
    client = http.signed_in_as(make.guide())
    for name in ("amina-warsame", profile_of(db, amina).id, "nobody"):
        with untouched():
            refused(client.put(f"{GUIDES}/{name}", {"region": "Lamu"}), 404, "guide_not_found")
    assert profile_of(db, amina).region == "Nairobi"


def test_only_guides_have_a_profile(http, make, amina, untouched):
    for user in (make.user(), make.user(roles=["tourist", "super_admin"]), make.user(roles=["guide"])):
        client = http.signed_in_as(user)
        with untouched():
            refused(client.get(f"{GUIDES}/me"), 403, "not_a_guide")
            # Before anything of the body is looked at.
            refused(client.put(f"{GUIDES}/amina-warsame", {"region": ""}), 403, "not_a_guide")
    refused(http.put(f"{GUIDES}/amina-warsame", {"region": "Lamu"}), 401, "token_missing")


def test_who_was_signed_out_a_moment_ago_changes_nothing(http, make, amina, db, untouched):
    client = http.signed_in_as(amina)
    assert client.get(f"{GUIDES}/me").status_code == 200
    other = http.signed_in_as(amina)
    assert other.post("/api/auth/logout?everywhere=true").status_code in (200, 204)

    with untouched():
        refused(client.put(f"{GUIDES}/me", {"region": "Lamu"}), 401, "session_ended")
    assert profile_of(db, amina).region == "Nairobi"


@pytest.mark.parametrize("status", ["suspended", "deleted"])
def test_who_is_suspended_or_gone_is_not_met(http, make, amina, db, status):
    with db.transaction() as session:
        user, now = session.get_one(User, amina.id), make.ctx.now(session)
        if status == "deleted":
            user.delete(now, now)
        else:
            user.suspend("For a test.", now)
    assert listed(http.get(GUIDES)) == []
    refused(http.get(f"{GUIDES}/amina-warsame"), 404, "guide_not_found")
    refused(http.get("/api/reviews/guide/amina-warsame"), 404, "guide_not_found")


def test_a_listing_of_a_guide_leads_to_their_page(http, make, amina):
    listing = make.listing(amina)
    card = http.get(f"/api/experiences/{listing.slug}").get_json()["guide"]

    assert http.get(f"{GUIDES}/{card['id']}").get_json()["slug"] == card["slug"] == "amina-warsame"

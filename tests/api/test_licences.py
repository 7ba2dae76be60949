"""Licences over HTTP: sent by their guides with a document, seen by administrators alone, and decided about by them."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event, select, update

from models import AuditEntry, Guide, Job, LicenceRenewal, Media
from services.guides.licences import settle_licence
from tests.api.test_uploads import make_ready, send
from tests.factories import today
from tests.support.http import refused
from tests.support.papers import pdf

OWN = "/api/guides/me/licence"
ENDING = "/api/admin/licences"
SENT = "/api/admin/licences/sent"
TODAY = today()
NEXT_YEAR = str(TODAY + timedelta(days=365))


@pytest.fixture
def guide(make, db):
    """A guide whose licence ends in ten days."""
    return with_licence(db, make.guide(first_name="Amina"), TODAY + timedelta(days=10))


def with_licence(db, user, until):
    with db.transaction() as session:
        changes = {"licence_number": "TRA/TG/1", "licence_expires_on": until}
        session.execute(update(Guide).where(Guide.user_id == user.id).values(**changes))
    return user


@pytest.fixture
def mine(http, guide, bucket):
    return http.signed_in_as(guide)


@pytest.fixture
def admin(http, make):
    return http.signed_in_as(make.user(roles=["tourist", "admin"]))


@pytest.fixture
def document(db):
    """A checked document of a client's: its id."""

    def document(client, kind="document"):
        sent = send(client, kind).get_json()["id"]
        make_ready(db, sent)
        return sent

    return document


@pytest.fixture
def sent(mine, document):
    """A licence that waits, as its guide was answered, with the id of its document."""
    body = {"number": "TRA/TG/2", "expires_on": NEXT_YEAR, "document_id": document(mine)}
    response = mine.post(OWN, body)
    assert response.status_code == 201, response.get_json()
    return response.get_json() | {"document_id": body["document_id"]}


def media(db, media_id) -> Media | None:
    with db.reading() as session:
        return session.get(Media, media_id)


def test_a_licence_waits_and_its_guide_sees_it_waiting(mine, sent, db):
    assert (sent["state"], sent["number"], sent["expires_on"]) == ("waiting", "TRA/TG/2", NEXT_YEAR)
    assert media(db, sent["document_id"]).is_in_use
    shown = mine.get("/api/guides/me").get_json()["licence"]
    assert (shown["number"], shown["state"], shown["sent"]["id"]) == ("TRA/TG/1", "expiring", sent["id"])
    refused(mine.request("DELETE", f"/api/upload/{sent['document_id']}"), 409, "media_in_use")
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "licence.sent"))
    assert entry.data == {"replaced": False}


def test_another_one_takes_its_place_and_the_document_before_goes(mine, admin, sent, document, db):
    other = document(mine)
    second = mine.post(OWN, {"number": "TRA/TG/3", "expiresOn": NEXT_YEAR, "documentId": other}).get_json()
    # A number set right keeps the document.
    third = mine.post(OWN, {"number": "TRA/TG/4", "expires_on": NEXT_YEAR, "document_id": other}).get_json()

    with db.reading() as session:
        rows = session.scalars(select(LicenceRenewal).order_by(LicenceRenewal.id)).all()
    assert [(row.state, row.number) for row in rows] == [
        ("replaced", "TRA/TG/2"),
        ("replaced", "TRA/TG/3"),
        ("waiting", "TRA/TG/4"),
    ]
    assert (media(db, sent["document_id"]).state, media(db, other).is_in_use) == ("removed", True)
    assert mine.get("/api/guides/me").get_json()["licence"]["sent"]["id"] == third["id"]
    body = refused(admin.put(f"{SENT}/{second['id']}/review", {"action": "confirm"}), 409, "licence_decided")
    assert body["state"] == "replaced"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "x" * 61}, "number"),
        ({"number": "a\nb"}, "number"),
        ({"expires_on": "31.12.2027"}, "expires_on"),
        ({"expires_on": None}, "expires_on"),
        ({"document_id": "1"}, "document_id"),
        ({"state": "confirmed"}, "state"),
        ({"user_id": "0193f1a0-6000-7abc-8def-0123456789ab"}, "user_id"),
    ],
)
def test_nonsense_is_refused_by_name(mine, document, untouched, change, field):
    body = {"number": "TRA/TG/2", "expires_on": NEXT_YEAR, "document_id": document(mine)}
    with untouched():
        refused(mine.post(OWN, body | change), 422, "invalid_fields", field)


@pytest.mark.parametrize("days", [-1, 366 * 10 + 1])
def test_a_last_day_that_is_over_or_too_far_off_is_refused(mine, document, untouched, days):
    body = {"number": "1", "expires_on": str(TODAY + timedelta(days=days)), "document_id": document(mine)}
    with untouched():
        refused(mine.post(OWN, body), 422, "invalid_field", "expires_on")


def test_only_a_checked_document_of_ones_own_will_do(http, make, mine, document, untouched, db, guide):
    def ask(document_id):
        return mine.post(OWN, {"number": "1", "expires_on": NEXT_YEAR, "document_id": document_id})

    unchecked = send(mine, "document").get_json()["id"]
    others = document(http.signed_in_as(make.guide()))
    picture = document(mine, "image")
    nobodys = "0193f1a0-6000-7abc-8def-0123456789ab"
    with untouched():
        refused(ask(unchecked), 409, "media_not_ready")
        refused(ask(others), 404, "media_not_found")
        refused(ask(nobodys), 404, "media_not_found")
        refused(ask(picture), 422, "invalid_field", "document_id")
    assert not media(db, others).is_in_use


def test_a_photo_of_the_licence_will_do(mine, admin, document, bucket, db):
    scan = document(mine, "scan")
    sent = mine.post(OWN, {"number": "TRA/TG/2", "expires_on": NEXT_YEAR, "document_id": scan})
    assert sent.status_code == 201
    shown = admin.get(f"{SENT}/{sent.get_json()['id']}").get_json()
    key = media(db, scan).variants["file"]
    bucket.write(key, b"the photo")
    assert (shown["document_type"], key in shown["document_url"]) == ("image/webp", True)
    assert httpx.get(shown["document_url"], trust_env=False).content == b"the photo"
    admin.put(f"{SENT}/{sent.get_json()['id']}/review", {"action": "refuse", "reason": "It is too dark."})
    gone = admin.get(f"{SENT}/{sent.get_json()['id']}").get_json()
    assert (gone["document_url"], gone["document_type"], media(db, scan).state) == (None, None, "removed")


def test_a_document_that_something_else_uses_will_not_do(mine, admin, sent, untouched):
    admin.put(f"{SENT}/{sent['id']}/review", {"action": "confirm"})
    with untouched():
        body = {"number": "1", "expires_on": NEXT_YEAR, "document_id": sent["document_id"]}
        refused(mine.post(OWN, body), 409, "media_in_use")


def test_a_reviewer_sees_what_waits_and_the_document_by_a_link_of_some_minutes(admin, sent, guide, bucket, http, db):
    (listed,) = admin.get(SENT).get_json()["items"]
    shown = admin.get(f"{SENT}/{sent['id']}")

    body = shown.get_json()
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert listed == {name: value for name, value in body.items() if not name.startswith("document_")}
    assert (body["id"], body["guide"]["user_id"], body["guide"]["email"]) == (sent["id"], str(guide.id), guide.email)
    assert body["guide"]["licence"]["number"] == "TRA/TG/1"
    http.edge.ports.storage.put(media(db, sent["document_id"]).variants["file"], pdf(), content_type="application/pdf")
    assert "X-Amz-Expires=600" in body["document_url"]
    assert httpx.get(body["document_url"]).content == pdf()
    assert admin.get(f"{SENT}?status=refused").get_json()["items"] == []


def test_a_confirmed_licence_is_the_guides_and_brings_back_what_they_offer(admin, mine, sent, guide, make, db, ctx):
    listing = make.listing(guide)
    with_licence(db, guide, TODAY - timedelta(days=2))
    with db.transaction() as session:
        settle_licence(session, ctx, guide.id)
    refused(mine.get(f"/api/experiences/{listing.slug}"), 404, "experience_not_found")
    own = mine.get("/api/guides/me").get_json()
    assert (own["licence"]["state"], own["not_offered_because"]) == ("expired", ["licence_expired"])
    assert (own["is_licensed"], mine.get(f"/api/guides/{own['slug']}").get_json()["is_licensed"]) == (False, False)

    review = admin.put(f"{SENT}/{sent['id']}/review", {"action": "confirm"})

    assert review.status_code == 200
    assert (review.get_json()["state"], review.get_json()["guide"]["licence"]["state"]) == ("confirmed", "valid")
    assert admin.put(f"{SENT}/{sent['id']}/review", {"decision": "confirm"}).get_json() == review.get_json()
    assert mine.get(f"/api/experiences/{listing.slug}").status_code == 200
    own = mine.get("/api/guides/me").get_json()
    assert (own["licence"]["number"], own["not_offered_because"], own["listings"]) == ("TRA/TG/2", [], {"active": 1})
    assert mine.get(f"/api/guides/{own['slug']}").get_json()["is_licensed"] is True
    assert media(db, sent["document_id"]).is_in_use


def test_a_refused_licence_says_why_and_its_document_goes(admin, mine, sent, db, untouched):
    review = admin.put(f"{SENT}/{sent['id']}/review", {"action": "refuse", "reason": "It is too dark."})

    assert (review.status_code, review.get_json()["state"]) == (200, "refused")
    shown = mine.get("/api/guides/me").get_json()["licence"]
    assert (shown["number"], shown["sent"]["reason"]) == ("TRA/TG/1", "It is too dark.")
    assert admin.get(f"{SENT}/{sent['id']}").get_json()["document_url"] is None
    with db.reading() as session:
        kinds = [job.kind for job in session.scalars(select(Job).where(Job.key.startswith("files:")).order_by(Job.id))]
    assert kinds == ["media.delete_files"]
    with untouched():
        refused(admin.put(f"{SENT}/{sent['id']}/review", {"action": "confirm"}), 409, "licence_decided")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "action"),
        ({"action": "approve"}, "action"),
        ({"action": "refuse"}, "reason"),
        ({"action": "refuse", "reason": " "}, "reason"),
        ({"action": "refuse", "reason": "x" * 501}, "reason"),
        ({"action": "confirm", "reason": "Fine."}, "reason"),
        ({"action": "confirm", "expires_on": NEXT_YEAR}, "expires_on"),
    ],
)
def test_a_decision_is_one_of_two_and_a_refusal_says_why(admin, sent, untouched, body, field):
    with untouched():
        refused(admin.put(f"{SENT}/{sent['id']}/review", body), 422, "invalid_fields", field)


def test_who_shows_one_factor_only_sees_and_decides_nothing(http, make, sent, untouched):
    client = http.signed_in_as(make.user(roles=["tourist", "admin"]), two_factor=False)
    with untouched():
        for path in (ENDING, SENT, f"{SENT}/{sent['id']}"):
            refused(client.get(path), 403, "two_factor_required")
        refused(client.put(f"{SENT}/{sent['id']}/review", {"action": "confirm"}), 403, "two_factor_required")


def test_those_whose_licence_ends_are_listed_the_first_to_end_first(admin, make, db, sent, guide):
    soon = with_licence(db, make.guide(), TODAY + timedelta(days=3))
    for until in (None, TODAY + timedelta(days=90)):
        with_licence(db, make.guide(), until)
    ended = [with_licence(db, make.guide(), TODAY - timedelta(days=days)) for days in (5, 9)]
    with_licence(db, make.guide(status="suspended"), TODAY - timedelta(days=4))

    expiring = admin.get(ENDING).get_json()["items"]
    assert [(one["user_id"], one["waiting"] and one["waiting"]["id"]) for one in expiring] == [
        (str(soon.id), None),
        (str(guide.id), sent["id"]),
    ]
    first = admin.get(f"{ENDING}?status=expired&limit=1").get_json()
    rest = admin.get(f"{ENDING}?status=expired&limit=1&cursor={first['pagination']['next_cursor']}").get_json()
    assert [one["user_id"] for page in (first, rest) for one in page["items"]] == [
        str(ended[1].id),
        str(ended[0].id),
    ]
    assert {one["licence"]["state"] for one in first["items"]} == {"expired"}
    refused(admin.get(f"{ENDING}?status=valid"), 422, "invalid_fields", "status")
    refused(admin.get(f"{SENT}?cursor={first['pagination']['next_cursor']}"), 422, "invalid_field", "cursor")


def test_lists_ask_the_database_as_often_however_long_they_are(admin, make, db, ctx):
    def asked(path) -> int:
        texts = []

        def count(*arguments):
            texts.append(arguments[2])

        event.listen(db.engine, "before_cursor_execute", count)
        try:
            assert admin.get(path).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", count)
        return len(texts)

    def add():
        user = with_licence(db, make.guide(), TODAY + timedelta(days=3))
        with db.transaction() as session:
            now = ctx.now(session)
            session.add(
                LicenceRenewal(user_id=user.id, number="1", expires_on=TODAY + timedelta(days=9), submitted_at=now)
            )

    add()
    admin.get(ENDING)
    once = [asked(path) for path in (ENDING, SENT)]
    for _ in range(4):
        add()
    assert [asked(path) for path in (ENDING, SENT)] == once

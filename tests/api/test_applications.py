"""Reviewing applications over HTTP: the list, one of them with links to its files, and what an administrator decides."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import func, select

from models import Delivery
from services.accounts.sessions import SessionEnd, end_all
from tests.support.database import row_digests
from tests.support.http import Http, refused

PATH = "/api/admin/applications"


@pytest.fixture
def admin(http, applications) -> Http:
    return http.signed_in_as(applications.admin())


def test_the_list_goes_by_page_and_cursor_and_filters(admin, applications):
    ids = [str(applications.confirmed(email=f"a{number}@example.com")) for number in range(5)]
    applications.review(ids[0], "reject", "No.")
    unconfirmed = str(applications.opened(email="late@example.com"))

    def listed(query: str) -> list[str]:
        return [item["id"] for item in admin.get(f"{PATH}?{query}").get_json()["items"]]

    assert listed("") == [unconfirmed, *reversed(ids)]
    assert listed("confirmed=false") == [unconfirmed]
    assert listed("status=submitted&confirmed=true&sort=oldest") == ids[1:]
    assert listed("status=rejected") == ids[:1]
    assert listed("q=A3@EXAMPLE") == [ids[3]]
    first = admin.get(f"{PATH}?limit=4&sort=oldest").get_json()
    rest = admin.get(f"{PATH}?limit=4&sort=oldest&cursor={first['pagination']['next_cursor']}").get_json()
    assert [item["id"] for item in (*first["items"], *rest["items"])] == [*ids, unconfirmed]
    for wrong, field in (("status=open", "status"), ("confirmed=1", "confirmed"), ("q=ab", "q"), ("sort=name", "sort")):
        refused(admin.get(f"{PATH}?{wrong}"), 422, "invalid_fields", field)


def test_one_application_is_shown_whole_with_links_to_what_is_checked(admin, applications, bucket):
    application = applications.reviewed("more_info", "A certificate, please.")
    ready = applications.file(application, "resume", content_type="application/pdf", size_bytes=8)
    applications.file(application, "video", state="processing")
    applications.file(application, "document", state="refused", refusal="encrypted")
    admin.edge.ports.storage.put(ready.variants["file"], b"%PDF-1.7", content_type="application/pdf")

    body = admin.get(f"{PATH}/{application}").get_json()

    assert (body["full_name"], body["phone"], body["reason"]) == (
        *("Wanjiru Kamau", "+254712345678"),
        "A certificate, please.",
    )
    assert body["reviewed_by"]["name"].startswith("Amina Otieno")
    assert [(file["part"], file["state"], file["refusal"], file["url"] is None) for file in body["files"]] == [
        ("resume", "ready", None, False),
        ("video", "processing", None, True),
        ("document", "refused", "encrypted", True),
    ]
    assert [(step["verb"], step["by"] is None) for step in body["history"]] == [
        ("submit", True),
        ("confirm", True),
        ("more_info", False),
    ]
    fetched = httpx.get(body["files"][0]["url"])
    assert (fetched.status_code, fetched.content) == (200, b"%PDF-1.7")
    assert "attachment" in fetched.headers["Content-Disposition"]
    # Without its signature the link leads nowhere.
    assert "X-Amz-Expires=600" in body["files"][0]["url"]
    refused(admin.get(f"{PATH}/0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a"), 404, "application_not_found")


def test_a_decision_answers_with_what_it_made(admin, applications):
    application = applications.confirmed()
    path = f"{PATH}/{application}/review"
    assert admin.put(path, {"action": "start"}).get_json()["status"] == "in_review"
    asked = admin.put(path, {"action": "more_info", "reason": " Please send\nmore. "}).get_json()
    assert (asked["status"], asked["reason"]) == ("more_info", "Please send\nmore.")
    body = {"action": "approve", "licenceNumber": "TRA/G/1", "licenceExpiresOn": "2027-12-31"}
    approved = admin.put(path, body).get_json()
    assert (approved["status"], approved["licence"]) == (
        "approved",
        {"number": "TRA/G/1", "expires_on": "2027-12-31", "also_held_by": []},
    )
    again = admin.put(path, {"action": "approve"})
    assert (again.status_code, again.get_json()) == (200, approved)
    late = refused(admin.put(path, {"action": "reject", "reason": "No."}), 409, "application_not_rejectable")
    assert late["application_status"] == "approved"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "action"),
        ({"action": "accept"}, "action"),
        ({"action": "answer"}, "action"),
        ({"action": "reject"}, "reason"),
        ({"action": "more_info", "reason": "  "}, "reason"),
        ({"action": "reject", "reason": "x" * 1_001}, "reason"),
        ({"action": "reject", "reason": "No.", "licence_number": "1"}, "licence_number"),
        ({"action": "approve", "licence_expires_on": "2027-12-31"}, "licence_number"),
        ({"action": "approve", "licence_number": "1", "licence_expires_on": "2027-02-30"}, "licence_expires_on"),
        ({"action": "approve", "licence_number": "=1+1"}, "licence_number"),
        ({"action": "approve", "status": "approved"}, "status"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused_by_name(admin, applications, db, body, field):
    application = applications.confirmed()
    before = row_digests(db.engine)
    refused(admin.put(f"{PATH}/{application}/review", body), 422, "invalid_fields", field)
    assert row_digests(db.engine) == before


def test_a_licence_that_is_over_is_not_noted(admin, applications, db):
    application = applications.confirmed()
    before = row_digests(db.engine)
    body = {"action": "approve", "licence_number": "TRA/G/1", "licence_expires_on": "2020-12-31"}
    refused(admin.put(f"{PATH}/{application}/review", body), 422, "invalid_field", "licence_expires_on")
    assert row_digests(db.engine) == before


def test_who_was_signed_out_a_moment_ago_decides_nothing(applications, make, http, db):
    application, admin = applications.confirmed(), applications.admin()
    signed_in = http.signed_in_as(admin)
    path = f"/api/admin/applications/{application}"
    assert signed_in.get(path).status_code == 200
    with db.transaction() as session:
        # As another process does it: this one remembers.
        end_all(session, make.ctx, admin.id, SessionEnd.ACCOUNT_SUSPENDED)
    refused(signed_in.put(f"{path}/review", {"action": "approve"}), 401, "session_ended")
    assert applications.see(application).status == "submitted"
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1

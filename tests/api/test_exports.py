"""Asking for a copy of one's data over HTTP, and fetching it by the link of the mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.one_time import Purpose
from models import DataExport, User
from services.personal_data import exports
from tests.support.http import refused

EXPORT = "/api/users/me/export"


@pytest.fixture
def client(http, make):
    return http.signed_in_as(make.user())


@pytest.fixture
def ready(http, db, ctx):
    """Say that the one open copy is written; the token of its mail."""

    def ready():
        tokens = http.edge.one_time_tokens
        with db.transaction() as session:
            export = session.scalars(select(DataExport)).one()
            exports.finish_export(session, ctx, tokens, export.id, 1_000)
            return tokens.token(Purpose.DATA_EXPORT, export.token_id)

    return ready


def test_a_copy_is_asked_for_once_a_day(client, ready, clock, untouched):
    first = client.get(EXPORT)
    assert first.status_code == 202
    with untouched():
        assert client.get(EXPORT).get_json() == first.get_json()
    ready()
    response = client.get(EXPORT)
    refused(response, 429, "too_many_export_user")
    assert 86_000 < int(response.headers["Retry-After"]) <= 86_400
    clock.offset += timedelta(days=1)
    assert client.get(EXPORT).get_json()["id"] != first.get_json()["id"]


def test_a_link_leads_to_the_file_as_often_as_it_is_followed(http, client, ready, db):
    client.get(EXPORT)
    token = ready()
    with db.reading() as session:
        key = session.scalars(select(DataExport.storage_key)).one()
    for _ in range(2):
        response = http.get(f"/api/users/export/{token}")
        assert response.status_code == 302
        assert response.headers["Cache-Control"] == "private, no-store"
        assert key in response.headers["Location"]
        assert "X-Amz-Expires=300" in response.headers["Location"]


@pytest.mark.parametrize("how", ["invented", "over", "suspended"])
def test_a_link_that_does_not_work_leads_nowhere(http, client, ready, db, clock, how):
    client.get(EXPORT)
    token = ready()
    if how == "over":
        clock.offset += timedelta(days=7)
    if how == "suspended":
        with db.transaction() as session:
            session.scalars(select(User)).one().status = "suspended"
    refused(http.get(f"/api/users/export/{'x' * 43 if how == 'invented' else token}"), 404, "export_not_found")


def test_no_copy_goes_to_a_mailbox_that_may_be_a_strangers(http, make, untouched):
    client = http.signed_in_as(make.user(status="pending"))
    with untouched():
        refused(client.get(EXPORT), 409, "email_not_verified")


def test_a_stranger_asks_for_nothing(client, untouched):
    with untouched():
        refused(replace(client, token=None).get(EXPORT), 401, "token_missing")

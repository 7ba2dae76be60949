"""A seed that no key opens: its owner is told that it is not their fault, the log says where to look, and nothing changes."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from api.edge import EXTENSION
from domain.vault import Vault
from models import TwoFactor, UserSession
from tests.factories import PASSWORD
from tests.support.http import refused
from tests.support.two_factor import person, switch_on

LOGIN, VERIFY = "/api/auth/login", "/api/auth/2fa/verify"
SETUP, ENABLE, DISABLE = "/api/auth/2fa/setup", "/api/auth/2fa/enable", "/api/auth/2fa/disable"
CODES, EMAIL = "/api/auth/2fa/backup-codes", "amina.otieno@example.com"
ANOTHER_KEY = base64.urlsafe_b64encode(bytes(32)).decode()


@pytest.fixture
def client(http):
    return http.signed_in_as(person(http, email=EMAIL))


@pytest.fixture
def phone(http, client, clock):
    return switch_on(http, client, clock)


@pytest.fixture
def lose_the_key(http, monkeypatch):
    """The process runs without the key that seals everything so far."""

    def lose() -> None:
        lost = replace(http.edge, vault=Vault([ANOTHER_KEY]))
        monkeypatch.setitem(http.app.extensions, EXTENSION, lost)

    return lose


def test_the_second_step_says_that_it_is_not_their_fault(http, client, phone, lose_the_key, db):
    challenge = http.post(LOGIN, {"email": EMAIL, "password": PASSWORD}).get_json()["challenge"]
    with db.reading() as session:
        row = session.scalars(select(TwoFactor)).one()
        opened = len(session.scalars(select(UserSession.id)).all())
    kept = http.edge
    lose_the_key()

    with capture_logs() as logs:
        for code in (phone.next_code(), phone.backup_codes[0]):
            response = http.post(VERIFY, {"challenge": challenge, "code": code})
            assert "not your fault" in refused(response, 503, "two_factor_unavailable")["detail"]
            assert response.headers["Retry-After"] == "60"

    (entry, _) = [each for each in logs if each["log_level"] == "error"]
    assert (entry["event"], entry["place"]) == ("sealed.unopenable", f"two_factor.secret:{row.user_id}")
    for secret in (row.secret, phone.secret, phone.backup_codes[0], ANOTHER_KEY):
        assert secret not in str(logs)
    with db.reading() as session:
        after = session.scalars(select(TwoFactor)).one()
        assert (after.secret, after.last_step, after.backup_hashes) == (row.secret, row.last_step, row.backup_hashes)
        assert len(session.scalars(select(UserSession.id)).all()) == opened
    # The key is back: the challenge and the code are as good as they were.
    http.app.extensions[EXTENSION] = kept
    assert http.post(VERIFY, {"challenge": challenge, "code": phone.next_code()}).status_code == 200


@pytest.mark.parametrize("path", [SETUP, DISABLE, CODES])
def test_so_does_everything_that_takes_a_code(client, phone, lose_the_key, path):
    lose_the_key()
    refused(client.post(path, {"password": PASSWORD, "code": phone.next_code()}), 503, "two_factor_unavailable")


def test_what_was_never_confirmed_is_set_up_anew(client, lose_the_key, db):
    client.post(SETUP, {"password": PASSWORD})
    lose_the_key()

    refused(client.post(ENABLE, {"code": "000000"}), 503, "two_factor_unavailable")
    assert client.post(SETUP, {"password": PASSWORD}).status_code == 200
    refused(client.post(ENABLE, {"code": "000000"}), 422, "wrong_code", "code")


def test_a_seed_that_was_copied_from_another_row_is_refused_alike(http, client, phone, clock, db):
    other = person(http)
    switch_on(http, http.signed_in_as(other), clock)
    with db.transaction() as session:
        swap = "UPDATE two_factor SET secret = (SELECT secret FROM two_factor WHERE user_id = :theirs) WHERE user_id <> :theirs"
        session.execute(text(swap), {"theirs": other.id})

    response = client.post(DISABLE, {"password": PASSWORD, "code": phone.next_code()})
    refused(response, 503, "two_factor_unavailable")

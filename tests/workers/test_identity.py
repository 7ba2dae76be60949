"""Google's keys as workers fetch them, and sign-ins under keys that turn while Google comes and goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.jobs import JobKind
from models import IdentityKey, Job, User
from models.identities import UsedIdentityToken
from services.accounts.identities import ask_for_google_keys
from tests.support.hands import Hands
from tests.support.http import refused
from workers import identity, periodic

GOOGLE = "/api/auth/social/google"
NONCE = "n-0S6_WzA2Mj"


@pytest.fixture
def kids(db):
    def kids() -> set[str]:
        with db.reading() as session:
            return set(session.scalars(select(IdentityKey.kid)))

    return kids


@pytest.fixture
def fetch(db, ctx, hands):
    """Have the keys fetched now; the kinds of work that were done."""

    def fetch() -> list[str]:
        with db.transaction() as session:
            ask_for_google_keys(session, ctx)
        return hands.work("deliveries")

    return fetch


@pytest.fixture
def sign_in(http, sandbox):
    def sign_in(email="ingrid.larsen@gmail.com", **asked):
        return http.post(GOOGLE, {"id_token": sandbox.google_token(email, NONCE, **asked), "nonce": NONCE})

    return sign_in


def test_the_set_is_kept_and_read_again_within_the_hour(db, ctx, clock, sandbox, hands, fetch, kids):
    published = sandbox.turn_google_keys()
    assert fetch() == ["accounts.fetch_google_keys"]
    assert kids() == set(published)
    with db.reading() as session:
        for key in session.scalars(select(IdentityKey)):
            assert key.fresh_until - key.fetched_at == identity.LATEST
            assert set(key.jwk) == {"kty", "use", "alg", "kid", "n", "e"}
    for moved, jobs in ((timedelta(0), []), (timedelta(hours=1), ["periodic.refresh_google_keys"])):
        clock.offset += moved
        with db.transaction() as session:
            periodic.tick(session, ctx, JobKind.REFRESH_GOOGLE_KEYS.value, timedelta(minutes=1))
        assert hands.work("periodic") == jobs
    assert hands.work("deliveries") == ["accounts.fetch_google_keys"]


def test_a_token_under_a_new_key_has_the_keys_fetched(sandbox, hands, clock, fetch, sign_in):
    fetch()
    assert sign_in().status_code == 201
    hands.work("deliveries")
    sandbox.turn_google_keys()
    clock.offset += timedelta(minutes=1)
    refused(sign_in(), 401, "google_token_invalid")
    assert hands.work("deliveries") == ["accounts.fetch_google_keys"]
    assert sign_in().status_code == 200


def test_a_key_that_left_the_set_goes_after_its_grace(sandbox, clock, fetch, kids):
    fetch()
    before, after = kids(), set(sandbox.turn_google_keys(keep=0))
    clock.offset += timedelta(minutes=61)
    fetch()
    assert kids() == before | after
    clock.offset += timedelta(minutes=61)
    fetch()
    assert kids() == after


def test_while_google_is_down_known_keys_work_and_one_job_keeps_asking(
    db, ctx, sandbox, hands, clock, fetch, sign_in, kids
):
    fetch()
    known = kids()
    clock.offset += timedelta(minutes=1)
    sandbox.faults(google_down=True)
    for _ in range(3):
        fetch()
        clock.offset += timedelta(minutes=1)
    assert kids() == known
    with db.reading() as session:
        (waiting,) = session.scalars(select(Job).where(Job.done_at.is_(None))).all()
    assert (waiting.last_error, waiting.dead_at) == ("Unavailable: http_503", None)
    with db.transaction() as session:
        session.execute(update(IdentityKey).values(fetched_at=ctx.now(session) - timedelta(days=3)))
    clock.offset = timedelta(0)
    assert sign_in().status_code == 201
    sandbox.faults(google_down=False)
    clock.offset += timedelta(minutes=10)
    hands.work("deliveries")
    assert kids() == known


@pytest.mark.parametrize(
    "bad",
    [
        "expired",
        "not_yet_valid",
        "wrong_audience",
        "wrong_issuer",
        "wrong_nonce",
        "alg_none",
        "hs256_public_key",
        "wrong_key",
        "unknown_kid",
    ],
)
def test_no_bad_token_of_the_sandbox_gets_in(db, fetch, sign_in, bad):
    fetch()
    refused(sign_in(bad=bad), 401, "google_token_invalid")
    with db.reading() as session:
        assert session.scalars(select(User)).all() == []


def test_where_it_is_not_offered_nobody_is_asked(db, ctx, runtime, sandbox):
    with db.transaction() as session:
        ask_for_google_keys(session, ctx)
    idle = Hands(replace(runtime, google=None))
    assert idle.work("deliveries") == ["accounts.fetch_google_keys"]
    assert sandbox.calls("/google/oauth2/v3/certs") == 0


def test_used_tokens_are_forgotten_when_they_have_expired(db, ctx, clock, hands, fetch, sign_in):
    fetch()
    assert sign_in().status_code == 201
    for hours, left in ((0, 1), (2, 0)):
        clock.offset += timedelta(hours=hours)
        with db.transaction() as session:
            now = ctx.now(session)
            ctx.enqueue(session, JobKind.PURGE_JOBS, f"purge:{hours}", {}, now=now)
        hands.work("periodic")
        with db.reading() as session:
            assert len(session.scalars(select(UsedIdentityToken)).all()) == left


def test_the_mails_say_what_happened(db, make, sandbox, hands, fetch, sign_in):
    fetch()
    make.user(email="amina.otieno@gmail.com", locale="sw")
    make.user(email="daniel@example.com", status="pending")
    for email in ("ingrid.larsen@gmail.com", "amina.otieno@gmail.com", "daniel@example.com"):
        assert sign_in(email).status_code in (200, 201)
    hands.work("deliveries")
    subjects = {mail["to"][0]: mail["subject"] for mail in sandbox.mails()}
    assert subjects == {
        "ingrid.larsen@gmail.com": "Welcome to Elite Events Kenya",
        "amina.otieno@gmail.com": "Kuingia kwa Google kumeongezwa kwenye akaunti yako ya Elite Events Kenya",
        "daniel@example.com": "Your Elite Events Kenya account is confirmed",
    }

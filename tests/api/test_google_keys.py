"""Google's keys as the edge meets them, waiting for a worker where it must; and sign-ins that come at the same moment."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

import services.accounts.identities
from models import ExternalIdentity, Job, User, UserSession
from models.identities import IdentityKey
from models.operations import beat
from sandbox.google_keys import KeyRing
from tests.support.database import row_counts
from tests.support.google import INGRID, google_sign_in, know_keys
from tests.support.http import refused

GOOGLE = "/api/auth/social/google"


@pytest.fixture
def keys(db, ctx):
    know_keys(db, ctx)


def one(db, model):
    with db.reading() as session:
        return session.scalars(select(model)).one()


class TestKeys:
    @pytest.fixture
    def lively(self, db, ctx):
        with db.transaction() as session:
            for name in ("relay", "queue:deliveries"):
                beat(session, name, ctx.now(session))

    def jobs(self, db):
        with db.reading() as session:
            return session.scalars(select(Job).where(Job.kind == "accounts.fetch_google_keys")).all()

    def work_soon(self, db, ctx, act) -> threading.Thread:
        """A worker, played by a thread: once the job is there, ``act``, and it is done."""

        def work() -> None:
            for _ in range(200):
                if self.jobs(db):
                    break
                time.sleep(0.02)
            act()
            with db.transaction() as session:
                session.execute(update(Job).values(done_at=ctx.now(session)))

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    def test_without_keys_they_are_asked_for_and_the_client_comes_back(self, http, db):
        response = http.post(GOOGLE, google_sign_in())

        refused(response, 503, "google_keys_unavailable")
        assert response.headers["Retry-After"] == "5"
        assert len(self.jobs(db)) == 1
        left = {table for table, count in row_counts(db.engine).items() if count}
        assert left == {"jobs", "rate_limits"}

    @pytest.mark.usefixtures("lively")
    def test_the_first_sign_in_waits_for_the_keys(self, http, db, ctx):
        worker = self.work_soon(db, ctx, lambda: know_keys(db, ctx))
        response = http.post(GOOGLE, google_sign_in())
        worker.join()
        assert response.status_code == 201

    @pytest.mark.usefixtures("lively", "keys")
    def test_a_token_under_a_new_key_works_within_one_request(self, http, db, ctx):
        turned = KeyRing()
        worker = self.work_soon(db, ctx, lambda: know_keys(db, ctx, turned))
        response = http.post(GOOGLE, google_sign_in(ring=turned))
        worker.join()
        assert response.status_code == 201
        assert http.post(GOOGLE, google_sign_in()).status_code == 200, "the old key is still there"

    @pytest.mark.usefixtures("lively", "keys")
    def test_strangers_with_invented_keys_make_us_ask_once_a_minute_and_wait_for_nothing(self, http, db, ctx, clock):
        worker = self.work_soon(db, ctx, lambda: None)
        refused(http.post(GOOGLE, google_sign_in(bad="unknown_kid")), 401, "google_token_invalid")
        worker.join()
        started = time.monotonic()
        for _ in range(5):
            refused(http.post(GOOGLE, google_sign_in(ring=KeyRing())), 401, "google_token_invalid")
        assert len(self.jobs(db)) == 1
        assert time.monotonic() - started < 3
        clock.offset += timedelta(minutes=1)
        refused(http.post(GOOGLE, google_sign_in(bad="unknown_kid")), 401, "google_token_invalid")
        assert len(self.jobs(db)) == 2

    @pytest.mark.usefixtures("lively", "keys")
    def test_nobody_waits_for_a_google_that_is_down(self, http, db, ctx):
        refused(http.post(GOOGLE, google_sign_in(bad="alg_none")), 401, "google_token_invalid")
        assert self.jobs(db) == []
        with db.transaction() as session:
            services.accounts.identities.ask_for_google_keys(session, ctx)
            session.execute(update(Job).values(failures=1))
        started = time.monotonic()
        refused(http.post(GOOGLE, google_sign_in(bad="unknown_kid")), 401, "google_token_invalid")
        assert time.monotonic() - started < 1
        assert http.post(GOOGLE, google_sign_in()).status_code == 201

    @pytest.mark.usefixtures("keys")
    def test_a_withdrawn_key_is_believed_for_a_minute_at_most(self, http, db, monkeypatch):
        assert http.post(GOOGLE, google_sign_in()).status_code == 201
        with db.transaction() as session:
            session.execute(update(IdentityKey).values(kid="another"))
        assert http.post(GOOGLE, google_sign_in()).status_code == 200
        seen = time.monotonic()
        monkeypatch.setattr(http.edge.google, "_clock", lambda: seen + 61)
        refused(http.post(GOOGLE, google_sign_in()), 401, "google_token_invalid")


@pytest.mark.usefixtures("keys")
class TestRaces:
    def at_once(self, http, bodies):
        barrier = threading.Barrier(len(bodies))

        def sign_in(body):
            barrier.wait()
            return http.post(GOOGLE, body).status_code

        with ThreadPoolExecutor(len(bodies)) as threads:
            return sorted(threads.map(sign_in, bodies))

    def test_two_first_sign_ins_at_once_make_one_account(self, http, db):
        assert self.at_once(http, [google_sign_in() for _ in range(4)]) == [200, 200, 200, 201]

        assert one(db, User).email == INGRID.email
        assert one(db, ExternalIdentity).subject == INGRID.subject
        with db.reading() as session:
            assert len(session.scalars(select(UserSession)).all()) == 4

    def test_the_same_token_twice_at_once_works_once(self, http, db):
        assert self.at_once(http, [google_sign_in()] * 4) == [201, 401, 401, 401]
        one(db, UserSession)

    def test_a_token_that_is_not_used_up_first_works_many_times(self, http, monkeypatch):
        """The race's test sees what it is about: without the digest's row, every twin gets in."""
        monkeypatch.setattr(services.accounts.identities, "use_up", lambda *_: True)
        assert self.at_once(http, [google_sign_in()] * 4) == [200, 200, 200, 201]

    def test_an_account_that_is_joined_without_its_lock_is_linked_twice(self, http, db, make, monkeypatch):
        """And without the lock on the account, twins collide in the database."""
        make.user(email=INGRID.email)
        assert self.at_once(http, [google_sign_in() for _ in range(4)]) == [200] * 4
        with db.transaction() as session:
            session.query(ExternalIdentity).delete()
        barrier, real = threading.Barrier(2), services.accounts.identities._link

        def meet(session, ctx, user, vouched):
            barrier.wait(5)
            return real(session, ctx, user, vouched)

        monkeypatch.setattr(
            services.accounts.identities, "lock_user", lambda session, user_id: session.get_one(User, user_id)
        )
        monkeypatch.setattr(services.accounts.identities, "_link", meet)
        assert self.at_once(replace(http, expects_faults=True), [google_sign_in() for _ in range(2)]) == [200, 500]

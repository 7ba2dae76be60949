"""Being signed out: one device, another one, all of them; never somebody else's, and never twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import NotFound
from models import AuditEntry, User, UserSession
from services.accounts.sessions import (
    Refreshed,
    end_own,
    identify,
    live_sessions,
    new_session_id,
    own_sessions,
    refresh,
    sign_out,
    sign_out_everywhere,
)
from services.pages import Window
from tests.support.refusals import refused, unchanged


@pytest.fixture
def live(db, ctx):
    """Those of the devices that are still signed in, as every request and every sweep over the sockets sees it."""

    def live(*devices):
        ids = [each.actor.session_id for each in devices]
        with db.reading() as session:
            swept = live_sessions(session, ctx, ids)
            assert {each for each in ids if identify(session, ctx, each)} == set(swept)
        return [each for each in devices if each.actor.session_id in swept]

    return live


@pytest.fixture
def endings(db):
    """How many sessions have ended for which reason; rows and audit log agree, and each ended once."""

    def endings():
        with db.reading() as session:
            rows = session.scalars(select(UserSession).where(UserSession.revoked_at.is_not(None))).all()
            entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "session.revoked")).all()
        assert sorted((row.id, row.revoked_reason) for row in rows) == sorted(
            (entry.entity_id, entry.data["reason"]) for entry in entries
        )
        return Counter(row.revoked_reason for row in rows)

    return endings


def test_signing_out_ends_one_device_with_both_tokens(db, make, ctx, device, live, do, endings):
    user = make.user()
    leaving, staying = device(user), device(user)

    do(sign_out, leaving)

    assert live(leaving, staying) == [staying]
    token = str(leaving.actor.session_id)
    assert do(refresh, ctx, leaving.actor.session_id, token, "next") is Refreshed.REFUSED
    assert endings() == {"signed_out": 1}
    with unchanged(db):
        do(sign_out, leaving)


def test_signing_out_everywhere_ends_all_of_ones_own_that_live(db, make, device, live, do, endings):
    user = make.user()
    one, two, ended = device(user), device(user), device(user)
    strangers = device(make.user())
    do(sign_out, ended)

    assert sorted(do(sign_out_everywhere, one)) == sorted([one.actor.session_id, two.actor.session_id])

    assert live(one, two, ended, strangers) == [strangers]
    assert endings() == {"signed_out": 1, "signed_out_everywhere": 2}
    with unchanged(db):
        assert do(sign_out_everywhere, one) == []


def test_what_has_expired_is_not_ended_once_more(make, device, do, endings, later):
    user = make.user()
    old = device(user)
    later(days=30, seconds=1)

    do(sign_out, old)
    do(sign_out_everywhere, old)

    assert endings() == {}


def test_one_of_ones_devices_is_ended_from_another(make, device, live, do, endings):
    user = make.user()
    here, lost = device(user), device(user)

    do(end_own, here, lost.actor.session_id)

    assert live(here, lost) == [here]
    assert endings() == {"ended_by_user": 1}


def test_who_it_was_that_ended_a_session_is_written_down(db, make, device, do):
    here, lost = (device(user) for user in [make.user()] * 2)

    do(end_own, here, lost.actor.session_id)

    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "session.revoked")).one()
    assert (entry.actor_id, entry.entity_type, entry.entity_id) == (
        here.actor.user_id,
        "sessions",
        lost.actor.session_id,
    )


def test_nobody_ends_what_is_somebody_elses_unknown_ended_or_expired(db, make, device, live, do, clock):
    user = make.user()
    expired, ended = device(user), device(user)
    do(sign_out, ended)
    clock.offset += timedelta(days=30, seconds=1)
    here, strangers = device(user), device(make.user())

    for session_id in (strangers.actor.session_id, new_session_id(), ended.actor.session_id, expired.actor.session_id):
        with refused(db, "session_not_found", NotFound):
            do(end_own, here, session_id)

    assert live(here, strangers) == [here, strangers]


def test_somebody_elses_session_is_not_even_waited_for(db, make, device, do):
    here, strangers = device(make.user()), device(make.user())
    with db.transaction() as session:
        session.scalars(select(UserSession).where(UserSession.id == strangers.actor.session_id).with_for_update()).one()
        with refused(db, "session_not_found", NotFound):
            do(end_own, here, strangers.actor.session_id)


def test_ones_devices_are_listed_newest_first_and_only_while_they_live(db, make, device, do):
    user = make.user()
    devices = [device(user, f"Device {number}") for number in range(4)]
    device(make.user())
    do(sign_out, devices[1])

    def page(limit, offset):
        found = do(lambda session: own_sessions(session, devices[0], Window(limit, offset)))
        return [each.device for each in found.rows], found.total

    assert page(2, 0) == (["Device 3", "Device 2"], 3)
    assert page(2, 2) == (["Device 0"], 3)
    assert page(2, 4) == ([], 3)


def test_a_suspended_user_has_no_session_that_a_socket_could_live_by(db, make, device, live):
    user = make.user()
    here, strangers = device(user), device(make.user())

    with db.transaction() as session:
        session.get_one(User, user.id).status = "suspended"

    assert live(here, strangers) == [strangers]

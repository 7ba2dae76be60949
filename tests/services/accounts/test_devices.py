"""Devices under many hands: no token twice, no user with too many, no deadlock when phones change hands both ways."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text

from domain.devices import MOST_DEVICES, Platform
from domain.errors import Unauthenticated
from models import AuditEntry, DeviceToken
from services.accounts.devices import devices_of, register_device
from services.accounts.sessions import sign_out, sign_out_everywhere
from services.pages import Window
from tests.support.races import at_once, deadlocks
from tests.support.refusals import refused


@pytest.fixture
def register(db, device):
    """Register a token on a device of the user's; on the same one unless told otherwise."""
    devices = {}

    def register(user, token, platform=Platform.ANDROID, on=None):
        acting = on or devices.get(user.id) or devices.setdefault(user.id, device(user))
        with db.transaction() as session:
            registered, is_new = register_device(session, acting, token, platform)
            return registered.id, is_new

    return register


@pytest.fixture
def tokens(db):
    def tokens(user):
        with db.reading() as session:
            return [device.token for device in devices_of(session, user.id, Window(100)).rows]

    return tokens


def test_the_oldest_makes_room(db, make, register, tokens, clock):
    amina = make.user()
    for number in range(MOST_DEVICES):
        register(amina, f"token-{number}")
        clock.offset += timedelta(minutes=1)
    # Registering again makes a device the newest.
    assert register(amina, "token-0")[1] is False
    clock.offset += timedelta(minutes=1)
    register(amina, "one-more")
    assert tokens(amina) == ["one-more", "token-0", *(f"token-{n}" for n in range(MOST_DEVICES - 1, 1, -1))]
    with db.reading() as session:
        removed = session.scalars(select(AuditEntry).where(AuditEntry.action == "device.removed")).one()
        assert removed.data == {"reason": "too_many"}


def test_room_is_made_among_ones_own_only(make, register, tokens):
    amina, kamau = make.user(), make.user()
    register(kamau, "kamaus")
    for number in range(MOST_DEVICES + 3):
        register(amina, f"token-{number}")
    assert (len(tokens(amina)), tokens(kamau)) == (MOST_DEVICES, ["kamaus"])


def test_many_registrations_of_one_token_make_one_device(db, make, register):
    users = [make.user() for _ in range(10)]
    outcomes = at_once([partial(register, user, "the-one-token") for user in users])
    assert outcomes == {"won": 10}
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(DeviceToken)) == 1


def test_many_registrations_by_one_user_keep_the_bound(make, register, tokens):
    amina = make.user()
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda number: register(amina, f"token-{number}"), range(30)))
    assert len(tokens(amina)) == MOST_DEVICES


def test_phones_that_change_hands_both_ways_at_once_never_deadlock(db, make, register, tokens):
    amina, kamau = make.user(), make.user()
    before = deadlocks(db)
    for round_ in range(8):
        for number in range(MOST_DEVICES):
            register(amina, f"a{round_}-{number}")
            register(kamau, f"k{round_}-{number}")
        # Each takes the very device of the other's that has to make room there.
        taking = [partial(register, amina, f"k{round_}-0"), partial(register, kamau, f"a{round_}-0")]
        assert at_once(taking) == {"won": 2}
        assert tokens(amina)[0] == f"k{round_}-0"
        assert tokens(kamau)[0] == f"a{round_}-0"
        assert max(len(tokens(amina)), len(tokens(kamau))) <= MOST_DEVICES
    with db.reading() as session:
        session.execute(text("SELECT pg_stat_clear_snapshot()"))
    assert deadlocks(db) == before


def test_a_device_goes_with_the_session_that_registered_it(db, make, register, device, tokens):
    amina = make.user()
    phone, laptop = device(amina), device(amina)
    register(amina, "phone", on=phone)
    register(amina, "laptop", on=laptop)

    with db.transaction() as session:
        sign_out(session, phone)

    assert tokens(amina) == ["laptop"]
    with db.reading() as session:
        removed = session.scalars(select(AuditEntry).where(AuditEntry.action == "device.removed")).one()
        assert removed.data == {"reason": "session_ended"}


def test_who_registers_anew_keeps_the_device_when_the_session_before_ends(db, make, register, device, tokens):
    amina = make.user()
    before, now = device(amina), device(amina)
    register(amina, "phone", on=before)
    assert register(amina, "phone", on=now)[1] is False

    with db.transaction() as session:
        sign_out(session, before)

    assert tokens(amina) == ["phone"]


def test_a_device_that_changed_hands_stays_with_its_new_owner(db, make, register, device, tokens):
    amina, kamau = make.user(), make.user()
    hers = device(amina)
    register(amina, "phone", on=hers)
    register(kamau, "phone")

    with db.transaction() as session:
        sign_out_everywhere(session, hers)

    assert (tokens(amina), tokens(kamau)) == ([], ["phone"])


def test_no_device_is_registered_by_a_session_that_has_ended(db, make, register, device):
    amina = make.user()
    here = device(amina)
    with db.transaction() as session:
        sign_out(session, here)

    with refused(db, "session_ended", Unauthenticated):
        register(amina, "phone", on=here)


def test_a_device_that_is_registered_while_its_session_ends_does_not_outlive_it(db, make, register, device, tokens):
    amina = make.user()
    for round_ in range(15):
        here = device(amina)

        def leave(here=here):
            with db.transaction() as session:
                sign_out(session, here)

        outcomes = at_once([partial(register, amina, f"phone-{round_}", on=here), leave])

        assert set(outcomes) <= {"won", "session_ended"}, outcomes
        assert tokens(amina) == []

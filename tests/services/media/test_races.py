"""Uploads that two want at once: of two that attach one, one does; and nothing is collected that is just being attached."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from domain.errors import DomainError
from domain.formats import Format
from domain.media import UNUSED_AFTER, MediaKind, MediaState
from models import Media
from services.media import uploads
from services.media.sweeping import sweep
from tests.support.waiting import eventually


@pytest.fixture
def user(make):
    return make.user()


@pytest.fixture
def ready(db, make, user):
    """A checked image that nothing uses."""
    with db.transaction() as session:
        now = make.acting(user).now(session)
        media = uploads.add_upload(session, MediaKind.IMAGE, Format.PNG, 1, now, owner_id=user.id)
        media.checksum, media.width, media.height = "a", 1, 1
        media.move(MediaState.READY, now)
        return media.id


def attach(db, ctx, media_id, meanwhile=lambda: None) -> str:
    try:
        with db.transaction() as session:
            media = session.get(Media, media_id)
            meanwhile()
            if media is None:
                return "gone"
            uploads.attach(session, ctx, media, ctx.now(session))
    except DomainError as error:
        return error.code
    return "attached"


def unlocked(session, media_id):
    return session.get(Media, media_id)


@pytest.mark.parametrize("is_locked", [True, False])
def test_of_two_that_attach_one_upload_one_does(db, make, user, ready, monkeypatch, is_locked):
    """Without the lock both see that nothing uses it."""
    if not is_locked:
        monkeypatch.setattr(uploads, "lock_media", unlocked)
    ctx, gate = make.acting(user), threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        found = [each.result() for each in [pool.submit(attach, db, ctx, ready, gate.wait) for _ in range(2)]]
    assert sorted(found) == (["attached", "media_in_use"] if is_locked else ["attached", "attached"])


def test_what_is_being_collected_is_not_attached_any_more(db, make, user, ready, clock, ctx):
    clock.offset += UNUSED_AFTER * 2
    acting = make.acting(user)
    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            sweep(session, ctx)
            session.flush()
            waiting = pool.submit(attach, db, acting, ready)
            eventually(lambda: blocked(db), within=5, what="its wait for the sweep")
        assert waiting.result() == "media_not_found"


def test_what_is_being_attached_is_not_collected(db, make, user, ready, clock, ctx):
    clock.offset += UNUSED_AFTER * 2
    acting = make.acting(user)
    with db.transaction() as session:
        uploads.attach(session, acting, session.get_one(Media, ready), acting.now(session))
        session.flush()
        with db.transaction() as other:
            sweep(other, ctx)
    with db.reading() as session:
        assert session.get_one(Media, ready).state == "ready"


def blocked(db) -> bool:
    with db.reading() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

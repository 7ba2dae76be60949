"""Uploads that nobody finished, refusals that are old, and deletions that were lost: the sweep finds them by their rows."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from domain.formats import Format
from domain.jobs import JobKind
from domain.media import MediaKind
from models import Job, User
from models.base import new_id
from services.media import uploads
from services.personal_data.erasing import erase_account


def sweep(db, ctx, hands) -> None:
    with db.transaction() as session:
        now = ctx.now(session)
        ctx.enqueue(session, JobKind.SWEEP_MEDIA, f"sweep:{new_id()}", {}, now=now)
    hands.work("periodic")


def test_what_never_finished_is_swept_with_its_files(upload, user, runtime, hands, see, bucket, clock, db, ctx, make):
    acting, dead = make.acting(user), []
    for has_file in (False, True):
        with db.transaction() as session:
            media = uploads.begin_upload(session, acting, MediaKind.AVATAR, Format.PNG, 4)
            dead.append(media.id)
            key = media.incoming_key
        if has_file:
            bucket.write(key, b"half")
    stuck = upload(user)
    with db.transaction() as session:
        session.scalars(select(Job).where(Job.key == f"process:{stuck}")).one().dead_at = ctx.now(session)

    clock.offset += timedelta(hours=23, minutes=59)
    sweep(db, ctx, hands)
    assert [see(each).state for each in (*dead, stuck)] == ["receiving", "receiving", "processing"]

    clock.offset += timedelta(minutes=2)
    sweep(db, ctx, hands)
    hands.work("media")
    assert [see(each) for each in dead] == [None, None]
    assert (see(stuck).refusal, bucket.keys()) == ("not_finished", [])

    clock.offset += timedelta(days=7, minutes=1)
    sweep(db, ctx, hands)
    hands.work("media")
    assert see(stuck) is None


def test_what_the_storage_writes_after_it_was_given_up_is_deleted(user, runtime, hands, see, bucket, clock, db, make):
    acting = make.acting(user)
    with db.transaction() as session:
        media = uploads.begin_upload(session, acting, MediaKind.AVATAR, Format.PNG, 4)
        media_id, key = media.id, media.incoming_key
    with db.transaction() as session:
        uploads.abandon_upload(session, acting, media_id)
    hands.work("media")
    runtime.storage.put(key, b"late", content_type="image/png")
    clock.offset += timedelta(minutes=5)
    hands.work("media")
    assert (see(media_id), bucket.keys()) == (None, [])


def test_a_picture_that_is_shown_is_never_swept(upload, user, hands, see, bucket, clock, db, ctx, shown):
    media_id = upload(user)
    hands.work("media")
    clock.offset += timedelta(days=400)
    sweep(db, ctx, hands)
    hands.work("media")
    assert shown() == see(media_id).variants["512"]
    assert len(bucket.keys()) == 3


def test_a_deletion_that_was_lost_is_made_up_for(upload, user, hands, see, bucket, clock, db, ctx, make):
    media_id = upload(user)
    hands.work("media")
    with db.transaction() as session:
        uploads.remove_avatar(session, make.acting(user), user.id)
        session.flush()
        session.scalars(select(Job).where(Job.done_at.is_(None))).one().dead_at = ctx.now(session)
    clock.offset += timedelta(hours=25)
    sweep(db, ctx, hands)
    hands.work("media")
    assert (see(media_id), bucket.keys()) == (None, [])


def test_who_is_forgotten_leaves_no_file(upload, user, hands, see, bucket, db, ctx):
    ready = upload(user)
    hands.work("media")
    on_its_way = upload(user)
    with db.transaction() as session:
        person = session.get_one(User, user.id)
        person.status, person.deleted_from, now = "deleted", "active", ctx.now(session)
        person.deleted_at = person.erase_at = now - timedelta(days=1)
    with db.transaction() as session:
        erase_account(session, ctx, user.id)
    hands.work("media")
    assert (see(ready), see(on_its_way), bucket.keys()) == (None, None, [])

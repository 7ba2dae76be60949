"""Applications in many hands at once, each with a control that shows what would come of it without the lock."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import func, select

from models import Delivery, Guide, GuideApplication, GuideApplicationEvent, Resource, User
from services.applications import applying, reviewing
from tests.support.races import at_once


def count(db, table, *where) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where))


def decisions(db) -> int:
    return count(db, GuideApplicationEvent, GuideApplicationEvent.verb.in_(["approve", "reject"]))


@pytest.fixture
def met():
    """Let two hands read before either writes; whoever comes alone goes on after a while."""
    barrier = threading.Barrier(2)

    def meet() -> None:
        try:
            barrier.wait(timeout=2)
        except threading.BrokenBarrierError:
            return

    return meet


def test_of_reviewers_who_decide_at_once_one_decides(db, applications):
    application = applications.confirmed()
    wishes = [("approve", None), ("reject", "No.")] * 4
    reviewers = [applications.admin() for _ in wishes]
    outcomes = at_once(
        [
            partial(applications.review, application, action, reason, by=reviewer)
            for (action, reason), reviewer in zip(wishes, reviewers, strict=True)
        ]
    )
    decided = applications.see(application).status
    lost = {"approved": "application_not_rejectable", "rejected": "application_not_approvable"}[decided]
    assert outcomes == {"won": 4, lost: 4}
    assert decisions(db) == 1
    assert applications.told(application) == ["received", decided]


def test_without_the_lock_both_would_decide(db, applications, monkeypatch, met):
    application = applications.confirmed()

    def unlocked(session, application_id):
        found = session.get(GuideApplication, application_id)
        met()
        return found

    monkeypatch.setattr(reviewing, "lock_application", unlocked)
    by = [applications.admin(), applications.admin()]
    at_once(
        [
            partial(applications.review, application, "approve", by=by[0]),
            partial(applications.review, application, "reject", "No.", by=by[1]),
        ]
    )
    assert decisions(db) == 2


def test_an_invitation_accepted_many_times_at_once_makes_one_guide(db, applications, make):
    application, user = applications.reviewed("approve"), make.user(email="wanjiru@example.com")
    assert at_once([partial(applications.accept, application, user)] * 6) == {"won": 6}
    assert (count(db, Guide), count(db, Resource)) == (1, 1)
    assert count(db, GuideApplicationEvent, GuideApplicationEvent.verb == "accept") == 1
    assert make.reload(user).roles == ["tourist", "guide"]


def test_without_the_locks_the_second_would_break(db, applications, make, monkeypatch, met):
    application, user = applications.reviewed("approve"), make.user(email="wanjiru@example.com")
    monkeypatch.setattr(applying, "still_signed_in", lambda session, ctx: session.get(User, user.id))

    def unlocked(session, application_id):
        found = session.get(GuideApplication, application_id)
        met()
        return found

    monkeypatch.setattr(applying, "lock_application", unlocked)
    outcomes = at_once([partial(applications.accept, application, user)] * 2)
    assert outcomes["won"] < 2
    assert any("uq_guides_user_id" in outcome for outcome in outcomes)


def test_guides_of_one_name_who_accept_at_once_get_addresses_of_their_own(db, applications, make):
    accepting = []
    for number in range(8):
        email = f"wanjiru{number}@example.com"
        application = applications.reviewed("approve", email=email)
        accepting.append(partial(applications.accept, application, make.user(email=email)))
    assert at_once(accepting) == {"won": 8}
    with db.reading() as session:
        slugs = sorted(session.scalars(select(Guide.slug)))
    assert slugs == ["wanjiru-kamau", *(f"wanjiru-kamau-{number}" for number in range(2, 9))]


def test_of_two_under_one_address_that_are_confirmed_at_once_one_counts(db, applications):
    for number in range(3):
        email = f"twice{number}@example.com"
        both = [applications.opened(email=email, bio=bio) for bio in ("Mine.", "Somebody else's.")]
        assert at_once([partial(applications.confirm, each) for each in both]) == {
            "won": 1,
            "application_not_found": 1,
        }
        assert count(db, GuideApplication, GuideApplication.email == email) == 1


def test_without_the_lock_both_would_count(db, applications, monkeypatch, met):
    both = [applications.opened(bio=bio) for bio in ("Mine.", "Somebody else's.")]

    def unlocked(session, email):
        found = session.scalars(select(GuideApplication).where(GuideApplication.email == email)).all()
        met()
        return [one for one in found if one.confirmed_at is None and one.id in both][:1] and found

    monkeypatch.setattr(applying, "lock_applications_of", unlocked)
    monkeypatch.setattr(applying, "drop", lambda *_: None)
    at_once([partial(applications.confirm, each) for each in both])
    assert count(db, GuideApplication, GuideApplication.confirmed_at.is_not(None)) == 2


def test_the_jobs_of_two_that_say_the_same_leave_one_with_one_mail(db, applications):
    for number in range(3):
        email = f"same{number}@example.com"
        both = [applications.sent(email=email) for _ in range(2)]
        assert at_once([partial(applications.open, each) for each in both]) == {"won": 2}
        left = [each for each in both if applications.see(each)]
        assert len(left) == 1
        assert count(db, Delivery, Delivery.application_id == left[0]) == 1


def test_what_a_day_may_bring_holds_for_whoever_comes_at_once(db, applications, ctx):
    small = replace(ctx, policy=replace(ctx.policy, application_bytes=5_500))
    sending = [partial(applications.sent, ctx=small, email=f"a{number}@example.com") for number in range(10)]
    assert at_once(sending) == {"won": 5, "applications_full": 5}

"""Applying to guide: which application counts, what a stranger learns, who confirms and accepts, and what is forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from domain.applications import CONFIRM_WITHIN, KEPT_RESTING
from domain.errors import DomainError
from models import AuditEntry, Guide, GuideApplication, GuideApplicationEvent, Job, Media, Resource
from services.applications import applying
from services.personal_data.erasing import erase_account
from services.personal_data.exports import sections
from tests.support.applications import WORDS
from tests.support.database import row_counts

JUST_BEFORE = timedelta(seconds=1)


def history(applications, application_id) -> list[tuple[str, str, str]]:
    with applications.db.reading() as session:
        events = select(GuideApplicationEvent).where(GuideApplicationEvent.application_id == application_id)
        ordered = session.scalars(events.order_by(GuideApplicationEvent.at, GuideApplicationEvent.id))
        return [(event.verb, event.from_status, event.to_status) for event in ordered]


def refusal(call) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value


def test_an_application_is_confirmed_by_its_link_and_then_waits_for_a_reviewer(applications):
    first = applications.opened()
    assert applications.told(first) == ["received"]
    assert applications.see(first).confirmed_at is None

    applications.confirm(first)
    seen = applications.see(first)
    applications.confirm(first)

    assert (seen.status, seen.confirmed_at is not None, seen.user_id) == ("submitted", True, None)
    assert applications.see(first).confirmed_at == seen.confirmed_at
    assert history(applications, first) == [
        ("submit", "submitted", "submitted"),
        ("confirm", "submitted", "submitted"),
    ]


def test_the_mail_is_in_the_language_that_the_form_was_sent_in(applications):
    swahili = applications.sent(ctx=applications.speaking("sw"))
    assert applications.see(swahili).locale == "sw"


def test_the_same_sent_again_is_no_second_application_and_after_a_while_brings_the_mail_again(applications, clock):
    first, again = applications.opened(), applications.opened()
    assert applications.see(again) is None
    assert applications.told(first) == ["received"]
    clock.offset += applying.AGAIN_AFTER
    assert applications.see(applications.opened()) is None
    assert applications.told(first) == ["received", "received"]


def test_two_sent_at_once_bring_one_mail_whichever_job_comes_first(applications):
    first, again = applications.sent(), applications.sent()
    applications.open(again)
    applications.open(first)
    applications.open(first)
    assert applications.see(again) is None
    assert applications.told(first) == ["received"]


def test_what_somebody_else_sends_in_ones_name_waits_beside_and_goes_when_one_confirms(applications):
    foreign = applications.opened(bio="I am somebody else.", phone="+254700000001")
    own = applications.opened()
    assert applications.told(foreign) == applications.told(own) == ["received"]
    applications.confirm(own)
    assert applications.see(foreign) is None
    assert refusal(lambda: applications.confirm(foreign)).code == "application_not_found"


def test_while_one_is_open_another_one_goes_and_its_owner_hears_of_it(applications):
    for action, reason in (("start", None), ("more_info", "More."), ("approve", None)):
        email = f"{action}@example.com"
        known = applications.reviewed(action, reason, email=email)
        another = applications.opened(email=email.upper(), bio="Another one.")
        assert applications.see(another) is None
        assert applications.told(known)[-1] == "known"


def test_after_a_rejection_and_after_becoming_a_guide_one_may_apply_anew(applications, make):
    rejected = applications.reviewed("reject", "Not now.")
    assert applications.see(applications.opened(bio="I have learnt.")) is not None
    accepted = applications.reviewed("approve", email="b@example.com")
    applications.accept(accepted, make.user(email="b@example.com"))
    assert applications.see(applications.opened(email="b@example.com")) is not None
    assert applications.told(rejected) == ["received", "rejected"]


def test_three_a_day_and_network_and_three_mails_a_day_and_mailbox(applications, clock):
    for number in range(3):
        applications.sent(address="203.0.113.7", email=f"a{number}@example.com")
    assert refusal(lambda: applications.sent(address="203.0.113.7")).code == "too_many_applications"
    applications.sent(address="203.0.113.8")
    clock.offset += timedelta(days=1, seconds=1)
    applications.sent(address="203.0.113.7")

    mailed = [applications.opened(email="flooded@example.com", bio=f"Number {number}.") for number in range(5)]
    assert [applications.told(each) for each in mailed] == [["received"]] * 3 + [[]] * 2


def test_what_a_day_may_bring_is_counted_for_everybody_together(applications, ctx, db, clock):
    from dataclasses import replace

    small = replace(ctx, policy=replace(ctx.policy, application_bytes=2_500))
    before = row_counts(db.engine)
    applications.sent(ctx=small)
    applications.sent(ctx=small, email="b@example.com")
    full = refusal(lambda: applications.sent(ctx=small, email="c@example.com"))
    assert (full.code, 0 < full.retry_after <= 86_400) == ("applications_full", True)
    assert row_counts(db.engine)["guide_applications"] == before["guide_applications"] + 2
    clock.offset += timedelta(seconds=full.retry_after)
    applications.sent(ctx=small, email="c@example.com")


def test_a_file_larger_than_the_day_is_refused_from_the_start(applications, ctx):
    from dataclasses import replace

    tiny = replace(ctx, policy=replace(ctx.policy, application_bytes=999))
    assert refusal(lambda: applications.sent(ctx=tiny)).code == "applications_full"


def test_confirming_links_an_account_that_has_proved_the_same_address(applications, make):
    active = make.user(email="active@example.com")
    make.user(email="pending@example.com", status="pending")
    make.user(email="gone@example.com", status="suspended")
    linked = {who: applications.confirmed(email=f"{who}@example.com") for who in ("active", "pending", "gone")}
    assert applications.see(linked["active"]).user_id == active.id
    assert applications.see(linked["pending"]).user_id is None
    assert applications.see(linked["gone"]).user_id is None


def test_who_does_not_confirm_within_a_day_has_not_applied(applications, clock, db):
    late, confirmed = applications.opened(), applications.confirmed(email="b@example.com")
    kept = applications.file(confirmed)
    gone = applications.file(late)
    clock.offset += CONFIRM_WITHIN - JUST_BEFORE * 60
    applications.sweep()
    assert applications.see(late) is not None
    clock.offset += JUST_BEFORE * 120
    assert refusal(lambda: applications.confirm(late)).code == "application_not_found"
    applications.sweep()
    applications.sweep()

    assert applications.see(late) is None
    assert applications.see(confirmed) is not None
    with db.reading() as session:
        # The files go first, and their rows with them.
        left = session.get_one(Media, gone.id)
        assert (left.state, left.application_id) == ("removed", None)
        assert session.get_one(Media, kept.id).state == "ready"
        deleting = session.scalars(select(Job.payload).where(Job.kind == "media.delete_files")).all()
        assert deleting == [{"media_id": str(gone.id)}]
        erased = session.scalars(select(AuditEntry).where(AuditEntry.action == "application.erased")).one()
        assert (erased.entity_id, erased.data) == (late, {"was": "unconfirmed"})


def test_what_rests_for_half_a_year_is_erased_and_what_waits_for_us_never_is(applications, make, clock):
    resting = {
        "rejected": applications.reviewed("reject", "No.", email="a@example.com"),
        "more_info": applications.reviewed("more_info", "More.", email="b@example.com"),
        "approved": applications.reviewed("approve", email="c@example.com"),
    }
    waiting = {
        "submitted": applications.confirmed(email="d@example.com"),
        "in_review": applications.reviewed("start", email="e@example.com"),
    }
    accepted = applications.reviewed("approve", email="f@example.com")
    applications.accept(accepted, make.user(email="f@example.com"))

    clock.offset += KEPT_RESTING - timedelta(minutes=1)
    applications.sweep()
    assert all(applications.see(each) for each in resting.values())
    clock.offset += timedelta(minutes=2)
    applications.sweep()
    assert [applications.see(each) for each in resting.values()] == [None] * 3
    assert all(applications.see(each) for each in (*waiting.values(), accepted))


def test_whoever_is_invited_becomes_a_guide_under_the_address_that_was_invited(applications, make, db):
    invited = applications.confirmed()
    applications.review(invited, "approve", licence_number="TRA/G/2026/0417", licence_expires_on=date(2027, 12, 31))
    user = make.user(email="Wanjiru@Example.com", roles=["tourist"])

    _, guide = applications.accept(invited, user)
    again, same = applications.accept(invited, user)

    assert (guide.id, guide.slug) == (same.id, "wanjiru-kamau")
    assert (guide.region, guide.languages, guide.years_experience) == ("Nairobi", ["English", "Swahili"], 10)
    assert (guide.licence_number, guide.licence_expires_on) == ("TRA/G/2026/0417", date(2027, 12, 31))
    assert guide.verified_at is not None
    assert make.reload(user).roles == ["tourist", "guide"]
    assert (again.user_id, again.accepted_at is not None) == (user.id, True)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Resource).where(Resource.user_id == user.id)) == 1
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [each for each in actions if each in ("guide.made", "application.accepted", "user.role_added")] == [
        "guide.made",
        "user.role_added",
        "application.accepted",
    ]
    assert history(applications, invited)[-1] == ("accept", "approved", "approved")


def test_the_link_proves_the_address_of_whoever_accepts(applications, make):
    invited, user = applications.reviewed("approve"), make.user(email="wanjiru@example.com", status="pending")
    applications.accept(invited, user)
    assert make.reload(user).status == "active"


def test_the_link_proves_no_other_address_and_none_where_nobody_is_invited(applications, make):
    stranger = make.user(status="pending")
    invited = applications.reviewed("approve")
    assert refusal(lambda: applications.accept(invited, stranger)).code == "not_your_invitation"
    waiting, early = applications.confirmed(email="b@example.com"), make.user(email="b@example.com", status="pending")
    assert refusal(lambda: applications.accept(waiting, early)).code == "application_not_approved"
    assert [make.reload(each).status for each in (stranger, early)] == ["pending", "pending"]


def test_the_phone_of_the_form_is_the_accounts_where_it_has_none_and_nobody_has_proved_to_read_it(
    applications, make, db
):
    user = make.user(email="wanjiru@example.com", phone=None)
    applications.accept(applications.reviewed("approve"), user)
    there = make.reload(user)
    assert (there.phone, there.phone_verified_at) == (WORDS["phone"], None)
    with db.reading() as session:
        changed = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.changed")).one()
    assert (changed.entity_id, changed.data) == (user.id, {"fields": ["phone"]})


def test_a_phone_that_the_account_has_stays_as_it_is(applications, make, ctx, db):
    with db.reading() as session:
        proved = ctx.now(session)
    user = make.user(email="wanjiru@example.com", phone="+254711000111", phone_verified_at=proved)
    applications.accept(applications.reviewed("approve"), user)
    there = make.reload(user)
    assert (there.phone, there.phone_verified_at) == ("+254711000111", proved)


@pytest.mark.parametrize("is_proved", [True, False])
def test_a_phone_that_somebody_else_has_proved_to_read_stays_theirs(applications, make, ctx, db, is_proved):
    with db.reading() as session:
        proved = ctx.now(session) if is_proved else None
    other = make.user(phone=WORDS["phone"], phone_verified_at=proved)
    user = make.user(email="wanjiru@example.com", phone=None)
    applications.accept(applications.reviewed("approve"), user)
    assert make.reload(user).phone == (None if is_proved else WORDS["phone"])
    there = make.reload(other)
    assert (there.phone, there.phone_verified_at) == (WORDS["phone"], proved)


def test_another_account_and_an_application_that_is_not_approved_make_nobody_a_guide(applications, make, db):
    invited = applications.reviewed("approve")
    asked = applications.reviewed("more_info", "More.", email="b@example.com")
    rejected = applications.reviewed("reject", "No.", email="c@example.com")
    waiting = applications.confirmed(email="d@example.com")
    stranger = make.user()
    before = row_counts(db.engine)
    assert refusal(lambda: applications.accept(invited, stranger)).code == "not_your_invitation"
    for application, name in ((asked, "b"), (rejected, "c"), (waiting, "d")):
        user = make.user(email=f"{name}@example.com")
        no = refusal(lambda application=application, user=user: applications.accept(application, user))
        assert no.code == "application_not_approved"
    after = row_counts(db.engine)
    assert {name for name in after if after[name] != before[name]} == {"users"}
    assert make.reload(stranger).roles == ["tourist"]


def test_who_is_a_guide_already_keeps_the_profile_that_is_there(applications, make, db):
    guide = make.guide(email="wanjiru@example.com")
    invited = applications.reviewed("approve")
    _, kept = applications.accept(invited, guide)
    assert (kept.slug, kept.bio) == (f"kamau-{guide.id}", "Born in Nairobi.")
    assert make.reload(guide).roles == ["tourist", "guide"]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Guide)) == 1


def test_guides_of_one_name_are_numbered(applications, make):
    slugs = []
    for number in range(3):
        invited = applications.reviewed("approve", email=f"w{number}@example.com")
        slugs.append(applications.accept(invited, make.user(email=f"w{number}@example.com"))[1].slug)
    assert slugs == ["wanjiru-kamau", "wanjiru-kamau-2", "wanjiru-kamau-3"]


def test_a_refused_file_asks_its_applicant_for_another_one_once_the_address_is_confirmed(applications, db):
    from services.applications.records import ask_for_files

    early = applications.opened()
    applications.file(early, state="refused", refusal="damaged")

    def ask(application_id):
        with db.transaction() as session:
            ask_for_files(session, applications.ctx, session.get_one(GuideApplication, application_id))

    ask(early)
    assert applications.told(early) == ["received"]
    applications.confirm(early)
    assert (applications.see(early).status, applications.told(early)) == ("more_info", ["received", "more_info"])
    # The mail that waits names whatever else is refused until it leaves.
    ask(early)
    assert applications.told(early) == ["received", "more_info"]

    decided = applications.reviewed("reject", "No.", email="b@example.com")
    ask(decided)
    assert (applications.see(decided).status, applications.told(decided)[-1]) == ("rejected", "rejected")


def test_an_erased_account_takes_its_applications_and_their_files_along(applications, make, db, ctx, clock):
    user = make.user(email="wanjiru@example.com")
    application = applications.reviewed("approve")
    applications.accept(application, user)
    mine = applications.file(application)
    with db.reading() as session:
        copy = {name: list(rows) for name, _, rows in sections(session, user.id)}
    assert len(copy["guide_applications"]) == 1
    assert len(copy["application_history"]) == 4
    assert len(copy["uploads"]) == 1
    with db.transaction() as session:
        now = ctx.now(session)
        session.get_one(type(user), user.id).delete(now - timedelta(days=31), now)
    with db.transaction() as session:
        while erase_account(session, ctx, user.id):
            pass
    assert applications.see(application) is None
    with db.reading() as session:
        assert session.get_one(Media, mine.id).state == "removed"
        assert session.scalar(select(func.count()).select_from(GuideApplicationEvent)) == 0


def test_a_day_that_is_long_past_is_not_counted_any_more(applications, clock, db):
    applications.confirmed()
    clock.offset += applying.INTAKE_KEPT + timedelta(days=2)
    applications.sweep()
    assert row_counts(db.engine)["application_intake"] == 0

"""Reviewing applications: what each decision does, what it writes down and whom it tells, and who may not decide."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from domain.errors import DomainError
from domain.notices import NoticeKind, is_overtaken
from models import AuditEntry, Delivery, GuideApplication, GuideApplicationEvent, Job
from services.applications import reviewing
from services.applications.records import application_facts
from services.pages import Window
from tests.support.database import row_digests


def refusal(call) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("action", "reason", "status", "told"),
    [
        ("start", None, "in_review", "in_review"),
        ("more_info", "Please send a certificate.", "more_info", "more_info"),
        ("approve", None, "approved", "approved"),
        ("reject", "We have enough guides there.", "rejected", "rejected"),
    ],
)
def test_a_decision_is_written_down_and_told_once_however_often_it_is_made(
    applications, db, action, reason, status, told
):
    application = applications.confirmed()
    reviewer = applications.admin()
    applications.review(application, action, reason, by=reviewer)
    before = row_digests(db.engine)
    applications.review(application, action, "Something else.", by=reviewer)
    assert row_digests(db.engine) == before

    seen = applications.see(application)
    assert (seen.status, seen.reason, seen.reviewer_id) == (status, reason, reviewer.id)
    assert applications.told(application) == ["received", told]
    with db.reading() as session:
        last = session.scalars(select(GuideApplicationEvent).order_by(GuideApplicationEvent.id.desc())).first()
        assert (last.verb, last.from_status, last.to_status) == (action, "submitted", status)
        assert (last.actor_id, last.reason) == (reviewer.id, reason)
        audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "application.reviewed")).one()
        assert (audited.actor_id, audited.entity_id) == (reviewer.id, application)
        assert audited.data == {"from": "submitted", "to": status, "has_licence": False}
        # Its own job, with an id and no word in it.
        delivery = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
        job = session.scalars(select(Job).where(Job.key == f"deliver:{delivery.id}")).one()
        assert job.payload == {"delivery_id": str(delivery.id)}
        assert (delivery.address, delivery.locale, delivery.notification_id) == ("wanjiru@example.com", "en", None)


def test_a_licence_is_noted_on_approval(applications, db):
    application = applications.confirmed()
    applications.review(application, "approve", licence_number="TRA/1", licence_expires_on=date(2027, 12, 31))
    seen = applications.see(application)
    assert (seen.licence_number, seen.licence_expires_on) == ("TRA/1", date(2027, 12, 31))


def test_what_was_decided_stays_so(applications, db):
    approved = applications.reviewed("approve")
    rejected = applications.reviewed("reject", "No.", email="b@example.com")
    admin = applications.admin()
    before = row_digests(db.engine)
    late = refusal(lambda: applications.review(approved, "reject", "After all not.", by=admin))
    assert (late.code, late.extra) == ("application_not_rejectable", {"application_status": "approved"})
    assert refusal(lambda: applications.review(rejected, "approve", by=admin)).code == "application_not_approvable"
    assert row_digests(db.engine) == before


def test_nobody_decides_before_the_address_is_confirmed_nor_about_oneself_nor_about_nothing(applications, make, db):
    unconfirmed = applications.opened()
    own = applications.confirmed(email="boss@example.com")
    admin = make.user(roles=["tourist", "admin"], email="BOSS@example.com")
    other = applications.admin()
    before = row_digests(db.engine)
    assert refusal(lambda: applications.review(unconfirmed, "approve", by=other)).code == "application_unconfirmed"
    assert refusal(lambda: applications.review(own, "approve", by=admin)).code == "own_application"
    assert refusal(lambda: applications.review(admin.id, "approve", by=other)).code == "application_not_found"
    assert row_digests(db.engine) == before


def test_who_is_no_administrator_any_more_decides_nothing(applications, make, db):
    application, tourist = applications.confirmed(), make.user()
    assert refusal(lambda: applications.review(application, "approve", by=tourist)).code == "admins_only"
    assert applications.see(application).status == "submitted"


def test_what_is_told_is_true_when_it_leaves(applications, ctx, db, make):
    application = applications.confirmed()

    def is_told(kind: NoticeKind) -> bool:
        with db.reading() as session:
            row = session.get_one(GuideApplication, application)
            facts = application_facts(
                session, ctx, kind, row, frontend_url="https://web.example", tokens=applications.tokens
            )
        assert facts.url == f"https://web.example/guide-application?token={applications.token(application)}"
        assert applications.token(application) not in repr(facts)
        return not is_overtaken(kind, facts)

    assert not is_told(NoticeKind.APPLICATION_RECEIVED)
    assert is_told(NoticeKind.APPLICATION_KNOWN)
    applications.review(application, "start")
    assert is_told(NoticeKind.APPLICATION_IN_REVIEW)
    applications.review(application, "more_info", "More.")
    assert not is_told(NoticeKind.APPLICATION_IN_REVIEW)
    assert is_told(NoticeKind.APPLICATION_MORE_INFO)
    applications.review(application, "approve")
    assert not is_told(NoticeKind.APPLICATION_MORE_INFO)
    assert is_told(NoticeKind.APPLICATION_APPROVED)
    applications.accept(application, make.user(email="wanjiru@example.com"))
    assert not is_told(NoticeKind.APPLICATION_APPROVED)
    assert not is_told(NoticeKind.APPLICATION_REJECTED)


def test_applications_are_found_by_what_reviewers_look_for(applications, db):
    first = applications.reviewed("reject", "No.", email="zawadi@example.com", full_name="Zawadi 100% Njeri")
    second = applications.confirmed(email="b_c@example.com")
    third = applications.opened(email="bxc@example.com")

    def found(**wanted):
        with db.reading() as session:
            page = reviewing.find_applications(session, reviewing.ApplicationQuery(**wanted), Window())
            assert page.total == len(page.rows)
            return [each.id for each in page.rows]

    assert found() == [third, second, first]
    assert found(sort="oldest") == [first, second, third]
    assert found(status="rejected") == [first]
    assert found(is_confirmed=True) == [second, first]
    assert found(is_confirmed=False) == [third]
    assert found(q="ZAWADI 100%") == [first]
    assert found(q="b_c@") == [second]
    assert found(q="nobody") == []

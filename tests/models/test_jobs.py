"""Work as rows: added once, offered to one relay, done by one claim, and never lost on the way."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from domain.jobs import OFFER, JobKind, rules_for
from models.jobs import (
    Job,
    add_job,
    bring_forward,
    claim,
    fail,
    finish,
    finish_by_key,
    hold,
    is_open,
    next_due_at,
    offer_due,
    postpone,
    withdraw_offers,
)
from models.session import JOBS_ADDED
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)
SECOND = timedelta(seconds=1)
KIND = JobKind.NOTIFY
QUEUE = KIND.queue
LEASE = rules_for(KIND).lease


@pytest.fixture
def add(db):
    """Adds a job and answers its id."""

    def to_do(key="job", kind=KIND, *, due_at=NOW):
        with db.transaction() as session:
            add_job(session, kind, key, {"id": key}, due_at=due_at, now=NOW, request_id="r1")
            return session.query(Job.id).filter_by(key=key).scalar()

    return to_do


@pytest.fixture
def do(db):
    """``do(verb, ...)`` calls a verb of the module in a transaction of its own."""

    def call(verb, *args, **kwargs):
        with db.transaction() as session:
            return verb(session, *args, **kwargs)

    return call


@pytest.fixture
def job(db):
    """The job as the database has it now."""

    def read(job_id):
        with db.reading() as session:
            return session.get_one(Job, job_id)

    return read


def keys(db, offers):
    with db.reading() as session:
        return sorted(session.get_one(Job, offer.job_id).key for offer in offers)


def test_a_job_is_added_once_per_key_and_says_what_is_to_be_done(do, add, job):
    assert do(add_job, KIND, "a", {"id": "1"}, due_at=NOW, now=NOW, request_id="r1") is True
    assert do(add_job, KIND, "a", {"id": "2"}, due_at=NOW + SECOND, now=NOW, request_id="r2") is False
    row = job(add("a"))
    assert (row.kind, row.queue, row.payload, row.request_id) == (KIND, QUEUE, {"id": "1"}, "r1")
    assert (row.due_at, row.first_due_at, row.attempt, row.failures, row.crashes) == (NOW, NOW, 0, 0, 0)


def test_a_key_that_is_done_is_not_added_again(do, add):
    add("a")
    do(finish_by_key, "a", NOW)
    assert do(add_job, KIND, "a", {}, due_at=NOW, now=NOW, request_id=None) is False


def test_two_transactions_at_once_add_one_job(db, rush):
    def work(_number):
        with db.transaction() as session:
            return add_job(session, KIND, "a", {}, due_at=NOW, now=NOW, request_id=None)

    assert sorted(rush(8, work)) == [False] * 7 + [True]


@pytest.mark.parametrize(("later", "is_hinted"), [(0, True), (1, False)])
def test_only_a_job_that_is_due_now_asks_for_the_doorbell(db, later, is_hinted):
    with db.transaction() as session:
        add_job(session, KIND, "a", {}, due_at=NOW + later * SECOND, now=NOW, request_id=None)
        assert session.info.get(JOBS_ADDED, False) is is_hinted


def test_due_jobs_of_a_queue_are_offered_oldest_first_and_no_others(db, do, add):
    for key, seconds in (("late", 1), ("second", 0), ("first", -5)):
        add(key, due_at=NOW + seconds * SECOND)
    add("elsewhere", JobKind.PUSH_STK)
    offers = do(offer_due, QUEUE, NOW, 10)
    assert keys(db, offers) == ["first", "second"]
    assert {(offer.kind, offer.queue, offer.attempt, offer.request_id) for offer in offers} == {(KIND, QUEUE, 0, "r1")}


def test_an_offer_takes_the_oldest_up_to_its_limit(db, do, add):
    for number in range(5):
        add(f"job{number}", due_at=NOW - number * SECOND)
    assert keys(db, do(offer_due, QUEUE, NOW, 2)) == ["job3", "job4"]
    assert keys(db, do(offer_due, QUEUE, NOW, 2)) == ["job1", "job2"]


def test_two_relays_at_once_offer_different_jobs(db, add):
    for number in range(6):
        add(f"job{number}", due_at=NOW - number * SECOND)
    with db.transaction() as one, db.transaction() as other:
        first = offer_due(one, QUEUE, NOW, 4)
        second = offer_due(other, QUEUE, NOW, 4)
    assert (len(first), len(second)) == (4, 2)
    assert not {offer.job_id for offer in first} & {offer.job_id for offer in second}


def test_an_offer_that_nobody_claims_is_made_again_when_it_expires(do, add):
    job_id = add()
    assert len(do(offer_due, QUEUE, NOW, 10)) == 1
    assert do(offer_due, QUEUE, NOW + OFFER - SECOND, 10) == []
    assert [offer.job_id for offer in do(offer_due, QUEUE, NOW + OFFER, 10)] == [job_id]


@pytest.mark.parametrize(("offers", "is_suspect"), [(0, False), (1, False), (2, True), (7, True)])
def test_a_job_that_was_offered_in_vain_is_suspect_until_a_claim_is_committed(do, add, job, offers, is_suspect):
    job_id = add()
    for number in range(offers):
        do(offer_due, QUEUE, NOW + number * OFFER, 10)
    assert job(job_id).offers == offers
    taken = do(claim, job_id, 0, NOW)
    assert (taken.is_suspect, job(job_id).offers) == (is_suspect, 0)
    do(postpone, taken, NOW)
    do(offer_due, QUEUE, NOW, 10)
    assert do(claim, job_id, 1, NOW).is_suspect is False


def test_an_offer_that_was_withdrawn_leaves_no_suspicion(do, add, job):
    job_id = add()
    for _ in range(3):
        do(offer_due, QUEUE, NOW, 10)
        do(withdraw_offers, [job_id])
    assert job(job_id).offers == 0
    do(withdraw_offers, [job_id])
    assert job(job_id).offers == 0


def test_a_claim_that_is_kept_locks_its_job_until_somebody_else_has_it(do, add):
    job_id = add()
    slow = do(claim, job_id, 0, NOW)
    assert do(hold, slow) is True
    do(claim, job_id, 1, NOW + LEASE)
    assert do(hold, slow) is False


def test_a_withdrawn_offer_is_due_again_at_once(do, add):
    job_id = add()
    do(offer_due, QUEUE, NOW, 10)
    do(withdraw_offers, [job_id])
    assert [offer.job_id for offer in do(offer_due, QUEUE, NOW, 10)] == [job_id]


def test_a_claim_holds_the_job_for_its_lease(do, add, job):
    job_id = add()
    do(offer_due, QUEUE, NOW, 10)
    taken = do(claim, job_id, 0, NOW)
    assert (taken.job_id, taken.kind, taken.attempt, taken.payload) == (job_id, KIND, 1, {"id": "job"})
    assert (taken.request_id, taken.failures, taken.deadline) == ("r1", 0, NOW + rules_for(KIND).deadline)
    assert job(job_id).lease_until == NOW + LEASE
    assert do(offer_due, QUEUE, NOW + LEASE - SECOND, 10) == []
    assert [(offer.job_id, offer.attempt) for offer in do(offer_due, QUEUE, NOW + LEASE, 10)] == [(job_id, 1)]


def test_a_message_that_comes_twice_is_claimed_once(do, add):
    job_id = add()
    assert do(claim, job_id, 0, NOW) is not None
    assert do(claim, job_id, 0, NOW) is None
    assert do(claim, job_id, 0, NOW + LEASE) is None


def test_a_live_lease_is_nobody_elses(do, add):
    job_id = add()
    do(claim, job_id, 0, NOW)
    assert do(claim, job_id, 1, NOW + LEASE - SECOND) is None
    assert do(claim, job_id, 1, NOW + LEASE) is not None


def test_two_workers_at_once_claim_a_job_once(db, add):
    job_id = add()
    answers = []

    def second():
        with db.transaction() as other:
            answers.append(claim(other, job_id, 0, NOW))

    with db.transaction() as session:
        assert claim(session, job_id, 0, NOW) is not None
        session.flush()
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive(), "the second claim did not wait for the first"
    thread.join(5)
    assert answers == [None]


def test_a_lease_that_ran_out_counts_a_crash_and_five_are_forgiven(do, add, job):
    job_id, now = add(), NOW
    for attempt in range(6):
        taken = do(claim, job_id, attempt, now)
        assert (taken.attempt, taken.is_suspect) == (attempt + 1, attempt > 0)
        assert job(job_id).crashes == attempt
        now += LEASE
        do(offer_due, QUEUE, now, 10)
    assert do(claim, job_id, 6, now) is None
    row = job(job_id)
    assert (row.crashes, row.dead_at, row.last_error) == (6, now, "crashed 6 times")
    assert do(offer_due, QUEUE, now + LEASE, 10) == []


def test_a_job_that_is_given_back_has_not_crashed(do, add, job):
    job_id = add()
    for attempt in range(10):
        do(postpone, do(claim, job_id, attempt, NOW), NOW)
    assert (job(job_id).crashes, job(job_id).failures, job(job_id).dead_at) == (0, 0, None)


def test_a_finished_job_is_closed(do, add, job):
    job_id = add()
    taken = do(claim, job_id, 0, NOW)
    assert do(finish, taken, NOW + SECOND) is True
    assert (job(job_id).done_at, job(job_id).lease_until) == (NOW + SECOND, None)
    assert do(claim, job_id, 1, NOW + LEASE) is None
    assert do(offer_due, QUEUE, NOW + LEASE, 10) == []


@pytest.mark.parametrize("verb", ["finish", "postpone", "fail"])
def test_a_worker_that_lost_its_claim_changes_nothing(do, add, job, verb):
    job_id = add()
    slow = do(claim, job_id, 0, NOW)
    quick = do(claim, job_id, 1, NOW + LEASE)
    attempts = {
        "finish": lambda: do(finish, slow, NOW),
        "postpone": lambda: do(postpone, slow, NOW),
        "fail": lambda: do(fail, slow, NOW, "error", NOW),
    }
    assert attempts[verb]() is False
    row = job(job_id)
    assert (row.done_at, row.dead_at, row.failures, row.lease_until) == (None, None, 0, NOW + 2 * LEASE)
    assert do(finish, quick, NOW) is True
    assert do(finish, quick, NOW) is False


def test_a_postponed_job_is_due_at_its_new_time_without_a_fault(do, add, job):
    job_id = add()
    assert do(postpone, do(claim, job_id, 0, NOW), NOW + 60 * SECOND) is True
    assert do(offer_due, QUEUE, NOW + 59 * SECOND, 10) == []
    assert len(do(offer_due, QUEUE, NOW + 60 * SECOND, 10)) == 1
    assert (job(job_id).failures, job(job_id).last_error, job(job_id).first_due_at) == (0, None, NOW)


def test_a_failed_job_is_tried_again_and_remembers_why(do, add, job):
    job_id = add()
    assert do(fail, do(claim, job_id, 0, NOW), NOW, "Unavailable: http_503" + "x" * 600, NOW + 2 * SECOND) is True
    assert (job(job_id).failures, job(job_id).due_at, len(job(job_id).last_error)) == (1, NOW + 2 * SECOND, 500)
    again = do(claim, job_id, 1, NOW + 2 * SECOND)
    assert again.failures == 1
    do(finish, again, NOW)
    assert job(job_id).last_error is None


def test_a_job_that_is_not_tried_again_is_dead_and_stays_to_be_seen(do, add, job):
    job_id = add()
    do(fail, do(claim, job_id, 0, NOW), NOW + SECOND, "Rejected: http_400", None)
    row = job(job_id)
    assert (row.dead_at, row.done_at, row.last_error) == (NOW + SECOND, None, "Rejected: http_400")
    assert do(offer_due, QUEUE, NOW + LEASE, 10) == []
    assert do(claim, job_id, 1, NOW + LEASE) is None


def test_a_retry_waits_as_long_as_the_provider_asked_and_never_past_the_deadline(do, add):
    taken = do(claim, add("a", JobKind.PUSH_STK), 0, NOW)
    assert taken.retry_at(NOW, 0.0) == NOW + SECOND
    assert taken.retry_at(NOW, 0.0, wait=30.0) == NOW + 30 * SECOND
    assert taken.retry_at(NOW, 0.0, wait=0.5) == NOW + SECOND
    assert taken.retry_at(NOW + 59 * SECOND, 0.0) == NOW + 60 * SECOND
    assert taken.retry_at(NOW + 59.5 * SECOND, 0.0) is None
    assert taken.retry_at(NOW, 0.0, wait=61.0) is None


def test_a_job_is_brought_forward_but_never_put_off(do, add, job):
    job_id = add("a", due_at=NOW + 60 * SECOND)
    assert do(bring_forward, "a", NOW + 90 * SECOND) is False
    assert do(bring_forward, "a", NOW + 10 * SECOND) is True
    assert job(job_id).due_at == NOW + 10 * SECOND
    do(finish_by_key, "a", NOW)
    assert do(bring_forward, "a", NOW) is False
    assert do(bring_forward, "unknown", NOW) is False


def test_a_job_whose_reason_is_gone_is_closed_also_under_a_run_in_flight(do, add, job):
    job_id = add("hold:1")
    running = do(claim, job_id, 0, NOW)
    do(finish_by_key, "hold:1", NOW)
    assert do(finish, running, NOW + SECOND) is False
    assert job(job_id).done_at == NOW


def test_a_job_that_is_done_is_not_closed_again(do, add, job):
    job_id = add("a")
    do(finish_by_key, "a", NOW)
    do(finish_by_key, "a", NOW + SECOND)
    assert job(job_id).done_at == NOW


def test_the_next_due_time_is_of_jobs_that_wait_for_it_in_any_queue(do, add):
    assert do(next_due_at, NOW) is None
    add("now")
    assert do(next_due_at, NOW) is None
    add("later", due_at=NOW + 60 * SECOND)
    add("sooner", JobKind.PUSH_STK, due_at=NOW + 30 * SECOND)
    assert do(next_due_at, NOW) == NOW + 30 * SECOND
    do(finish_by_key, "sooner", NOW)
    assert do(next_due_at, NOW) == NOW + 60 * SECOND


def test_open_jobs_are_found_by_the_beginning_of_their_key(do, add):
    add("query:1:3")
    assert do(is_open, "query:1:") is True
    assert do(is_open, "query:2:") is False
    assert do(is_open, "query_1") is False
    do(finish_by_key, "query:1:3", NOW)
    assert do(is_open, "query:1:") is False

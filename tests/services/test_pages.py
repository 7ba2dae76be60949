"""Pages by cursor: every row once, in every kind of order, whatever is added or taken away meanwhile."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import RuleViolation
from models import Notification
from services import pages
from services.pages import Order, Page, Window, count, falling, rising, writable
from tests.factories import utc

SEQ, AT, ID = Notification.seq, Notification.created_at, Notification.id
ORDERS = {
    "one key": Order(falling(SEQ)),
    "falling": Order(falling(AT), falling(ID)),
    "rising": Order(rising(AT), rising(SEQ)),
    "mixed": Order(rising(AT), falling(SEQ), rising(ID)),
}
NONSENSE = (
    None,
    True,
    1.5,
    "1",
    "",
    [],
    {},
    2**63,
    -(2**63),
    "nan",
    "2026-11-21",
    "2026-11-21T00:00:00",
    "9999-12-31T23:59:59Z",
)


@pytest.fixture(autouse=True)
def sound_books():
    """Rows are made up here for their keys alone; no book would hold them."""


@pytest.fixture
def tell(db, make):
    """Writes so many notifications to one user, most of them at the instant of another; answers a SELECT of them all."""
    user, numbers = make.user(), itertools.count(1)

    def tell(how_many: int = 1, **values):
        with db.transaction() as session:
            for seq in itertools.islice(numbers, how_many):
                at = utc(2026, 11, 21) + timedelta(hours=seq % 4, microseconds=seq % 2)
                given = {"seq": seq, "created_at": at} | values
                told = {"key": f"told:{seq}", "kind": "welcome", "title": "", "body": "", "data": {}}
                session.add(Notification(user_id=user.id, **told, **given))
        return select(Notification).where(Notification.user_id == user.id)

    return tell


def behind(page: Page, limit: int = 5) -> Window:
    return Window(limit, after=[writable(key) for key in page.next_keys])


@pytest.mark.parametrize("name", ORDERS)
def test_a_walk_meets_every_row_once_and_in_order(db, tell, name):
    order, mine = ORDERS[name], tell(23)
    with db.reading() as session:
        whole = session.scalars(mine.order_by(*order.columns)).all()
        page = order.scalars(session, mine, Window(5), 23)
        met = [*page.rows]
        while page.next_keys is not None:
            page = order.scalars(session, mine, behind(page), 23)
            met += page.rows
        assert met == whole
        assert [*order.scalars(session, mine, Window(5, 20), 23).rows] == whole[20:]


def test_rows_that_come_and_go_move_nobody_elses_place(db, tell):
    order, mine = ORDERS["one key"], tell(12)
    with db.reading() as session:
        first = order.scalars(session, mine, Window(4), 12)
    tell(3)
    with db.transaction() as session:
        # The very row that the cursor was made of, and one behind it.
        for row in session.scalars(mine.where(SEQ.in_([9, 6]))).all():
            session.delete(row)
    with db.reading() as session:
        second = order.scalars(session, mine, behind(first, 4), 13)
    assert [row.seq for row in first.rows] == [12, 11, 10, 9]
    assert [row.seq for row in second.rows] == [8, 7, 5, 4]


def test_the_last_page_has_no_next_even_where_it_is_full(db, tell):
    order, mine = ORDERS["one key"], tell(8)
    with db.reading() as session:
        assert order.scalars(session, mine, Window(8), 8).next_keys is None
        assert order.scalars(session, mine, Window(7), 8).next_keys == (2,)


def test_nobody_counts_beyond_the_cap(db, tell, monkeypatch):
    monkeypatch.setattr(pages, "COUNT_CAP", 5)
    mine = tell(9)
    with db.reading() as session:
        assert count(session, mine) == 6
        page = ORDERS["one key"].scalars(session, mine, Window(2), count(session, mine))
    assert (page.total, page.is_capped) == (5, True)


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("position", [0, 1])
def test_keys_that_are_none_are_refused_by_name(db, tell, name, position):
    order, mine = ORDERS[name], tell(3)
    with db.reading() as session:
        good = list(behind(order.scalars(session, mine, Window(1), 3)).after)
        at = min(position, len(good) - 1)
        for nonsense in NONSENSE:
            with pytest.raises(RuleViolation) as refusal:
                order.scalars(session, mine, Window(1, after=[*good[:at], nonsense, *good[at + 1 :]]), 3)
            assert "cursor" in refusal.value.errors
        for wrong in ([], good[:-1], [*good, 1]):
            with pytest.raises(RuleViolation):
                order.read(wrong)

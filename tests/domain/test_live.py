"""A live event reads the same on every way out."""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from uuid import UUID

import pytest

from domain.live import LiveEvent
from domain.notices import ChangeKind, NoticeKind
from tests.factories import utc

EVENT_ID = UUID("0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a")
AT = utc(2026, 11, 21, 9, 0, 0).replace(microsecond=123_456)


def event(kind: str, **values) -> LiveEvent:
    return LiveEvent(EVENT_ID, 42, kind, "", "", {"status": "confirmed"}, False, values.pop("at", AT), **values)


@pytest.mark.parametrize("kind", NoticeKind)
def test_everything_with_words_goes_out_under_one_name(kind):
    assert event(kind.value).name == "notification"


@pytest.mark.parametrize("kind", ChangeKind)
def test_a_change_goes_by_its_own_name(kind):
    assert event(kind.value).name == kind.value


def test_no_kind_is_both_told_and_shown():
    assert not set(ChangeKind) & set(NoticeKind)


def test_the_payload_is_plain_json_with_instants_in_utc():
    nairobi = AT.astimezone(timezone(timedelta(hours=3)))
    expected = {
        "id": str(EVENT_ID),
        "seq": 42,
        "kind": "booking_updated",
        "title": "",
        "body": "",
        "data": {"status": "confirmed"},
        "has_badge": False,
        "created_at": "2026-11-21T09:00:00Z",
    }
    for at in (AT, nairobi):
        assert json.loads(json.dumps(event("booking_updated", at=at).payload())) == expected

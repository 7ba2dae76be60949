"""The calendar entry survives a strict reader and hostile titles."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from documents import calendar
from ops.samples import BOOKED, PAID


def _event(content: bytes):
    parsed = icalendar.Calendar.from_ical(content)
    (event,) = parsed.walk("VEVENT")
    return parsed, event


@pytest.mark.parametrize("locale", ["en", "sw"])
def test_the_entry_reads_back(locale):
    file, event = _event(calendar(PAID, locale))
    assert (file["METHOD"], file["VERSION"]) == ("PUBLISH", "2.0")
    assert event["UID"] == "booking-019aa000-0000-7000-8000-000000000001@elite-events-kenya"
    assert event["SUMMARY"] == "Nairobi Food Walk"
    assert event["LOCATION"] == "Kenya National Archives"
    assert event.start == datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
    assert event.end == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    assert event["DTSTAMP"].dt == PAID.paid_at
    assert event["URL"] == PAID.url
    for fact in ("B7K2M9QX", "Amina Wanjiku", "+254712345678"):
        assert fact in event["DESCRIPTION"]
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-2)
    assert "Nairobi Food Walk" in alarm["DESCRIPTION"]


def test_the_same_facts_give_the_same_bytes():
    assert calendar(PAID) == calendar(PAID)
    assert _event(calendar(BOOKED))[1]["DTSTAMP"].dt == BOOKED.starts_at


def test_lines_are_folded_and_ended_as_the_format_asks():
    content = calendar(replace(PAID, title="Matembezi ya chakula – Nairobi, usiku; " * 3))
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_hostile_words_add_no_lines():
    hostile = "Walk\r\nATTENDEE:mailto:x@example.com\nEND:VEVENT, a;b\\c"
    file, event = _event(calendar(replace(PAID, title=hostile, meeting_point=hostile)))
    assert event["SUMMARY"] == "Walk ATTENDEE:mailto:x@example.com END:VEVENT, a;b\\c"
    assert event["LOCATION"] == event["SUMMARY"]
    assert "ATTENDEE" not in event
    assert len(file.subcomponents) == 1

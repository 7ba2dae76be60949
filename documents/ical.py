"""A booking as a calendar entry, so that the day is not forgotten whatever becomes of the mail."""

from __future__ import annotations

from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event

from documents.wording import clip
from domain.facts import BookingFacts

REMIND_BEFORE = timedelta(hours=2)

_TEXTS = {
    "en": {"guide": "Guide", "reference": "Booking", "alarm": "{title} starts in two hours"},
    "sw": {"guide": "Mwongozaji", "reference": "Nafasi nambari", "alarm": "Zimebaki saa mbili: {title}"},
}


def calendar(facts: BookingFacts, locale: str = "en") -> bytes:
    """The .ics of one booking, in UTC instants that every calendar shows in its owner's zone.

    The same facts give the same bytes: DTSTAMP is the payment's instant (the start where nothing was paid), no clock.
    """
    t = _TEXTS[locale]
    title = clip(facts.title, 120)
    event = Event()
    event.add("uid", f"booking-{facts.booking_id}@elite-events-kenya")
    event.add("dtstamp", (facts.paid_at or facts.starts_at).astimezone(UTC))
    event.add("dtstart", facts.starts_at.astimezone(UTC))
    event.add("dtend", facts.ends_at.astimezone(UTC))
    event.add("summary", title)
    event.add("location", clip(facts.meeting_point, 250))
    event.add("description", _description(facts, t))
    event.add("url", facts.url)
    event.add("status", "CONFIRMED")
    event.add_component(_alarm(t["alarm"].format(title=title)))

    file = Calendar()
    file.add("prodid", "-//Elite Events Kenya//Bookings//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add_component(event)
    return file.to_ical()


def _description(facts: BookingFacts, t: dict[str, str]) -> str:
    guide = " ".join(filter(None, (clip(facts.guide.full_name, 80), facts.guide.phone)))
    return f"{t['reference']} {facts.reference}\n{t['guide']}: {guide}\n{facts.url}"


def _alarm(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMIND_BEFORE)
    alarm.add("description", text)
    return alarm

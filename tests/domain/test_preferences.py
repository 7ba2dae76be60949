"""Who is told on which channel: always what is transactional, and of the rest what nobody has refused."""

from __future__ import annotations

import itertools

import pytest

from domain.notices import NOTICES, Audience, Channel, Notice, NoticeKind
from domain.preferences import Preference, channels_of, not_refusable, offered, preferences

_WHO, _BOTH = (Audience.TOURIST,), (Channel.EMAIL, Channel.SMS)
MUST = Notice("bookings", _WHO, _BOTH)
MAY = Notice("bookings", _WHO, (Channel.EMAIL,), is_transactional=False)
NEWS = Notice("news", _WHO, _BOTH, is_transactional=False)
#: A category that is mixed on one channel, and one that can be refused as a whole.
TABLE = {
    NoticeKind.BOOKING_CONFIRMED: MUST,
    NoticeKind.PAYMENT_RECEIPT: MAY,
    NoticeKind.NEW_BOOKING: NEWS,
}
WAYS = list(itertools.product(("bookings", "news", "payments"), Channel))


def test_what_is_offered_can_be_refused_where_anything_that_comes_this_way_can():
    assert offered(TABLE) == {
        ("bookings", Channel.EMAIL): True,
        ("bookings", Channel.SMS): False,
        ("news", Channel.EMAIL): True,
        ("news", Channel.SMS): True,
    }


def test_of_the_products_own_notices_every_channel_is_offered_once():
    told = {
        (notice.category, channel)
        for notice in NOTICES.values()
        for channel in notice.channels
        # Who applies has no account that could say what it wants.
        if Audience.APPLICANT not in notice.audiences
    }
    assert {(each.category, each.channel) for each in preferences({})} == told
    assert len(preferences({})) == len(told)


def test_what_nobody_has_decided_is_on():
    assert all(each.is_enabled for each in preferences({}, TABLE))


def test_a_wish_shows_where_it_can_be_granted_and_nowhere_else():
    refused = dict.fromkeys(WAYS, False)
    assert preferences(refused, TABLE) == [
        Preference("bookings", Channel.EMAIL, is_enabled=False, is_always_on=False),
        Preference("bookings", Channel.SMS, is_enabled=True, is_always_on=True),
        Preference("news", Channel.EMAIL, is_enabled=False, is_always_on=False),
        Preference("news", Channel.SMS, is_enabled=False, is_always_on=False),
    ]


def test_refusing_what_is_always_on_or_unknown_is_named_and_wanting_it_is_not():
    wishes = {("bookings", "sms"): False, ("bookings", "email"): False, ("weather", "sms"): False}
    assert not_refusable(wishes, TABLE) == [("bookings", "sms"), ("weather", "sms")]
    assert not_refusable(dict.fromkeys(wishes, True), TABLE) == []


@pytest.mark.parametrize("kind", sorted(kind for kind, notice in NOTICES.items() if notice.is_transactional))
def test_no_wish_keeps_anybody_from_what_is_transactional(kind):
    notice = NOTICES[kind]
    assert channels_of(notice, {(notice.category, channel): False for channel in Channel}) == notice.channels


@pytest.mark.parametrize("refused", [set(each) for size in range(3) for each in itertools.combinations(Channel, size)])
def test_the_rest_comes_on_the_channels_that_are_not_refused(refused):
    wishes = {("news", channel): False for channel in refused} | {("bookings", Channel.SMS): False}
    assert channels_of(NEWS, wishes) == tuple(channel for channel in _BOTH if channel not in refused)


def test_a_mixed_category_keeps_coming_where_it_is_transactional():
    wishes = {("bookings", "email"): False}
    assert (channels_of(MUST, wishes), channels_of(MAY, wishes)) == (_BOTH, ())


def test_a_wish_that_was_taken_back_counts_as_none():
    assert channels_of(NEWS, {("news", "email"): True, ("news", "sms"): True}) == _BOTH

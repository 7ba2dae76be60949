"""Live events reach Redis as the Socket.IO library reads them, and a Redis that is gone costs nearly nothing."""

from __future__ import annotations

import json
import socket
from uuid import UUID, uuid4

import pytest
import redis

from domain.live import LiveEvent
from providers.live import CHANNEL, LiveChannel
from tests.factories import utc
from tests.support.sandbox_process import free_port

USER = UUID("0193f1a0-52b7-7c1e-9a64-0a1b2c3d4e5f")


def event(kind: str = "booking_confirmed") -> LiveEvent:
    return LiveEvent(uuid4(), 7, kind, "Karibu", "Words.", {"booking_id": "b"}, True, utc(2026, 11, 21))


@pytest.fixture
def ears(redis_url):
    """What a plain subscriber hears: room, event name and payload of the next message."""
    with redis.Redis.from_url(redis_url) as client, client.pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe(CHANNEL)
        pubsub.get_message(timeout=1)

        def hear():
            while message := pubsub.get_message(timeout=5):
                heard = json.loads(message["data"])
                if heard["room"] == f"user:{USER}":
                    return heard["method"], heard["namespace"], heard["event"], heard["data"]
            raise AssertionError("nothing was heard")

        yield hear


@pytest.fixture
def channel():
    """Makes channels, and closes them afterwards."""
    made = []

    def channel(url, **options):
        made.append(LiveChannel(url, **options))
        return made[-1]

    yield channel
    for each in made:
        each.close()


@pytest.mark.parametrize(
    ("kind", "name"), [("booking_confirmed", "notification"), ("payment_updated", "payment_updated")]
)
def test_an_event_goes_to_its_users_room_under_its_name(channel, redis_url, ears, kind, name):
    told = event(kind)
    assert channel(redis_url).emit(USER, told)
    assert ears() == ("emit", "/", name, [told.payload()])


def test_a_connection_that_was_cut_is_made_anew_without_losing_the_event(channel, redis_url, ears):
    live = channel(redis_url)
    assert live.emit(USER, event())
    ears()
    with redis.Redis.from_url(redis_url) as admin:
        for client in admin.client_list(_type="normal"):
            if client["cmd"] == "publish":
                admin.client_kill_filter(_id=client["id"])
    assert live.emit(USER, event("payment_updated"))
    assert ears()[2] == "payment_updated"


def test_a_redis_that_is_gone_is_not_asked_again_for_a_while_and_told_once(channel, caplog):
    now = 100.0
    live = channel(f"redis://127.0.0.1:{free_port()}", pause=5.0, clock=lambda: now)
    assert [live.emit(USER, event()) for _ in range(3)] == [False] * 3
    assert caplog.text.count("live.unreachable") == 1
    now += 5.1
    live.emit(USER, event())
    assert caplog.text.count("live.unreachable") == 2, "it was asked again"
    assert all(record.levelname == "WARNING" for record in caplog.records), "nobody is woken up for a hint"


def test_a_redis_that_does_not_answer_is_given_up_once(channel):
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        live = channel(f"redis://127.0.0.1:{frozen.getsockname()[1]}", timeout=0.05)
        assert not live.emit(USER, event())
        frozen.settimeout(0.2)
        connections = 0
        while True:
            try:
                frozen.accept()[0].close()
                connections += 1
            except TimeoutError:
                break
        assert connections == 1, "silence is not asked again"
        assert not live.emit(USER, event())
        with pytest.raises(TimeoutError):
            frozen.accept()


def test_events_flow_again_after_a_pause(channel, redis_url, ears):
    now = 100.0
    live = channel(redis_url, pause=5.0, clock=lambda: now)
    live._fall_silent(redis.ConnectionError(), False)
    assert not live.emit(USER, event())
    now += 5.1
    assert live.emit(USER, event())
    assert ears()[2] == "notification"

"""Live events as the official client receives them: one's own, in order, each once, whatever Redis loses."""

from __future__ import annotations

import json

import pytest

from tests.support.waiting import eventually


def seqs(socket) -> list[int]:
    return [event["seq"] for event in socket.events]


@pytest.mark.parametrize("transports", [("websocket",), ("polling",), ("polling", "websocket")])
def test_an_event_arrives_as_it_was_written(npm, person, origin, transports):
    amina = person()
    socket = amina.connects(npm.socket(), origin, transports=transports)
    assert socket.all("connect")[0] in transports
    assert socket.all("ready") == [{"last_seq": 0}]

    (event,) = amina.is_told()

    assert socket.expect("notification") == json.loads(json.dumps(event.payload()))


def test_nobody_hears_what_is_somebody_elses(npm, person, origin):
    amina, otieno = person(), person()
    hers, his = amina.connects(npm.socket(), origin), otieno.connects(npm.socket(), origin)

    amina.is_told(3)
    otieno.is_told(1)

    hers.expect("notification", 3)
    assert his.expect("notification")["seq"] == 1
    assert (seqs(hers), seqs(his)) == ([1, 2, 3], [1])


def test_everything_of_one_user_hears(npm, person, origin):
    amina = person()
    phone = amina.connects(npm.socket(), origin)
    laptop = amina.connects(npm.socket(), origin, transports=("polling",))

    amina.is_told(2)

    for socket in (phone, laptop):
        socket.expect("notification", 2)
        assert seqs(socket) == [1, 2]


def test_what_was_missed_is_replayed_in_order_and_then_goes_on(npm, person, origin):
    amina = person()
    first = amina.connects(npm.socket(), origin)
    amina.is_told(2)
    first.expect("notification", 2)
    first.close()
    first.expect("disconnect")
    amina.is_told(3)

    second = amina.connects(npm.socket(), origin, since=2)
    amina.is_told(2)

    second.expect("notification", 5)
    assert seqs(second) == [3, 4, 5, 6, 7]
    assert [what for what, _ in second.heard] == ["connect", *["notification"] * 3, "ready", *["notification"] * 2]
    assert second.all("ready") == [{"last_seq": 5}]


def test_without_since_nothing_is_replayed(npm, person, origin):
    amina = person()
    amina.is_told(2)
    socket = amina.connects(npm.socket(), origin)

    amina.is_told(1)

    socket.expect("notification")
    assert seqs(socket) == [3]
    assert socket.all("ready") == [{"last_seq": 2}]


def test_too_much_missed_is_loaded_anew(npm, person, origin):
    amina = person()
    amina.writes(201)

    full = amina.connects(npm.socket(), origin, since=1)
    late = amina.connects(npm.socket(), origin, since=0)

    assert len(full.events) == 200
    assert (late.events, late.all("resync")) == ([], [{"last_seq": 201}])
    assert full.all("resync") == []


def test_a_number_from_another_life_is_loaded_anew(npm, person, origin):
    amina = person()
    amina.writes(1)
    assert amina.connects(npm.socket(), origin, since=7).all("resync") == [{"last_seq": 1}]


def test_events_that_overtake_each_other_or_come_twice_are_put_in_order(npm, person, origin):
    amina = person()
    socket = amina.connects(npm.socket(), origin)
    one, two, three = amina.writes(3)

    amina.sends(three, two, two, one, three, one)

    socket.expect("notification", 3)
    amina.is_told()
    socket.expect("notification", 4)
    assert seqs(socket) == [1, 2, 3, 4]


def test_an_event_that_redis_lost_comes_with_the_next_one(npm, person, origin):
    amina = person()
    socket = amina.connects(npm.socket(), origin)
    _lost, sent = amina.writes(2)

    amina.sends(sent)

    socket.expect("notification", 2)
    assert seqs(socket) == [1, 2]


def test_an_event_that_redis_lost_comes_by_itself(npm, person, origin):
    amina = person()
    socket = amina.connects(npm.socket(), origin)

    amina.writes(1)

    socket.expect("notification", within=8)
    assert seqs(socket) == [1]


def test_catching_up_while_events_come_loses_and_reorders_nothing(npm, person, origin):
    amina = person()
    amina.is_told(50)
    socket = npm.socket()
    socket.connect(origin, auth={"token": amina.token, "since": 10})

    while not socket.all("ready"):
        amina.is_told()
    last = amina.is_told()[-1].seq

    eventually(lambda: seqs(socket) and seqs(socket)[-1] == last, what="the last event")
    assert seqs(socket) == list(range(11, last + 1))

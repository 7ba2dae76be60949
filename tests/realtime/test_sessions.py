"""A socket lives as long as its session: whoever is signed out, suspended or expired hears nothing any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from models import User, UserSession
from tests.support.waiting import eventually

CUT_WITHIN = 5


def test_whose_session_ends_is_cut_and_nobody_else(npm, person, origin, db):
    leaving, suspended, late, _staying = people = [person() for _ in range(4)]
    sockets = [each.connects(npm.socket(), origin) for each in people]
    other = leaving.http.signed_in_as(leaving.user)

    assert replace(leaving.http, token=leaving.token).post("/api/auth/logout").status_code == 204
    with db.transaction() as session:
        now = late.make.ctx.now(session)
        session.get_one(User, suspended.user.id).status = "suspended"
        row = session.query(UserSession).filter_by(user_id=late.user.id).one()
        row.expires_at = now - timedelta(seconds=1)

    for socket in sockets[:3]:
        # Told by the server to go, which a client does not answer by coming back.
        assert socket.expect("disconnect", within=CUT_WITHIN) == "io server disconnect"
    for each in people:
        each.is_told()
    sockets[3].expect("notification")
    assert [socket.events for socket in sockets[:3]] == [[], [], []]
    assert sockets[3].all("disconnect") == []

    # The same person on another device was not meant.
    again = npm.socket()
    again.connect(origin, auth={"token": other.token, "since": 0})
    assert again.expect("notification")["seq"] == 1
    eventually(lambda: again.all("ready"), what="ready")
    refused = npm.socket()
    refused.connect(origin, auth={"token": leaving.token})
    assert refused.expect("connect_error")["data"]["code"] == "session_ended"

"""Who is let in: a live session with its access token in ``auth``, from a page that may call the API, and nobody else."""

from __future__ import annotations

import uuid
from datetime import timedelta

import httpx
import jwt
import pytest
from flask_jwt_extended import create_access_token, create_refresh_token

from models import UserSession
from services.accounts.sessions import new_session_id


def refusal(socket, url, **auth):
    """The problem with which a connection is refused."""
    socket.connect(url, auth=auth)
    told = socket.expect("connect_error")
    assert told["message"] == told["data"]["message"]
    return told["data"]


def forged(amina, **changes):
    """The token with other claims, signed with our key."""
    app = amina.http.app
    claims = jwt.decode(amina.token, options={"verify_signature": False})
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(claims, app.config["JWT_SECRET_KEY"], "HS256")


def of_session(amina, session_id):
    with amina.http.app.app_context():
        return create_access_token(str(amina.user.id), additional_claims={"sid": str(session_id)})


def expired(amina):
    with amina.http.app.app_context():
        sid = {"sid": str(new_session_id())}
        return create_access_token(str(amina.user.id), additional_claims=sid, expires_delta=timedelta(seconds=-60))


def refresh_kind(amina):
    with amina.http.app.app_context():
        return create_refresh_token(str(amina.user.id), additional_claims={"sid": str(new_session_id())})


TOKENS = {
    "missing": (lambda _: None, "token_missing"),
    "garbage": (lambda _: "a.b.c", "token_invalid"),
    "no text": (lambda _: {"a": [1]}, "token_invalid"),
    "halved": (lambda amina: amina.token[:-20], "token_invalid"),
    "unsigned": (lambda amina: jwt.encode({"sub": str(amina.user.id)}, None, "none"), "token_invalid"),
    "of another key": (lambda amina: jwt.encode({"sub": str(amina.user.id)}, "k" * 40, "HS256"), "token_invalid"),
    "of another audience": (lambda amina: forged(amina, aud="production.elite-events"), "token_invalid"),
    "of another issuer": (lambda amina: forged(amina, iss="https://elsewhere.example"), "token_invalid"),
    "without end": (lambda amina: forged(amina, exp=None), "token_invalid"),
    "without id": (lambda amina: forged(amina, jti=None), "token_invalid"),
    "expired": (expired, "token_expired"),
    "refresh": (refresh_kind, "token_invalid"),
    "of no session": (lambda amina: of_session(amina, uuid.uuid4()), "session_ended"),
    "of another user": (lambda amina: forged(amina, sub=str(uuid.uuid4())), "session_ended"),
}


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_that_is_not_good_is_refused_as_rest_refuses_it(npm, person, origin, name):
    amina = person()
    make_token, code = TOKENS[name]
    token, socket = make_token(amina), npm.socket()

    problem = refusal(socket, origin, token=token)

    assert (problem["code"], problem["status"]) == (code, 401)
    if isinstance(token, str):
        answer = httpx.get(f"{origin}/api/bookings", headers={"Authorization": f"Bearer {token}"}, trust_env=False)
        assert (answer.json()["code"], answer.json()["message"]) == (code, problem["message"])
    amina.is_told()
    assert socket.events == []


@pytest.mark.parametrize("status", ["suspended", "deleted"])
def test_who_may_not_sign_in_is_not_let_in(npm, person, origin, status):
    amina = person(status=status)
    assert refusal(npm.socket(), origin, token=amina.token)["code"] == "session_ended"


def test_a_session_that_is_over_is_not_let_in(npm, person, origin, db):
    amina = person()
    with db.transaction() as session:
        session.query(UserSession).one().revoke("test", amina.make.ctx.now(session))
    assert refusal(npm.socket(), origin, token=amina.token)["code"] == "session_ended"


@pytest.mark.parametrize("since", [-1, "5", "", 1.5, True, False, 2**63, 1e300, [1], {"seq": 1}])
def test_since_has_to_be_a_number_of_an_event(npm, person, origin, since):
    amina = person()
    socket = npm.socket()

    problem = refusal(socket, origin, token=amina.token, since=since)

    assert (problem["code"], problem["status"]) == ("invalid_field", 422)
    assert problem["errors"] == {"since": ["must be the number of an event, from 0"]}
    amina.is_told()
    assert socket.events == []


def test_what_auth_must_not_hold_is_named(npm, person, origin):
    problem = refusal(npm.socket(), origin, token=person().token, lastSeq=4)
    assert problem["errors"] == {"lastSeq": ["is not known; auth takes token and since"]}


def test_a_token_under_another_name_is_told_its_name(npm, person, origin):
    problem = refusal(npm.socket(), origin, access_token=person().token)
    assert (problem["code"], list(problem["errors"])) == ("invalid_field", ["access_token"])
    assert "auth.token" in refusal(npm.socket(), origin)["message"]


def test_another_namespace_is_refused_with_a_code(npm, person, origin):
    problem = refusal(npm.socket(), f"{origin}/events", token=person().token)
    assert (problem["code"], problem["status"]) == ("not_found", 404)


def test_a_token_in_the_address_or_a_header_is_no_token(npm, person, origin, logs_folder):
    amina = person()
    header = npm.socket()
    header.connect(origin, extraHeaders={"Authorization": f"Bearer {amina.token}"})
    assert header.expect("connect_error")["data"]["code"] == "token_missing"

    answer = httpx.get(
        f"{origin}/socket.io/", params={"EIO": 4, "transport": "polling", "token": amina.token}, trust_env=False
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")
    amina.connects(npm.socket(), origin)
    for log in logs_folder.glob("*.log"):
        assert amina.token not in log.read_text(), log


def test_one_user_has_so_many_sockets_and_the_oldest_makes_room(npm, person, origin):
    amina, otieno = person(), person()
    others = otieno.connects(npm.socket(), origin)
    sockets = [amina.connects(npm.socket(), origin) for _ in range(4)]

    assert sockets[0].expect("disconnect") == "io server disconnect"
    amina.is_told()

    for socket in sockets[1:]:
        assert socket.expect("notification")["seq"] == 1
    assert sockets[0].events == []
    assert others.all("disconnect") == []


@pytest.mark.parametrize(
    ("page", "status"), [("http://localhost:3000", 200), ("http://localhost:4711", 200), ("https://evil.example", 400)]
)
def test_pages_that_may_call_the_api_may_open_sockets(origin, page, status):
    answer = httpx.get(
        f"{origin}/socket.io/", params={"EIO": 4, "transport": "polling"}, headers={"Origin": page}, trust_env=False
    )
    assert answer.status_code == status
    assert answer.headers.get("Access-Control-Allow-Origin") == (page if status == 200 else None)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Set-Cookie" not in answer.headers

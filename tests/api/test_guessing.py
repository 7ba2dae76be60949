"""Guessing passwords: free at first, then slower and slower for who guesses, and never in the way of the owner's own devices."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from api import create_app
from composition import policy_from
from models import RateLimit
from services.accounts.sessions import sign_out_everywhere
from tests.factories import PASSWORD, phone_number
from tests.support.http import Http, refused
from tests.support.network import free_port

LOGIN = "/api/auth/login"
EMAIL = "amina@example.com"
DAY = timedelta(days=1)


@pytest.fixture
def amina(http, make):
    return make.user(email=EMAIL, password_hash=http.edge.passwords.hash(PASSWORD))


def login(http, password="not it", email=EMAIL, **more):
    return http.post(LOGIN, {"email": email, "password": password, **more})


def use_up(http, email=EMAIL, times=5):
    """The free guesses of a stranger."""
    for _ in range(times):
        refused(login(http, email=email), 401, "invalid_credentials")


def wait_of(response) -> int:
    refused(response, 429, "too_many_login_account")
    return int(response.headers["Retry-After"])


@pytest.fixture
def checked(http, monkeypatch):
    """Every password that was compared with a hash."""
    seen, original = [], type(http.edge.passwords).matches

    def matches(self, password, password_hash):
        seen.append(password)
        return original(self, password, password_hash)

    monkeypatch.setattr(type(http.edge.passwords), "matches", matches)
    return seen


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
@pytest.mark.usefixtures("amina")
def test_each_further_guess_waits_twice_as_long_whether_there_is_an_account_or_not(http, clock, checked, email):
    use_up(http, email)
    waits = []
    for _ in range(9):
        waits.append(wait_of(login(http, email=email)))
        clock.offset += timedelta(seconds=waits[-1])
        refused(login(http, email=email), 401, "invalid_credentials")
    assert waits == pytest.approx([30, 60, 120, 240, 480, 960, 1920, 3600, 3600], abs=2)
    assert len(checked) == 5 + 9


@pytest.mark.usefixtures("amina")
def test_a_guess_during_the_wait_is_not_checked_and_does_not_lengthen_it(http, clock, checked):
    use_up(http)
    for _ in range(20):
        assert wait_of(login(http, PASSWORD)) <= 30
    assert len(checked) == 5
    clock.offset += timedelta(seconds=30)
    assert login(http, PASSWORD).status_code == 200


@pytest.mark.usefixtures("amina")
def test_success_takes_back_what_it_cost_and_not_what_strangers_failed_at(http, db):
    use_up(http, times=4)
    for _ in range(3):
        assert login(http, PASSWORD).status_code == 200
    with db.reading() as session:
        counted = {row.scope: len(row.hits) for row in session.scalars(select(RateLimit))}
    assert counted == {"login_address": 4, "login_account": 4}


def most_guesses(policy, period: timedelta) -> int:
    """How many guesses at one account can be checked within a period, each made as soon as it may be."""
    free, delays = policy.limits.login_account, policy.delays
    assert period <= free.window
    made, at, delay = free.count, timedelta(0), delays.first
    while (at := at + delay) < period:
        made, delay = made + 1, min(delay * 2, delays.longest)
    return made


@pytest.mark.usefixtures("amina")
def test_of_a_thousand_guesses_in_a_day_few_are_checked(http, clock, checked):
    most = most_guesses(http.edge.ports.policy, DAY)
    assert most == 34

    for _ in range(1000):
        login(http)
        clock.offset += DAY / 1000

    assert 20 < len(checked) <= most


@pytest.mark.usefixtures("amina")
def test_a_patient_guesser_gets_no_more_than_the_most_in_a_day(http, clock, checked):
    """Who comes back at the very second, and never in vain."""
    start, most = clock.offset, most_guesses(http.edge.ports.policy, DAY)
    while clock.offset - start < DAY:
        answer = login(http)
        if answer.status_code == 429:
            clock.offset += timedelta(seconds=int(answer.headers["Retry-After"]))
    assert most - 2 <= len(checked) <= most


@pytest.mark.usefixtures("amina")
def test_the_owners_device_is_not_kept_out_by_strangers_and_does_not_let_them_in(http):
    device = login(http, PASSWORD).get_json()["device_token"]
    use_up(http)
    assert wait_of(login(http, PASSWORD)) <= 30

    assert login(http, PASSWORD, device_token=device).status_code == 200

    assert wait_of(login(http, PASSWORD)) <= 30


@pytest.mark.usefixtures("amina")
def test_a_device_is_slowed_down_by_its_own_guesses(http, clock):
    device = login(http, PASSWORD).get_json()["device_token"]
    for _ in range(5):
        refused(login(http, device_token=device), 401, "invalid_credentials")
    assert wait_of(login(http, PASSWORD, device_token=device)) <= 30
    # The front door has a count of its own.
    assert login(http, PASSWORD).status_code == 200
    clock.offset += timedelta(seconds=30)
    assert login(http, PASSWORD, device_token=device).status_code == 200


@pytest.mark.usefixtures("amina")
def test_a_device_is_not_slowed_down_by_its_neighbours(http):
    device = login(http, PASSWORD).get_json()["device_token"]
    strict = with_settings(http, limit_login_address=(2, timedelta(minutes=15)))
    for number in range(2):
        login(strict, email=f"{number}@example.com")
    refused(login(strict, PASSWORD), 429, "too_many_login_address")
    assert login(strict, PASSWORD, device_token=device).status_code == 200


def test_a_device_is_known_beyond_signing_out_and_as_long_as_a_session_lasts(http, clock, amina):
    signed_in = login(http, PASSWORD).get_json()
    device = signed_in["device_token"]
    bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
    assert http.post("/api/auth/logout", headers=bearer).status_code == 204
    use_up(http)
    assert login(http, PASSWORD, device_token=device).status_code == 200
    clock.offset += http.edge.ports.policy.sessions.lifetime
    use_up(http)
    wait_of(login(http, PASSWORD, device_token=device))


@pytest.mark.parametrize("token", ["", "nonsense", "{id}.", "{id}", "x" * 200, "{other}", "{forged}", None])
def test_another_device_token_is_as_good_as_none(http, make, amina, token):
    make.user(email="kamau@example.com", password_hash=http.edge.passwords.hash(PASSWORD))
    own = login(http, PASSWORD).get_json()["device_token"]
    other = login(http, PASSWORD, "kamau@example.com").get_json()["device_token"]
    use_up(http)
    if token is not None:
        forged = own[:-1] + ("A" if own[-1] != "A" else "B")
        token = token.format(id=own.partition(".")[0], other=other, forged=forged)
    response = login(http, PASSWORD, device_token=token)
    if token == "":
        refused(response, 422, "invalid_fields", "device_token")
    else:
        wait_of(response)


def test_devices_that_were_signed_out_from_elsewhere_are_strangers_again(http, db, make, amina):
    device = login(http, PASSWORD).get_json()["device_token"]
    with db.transaction() as session:
        sign_out_everywhere(session, make.acting(amina))
    use_up(http)
    wait_of(login(http, PASSWORD, device_token=device))


@pytest.fixture
def statements(db):
    """What was asked of the database, since it was emptied."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("with_device", [False, True])
@pytest.mark.parametrize("guesses", [1, 6])
@pytest.mark.usefixtures("amina")
def test_known_and_unknown_addresses_are_the_same_work_and_the_same_answer(
    http, make, statements, with_device, guesses
):
    """Also to who has signed in on this device, as somebody else."""
    make.user(email="kamau@example.com", password_hash=http.edge.passwords.hash(PASSWORD))
    given = {"device_token": login(http, PASSWORD, "kamau@example.com").get_json()["device_token"]}
    seen = {}
    for email in (EMAIL, "nobody@example.com"):
        # The row of an address is there from the first one on.
        login(http, email="first@example.com")
        use_up(http, email, times=guesses - 1)
        statements.clear()
        response = login(http, email=email, **(given if with_device else {}))
        told = response.get_json() | {"request_id": ""}
        seen[email] = (response.status_code, told, sorted(set(response.headers.keys())), list(statements))
    assert seen[EMAIL] == seen["nobody@example.com"]
    assert seen[EMAIL][0] == (401 if guesses == 1 else 429)


def with_settings(http: Http, **changes) -> Http:
    """Another process's edge on the same database, with a policy of its own where settings change."""
    settings = dataclasses.replace(http.edge.settings, **changes)
    ports = dataclasses.replace(http.edge.ports, policy=policy_from(settings))
    return Http(create_app(settings, ports), http.contract, http.make)


@pytest.fixture
def processes(http):
    """Two processes that share the database and nothing else: no Redis answers them."""
    return [with_settings(http, redis_url=f"redis://127.0.0.1:{free_port()}/0") for _ in range(2)]


@pytest.mark.usefixtures("amina")
def test_guesses_are_counted_across_processes_without_redis(processes):
    one, other = processes
    for number in range(5):
        refused(login(processes[number % 2]), 401, "invalid_credentials")
    assert wait_of(login(one, PASSWORD)) <= 30
    assert wait_of(login(other, PASSWORD)) <= 30


@pytest.mark.usefixtures("amina")
def test_addresses_are_counted_across_processes_without_redis(http):
    changes = {
        "redis_url": f"redis://127.0.0.1:{free_port()}/0",
        "limit_login_address": (4, timedelta(minutes=15)),
    }
    processes = [with_settings(http, **changes) for _ in range(2)]
    for number in range(4):
        refused(login(processes[number % 2], email=f"{number}@example.com"), 401, "invalid_credentials")
    for process in processes:
        refused(login(process, PASSWORD), 429, "too_many_login_address")


def test_codes_by_sms_are_counted_across_processes_without_redis(processes, make):
    phone = phone_number()
    for number in range(3):
        client = processes[number % 2].signed_in_as(make.user())
        assert client.post("/api/auth/phone/send-code", {"phone": phone}).status_code == 202
    for process in processes:
        response = process.signed_in_as(make.user()).post("/api/auth/phone/send-code", {"phone": phone})
        refused(response, 429, "too_many_otp_phone")


def test_payment_prompts_are_counted_across_processes_without_redis(processes, make):
    phone = phone_number()

    def pay(process):
        tourist = make.user()
        client, booking = process.signed_in_as(tourist), make.booking(tourist)
        return client.post("/api/payments/mpesa/initiate", {"booking_id": str(booking.id), "phone": phone})

    answers = [pay(processes[number % 2]) for number in range(5)]

    assert [answer.status_code for answer in answers[:3]] == [202] * 3
    for answer in answers[3:]:
        refused(answer, 429, "too_many_stk_phone")

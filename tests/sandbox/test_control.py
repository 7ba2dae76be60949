"""The control API and the page."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from sandbox.config import Config
from sandbox.faults import FAULTS
from sandbox.state import Records
from sandbox.timeline import MAX_BODY_CHARS, MAX_ENTRIES, MAX_TOTAL_BYTES, Timeline, wire
from tests.sandbox.callers import PHONE, wait_for


def test_health(sandbox):
    assert sandbox.sim("health") == {"ok": True}


def test_faults_change_one_by_one_and_are_all_listed(sandbox):
    assert set(sandbox.sim("faults")) == set(FAULTS)
    assert not any(sandbox.sim("faults").values())
    sandbox.fault(cancel=True)
    answer = sandbox.fault(delay_callback=True, cancel=False).json()
    assert (answer["delay_callback"], answer["cancel"]) == (35, False)
    assert sandbox.fault(timeout_after_success=True).json()["late_success_hang"] == 40


@pytest.mark.parametrize(
    "wanted",
    [
        {"no_such_fault": True},
        {"cancel": "yes"},
        {"delay_callback": -1},
        {"duplicate_callback": 1.5},
        {"cancel": {"phone": "12"}},
        {"cancel": {"phones": [PHONE]}},
        {"cancel": {"phone": []}},
    ],
)
def test_a_bad_fault_is_named_and_changes_nothing(sandbox, wanted):
    answer = sandbox.fault(phone_off=True, **wanted)
    assert answer.status_code == 422
    assert next(iter(wanted)) in answer.json()["error"]
    assert sandbox.sim("faults")["phone_off"] is False


def test_a_fault_for_several_phones(sandbox):
    phones = [PHONE, "254700000001"]
    assert sandbox.fault(cancel={"phone": phones}).json()["cancel"] == {"phone": phones, "value": True}


@pytest.mark.parametrize("notation", ["254712345678", "+254712345678", "0712345678"])
def test_phones_are_found_in_any_notation(sandbox, notation):
    sandbox.push()
    phone = sandbox.sim(f"phones/{notation}")
    assert phone["msisdn"] == PHONE
    assert phone["prompts"][0]["state"] == "open"


def test_an_unknown_phone_is_empty_and_nonsense_is_404(sandbox):
    phone = sandbox.sim("phones/0700000009")
    assert (phone["prompts"], phone["sms"]) == ([], [])
    assert sandbox.http.get("/__sim/phones/hello").status_code == 404


@pytest.mark.parametrize("body", [{}, {"pin": 1234}, {"pin": "12a4"}, {"pin": ""}])
def test_a_pin_is_digits_in_a_string(sandbox, body):
    sandbox.push()
    assert sandbox.http.post(f"/__sim/phones/{PHONE}/pin", json=body).status_code == 422
    assert sandbox.http.post(f"/__sim/phones/{PHONE}/pin", content="x").status_code == 400
    assert sandbox.sim(f"phones/{PHONE}")["prompts"][0]["state"] == "open"


def test_a_pin_without_prompt_says_so(sandbox):
    answer = sandbox.pin()
    assert answer.status_code == 409
    assert answer.json()["error"] == "There is no open prompt on 0712 345 678."


@pytest.mark.parametrize("body", [{"enabled": "yes"}, {"enabled": True, "after_seconds": -1}, {}])
def test_autopilot_refuses_nonsense(sandbox, body):
    assert sandbox.http.put("/__sim/autopilot", json=body).status_code == 422
    assert sandbox.sim("autopilot")["enabled"] is False


def test_reset_forgets_records_and_faults_but_not_the_token(sandbox):
    sandbox.push()
    sandbox.pin()
    wait_for(lambda: any(entry["direction"] == "out" for entry in sandbox.sim("requests")))
    sandbox.mail()
    sandbox.sms()
    sandbox.fault(cancel=True)
    sandbox.http.put("/__sim/autopilot", json={"enabled": True})
    last = sandbox.sim("state")["last"]
    assert sandbox.http.post("/__sim/reset").json() == {"ok": True}
    for path in ("charges", "prompts", "sms", "mails", "requests"):
        assert sandbox.sim(path) == []
    assert not any(sandbox.sim("faults").values())
    assert sandbox.sim("autopilot")["enabled"] is False
    assert sandbox.push().status_code == 200
    assert sandbox.sim("requests")[0]["n"] > last


def test_every_prompt_is_listed_whatever_became_of_it(sandbox):
    sandbox.push()
    sandbox.pin()
    sandbox.push(PhoneNumber="254712345150", PartyA="254712345150")
    listed = [(prompt["msisdn"], prompt["state"]) for prompt in sandbox.sim("prompts")]
    assert listed == [(PHONE, "paid"), ("254712345150", "open")]


def test_state_has_what_the_page_shows_and_only_newer_entries(sandbox):
    sandbox.push()
    sandbox.mail()
    sandbox.sms()
    state = sandbox.sim("state")
    assert state["phones"][0]["prompt"]["amount"] == 1500
    assert state["mails"][0]["subject"] == "Your seats are booked"
    assert state["sms"][0]["text"] == "Karibu!"
    assert [entry["n"] for entry in state["timeline"]] == [1, 2, 3, 4]
    sandbox.sms()
    newer = sandbox.sim(f"state?since={state['last']}")["timeline"]
    assert [entry["title"] for entry in newer] == ["SMS to 0712 345 678"]
    assert sandbox.http.get("/__sim/state?since=x").status_code == 422


def test_state_is_304_until_something_changes(sandbox):
    tag = sandbox.http.get("/__sim/state").headers["ETag"]
    assert sandbox.http.get("/__sim/state", headers={"If-None-Match": tag}).status_code == 304
    sandbox.fault(cancel=True)
    assert sandbox.http.get("/__sim/state", headers={"If-None-Match": tag}).status_code == 200


def test_timeline_keeps_raw_bodies_and_masks_credentials(sandbox, receiver):
    sandbox.push(Amount="0")
    sandbox.sms()
    sandbox.mail()
    oauth, push, sms, mail = sandbox.sim("requests")
    assert oauth["request"]["headers"]["Authorization"] == "Basic ••••"
    assert push["request"]["headers"]["Authorization"] == "Bearer ••••"
    assert '"Amount":"0"' in push["request"]["body"].replace(" ", "")
    assert "Invalid Amount" in push["response"]["body"]
    assert (push["status"], push["method"], push["provider"]) == (400, "POST", "daraja")
    assert push["phone"] == PHONE
    assert sms["request"]["headers"]["Apikey"] == "••••"
    assert "message=Karibu" in sms["request"]["body"]
    assert mail["status"] == 202
    assert sandbox.sim(f"requests/{push['n']}") == push
    assert sandbox.sim(f"requests?since={sms['n']}") == [mail]
    assert sandbox.http.get("/__sim/requests/999").status_code == 404


def test_timeline_shows_callbacks_with_their_answers(sandbox, receiver):
    sandbox.push()
    sandbox.pin()
    (out,) = wait_for(lambda: [e for e in sandbox.sim("requests") if e["direction"] == "out"])
    assert (out["url"], out["status"]) == (receiver.url, 200)
    assert out["request"]["body"] == receiver.bodies[0][1]
    assert "Accepted" in out["response"]["body"]
    assert out["ms"] >= 0


def test_timeline_is_bounded_in_entries_and_bodies():
    timeline = Timeline()
    long = wire({}, b"x" * (MAX_BODY_CHARS + 5))
    assert long.body.endswith("... and 5 more characters")
    for _ in range(MAX_ENTRIES + 10):
        timeline.add("daraja", "in", "x", request=long)
    kept = timeline.after(0, 10 * MAX_ENTRIES)
    assert 0 < len(kept) <= MAX_ENTRIES
    assert sum(len(entry.packed) for entry in kept) == timeline.size <= MAX_TOTAL_BYTES
    assert kept[-1].n == MAX_ENTRIES + 10
    assert timeline.get(1) is None


def test_mail_bodies_are_given_up_first_when_memory_runs_short(sandbox, monkeypatch):
    monkeypatch.setattr("sandbox.state.MAX_MAIL_BYTES", 150)
    for number in range(3):
        sandbox.mail(subject=f"Mail {number}")
    mails = sandbox.sim("mails")
    assert [mail["subject"] for mail in mails] == ["Mail 0", "Mail 1", "Mail 2"]
    assert [mail["text"] for mail in mails] == ["", "Karibu!", "Karibu!"]


def test_records_forget_the_longest_silent_phone(monkeypatch):
    monkeypatch.setattr("sandbox.state.MAX_PHONES", 2)
    records = Records()
    for msisdn in ("1", "2", "1", "3"):
        records.phone(msisdn)
    assert list(records.phones) == ["1", "3"]


def test_page_is_one_origin_without_inline_code(sandbox):
    answer = sandbox.http.get("/")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|https?://(?!www\.w3\.org)", answer.text)
    for name in FAULTS:
        assert f'data-fault="{name}"' in answer.text
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', answer.text):
        assert sandbox.http.get(path).status_code == 200


def test_the_page_leads_to_the_addresses_it_is_told_and_to_nothing_else(start_sandbox):
    links = "API documents=http://localhost:5000/api-docs, Flower=http://localhost:5555/, Bad=javascript:alert(1), =http://x"
    page = start_sandbox(links=links).http.get("/").text

    found = re.findall(r'<a href="(http[^"]+)" target="_blank" rel="noopener noreferrer">([^<]+)</a>', page)
    assert found == [("http://localhost:5000/api-docs", "API documents"), ("http://localhost:5555/", "Flower")]
    assert "javascript:" not in page


def test_settings_come_from_the_environment():
    config = Config.from_env({"SANDBOX_PORT": "6000", "SANDBOX_PROMPT_SECONDS": "1.5", "SANDBOX_MPESA_PIN": "9"})
    assert (config.port, config.prompt_seconds, config.mpesa_pin) == (6000, 1.5, "9")
    with pytest.raises(ValueError, match=r"SANDBOX_PORT must be a number.*SANDBOX_LOCK_SECONDS"):
        Config.from_env({"SANDBOX_PORT": "x", "SANDBOX_LOCK_SECONDS": "y"})


def test_the_command_serves_stops_promptly_and_explains_a_taken_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        command = [sys.executable, "-W", "error", "-m", "sandbox"]
        refused = subprocess.run(
            command, env={"SANDBOX_PORT": str(port)}, capture_output=True, text=True, timeout=10, check=False
        )
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"127.0.0.1:{port}" in refused.stderr
    assert "SANDBOX_PORT" in refused.stderr
    running = subprocess.Popen(command, env={"SANDBOX_PORT": str(port)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert b"Sandbox: http://127.0.0.1" in running.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/__sim/health") as answer:
            assert answer.status == 200
        started = time.monotonic()
        running.terminate()
        assert running.wait(5) == 0
        assert time.monotonic() - started < 2
        assert running.stderr.read() == b""
    finally:
        running.kill()
        running.communicate()

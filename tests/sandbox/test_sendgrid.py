"""SendGrid's checks and faults, and the mails that were accepted."""

from __future__ import annotations

import base64
import time

import pytest

PIXEL = base64.b64encode(b"\x89PNG-not-really").decode()
PLAIN, HTML = {"type": "text/plain", "value": "a"}, {"type": "text/html", "value": "<p>a</p>"}


def to(*addresses: str) -> dict:
    return {"to": [{"email": address} for address in addresses]}


def test_accepted_mail_is_an_empty_202_with_an_id(sandbox):
    answer = sandbox.mail(custom_args={"delivery_id": "d1"}, categories=["booking"])
    assert (answer.status_code, answer.content) == (202, b"")
    (mail,) = sandbox.sim("mails")
    assert mail["message_id"] == answer.headers["X-Message-Id"]
    assert mail["to"] == ["amina@example.com"]
    assert (mail["subject"], mail["text"]) == ("Your seats are booked", "Karibu!")
    assert mail["custom_args"] == {"delivery_id": "d1"}


def test_each_personalization_is_a_mail(sandbox):
    sandbox.mail(personalizations=[to("a@b.co"), {**to("c@d.co"), "subject": "Yours"}])
    assert [(mail["to"], mail["subject"]) for mail in sandbox.sim("mails")] == [
        (["a@b.co"], "Your seats are booked"),
        (["c@d.co"], "Yours"),
    ]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "SG.sandbox-key"}])
def test_a_wrong_key_is_refused(sandbox, header):
    answer = sandbox.http.post("/sendgrid/v3/mail/send", json=sandbox.mail_body(), headers=header)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["message"].startswith("The provided authorization grant")
    assert sandbox.sim("mails") == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("personalizations", {"personalizations": None}),
        ("personalizations", {"personalizations": []}),
        ("personalizations.0", {"personalizations": ["x"]}),
        ("personalizations.0.to", {"personalizations": [{}]}),
        ("personalizations.0.to", {"personalizations": [{"to": 5}]}),
        ("personalizations.0.to.0.email", {"personalizations": [to("nobody")]}),
        ("personalizations.0.cc", {"personalizations": [{**to("a@b.co"), "cc": [{"email": "A@B.co"}]}]}),
        ("personalizations.1.to", {"personalizations": [to("a@b.co"), to("a@b.co")]}),
        ("personalizations.0.extra", {"personalizations": [{**to("a@b.co"), "extra": 1}]}),
        ("personalizations", {"personalizations": [to(*(f"a{i}@b.co" for i in range(1001)))]}),
        ("from.email", {"from": None}),
        ("from.email", {"from": {"email": "x"}}),
        ("reply_to.email", {"reply_to": {"name": "x"}}),
        ("subject", {"subject": None}),
        ("subject", {"subject": ""}),
        ("content", {"content": None}),
        ("content", {"content": []}),
        ("content", {"content": [HTML, PLAIN]}),
        ("content", {"content": [{"type": "text/calendar", "value": "x"}, HTML]}),
        ("content.0.value", {"content": [{"type": "text/plain", "value": ""}]}),
        ("content.0.type", {"content": [{"type": "plain", "value": "x"}]}),
        ("attachments.0.content", {"attachments": [{"filename": "a", "content": "not base64!"}]}),
        ("attachments.0.filename", {"attachments": [{"content": PIXEL}]}),
        ("attachments.0.type", {"attachments": [{"filename": "a", "content": PIXEL, "type": "a/b; c"}]}),
        ("attachments.0.disposition", {"attachments": [{"filename": "a", "content": PIXEL, "disposition": "up"}]}),
        ("headers.Subject", {"headers": {"Subject": "x"}}),
        ("headers", {"headers": {"X-A": 1}}),
        ("custom_args", {"custom_args": {"id": 1}}),
        ("custom_args", {"custom_args": {"id": "x" * 10_001}}),
        ("categories", {"categories": [str(i) for i in range(11)]}),
        ("categories", {"categories": ["a", "a"]}),
        ("send_at", {"send_at": int(time.time()) + 73 * 3600}),
        ("send_at", {"send_at": "soon"}),
        ("asm.group_id", {"asm": {}}),
        ("tracking_settings", {"tracking_settings": {"click_tracking": True}}),
        ("mail_settings", {"mail_settings": 1}),
        ("attachements", {"attachements": []}),
    ],
)
def test_a_bad_body_is_refused_naming_the_field(sandbox, field, changes):
    answer = sandbox.mail(**changes)
    assert answer.status_code == 400
    assert field in [problem["field"] for problem in answer.json()["errors"]]
    assert sandbox.sim("mails") == []


def test_what_is_no_json_object_is_refused(sandbox):
    key = {"Authorization": "Bearer SG.sandbox-key"}
    typed = {**key, "Content-Type": "application/json"}
    assert sandbox.http.post("/sendgrid/v3/mail/send", content="[]", headers=typed).status_code == 400
    assert sandbox.http.post("/sendgrid/v3/mail/send", content="{}", headers=key).status_code == 415


def test_sandbox_mode_checks_and_keeps_nothing(sandbox):
    assert sandbox.mail(mail_settings={"sandbox_mode": {"enable": True}}).status_code == 200
    assert sandbox.sim("mails") == []


def test_throttled_tells_when_to_come_back(sandbox):
    sandbox.fault(mail_throttled=1)
    answer = sandbox.mail()
    assert answer.status_code == 429
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert int(answer.headers["X-RateLimit-Reset"]) > time.time() - 1
    assert answer.headers["X-RateLimit-Limit"]
    assert sandbox.mail().status_code == 202


def test_mail_down(sandbox):
    sandbox.fault(mail_down=True)
    assert sandbox.mail().status_code == 503
    assert sandbox.sim("mails") == []


def test_a_mail_fault_cannot_be_for_a_phone(sandbox):
    assert sandbox.fault(mail_down={"phone": "0712345678"}).status_code == 422


def test_html_is_served_locked_up_with_its_pictures(sandbox):
    picture = {"filename": "a.png", "content": PIXEL, "type": "image/png", "disposition": "inline", "content_id": "pic"}
    html = '<html><head></head><body><img src="cid:pic"><script>alert(1)</script></body></html>'
    sandbox.mail(content=[PLAIN, {"type": "text/html", "value": html}], attachments=[picture])
    mail_id = sandbox.sim("mails")[0]["id"]
    answer = sandbox.http.get(f"/__sim/mails/{mail_id}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert f"data:image/png;base64,{PIXEL}" in answer.text
    assert '<head><base target="_blank">' in answer.text


def test_attachments_are_downloads_and_never_pages(sandbox):
    bad = {"filename": "x.html", "content": base64.b64encode(b"<script>").decode(), "type": "text/html"}
    sandbox.mail(attachments=[bad])
    mail = sandbox.sim("mails")[0]
    assert mail["attachments"] == [{"filename": "x.html", "type": "text/html", "disposition": "attachment", "size": 8}]
    answer = sandbox.http.get(f"/__sim/mails/{mail['id']}/attachments/0")
    assert answer.content == b"<script>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert sandbox.http.get(f"/__sim/mails/{mail['id']}/attachments/1").status_code == 404
    assert sandbox.http.get("/__sim/mails/none/html").status_code == 404


def test_unknown_paths_and_methods(sandbox):
    assert sandbox.http.get("/sendgrid/v3/nothing").status_code == 404
    assert sandbox.http.get("/sendgrid/v3/mail/send").status_code == 405

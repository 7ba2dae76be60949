"""The control API: what a test, a demonstration and the page do to the stand-in and read from it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, send_file

from sandbox import handset, kenya
from sandbox.faults import UnknownFault
from sandbox.handset import NoOpenPrompt
from sandbox.mailview import rendered
from sandbox.state import Mail, Phone, unpack
from sandbox.world import World, here

blueprint = Blueprint("control", __name__, url_prefix="/__sim")

SHOWN_PHONES = 60
SHOWN_MAILS = 100
SHOWN_ENTRIES = 200


class BadRequest(Exception):
    """The caller sent something that cannot be understood; carries the HTTP status and the sentence to answer."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


@blueprint.errorhandler(BadRequest)
def bad_request(error: BadRequest) -> tuple[Response, int]:
    return jsonify(error=str(error)), error.status


@blueprint.errorhandler(UnknownFault)
def unknown_fault(error: UnknownFault) -> tuple[Response, int]:
    return jsonify(error=str(error)), 422


@blueprint.errorhandler(NoOpenPrompt)
def no_open_prompt(error: NoOpenPrompt) -> tuple[Response, int]:
    return jsonify(error=str(error)), 409


@blueprint.get("/health")
def health() -> Response:
    return jsonify(ok=True)


@blueprint.get("/state")
def state() -> Response:
    """All that the page shows (``sms`` with M-Pesa's own texts); 304 while nothing has changed since the ETag it names."""
    world = here()
    since = _number("since", 0)
    tag = f"{world.epoch}-{world.version}-{since}"
    if request.if_none_match.contains_weak(tag):
        return Response(status=304)
    records = world.records
    with records.lock:
        phones = [_phone_line(phone) for phone in list(records.phones.values())[: -SHOWN_PHONES - 1 : -1]]
        sms = [text.as_json() for text in records.recent_texts]
        mails = [mail.summary() for mail in list(records.mails.values())[-SHOWN_MAILS:]]
        taken = {"count": len(records.charges), "sum": sum(charge["amount"] for charge in records.charges)}
    answer = jsonify(
        now=kenya.iso(kenya.now()),
        epoch=world.epoch,
        last=world.timeline.last,
        phones=phones,
        sms=sms,
        mails=mails,
        charges=taken,
        faults=world.faults.as_json(),
        autopilot=_autopilot(world),
        timeline=[entry.summary() for entry in world.timeline.after(since, SHOWN_ENTRIES)],
    )
    answer.set_etag(tag, weak=True)
    return answer


@blueprint.post("/reset")
def reset() -> Response:
    here().reset()
    return jsonify(ok=True)


@blueprint.get("/faults")
def faults() -> Response:
    return jsonify(here().faults.as_json())


@blueprint.put("/faults")
def put_faults() -> Response:
    world = here()
    world.faults.put(_json_object())
    world.touch()
    return jsonify(world.faults.as_json())


@blueprint.get("/autopilot")
def autopilot() -> Response:
    return jsonify(_autopilot(here()))


@blueprint.put("/autopilot")
def put_autopilot() -> Response:
    """Let prompts be answered by themselves, also the ones that are open already."""
    world, wanted = here(), _json_object()
    enabled, seconds = wanted.get("enabled"), wanted.get("after_seconds", 0.1)
    if (
        not isinstance(enabled, bool)
        or isinstance(seconds, bool)
        or not isinstance(seconds, int | float)
        or seconds < 0
    ):
        raise BadRequest(422, 'Send {"enabled": true or false, "after_seconds": a number that is not negative}.')
    world.autopilot_seconds = float(seconds) if enabled else None
    if enabled:
        with world.records.lock:
            waiting = [p for p in world.records.prompts.values() if p.state == "open" and p.reachable]
        for prompt in waiting:
            world.later(seconds, lambda prompt=prompt: handset.answer_by_itself(world, prompt))
    world.touch()
    return jsonify(_autopilot(world))


@blueprint.get("/phones/<msisdn>")
def phone(msisdn: str) -> Response:
    """The phone's prompts and texts, oldest first; ``mpesa_sms`` are M-Pesa's own confirmations."""
    records, number = here().records, _msisdn(msisdn)
    with records.lock:
        known = records.phones.get(number) or Phone(number)
        prompts, texts = list(known.prompts), list(known.sms)
    return jsonify(
        msisdn=number,
        prompts=[prompt.as_json() for prompt in prompts],
        sms=[text.as_json() for text in texts if text.provider == "africastalking"],
        mpesa_sms=[text.as_json() for text in texts if text.provider == "mpesa"],
    )


@blueprint.post("/phones/<msisdn>/pin")
def pin(msisdn: str) -> Response:
    typed = _json_object().get("pin")
    if not isinstance(typed, str) or not re.fullmatch(r"\d{1,12}", typed, re.ASCII):
        raise BadRequest(422, 'Send {"pin": "1234"}: digits, as a string.')
    return _ended(handset.enter_pin, msisdn, typed)


@blueprint.post("/phones/<msisdn>/cancel")
def cancel(msisdn: str) -> Response:
    return _ended(handset.cancel, msisdn)


@blueprint.get("/charges")
def charges() -> Response:
    with here().records.lock:
        return jsonify(list(here().records.charges))


@blueprint.get("/prompts")
def prompts() -> Response:
    """Every STK push that was accepted, on whichever phone, oldest first."""
    with here().records.lock:
        return jsonify([prompt.as_json() for prompt in here().records.prompts.values()])


@blueprint.get("/sms")
def sms() -> Response:
    with here().records.lock:
        return jsonify([text.as_json() for text in here().records.sms])


@blueprint.get("/mails")
def mails() -> Response:
    with here().records.lock:
        return jsonify([{**mail.summary(), "text": mail.text()} for mail in here().records.mails.values()])


@blueprint.get("/mails/<mail_id>")
def mail(mail_id: str) -> Response:
    found = _mail(mail_id)
    return jsonify({**found.summary(), "text": found.text(), "html": found.html()})


@blueprint.get("/mails/<mail_id>/html")
def mail_html(mail_id: str) -> Response:
    """The mail as a reader shows it: no scripts, no origin, links in a new window."""
    answer = Response(rendered(_mail(mail_id)), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data: http: https:; font-src data:"
    )
    return answer


@blueprint.get("/mails/<mail_id>/attachments/<int:index>")
def mail_attachment(mail_id: str, index: int) -> Response:
    attachments = _mail(mail_id).attachments
    if index >= len(attachments):
        raise BadRequest(404, "The mail has no such attachment.")
    item = attachments[index]
    # Never inline and never as its own type: a mail's attachment is foreign content on this origin.
    return send_file(
        io.BytesIO(unpack(item.packed)), "application/octet-stream", as_attachment=True, download_name=item.filename
    )


@blueprint.get("/requests")
def requests() -> Response:
    """The timeline with raw bodies, oldest first; ``since`` and ``limit`` narrow it."""
    entries = here().timeline.after(_number("since", 0), _number("limit", 5_000))
    return jsonify([entry.as_json() for entry in entries])


@blueprint.get("/requests/<int:n>")
def one_request(n: int) -> Response:
    entry = here().timeline.get(n)
    if entry is None:
        raise BadRequest(404, "That entry is no longer kept.")
    return jsonify(entry.as_json())


def _phone_line(phone: Phone) -> dict:
    prompt = phone.open_prompt()
    last = phone.sms[-1] if phone.sms else None
    return {
        "msisdn": phone.msisdn,
        "prompt": prompt.as_json() if prompt else None,
        "sms": len(phone.sms),
        "last_text": last.text[:80] if last else "",
        "last_at": phone.last_at,
    }


def _autopilot(world: World) -> dict:
    seconds = world.autopilot_seconds
    return {"enabled": seconds is not None, "after_seconds": 0.1 if seconds is None else seconds}


def _ended(act: Callable[..., Any], msisdn: str, *more: str) -> Response:
    prompt = act(here(), _msisdn(msisdn), *more)
    return jsonify(state=prompt.state, prompt=prompt.as_json())


def _msisdn(text: str) -> str:
    """Kenyan numbers in any notation; the digits of any other, for travellers get texts too."""
    number = kenya.normal_msisdn(text) or text.removeprefix("+")
    if not re.fullmatch(r"\d{8,15}", number, re.ASCII):
        raise BadRequest(404, f"{text!r} is not a phone number.")
    return number


def _mail(mail_id: str) -> Mail:
    found = here().records.mails.get(mail_id)
    if found is None:
        raise BadRequest(404, "There is no such mail.")
    return found


def _json_object() -> dict:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadRequest(400, "Send a JSON object with Content-Type application/json.")
    return body


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not re.fullmatch(r"\d{1,12}", text, re.ASCII):
        raise BadRequest(422, f"{name} must be a whole number.")
    return int(text)

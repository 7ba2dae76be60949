"""Africa's Talking messaging: a 201 whose recipients tell whether anything was sent."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from xml.etree import ElementTree

from flask import Blueprint, Response, g, jsonify, request

from sandbox import kenya
from sandbox.state import Sms
from sandbox.world import World, here

blueprint = Blueprint("africastalking", __name__, url_prefix="/africastalking")

COST_PER_SEGMENT = 0.8  # KES
DEFAULT_SENDER = "AFRICASTKNG"
BALANCE = "KES 1785.5000"

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENDED = frozenset("^{}\\[~]|€\f")
_FIELDS = {"username", "to", "message", "from", "bulkSMSMode", "enqueue", "keyword", "linkId", "retryDurationInHours"}


def plain(status: int, text: str) -> Response:
    g.title = f"{g.get('title', 'SMS')}: {text}"
    return Response(text, status, mimetype="text/plain")


def segments(text: str) -> int:
    """How many parts the text is billed as: 160/153 signs of GSM-7, else 70/67."""
    if all(sign in _GSM7 or sign in _GSM7_EXTENDED for sign in text):
        length, single, part = sum(2 if sign in _GSM7_EXTENDED else 1 for sign in text), 160, 153
    else:
        length, single, part = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= single else -(-length // part)


@blueprint.route("/version1/messaging", methods=["POST"])
def send() -> Response:
    world = here()
    g.title = "SMS"
    form = request.form
    numbers = [number.strip() for number in form.get("to", "").split(",") if number.strip()]
    phone = kenya.normal_msisdn(numbers[0]) or "" if numbers else ""
    g.phone = phone
    refusal = _refusal(world, numbers, phone)
    if refusal:
        return refusal
    g.title = f"SMS to {', '.join(kenya.spoken(number) for number in numbers[:3])}"
    if seconds := world.faults.take("sms_hang", phone):
        world.note("africastalking", f"The answer hangs for {seconds:g} s, then the SMS is sent (sms_hang)", phone)
        if not world.hang(float(seconds)):
            return plain(503, "Service Unavailable")
    sender = form.get("from", "")
    if not _registered(world, sender) or world.faults.take("sms_empty_recipients", phone):
        g.title += ": InvalidSenderId"
        return _answer("InvalidSenderId", [])
    recipients = [_deliver(world, number, sender or DEFAULT_SENDER, form["message"]) for number in numbers]
    world.touch()
    sent = [recipient for recipient in recipients if recipient["statusCode"] == 101]
    total = COST_PER_SEGMENT * segments(form["message"]) * len(sent)
    return _answer(f"Sent to {len(sent)}/{len(recipients)} Total Cost: KES {total:.4f}", recipients)


@blueprint.route("/version1/user", methods=["GET"])
def account() -> Response:
    world = here()
    g.title = "Account"
    if not _is_known(world, request.args):
        return plain(401, "The supplied authentication is invalid")
    if world.faults.is_on("sms_down"):
        return plain(503, "Service Unavailable")
    return jsonify(UserData={"balance": BALANCE})


@blueprint.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@blueprint.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def elsewhere(path: str) -> Response:
    g.title = f"/{path}"
    if path == "version1/messaging":
        return plain(405, "HTTP method not allowed, supported methods: POST")
    return plain(404, "The requested resource could not be found.")


def _refusal(world: World, numbers: list[str], phone: str) -> Response | None:
    form = request.form
    if not _is_known(world, form):
        return plain(401, "The supplied authentication is invalid")
    if world.faults.take("sms_down", phone):
        return plain(503, "Service Unavailable")
    if request.mimetype not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return plain(
            415,
            "The request's Content-Type is not supported. Expected:\n"
            "application/x-www-form-urlencoded or multipart/form-data",
        )
    for field in ("username", "to", "message"):
        if not form.get(field, "").strip() or (field == "to" and not numbers):
            return plain(400, f"Request is missing required form field '{field}'")
    for field in form:
        if field not in _FIELDS:
            return plain(400, f"Request has an unknown form field '{field}'")
    return None


def _is_known(world: World, given: Mapping[str, str]) -> bool:
    config = world.config
    username = given.get("username", config.at_username)
    return request.headers.get("apiKey") == config.at_api_key and username == config.at_username


def _registered(world: World, sender: str) -> bool:
    if not sender:
        return True
    if world.config.at_sender_id:
        return sender == world.config.at_sender_id
    return re.fullmatch(r"[A-Za-z0-9_ .-]{1,11}", sender) is not None


def _deliver(world: World, number: str, sender: str, text: str) -> dict:
    if not re.fullmatch(r"\+[1-9]\d{7,14}", number) or (number.startswith("+254") and not kenya.normal_msisdn(number)):
        return {"statusCode": 403, "number": number, "status": "InvalidPhoneNumber", "cost": "0", "messageId": "None"}
    message_id = f"ATXid_{secrets.token_hex(16)}"
    world.records.add_sms(Sms(message_id, number.lstrip("+"), sender, text, kenya.iso(kenya.now())))
    cost = f"KES {COST_PER_SEGMENT * segments(text):.4f}"
    return {"statusCode": 101, "number": number, "status": "Success", "cost": cost, "messageId": message_id}


def _answer(message: str, recipients: list[dict]) -> Response:
    """JSON where the client asks for it; XML, as the original has it, where it does not."""
    if "application/json" in request.headers.get("Accept", ""):
        answer = jsonify(SMSMessageData={"Message": message, "Recipients": recipients})
        answer.status_code = 201
        return answer
    root = ElementTree.Element("AfricasTalkingResponse")
    data = ElementTree.SubElement(root, "SMSMessageData")
    ElementTree.SubElement(data, "Message").text = message
    listed = ElementTree.SubElement(data, "Recipients")
    for recipient in recipients:
        item = ElementTree.SubElement(listed, "Recipient")
        for name, value in recipient.items():
            ElementTree.SubElement(item, name).text = str(value)
    return Response(ElementTree.tostring(root, encoding="unicode"), 201, mimetype="application/xml")

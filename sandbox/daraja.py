"""Safaricom's Daraja as its portal and the captures in the wild describe it: OAuth, STK push and query, C2B register."""

from __future__ import annotations

import base64
from datetime import timedelta

from flask import Blueprint, Response, g, jsonify, request

from sandbox import daraja_rules as rules
from sandbox import handset, kenya
from sandbox.daraja_rules import Refusal
from sandbox.state import Prompt
from sandbox.world import World, here

blueprint = Blueprint("daraja", __name__, url_prefix="/daraja")

LOCKED = "Unable to lock subscriber, a transaction is already in process for the current subscriber"
ACCEPTED = "Success. Request accepted for processing"


@blueprint.errorhandler(Refusal)
def refuse(refusal: Refusal) -> tuple[Response, int]:
    """Daraja's error body; the HTTP status is the first three digits of the code."""
    g.title = f"{g.get('title', 'Refused')}: {refusal.message}"
    body = {"requestId": kenya.merchant_request_id(), "errorCode": refusal.code, "errorMessage": refusal.message}
    return jsonify(body), int(refusal.code[:3])


@blueprint.route("/oauth/v1/generate", methods=["GET"])
def generate_token() -> Response:
    world = here()
    g.title = "OAuth token"
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise Refusal("400.008.01", "Invalid Authentication passed")
    if request.args.get("grant_type") != "client_credentials":
        raise Refusal("400.008.02", "Invalid grant type passed")
    pair = f"{world.config.mpesa_consumer_key}:{world.config.mpesa_consumer_secret}"
    if credentials != base64.b64encode(pair.encode()).decode():
        raise Refusal("401.003.01", "Error Occurred - Invalid Credentials")
    # A string, as the older documentation has it: a client has to parse it.
    return jsonify(access_token=world.tokens.issue(), expires_in="3599")


@blueprint.route("/mpesa/stkpush/v1/processrequest", methods=["POST"])
def push() -> Response:
    world = here()
    g.title = "STK push"
    phone = _phone_hint()
    _admit(world, phone)
    fields = rules.read_push(_json_body())
    g.title = f"STK push of {kenya.shillings(fields.amount)} to {kenya.spoken(fields.msisdn)}"
    rules.check_merchant(world.config, fields)
    if world.faults.take("push_5xx", phone):
        raise Refusal("500.003.1001", "Internal Server Error")
    if world.faults.take("subscriber_lock", phone):
        raise Refusal("500.001.1001", LOCKED)
    hang = world.faults.take("late_success_hang", phone)
    early = world.faults.take("early_callback", phone)
    prompt = _open(world, fields, reachable=not (hang or early))
    if hang:
        world.note("daraja", f"The answer hangs for {hang:g} s, then the money is taken (late_success_hang)", phone)
        if world.hang(float(hang)):
            handset.answer_by_itself(world, prompt)
    elif early:
        handset.answer_by_itself(world, prompt, at_once=True)
    else:
        handset.ring(world, prompt)
    return jsonify(
        MerchantRequestID=prompt.merchant_request_id,
        CheckoutRequestID=prompt.checkout_request_id,
        ResponseCode="0",
        ResponseDescription=ACCEPTED,
        CustomerMessage=ACCEPTED,
    )


@blueprint.route("/mpesa/stkpushquery/v1/query", methods=["POST"])
def query() -> Response:
    world = here()
    g.title = "STK query"
    body = request.get_json(silent=True)
    wanted = body.get("CheckoutRequestID") if isinstance(body, dict) else None
    prompt = world.records.prompts.get(wanted) if isinstance(wanted, str) else None
    g.phone = prompt.msisdn if prompt else ""
    _admit(world, g.phone)
    rules.check_merchant(world.config, rules.read_query(_json_body()))
    if prompt is None:
        raise Refusal("500.001.1001", "The transaction does not exist")
    if prompt.state == "open" or _still_pending(world, prompt):
        raise Refusal("500.001.1001", "The transaction is being processed")
    code, text = prompt.result_code, prompt.result_desc
    if prompt.state == "paid" and world.faults.take("contradiction", prompt.msisdn):
        code, text = 1032, handset.outcome_text(1032)
    g.title = f"STK query: {code} {text}"
    return jsonify(
        ResponseCode="0",
        ResponseDescription="The service request has been accepted successsfully",
        MerchantRequestID=prompt.merchant_request_id,
        CheckoutRequestID=prompt.checkout_request_id,
        ResultCode=str(code),
        ResultDesc=text,
    )


@blueprint.route("/mpesa/c2b/v2/registerurl", methods=["POST"])
def register_urls() -> Response:
    world = here()
    g.title = "C2B register"
    _admit(world, "")
    shortcode, confirmation = rules.read_registration(world.config, _json_body())
    world.c2b_urls[shortcode] = confirmation
    return jsonify(OriginatorCoversationID=kenya.merchant_request_id(), ResponseCode="0", ResponseDescription="Success")


@blueprint.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@blueprint.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def elsewhere(path: str) -> Response:
    known = {
        "oauth/v1/generate",
        "mpesa/stkpush/v1/processrequest",
        "mpesa/stkpushquery/v1/query",
        "mpesa/c2b/v2/registerurl",
    }
    g.title = f"/{path}"
    if path in known:
        raise Refusal("405.001", "Method Not Allowed")
    raise Refusal("404.001.01", "Resource not found")


def _admit(world: World, phone: str) -> None:
    """Let a call with the valid token in; the faults of the gateway strike before anything is read."""
    g.phone = phone
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal("404.001.04", "Invalid Authentication Header")
    if world.faults.take("expired_token", phone):
        world.tokens.revoke()
    if not world.tokens.accepts(token):
        raise Refusal("404.001.03", "Invalid Access Token")
    if world.faults.take("spike_arrest", phone):
        raise Refusal("500.003.02", "Error Occurred: Spike Arrest Violation")


def _json_body() -> dict:
    if request.mimetype != "application/json":
        raise Refusal("400.002.02", "Bad Request - Invalid Content-Type")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal("400.002.02", "Bad Request - Invalid Request Body")
    return body


def _phone_hint() -> str:
    """The phone a push is meant for, known before the push is checked, because faults may be set for one phone."""
    body = request.get_json(silent=True)
    number = body.get("PhoneNumber") if isinstance(body, dict) else None
    return kenya.normal_msisdn(str(number)) or ""


def _open(world: World, fields: rules.Push, *, reachable: bool) -> Prompt:
    """Open the prompt unless the subscriber is busy; nobody else can open one in between."""
    records = world.records
    with records.lock:
        if handset.subscriber_is_locked(world, fields.msisdn):
            raise Refusal("500.001.1001", LOCKED)
        moment = kenya.now()
        checkout = kenya.checkout_request_id(moment, fields.msisdn)
        while checkout in records.prompts:
            moment += timedelta(milliseconds=1)
            checkout = kenya.checkout_request_id(moment, fields.msisdn)
        prompt = Prompt(
            id=records.new_id("p"),
            checkout_request_id=checkout,
            merchant_request_id=kenya.merchant_request_id(),
            msisdn=fields.msisdn,
            amount=fields.amount,
            shortcode=fields.shortcode,
            party_b=fields.party_b,
            transaction_type=fields.transaction_type,
            business=world.config.mpesa_business,
            account_reference=fields.account_reference,
            description=fields.description,
            callback_url=fields.callback_url,
            opened_at=moment,
            expires_at=moment + timedelta(seconds=world.config.prompt_seconds),
            reachable=reachable,
        )
        records.add_prompt(prompt)
    world.touch()
    return prompt


def _still_pending(world: World, prompt: Prompt) -> bool:
    seconds = world.faults.take("query_pending", prompt.msisdn)
    if seconds is None or prompt.resolved_at is None:
        return False
    return kenya.now() < prompt.resolved_at + timedelta(seconds=float(seconds))

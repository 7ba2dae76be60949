"""Where Safaricom tells us what became of a push: checked for sense, stored raw, acknowledged after the commit."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

import structlog
from flask import Response

from api.answers import answer
from api.auth import PublicView
from api.context import client_address, context
from api.edge import edge
from api.examples import payments as examples
from api.openapi import operation
from api.parsing import Blueprint, read_json, request_body
from api.schemas.callbacks import AcceptedAnswer, DarajaCallback
from domain.daraja import MalformedCallback, StkCallback, parse_callback
from domain.errors import Forbidden, NotFound, RuleViolation
from services.money import inbox

blueprint = Blueprint("callbacks", __name__, url_prefix="/api/payments/mpesa", description="What providers call")

LARGEST_BODY = 16 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
_ACCEPTED: dict[str, Any] = {"ResultCode": 0, "ResultDesc": "Accepted"}
_REFUSALS = {
    400: ("malformed_request", "The body is not valid JSON."),
    403: ("callback_address_refused", "Callbacks are not taken from this address."),
    413: ("body_too_large", "The body is larger than this address takes."),
    422: ("malformed_callback", "ResultCode: is missing"),
}
_BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/DarajaCallback"}, "example": examples.CALLBACK}
    },
}

log = structlog.get_logger(__name__)


class CallbackView(PublicView):
    """Never limited: refusing Safaricom would only make it give up on us."""

    largest_body = LARGEST_BODY


@blueprint.route("/callback/<token>")
class Callback(CallbackView):
    @operation(
        "receiveMpesaCallback",
        "Take Safaricom's word on a payment",
        refusals=_REFUSALS | {404: ("callback_not_found", "There is nothing to call back here.")},
    )
    @blueprint.doc(requestBody=_BODY)
    @blueprint.response(200, AcceptedAnswer, example=examples.ACCEPTED)
    def post(self, token: str) -> Response:
        _check_address()
        _read()
        if not _TOKEN.fullmatch(token):
            raise NotFound("callback_not_found", "There is nothing to call back here.")
        with edge().db.transaction() as session:
            inbox.receive_mpesa_callback(session, context(), token, request_body())
        return answer(_ACCEPTED)


@blueprint.route("/callback")
class Hint(CallbackView):
    @operation("hintMpesaCallback", "Take a hint: it only makes us ask Safaricom sooner", refusals=_REFUSALS)
    @blueprint.doc(requestBody=_BODY)
    @blueprint.response(200, AcceptedAnswer, example=examples.ACCEPTED)
    def post(self) -> Response:
        _check_address()
        callback = _read()
        with edge().db.transaction() as session:
            inbox.hint_mpesa_callback(session, context(), callback.checkout_request_id)
        return answer(_ACCEPTED)


def register_schemas(spec: Any) -> None:
    """Make the shape of a callback known to the document, which smorest does only for bodies that it reads itself."""
    spec.components.schema("DarajaCallback", schema=DarajaCallback)


def _check_address() -> None:
    networks = edge().settings.mpesa_callback_ips
    address = client_address()
    if networks and not any(_is_inside(address, network) for network in networks):
        log.warning("callback.address_refused")
        raise Forbidden("callback_address_refused", "Callbacks are not taken from this address.")


def _is_inside(address: str | None, network: str) -> bool:
    return address is not None and ipaddress.ip_address(address) in ipaddress.ip_network(network)


def _read() -> StkCallback:
    """The callback, if it makes sense; whatever the content type says, for Safaricom's has varied."""
    body = read_json(request_body(), parse_float=float)
    try:
        return parse_callback(body)
    except MalformedCallback as error:
        # The body itself may hold a phone number, so it is not logged.
        log.warning("callback.malformed", field=error.field, reason=error.reason)
        raise RuleViolation("malformed_callback", str(error), errors={error.field: [error.reason]}) from error

"""SendGrid's v3 mail/send: the same checks, the same empty 202, and nothing ever leaves the machine."""

from __future__ import annotations

import base64
import secrets
import time

from flask import Blueprint, Response, g, jsonify, request

from sandbox import kenya
from sandbox import sendgrid_rules as rules
from sandbox.state import Attachment, Mail, pack
from sandbox.world import World, here

blueprint = Blueprint("sendgrid", __name__, url_prefix="/sendgrid")

MAX_BYTES = 30 * 1024 * 1024
PER_MINUTE = 600
NO_GRANT = rules.Problem("The provided authorization grant is invalid, expired, or revoked")


def refused(status: int, *errors: rules.Problem) -> tuple[Response, int]:
    """SendGrid's error body."""
    g.title = f"{g.get('title', 'Mail')}: {errors[0].message}"
    return jsonify(errors=[{"message": e.message, "field": e.field, "help": None} for e in errors]), status


@blueprint.route("/v3/scopes", methods=["GET"])
def scopes() -> tuple[Response, int] | Response:
    world = here()
    g.title = "What the key may do"
    if not _is_known(world):
        return refused(401, NO_GRANT)
    if world.faults.is_on("mail_down"):
        return refused(503, rules.Problem("Service Unavailable"))
    return jsonify(scopes=["mail.send"])


@blueprint.route("/v3/mail/send", methods=["POST"])
def send() -> tuple[Response, int] | Response:
    world = here()
    g.title = "Mail"
    if not _is_known(world):
        return refused(401, NO_GRANT)
    if world.faults.take("mail_down"):
        return refused(503, rules.Problem("Service Unavailable"))
    if world.faults.take("mail_throttled"):
        return _throttled()
    if request.mimetype != "application/json":
        return refused(415, rules.Problem("Content-Type should be application/json."))
    if (request.content_length or 0) > MAX_BYTES:
        return refused(413, rules.Problem("The payload is larger than 30MB."))
    body = request.get_json(silent=True)
    problems = rules.problems(body)
    if problems:
        return refused(400, *problems)
    g.title = f"Mail to {', '.join(p['to'][0]['email'] for p in body['personalizations'][:3])}"
    if body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
        return Response(status=200)
    message_id = secrets.token_urlsafe(16)
    _keep(world, body, message_id)
    return Response(status=202, headers={"X-Message-Id": message_id}, mimetype="text/plain")


@blueprint.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@blueprint.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def elsewhere(path: str) -> tuple[Response, int]:
    g.title = f"/{path}"
    if path == "v3/mail/send":
        return refused(405, rules.Problem("method not allowed"))
    return refused(404, rules.Problem("not found"))


def _is_known(world: World) -> bool:
    return request.headers.get("Authorization") == f"Bearer {world.config.sendgrid_api_key}"


def _throttled() -> Response:
    answer, _ = refused(429, rules.Problem("too many requests"))
    answer.status_code = 429
    answer.headers["X-RateLimit-Limit"] = str(PER_MINUTE)
    answer.headers["X-RateLimit-Remaining"] = "0"
    answer.headers["X-RateLimit-Reset"] = str((int(time.time()) // 60 + 1) * 60)
    return answer


def _keep(world: World, body: dict, message_id: str) -> None:
    """One mail a personalization, as each is a message of its own."""
    bodies = {part["type"]: pack(part["value"].encode()) for part in body.get("content", [])}
    attachments = [_attachment(item) for item in body.get("attachments", [])]
    for person in body["personalizations"]:
        world.records.add_mail(
            Mail(
                id=world.records.new_id("e"),
                message_id=message_id,
                at=kenya.iso(kenya.now()),
                sender=person.get("from", body["from"]),
                to=person["to"],
                cc=person.get("cc", []),
                bcc=person.get("bcc", []),
                reply_to=body.get("reply_to"),
                subject=person.get("subject", body.get("subject", "")),
                headers={**body.get("headers", {}), **person.get("headers", {})},
                custom_args={**body.get("custom_args", {}), **person.get("custom_args", {})},
                categories=body.get("categories", []),
                packed_text=bodies.get("text/plain", b""),
                packed_html=bodies.get("text/html", b""),
                attachments=attachments,
            )
        )
    world.touch()


def _attachment(item: dict) -> Attachment:
    data = base64.b64decode(item["content"])
    return Attachment(
        filename=item["filename"],
        type=item.get("type", "application/octet-stream"),
        disposition=item.get("disposition", "attachment"),
        content_id=item.get("content_id", ""),
        packed=pack(data),
        size=len(data),
    )

"""What SendGrid refuses in a mail/send body; apart from the route, so that each rule can be read on its own."""

from __future__ import annotations

import base64
import binascii
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

MAX_RECIPIENTS = 1000
MAX_SCHEDULE_SECONDS = 72 * 3600
MAX_CUSTOM_ARGS_BYTES = 10_000

_TOP_LEVEL = {
    "personalizations",
    "from",
    "reply_to",
    "reply_to_list",
    "subject",
    "content",
    "attachments",
    "template_id",
    "headers",
    "categories",
    "custom_args",
    "send_at",
    "batch_id",
    "asm",
    "ip_pool_name",
    "mail_settings",
    "tracking_settings",
}
_PERSONALIZATION = {
    "to",
    "cc",
    "bcc",
    "from",
    "subject",
    "headers",
    "substitutions",
    "dynamic_template_data",
    "custom_args",
    "send_at",
}
_RESERVED_HEADERS = {
    "x-sg-id",
    "x-sg-eid",
    "received",
    "dkim-signature",
    "content-type",
    "content-transfer-encoding",
    "to",
    "from",
    "subject",
    "reply-to",
    "cc",
    "bcc",
}
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")


@dataclass(frozen=True)
class Problem:
    """One entry of errors[]: what is wrong, and in which field."""

    message: str
    field: str | None = None


def problems(body: object) -> list[Problem]:
    """Everything wrong with the body; empty where SendGrid would accept it."""
    if not isinstance(body, dict):
        return [Problem("Bad Request")]
    unknown = [Problem(f"Additional property {name} is not allowed", name) for name in body if name not in _TOP_LEVEL]
    return [
        *unknown,
        *_personalizations(body),
        *_addresses(body),
        *_subject(body),
        *_content(body),
        *_attachments(body),
        *_headers(body.get("headers"), "headers"),
        *_custom_args(body.get("custom_args"), "custom_args"),
        *_categories(body.get("categories")),
        *_send_at(body.get("send_at"), "send_at"),
        *_settings(body),
    ]


def _personalizations(body: dict) -> Iterator[Problem]:
    people = body.get("personalizations")
    if not isinstance(people, list) or not people:
        yield Problem(
            "The personalizations field is required and must have at least one personalization.", "personalizations"
        )
        return
    total, seen = 0, set()
    for index, person in enumerate(people):
        path = f"personalizations.{index}"
        if not isinstance(person, dict):
            yield Problem("Each personalization must be an object.", path)
            continue
        for name in person:
            if name not in _PERSONALIZATION:
                yield Problem(f"Additional property {name} is not allowed", f"{path}.{name}")
        if not person.get("to"):
            yield Problem(
                "The to array is required for all personalization objects, and must have at least one email object "
                "with a valid email address.",
                f"{path}.to",
            )
        for kind in ("to", "cc", "bcc"):
            listed = person.get(kind, [])
            yield from _recipients(listed, f"{path}.{kind}", seen)
            total += len(listed) if isinstance(listed, list) else 0
        yield from _headers(person.get("headers"), f"{path}.headers")
        yield from _custom_args(person.get("custom_args"), f"{path}.custom_args")
        yield from _send_at(person.get("send_at"), f"{path}.send_at")
    if len(people) > MAX_RECIPIENTS or total > MAX_RECIPIENTS:
        yield Problem(f"There may be at most {MAX_RECIPIENTS} recipients.", "personalizations")


def _recipients(listed: object, path: str, seen: set[str]) -> Iterator[Problem]:
    if not isinstance(listed, list):
        yield Problem("Must be an array of email objects.", path)
        return
    for index, person in enumerate(listed):
        yield from _email(person, f"{path}.{index}")
        address = str(person.get("email", "")).lower() if isinstance(person, dict) else ""
        if address and address in seen:
            yield Problem(
                "Each email address in the personalization block should be unique between to, cc, and bcc. "
                f"We found the first duplicate instance of [{address}] in the {path} field.",
                path,
            )
        seen.add(address)


def _email(person: object, path: str) -> Iterator[Problem]:
    address = person.get("email") if isinstance(person, dict) else None
    if not isinstance(address, str) or not _EMAIL.fullmatch(address):
        yield Problem("Does not contain a valid address.", f"{path}.email")
    elif not isinstance(person.get("name", ""), str):
        yield Problem("The name must be a string.", f"{path}.name")


def _addresses(body: dict) -> Iterator[Problem]:
    if not isinstance(body.get("from"), dict):
        yield Problem(
            "The from object must be provided for every email send. It is an object that requires the email "
            "parameter, but may also contain a name parameter.",
            "from.email",
        )
    else:
        yield from _email(body["from"], "from")
    if "reply_to" in body:
        yield from _email(body["reply_to"], "reply_to")
    if "reply_to" in body and "reply_to_list" in body:
        yield Problem("reply_to and reply_to_list cannot be used together.", "reply_to_list")


def _subject(body: dict) -> Iterator[Problem]:
    people = body.get("personalizations")
    own = [isinstance(p, dict) and p.get("subject") for p in people] if isinstance(people, list) else []
    if body.get("subject") or (own and all(own)) or body.get("template_id"):
        if not isinstance(body.get("subject", ""), str):
            yield Problem("The subject must be a string.", "subject")
        return
    yield Problem(
        "The subject is required. You can get around this requirement if you use a template with a subject "
        "defined or if every personalization has a subject defined.",
        "subject",
    )


def _content(body: dict) -> Iterator[Problem]:
    parts = body.get("content")
    if parts is None and body.get("template_id"):
        return
    if not isinstance(parts, list) or not parts:
        yield Problem(
            "Unless a valid template_id is provided, the content parameter is required. There must be at least one "
            "defined content block.",
            "content",
        )
        return
    types = []
    for index, part in enumerate(parts):
        kind = part.get("type") if isinstance(part, dict) else None
        value = part.get("value") if isinstance(part, dict) else None
        if not isinstance(kind, str) or not re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind):
            yield Problem("The content type must be a valid MIME type.", f"content.{index}.type")
        if not isinstance(value, str) or not value:
            yield Problem(
                "The content value must be a string at least one character in length.", f"content.{index}.value"
            )
        types.append(kind)
    if "text/plain" in types and types[0] != "text/plain":
        yield Problem(
            "If present, text/plain must be first, followed by text/html, followed by any other content.", "content"
        )
    elif "text/html" in types and types.index("text/html") != int(types[0] == "text/plain"):
        yield Problem("If present, text/html must come before any other content but text/plain.", "content")


def _attachments(body: dict) -> Iterator[Problem]:
    listed = body.get("attachments", [])
    if not isinstance(listed, list):
        yield Problem("Must be an array of attachments.", "attachments")
        return
    for index, element in enumerate(listed):
        path = f"attachments.{index}"
        item = element if isinstance(element, dict) else {}
        if not _is_base64(item.get("content")):
            yield Problem("The attachment content must be base64 encoded.", f"{path}.content")
        if not isinstance(item.get("filename"), str) or not item["filename"]:
            yield Problem("The attachment filename is required.", f"{path}.filename")
        if not isinstance(item.get("type", ""), str) or re.search(r"[\r\n;]", item.get("type", "")):
            yield Problem("The attachment type may not contain ; or line breaks.", f"{path}.type")
        if item.get("disposition", "attachment") not in ("attachment", "inline"):
            yield Problem("The disposition must be inline or attachment.", f"{path}.disposition")
        if not isinstance(item.get("content_id", ""), str):
            yield Problem("The content_id must be a string.", f"{path}.content_id")


def _is_base64(value: object) -> bool:
    if not isinstance(value, str) or not value:
        return False
    try:
        return bool(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return False


def _headers(headers: object, path: str) -> Iterator[Problem]:
    if headers is None:
        return
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        yield Problem("The headers must be an object of strings.", path)
        return
    for name in headers:
        if name.lower() in _RESERVED_HEADERS:
            yield Problem(f"The header {name} is reserved.", f"{path}.{name}")


def _custom_args(args: object, path: str) -> Iterator[Problem]:
    if args is None:
        return
    if not isinstance(args, dict) or not all(isinstance(value, str) for value in args.values()):
        yield Problem("The custom_args values must be strings.", path)
    elif sum(len(name.encode()) + len(value.encode()) for name, value in args.items()) > MAX_CUSTOM_ARGS_BYTES:
        yield Problem(f"The custom_args may have at most {MAX_CUSTOM_ARGS_BYTES} bytes.", path)


def _categories(categories: object) -> Iterator[Problem]:
    if categories is None:
        return
    if not isinstance(categories, list) or not all(isinstance(c, str) and 0 < len(c) <= 255 for c in categories):
        yield Problem("The categories must be strings of at most 255 characters.", "categories")
    elif len(categories) > 10 or len(set(categories)) < len(categories):
        yield Problem("There may be at most 10 categories, each of them once.", "categories")


def _send_at(moment: object, path: str) -> Iterator[Problem]:
    if moment is None:
        return
    if isinstance(moment, bool) or not isinstance(moment, int):
        yield Problem("The send_at parameter must be a Unix timestamp.", path)
    elif moment > time.time() + MAX_SCHEDULE_SECONDS:
        yield Problem("The send_at parameter may not be more than 72 hours ahead.", path)


def _settings(body: dict) -> Iterator[Problem]:
    for name in ("asm", "mail_settings", "tracking_settings"):
        settings = body.get(name, {})
        if not isinstance(settings, dict):
            yield Problem("Must be an object.", name)
        elif name != "asm" and not all(isinstance(value, dict) for value in settings.values()):
            yield Problem("Every setting must be an object.", name)
    asm = body.get("asm")
    if isinstance(asm, dict):
        if isinstance(asm.get("group_id"), bool) or not isinstance(asm.get("group_id"), int):
            yield Problem("The group_id is required.", "asm.group_id")
        if len(asm.get("groups_to_display") or []) > 25:
            yield Problem("There may be at most 25 groups.", "asm.groups_to_display")

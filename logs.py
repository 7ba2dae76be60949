"""Structured logs, one JSON object a line, that carry request and job ids and never secrets or whole phone numbers."""

from __future__ import annotations

import json
import logging
import re
import sys
import uuid
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
import structlog

#: Ids that are made of digits by chance, then numbers as people and providers write them: international, Kenyan with or
#: without spaces, and bare. The last three digits are enough to recognise one.
_ID = r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.+Z-]*"
_PHONE = re.compile(
    rf"(?P<id>{_ID})"
    r"|(?:\+|(?<![\w.])00)[1-9](?:[ -]?\d){4,11}[ -]?(?P<a>\d[ -]?\d[ -]?\d)(?!\d)"
    r"|(?<![^\W_])(?<!\d[.-])(?:254|0)[ -]?[17]\d{2}[ -]?\d{3}[ -]?(?P<b>\d{3})(?![^\W_])(?!\.\d)"
    r"|(?<![\w.-])\d{6,11}(?P<c>\d{3})(?![\w-])(?!\.\d)"
)
_KENYAN = re.compile(r"254[17]\d{8}")
#: What gives a secret away in any text: its own look, or the name it follows.
_SECRETS = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 [hidden]"),
    (re.compile(r"(/mpesa/callback/)[\w-]+"), r"\1[hidden]"),
    (re.compile(r"ws_CO_\w+"), "ws_CO_[hidden]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), "[hidden]"),
    (re.compile(r"\b(SG\.|atsk_)[\w.-]+"), r"\1[hidden]"),
    (re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*(?=@)"), "[hidden]"),
    (re.compile(r"(?i)([?&][\w-]*(?:token|secret|password|key|code|signature)=)[^&\s\"']+"), r"\1[hidden]"),
    # PostgreSQL quotes the row it refuses.
    (re.compile(r"(DETAIL: ).*"), r"\1[hidden]"),
)
#: Most texts hold nothing of the kind, and every request writes a line.
_SUSPECT = re.compile(r"(?i)\d[ -]?\d[ -]?\d|bearer|basic|://|eyj|sg\.|atsk_|ws_co|callback/|[?&]|detail")
_SECRET_KEYS = re.compile(r"(?i)password|secret|token|authorization|cookie|api[_-]?key|passkey|(^|_)pin$")
#: What stands under these names is ours and no phone number.
_PLAIN_KEYS = frozenset({"timestamp", "level", "logger", "process", "request_id", "job_id", "head"})
#: What structlog carries along on its way to the standard library.
_CARRIED = frozenset({"_record", "_from_structlog", "_logger", "_name"})

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ACCESS = logging.getLogger("access")
_TOLD = "told_of_a_request"
#: Libraries whose good news is ours to tell: a job's own line says more than Celery's two.
CHATTY = ("httpx", "httpcore", "urllib3", "kombu", "amqp", "celery.worker.strategy", "celery.app.trace")


def configure(level: str = "info", *, process: str) -> None:
    """Send everything, the standard library's loggers included, to standard output as JSON lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        _Lines(
            process,
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _named(process), _json],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def request_answered(*, method: str, **told: Any) -> None:
    """The line that every request leaves. It is made of what is ours or checked, so only its method may hold a secret;
    and it is written often enough to spare it the way of the others."""
    if _ACCESS.isEnabledFor(logging.INFO):
        fields = {"method": method if method in _METHODS else redact_text(method), **told}
        record = _ACCESS.makeRecord("access", logging.INFO, "", 0, "request", (), None, extra=fields | {_TOLD: fields})
        _ACCESS.handle(record)


class _Lines(structlog.stdlib.ProcessorFormatter):
    """Records as lines; those of requests come with their fields ready."""

    def __init__(self, process: str, **chains: Any):
        super().__init__(**chains)
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, _TOLD, None)
        if fields is None:
            return super().format(record)
        rest = {
            "event": record.msg,
            "level": "info",
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC),
            "process": self._process,
        }
        return orjson.dumps(fields | rest, option=orjson.OPT_UTC_Z).decode()


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what must not be read in a log: by the name of the field, and by its look in any text."""
    for key, value in event.items():
        if key not in _PLAIN_KEYS and key not in _CARRIED:
            event[key] = _masked(key, value)
    return event


def redact_text(text: str) -> str:
    """A text without phone numbers, tokens and CheckoutRequestIDs (which end in a phone number)."""
    if not _SUSPECT.search(text):
        return text
    for secret, replacement in _SECRETS:
        text = secret.sub(replacement, text)
    return _PHONE.sub(_last_digits, text)


def _last_digits(found: re.Match[str]) -> str:
    if found["id"]:
        return found["id"]
    return "•••" + re.sub(r"\D", "", found["a"] or found["b"] or found["c"])


@lru_cache(maxsize=1024)
def _is_secret(key: str) -> bool:
    return _SECRET_KEYS.search(key) is not None


def _masked(key: str, value: Any) -> Any:
    if _is_secret(key):
        return "[hidden]"
    if value is None or isinstance(value, bool | float | uuid.UUID | datetime):
        return value
    if isinstance(value, int):
        return redact_text(str(value)) if _KENYAN.fullmatch(str(value)) else value
    if isinstance(value, Mapping):
        return {redact_text(str(name)): _masked(str(name), part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked("", part) for part in value]
    return redact_text(value if isinstance(value, str) else str(value))


def _named(process: str) -> Any:
    def add(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("process", process)
        return event

    return add


def _json(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    try:
        return orjson.dumps(event, default=str).decode()
    except orjson.JSONEncodeError:
        # Huge numbers and halves of characters, as hostile bodies hold them, must not cost us the line.
        return json.dumps(event, default=str)

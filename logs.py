"""Structured logs, one JSON object a line, that carry request and job ids and never secrets or whole phone numbers."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

#: A Kenyan or international number as it turns up in texts and ids; its last three digits are enough to recognise it.
_PHONE = re.compile(r"(?<![\w.-])(?:\+|00)?\d{6,11}(\d{3})(?![\w.-])")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+")
_CALLBACK = re.compile(r"(/mpesa/callback/)[\w-]+")
_CHECKOUT = re.compile(r"ws_CO_\w+")
_SECRET_KEYS = re.compile(r"(?i)password|secret|token|authorization|api_?key|passkey|pin$")
#: Numbers under these names are counts and durations, not phones.
_PLAIN_KEYS = frozenset(
    {"ms", "status", "attempt", "failures", "port", "pid", "count", "seconds", "request_id", "job_id"}
)

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
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _named(process), _json],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what must not be read in a log: by the name of the field, and by its look in any text."""
    for key, value in event.items():
        if _SECRET_KEYS.search(key):
            event[key] = "[hidden]"
        elif isinstance(value, str) and key not in _PLAIN_KEYS:
            event[key] = redact_text(value)
    return event


def redact_text(text: str) -> str:
    """A text without phone numbers, tokens and CheckoutRequestIDs (which end in a phone number)."""
    text = _BEARER.sub(r"\1 [hidden]", text)
    text = _CALLBACK.sub(r"\1[hidden]", text)
    text = _CHECKOUT.sub("ws_CO_[hidden]", text)
    return _PHONE.sub(r"•••\1", text)


def _named(process: str) -> Any:
    def add(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("process", process)
        return event

    return add


def _json(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=str).decode()

"""What the processes count for operators: one module that edge and workers share, and that knows nothing of ours.

Prefix ``elite_``, base units (seconds), ``_total`` for counters. A label's values come from a list of ours, never from a
request: each new value is a series that is kept for ever.
"""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import Counter, Gauge, Histogram

from metrics.store import DECLARED, exposition

__all__ = [
    "SOCKETS",
    "WAITS",
    "exposition",
    "limit_refused",
    "live_event_told",
    "provider_called",
    "request_answered",
]

#: Requests that met no route of ours; their paths are anybody's invention.
UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_REQUESTS = Counter(
    "elite_http_requests_total",
    "Requests answered, by method, route template and class of status.",
    ("method", "route", "status"),
    registry=DECLARED,
)
_REQUEST_SECONDS = Histogram(
    "elite_http_request_duration_seconds",
    "Time from the first line of our code to the finished answer.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10),
    registry=DECLARED,
)
_LIMIT_REFUSALS = Counter(
    "elite_rate_limit_refusals_total",
    "Requests refused with 429, by the limit they met.",
    ("limit",),
    registry=DECLARED,
)
_PROVIDER_CALLS = Counter(
    "elite_provider_calls_total",
    "Calls to providers, by outcome: ok, or one of the five errors.",
    ("provider", "operation", "outcome"),
    registry=DECLARED,
)
_PROVIDER_SECONDS = Histogram(
    "elite_provider_call_duration_seconds",
    "Time of a call to a provider, access token and repetition included.",
    ("provider", "operation", "outcome"),
    buckets=(0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 25, 60),
    registry=DECLARED,
)
#: There from the start: what is born by its first count is not seen to grow by it.
_PROVIDER_CALLS.labels("mpesa", "token", "rejected")

_LIVE_EVENTS = Counter(
    "elite_live_events_total",
    "Live events handed to Redis, by name: emitted, or lost and read later by REST.",
    ("event", "outcome"),
    registry=DECLARED,
)
SOCKETS = Gauge("elite_sockets", "Clients connected by Socket.IO.", multiprocess_mode="livesum", registry=DECLARED)
WAITS = Gauge(
    "elite_waits",
    "Requests that wait for a payment's outcome (Prefer: wait), at most a quarter of the threads.",
    multiprocess_mode="livesum",
    registry=DECLARED,
)


def request_answered(method: str, route: str | None, status: int, seconds: float) -> None:
    """Count one answer. ``route`` is the template of the route, None where nothing matched."""
    counted, timed = _request_series(
        method if method in _METHODS else "other", route or UNMATCHED, f"{status // 100}xx"
    )
    counted.inc()
    timed.observe(seconds)


def limit_refused(limit: str) -> None:
    """Count one 429. ``limit`` is the limit's name in the settings, in small letters and without LIMIT."""
    _LIMIT_REFUSALS.labels(limit).inc()


def provider_called(provider: str, operation: str, outcome: str, seconds: float) -> None:
    """Count one call to a provider; what the clients in ``providers/`` are handed as their observer."""
    _PROVIDER_CALLS.labels(provider, operation, outcome).inc()
    _PROVIDER_SECONDS.labels(provider, operation, outcome).observe(seconds)


def live_event_told(event: str, was_sent: bool) -> None:
    """Count one live event; what the channel to the sockets is handed as its observer."""
    _LIVE_EVENTS.labels(event, "emitted" if was_sent else "lost").inc()


@lru_cache(maxsize=4_096)
def _request_series(method: str, route: str, status: str) -> tuple[Counter, Histogram]:
    return _REQUESTS.labels(method, route, status), _REQUEST_SECONDS.labels(method, route, status)

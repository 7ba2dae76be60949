"""What operators and machines are answered."""

from __future__ import annotations

ALIVE = {"status": "ok"}
METRICS = (
    "# HELP elite_http_requests_total Requests answered, by method, route template and class of status.\n"
    "# TYPE elite_http_requests_total counter\n"
    'elite_http_requests_total{method="GET",route="/api/experiences",status="2xx"} 1042.0\n'
)
READY = {"status": "ready", "checks": {"database": {"ok": True, "detail": "answers in 1 ms"}}}
NOT_READY = {"status": "not_ready", "checks": {"relay": {"ok": False, "detail": "last seen 42 s ago"}}}

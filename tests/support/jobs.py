"""Jobs of our own, whose handlers a test replaces: what they did shows in heartbeats, since any row will do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.jobs import JobKind
from models.jobs import Claim
from models.operations import beat
from workers.running import DONE

#: Kinds whose handlers tests replace; their queue is theirs alone there.
QUICK, CALLING = JobKind.CANARY_REPORTS, JobKind.CANARY_MEDIA


class Killed(BaseException):
    """Nothing of ours catches this."""


def effect(session: Any, ctx: Any, name: str) -> None:
    beat(session, name, ctx.now(session))


class Steps:
    """Steps that write down what they did. ``during`` happens inside the call."""

    def __init__(self, during: Callable[[], Any] = lambda: None):
        self.during = during
        self.calls = 0

    def prepare(self, session: Any, ctx: Any, job: Claim, runtime: Any) -> Any:
        effect(session, ctx, f"prepared {job.attempt}")
        return f"{job.payload['name']} {job.attempt}"

    def call(self, runtime: Any, prepared: str) -> str:
        self.calls += 1
        self.during()
        return f"answer to {prepared}"

    def record(self, session: Any, ctx: Any, job: Claim, prepared: str, answer: Any) -> Any:
        effect(session, ctx, str(answer))
        return DONE

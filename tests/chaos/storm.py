"""The storm itself: the crowd in its own process, the monkey on its timetable, and what was done when."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ops import launch
from ops.errors import OpsError
from ops.venv import ROOT
from tests.chaos.house import House
from tests.chaos.plan import PASSING, Act, Plan
from tests.chaos.record import set_faults

#: An unanswered attempt keeps others off the phone for 90 seconds; who insists asks just after that.
INSISTS_AFTER = 93.0
#: A crowd that does not get done after the storm is sent home; what it asked for is judged all the same.
LONGEST_OVERTIME = 120.0


class Storm:
    """One storm over a house that stands. ``log`` is what the monkey did, in order."""

    def __init__(self, house: House, plan: Plan, departures: list[dict[str, Any]]):
        self._house = house
        self._plan = plan
        self._scene = {
            "api": house.api_url,
            "sandbox": house.sandbox_url,
            "departures": departures,
            "prompt_seconds": plan.size.prompt,
            "insists_after": min(INSISTS_AFTER, plan.size.storm / 2),
            "stories": plan.as_json()["stories"],
        }
        self._services_back_at: float | None = None
        self._thaws: list[tuple[float, str, Callable[[], str]]] = []
        self.log: list[dict[str, Any]] = []

    def rage(self) -> list[dict[str, Any]]:
        """Play it to its end; the history of the crowd."""
        folder = self._house.folder
        scene, history = folder.path / "scene.json", folder.path / "history.jsonl"
        scene.write_text(json.dumps(self._scene))
        set_faults(self._house, self._plan.faults)
        crowd = launch.start(
            [sys.executable, "-m", "tests.chaos.crowd", scene, history],
            log=folder.logs / "crowd.log",
            cwd=ROOT,
            env=self._house.env,
        )
        try:
            self._act_until_over(crowd)
            went_home = crowd.poll() is None
        finally:
            launch.kill_group(crowd.pid)
            crowd.wait()
        if crowd.returncode and not went_home:
            raise OpsError("The crowd broke, so the run says nothing.", "Mend it.", self._house.log("crowd"))
        return _lines(history)

    def _act_until_over(self, crowd: Any) -> None:
        started = time.monotonic()
        waiting = list(self._plan.acts)
        while waiting or crowd.poll() is None or self._services_back_at is not None or self._thaws:
            elapsed = time.monotonic() - started
            self._thaw(elapsed)
            if elapsed > self._plan.size.storm + LONGEST_OVERTIME:
                self._note(elapsed, "send the crowd home", "", "it did not get done")
                self._thaw(float("inf"))
                return
            if self._services_back_at is not None and elapsed >= self._services_back_at:
                self._services_back_at = None
                for name in self._house.revive_services():
                    self._note(elapsed, "started again", name, "")
            elif waiting and waiting[0].at <= elapsed and self._may(waiting[0]):
                act = waiting.pop(0)
                self._note(elapsed, act.what, act.target, self._do(act, elapsed))
            self._house.look()
            time.sleep(0.05)

    def _may(self, act: Act) -> bool:
        """One service is down at a time, and a flush needs a Redis."""
        if act.what in ("kill", "passing fault"):
            return True
        return self._services_back_at is None and not self._is_frozen("redis")

    def _do(self, act: Act, elapsed: float) -> str:
        if act.what == "kill":
            if self._is_frozen(act.target):
                return "was frozen"
            return self._house.kill(act.target, act.child)
        if act.what == "flush redis":
            self._house.flush_redis()
        elif act.what == "passing fault":
            set_faults(self._house, {act.target: PASSING[act.target]})
        elif act.what == "freeze":
            what, thaw = self._house.freeze(act.target)
            self._thaws.append((elapsed + act.seconds, act.target, thaw))
            return f"{what} for {act.seconds:.1f} s"
        else:
            (self._house.stop_redis if act.what == "stop redis" else self._house.crash_postgres)()
            self._services_back_at = elapsed + act.seconds
            return f"for {act.seconds:.1f} s"
        return ""

    def _is_frozen(self, name: str) -> bool:
        return any(target == name for _, target, _ in self._thaws)

    def _thaw(self, elapsed: float) -> None:
        for one in [one for one in self._thaws if one[0] <= elapsed]:
            self._thaws.remove(one)
            self._note(one[0], "thaw", one[1], one[2]())

    def _note(self, elapsed: float, what: str, target: str, outcome: str) -> None:
        self.log.append({"at": round(elapsed, 1), "what": what, "target": target, "outcome": outcome})


def facts(plan: Plan, log: list[dict[str, Any]], ended_at: str) -> dict[str, Any]:
    """What the record says about the storm."""
    return {"seed": plan.seed, "size": asdict(plan.size), "log": log, "ended_at": ended_at}


def _lines(path: Path) -> list[dict[str, Any]]:
    """The history; its last line may be half, where the crowd was sent home."""
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines]

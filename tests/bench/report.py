"""What was measured, as a table of ratios to read and as JSON to keep."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.load import Round


@dataclass(slots=True)
class Measured:
    """One kind of work: our rounds, those of what it is compared with, and the ratio that is asked for."""

    name: str
    against: str
    bar: float
    ours: list[Round] = field(default_factory=list)
    theirs: list[Round] = field(default_factory=list)
    #: For comparisons without HTTP: answers a second of each round.
    rates: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """Ours over theirs, round by round: what else the machine did at that time hit both."""
        return [ours.rate / theirs for ours, theirs in zip(self.ours, self._their_rates, strict=True)]

    @property
    def is_met(self) -> bool:
        p99_holds = not self.theirs or _median(self.ours, "p99_ms") <= _median(self.theirs, "p99_ms")
        return statistics.median(self.ratios) >= self.bar and p99_holds and not self.errors

    @property
    def errors(self) -> int:
        return sum(one.refused + one.broken for one in (*self.ours, *self.theirs))

    @property
    def _their_rates(self) -> list[float]:
        return self.rates or [one.rate for one in self.theirs]

    def row(self) -> tuple[str, ...]:
        ratio = f"{statistics.median(self.ratios):.2f} × ({min(self.ratios):.2f}–{max(self.ratios):.2f})"
        rate = f"{statistics.median(one.rate for one in self.ours):,.0f} : {statistics.median(self._their_rates):,.0f}"
        p99 = f"{_median(self.ours, 'p99_ms'):.0f}" + (
            f" : {_median(self.theirs, 'p99_ms'):.0f}" if self.theirs else ""
        )
        cost = _cost(self.ours) + (f" : {_cost(self.theirs)}" if self.theirs else "")
        mark = "yes" if self.is_met else "MISSED"
        return self.name, ratio, f"≥ {self.bar:.1f}", mark, rate, p99, cost, str(self.errors)

    def record(self) -> dict[str, Any]:
        return {**asdict(self), "ratios": self.ratios, "is_met": self.is_met}


HEADS = ("work", "ratio (spread)", "bar", "met", "answers/s", "p99 ms", "core ms: own + stores", "errors")


def write(path: Path, conditions: dict[str, Any], measured: Sequence[Measured], extra: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {"conditions": conditions, "work": [one.record() for one in measured], **extra}
    path.write_text(json.dumps(record, indent=1) + "\n")


def _median(rounds: Sequence[Round], name: str) -> float:
    return statistics.median(getattr(one, name) for one in rounds)


def _cost(rounds: Sequence[Round]) -> str:
    return f"{_median(rounds, 'cpu_ms'):.2f} + {_median(rounds, 'cpu_ms_database'):.2f}"

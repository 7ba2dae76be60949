"""The judge: each promise compared with the record of a run, and the rows that break it named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.chaos.record import Record


@dataclass(frozen=True)
class Verdict:
    """What was promised, how many things were compared, and those that break it, each in a few words."""

    promise: str
    compared: int
    offenders: tuple[str, ...]

    @property
    def held(self) -> bool:
        return not self.offenders


Check = Callable[[Record], tuple[int, Iterable[str]]]
CHECKS: dict[str, Check] = {}


def promise(words: str) -> Callable[[Check], Check]:
    """Register a check under the promise that it examines."""

    def register(check: Check) -> Check:
        CHECKS[words] = check
        return check

    return register


def judge(record: Record) -> list[Verdict]:
    """Every promise, in the order in which they are written down."""
    verdicts = []
    for words, check in CHECKS.items():
        compared, offenders = check(record)
        verdicts.append(Verdict(words, compared, tuple(offenders)))
    return verdicts

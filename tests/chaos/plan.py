"""What a run is going to do, drawn from its seed alone: the travellers' stories, their phones' faults, the monkey's acts."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from typing import Any

#: How travellers behave, and how many in a hundred.
BEHAVIOURS = {
    "pays": 62,
    "refuses": 6,
    "mistypes": 6,
    "ignores": 6,
    "gives_up": 6,
    "cancels_later": 5,
    "impatient": 5,
    "never_pays": 4,
}
#: What may go wrong at M-Pesa for somebody who means to pay, each as likely as the others. ``SLOW`` is the run's own.
#: Not among them: another amount, and a query that lies. Only the callback tells of those, and in a storm it may be lost.
SLOW = "slow"
MISFORTUNES: dict[str, dict[str, Any]] = {
    "lost callback": {"drop_callback": True},
    "late callback": {"delay_callback": SLOW},
    "three callbacks": {"duplicate_callback": 3},
    "early callback": {"early_callback": True},
    "hang, then success": {"late_success_hang": SLOW},
    "hang, then a lost success": {"late_success_hang": SLOW, "drop_callback": True},
    "server error": {"push_5xx": True},
    "phone off": {"phone_off": True},
    "silent, then pending": {"drop_callback": True, "query_pending": SLOW},
    "paid twice": {"delay_callback": SLOW, "query_pending": SLOW},
    "unknown code": {"unknown_code": True},
}
#: Those who had this happen ask again once they may.
INSISTENT = ("hang, then a lost success", "paid twice")
#: What is stopped without dying: its work is taken for lost, and then it comes back with an answer.
FREEZABLE = ("worker-money-2", "worker-out", "relay-2", "redis")
#: Not of one phone: they strike whoever comes next, so many times.
PASSING = {"spike_arrest": 3, "expired_token": 1, "mail_throttled": 3, "mail_down": 4, "sms_down": 4}


@dataclass(frozen=True)
class Size:
    """How large a run is. Times in seconds; ``slow`` is how long slow answers take, ``prompt`` how long a prompt lives."""

    payments: int
    storm: float
    kills: int
    flushes: int
    slow: float
    prompt: float
    passing: int
    freezes: int = 0
    is_small: bool = False
    stops_redis: bool = True
    restarts_postgres: bool = True

    @property
    def departures(self) -> int:
        """So few that the favourites run out of seats."""
        return max(5, self.payments // 4)


@dataclass(frozen=True)
class Story:
    """One traveller. ``wishes`` are departures by number, the dearest first; ``at`` is seconds after the start."""

    number: int
    at: float
    behaviour: str
    misfortune: str
    phone: str
    guests: int
    wishes: tuple[int, ...]
    waits: bool

    @property
    def email(self) -> str:
        return f"storm{self.number}@example.com"


@dataclass(frozen=True)
class Act:
    """One thing that the monkey does. ``target`` is a program; ``child`` chooses among its processes, None its leader."""

    at: float
    what: str
    target: str = ""
    child: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Plan:
    """A whole run."""

    seed: int
    size: Size
    stories: tuple[Story, ...]
    acts: tuple[Act, ...]
    faults: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def draw(seed: int, size: Size, programs: tuple[str, ...]) -> Plan:
    """The plan of a seed; the same seed, size and programs give the same plan."""
    dice = random.Random(seed)
    stories = tuple(_stories(dice, size))
    return Plan(seed, size, stories, tuple(_acts(dice, size, programs)), _faults(stories, size))


def _stories(dice: random.Random, size: Size) -> list[Story]:
    told = []
    behaviours = [name for name, share in BEHAVIOURS.items() for _ in range(share)]
    misfortunes = list(MISFORTUNES)
    dice.shuffle(misfortunes)
    for number in range(size.payments):
        behaviour = dice.choice(behaviours)
        misfortune = ""
        if behaviour == "pays" and dice.random() < 0.5:
            misfortune = misfortunes[number % len(misfortunes)]
        latest = _latest(size, misfortune)
        told.append(
            Story(
                number=number,
                at=round(dice.uniform(0, latest), 2),
                behaviour=behaviour,
                misfortune=misfortune,
                phone=f"+2547{20_000_000 + number:08d}",
                guests=dice.choice((1, 2, 2, 3)),
                wishes=tuple(_wishes(dice, size.departures)),
                waits=dice.random() < 0.3,
            )
        )
    return sorted(told, key=lambda story: story.at)


def _latest(size: Size, misfortune: str) -> float:
    """The last moment to begin, so that what is slow about a story is over with the storm."""
    latest = size.storm * 0.85
    if SLOW in MISFORTUNES.get(misfortune, {}).values():
        latest = min(latest, size.storm - size.slow - 30)
    if misfortune in INSISTENT:
        # They wait about as long as a slow answer before they ask again.
        latest -= size.slow + 30
    return max(latest, size.storm * 0.03)


def _wishes(dice: random.Random, departures: int) -> list[int]:
    """Four departures; the first ones are everybody's favourites."""
    wished: list[int] = []
    while len(wished) < min(4, departures):
        one = min(int(dice.expovariate(1 / (departures * 0.4))), departures - 1)
        if one not in wished:
            wished.append(one)
    return wished


def _acts(dice: random.Random, size: Size, programs: tuple[str, ...]) -> list[Act]:
    """Kills go round all programs in shuffled order, so that each dies about as often as the others."""
    acts, bag = [], []
    for number in range(size.kills):
        if not bag:
            bag = dice.sample(programs, len(programs))
        at = size.storm * (0.05 + 0.9 * (number + dice.random()) / size.kills)
        child = dice.random() if dice.random() < 0.5 else None
        acts.append(Act(at, "kill", bag.pop(), child))
    for number in range(size.flushes):
        acts.append(Act(size.storm * (0.1 + 0.8 * (number + dice.random()) / size.flushes), "flush redis"))
    if size.stops_redis:
        acts.append(Act(size.storm * dice.uniform(0.25, 0.4), "stop redis", seconds=dice.uniform(6, 12)))
    if size.restarts_postgres:
        acts.append(Act(size.storm * dice.uniform(0.5, 0.7), "restart postgresql", seconds=dice.uniform(1, 4)))
    for number in range(size.freezes):
        target = FREEZABLE[number % len(FREEZABLE)]
        # Longer than the longest lease, if the storm is long enough; a frozen Redis stops everybody.
        seconds = dice.uniform(8, 14) if target == "redis" else min(dice.uniform(40, 140), size.storm * 0.5)
        acts.append(Act(size.storm * dice.uniform(0.05, 0.4), "freeze", target, seconds=seconds))
    for _ in range(size.passing):
        acts.append(Act(size.storm * dice.uniform(0.05, 0.9), "passing fault", dice.choice(list(PASSING))))
    return sorted(acts, key=lambda act: act.at)


def _faults(stories: tuple[Story, ...], size: Size) -> dict[str, Any]:
    """The sandbox's switches: each fault with the phones that it strikes."""
    faults: dict[str, Any] = {}
    for story in stories:
        for name, value in MISFORTUNES.get(story.misfortune, {}).items():
            fault = faults.setdefault(name, {"phone": [], "value": size.slow if value == SLOW else value})
            fault["phone"].append(story.phone.lstrip("+"))
    return faults

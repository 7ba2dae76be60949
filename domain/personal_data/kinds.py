"""How it is said of a table whom it concerns: the words of the registry, and the reasons that it may give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Special(StrEnum):
    """What a column becomes that cannot be the same for everybody."""

    #: The row's own id, as text: unique like what it replaces.
    ROW_ID = "row_id"
    #: The same without the subscriber's number in it (services/personal_data/erasing.py).
    WITHOUT_SUBSCRIBER = "without_subscriber"


#: Ways from a row to the person it concerns: columns, each of which leads to the next table, the last to a user.
Way = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A table as one person has to do with its rows; ``name`` is what their copy calls it.

    ``shows`` are the columns of the copy, of those rows where ``only`` holds. ``erases`` says what becomes of a column
    of all rows; a side that ``deletes`` loses them.
    """

    name: str
    ways: tuple[Way, ...]
    shows: tuple[str, ...]
    erases: Mapping[str, Any] = field(default_factory=dict)
    deletes: bool = False
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Personal:
    """A table that concerns people. ``keeps`` and ``withholds`` give a reason for the columns that outlive the account, and
    for those that nobody gets a copy of."""

    sides: tuple[Side, ...]
    keeps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    withholds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Why something outlives the account.
ACCOUNTING = (
    "accounts and tax: Tax Procedures Act 2015 s. 23 (five years), Companies Act 2015 s. 630 (seven); "
    "Data Protection Act 2019 s. 39 and 40(3), GDPR Art. 17(3)(b)"
)
PROOF = "proof of what was agreed and done, for claims: Data Protection Act 2019 s. 40(3), GDPR Art. 17(3)(e)"
SHELL = "says nothing about a person once the row of users is erased, and other rows hang on it"
FILES = "leads to files until a job has deleted them, and goes with them"
#: Why nobody gets a copy.
SECRET = "proves something to us: a copy of it would be a key"  # noqa: S105 - a reason
INNER = "how we do the work, about nobody"
OTHERS = "another person's, or ours"

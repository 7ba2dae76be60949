"""Applications of people who want to guide: one table says what each verb does in each state; and what may be sent."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from enum import StrEnum

from domain.errors import Conflict


class ApplicationState(StrEnum):
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    #: The applicant has been asked for something.
    MORE_INFO = "more_info"
    APPROVED = "approved"
    REJECTED = "rejected"


class ApplicationVerb(StrEnum):
    #: A reviewer says that somebody is at it.
    START = "start"
    ASK = "more_info"
    #: The applicant sends what was asked for.
    ANSWER = "answer"
    APPROVE = "approve"
    REJECT = "reject"


class Milestone(StrEnum):
    """What its history tells besides the verbs: it leaves the state as it is."""

    SUBMIT = "submit"
    #: The applicant followed the link of the first mail.
    CONFIRM = "confirm"
    #: The invited person became a guide.
    ACCEPT = "accept"


class Part(StrEnum):
    """What a file of an application is."""

    RESUME = "resume"
    VIDEO = "video"
    DOCUMENT = "document"


_S, _V = ApplicationState, ApplicationVerb
_UNDECIDED = frozenset({_S.SUBMITTED, _S.IN_REVIEW, _S.MORE_INFO})

#: verb → (states it leaves, state it reaches). A pair that is not here is refused.
TRANSITIONS: dict[ApplicationVerb, tuple[frozenset[ApplicationState], ApplicationState]] = {
    _V.START: (frozenset({_S.SUBMITTED}), _S.IN_REVIEW),
    _V.ASK: (frozenset({_S.SUBMITTED, _S.IN_REVIEW}), _S.MORE_INFO),
    _V.ANSWER: (frozenset({_S.MORE_INFO}), _S.IN_REVIEW),
    _V.APPROVE: (_UNDECIDED, _S.APPROVED),
    _V.REJECT: (_UNDECIDED, _S.REJECTED),
}

#: Verbs that do nothing where their state already holds. An answer brings something that would be lost, so it is refused there.
REPEATABLE = frozenset({_V.START, _V.ASK, _V.APPROVE, _V.REJECT})

REFUSALS = {
    _V.START: "application_not_startable",
    _V.ASK: "application_not_askable",
    _V.ANSWER: "application_not_answerable",
    _V.APPROVE: "application_not_approvable",
    _V.REJECT: "application_not_rejectable",
}

_NOTHING_ASKED = "Nothing is asked of you now. "
_SAID = {
    _S.SUBMITTED: "submitted",
    _S.IN_REVIEW: "in review",
    _S.MORE_INFO: "waiting for its applicant",
    _S.APPROVED: "approved",
    _S.REJECTED: "rejected",
}

#: Reviewers' verbs, and those of them that say why to the applicant.
REVIEWS = (_V.START, _V.ASK, _V.APPROVE, _V.REJECT)
EXPLAINED = frozenset({_V.ASK, _V.REJECT})
#: Somebody still has to decide.
UNDECIDED = _UNDECIDED
#: What ends by itself where nobody comes back to it; the others wait for us.
RESTING = frozenset({_S.MORE_INFO, _S.APPROVED, _S.REJECTED})

#: Who has not followed the link of the first mail by then has not applied, and all that came is deleted.
CONFIRM_WITHIN = timedelta(hours=24)
#: What rests for so long is erased, unless its applicant has become a guide: long enough to ask why, or to answer.
KEPT_RESTING = timedelta(days=180)

LONGEST_NAME = 100
LONGEST_EXPERIENCE = 20
LONGEST_SOCIAL = 200
LONGEST_ADDRESSES = 500
LONGEST_REASON = 1_000
LONGEST_LICENCE = 50
MOST_DOCUMENTS = 5
MOST_YEARS = 80

#: Names that stand for something else below ``/api/guides``.
_RESERVED = frozenset({"me", "apply", "applications"})
_LONGEST_SLUG = 60


def next_state(state: ApplicationState, verb: ApplicationVerb) -> ApplicationState | None:
    """The state that ``verb`` leads to, or None where it already holds.

    Raises :class:`Conflict` with the verb's own code where the table has no such pair.
    """
    sources, target = TRANSITIONS[verb]
    if state in sources:
        return target
    if state is target and verb in REPEATABLE:
        return None
    raise Conflict(
        REFUSALS[verb],
        f"{_NOTHING_ASKED if verb is _V.ANSWER else ''}The application is {_SAID[state]}.",
        extra={"application_status": state.value},
    )


def slug_of(name: str) -> str:
    """How a person's name stands in an address: ``Amina Wanjikũ`` → ``amina-wanjiku``; ``guide`` where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")
    if not slug:
        return "guide"
    return f"{slug}-guide" if slug in _RESERVED else slug


def years_in(experience: str) -> int:
    """The years that somebody means who writes ``10+`` or ``about 3 years``: the first number, within a life."""
    found = re.search(r"[0-9]{1,4}", experience)
    return min(int(found[0]), MOST_YEARS) if found else 0

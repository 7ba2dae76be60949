"""What our rules can refuse: four kinds, each with a stable code that clients may test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class DomainError(Exception):
    """A refusal with a stable ``code`` and a sentence for people.

    ``errors`` maps field names to messages; ``extra`` is added to the answer (ids a client needs to go on);
    ``retry_after`` is in seconds.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        extra: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ):
        super().__init__(message)
        self.code = code
        self.message = message
        self.errors = {name: list(messages) for name, messages in (errors or {}).items()}
        self.extra = dict(extra or {})
        self.retry_after = retry_after


class NotFound(DomainError):
    """There is no such thing, or it is somebody else's."""


class Unauthenticated(DomainError):
    """Nobody, or nobody we still know, is asking."""


class Forbidden(DomainError):
    """This actor may not do this."""


class Conflict(DomainError):
    """The state of things does not allow it now."""


class RuleViolation(DomainError):
    """The request breaks a rule, whatever the state of things."""


class TooMany(DomainError):
    """A limit is used up; ``retry_after`` says when to come back."""


class Busy(DomainError):
    """We cannot answer now; ``retry_after`` says when to come back."""


def field_error(field: str, message: str, code: str = "invalid_field") -> RuleViolation:
    """A refusal of one named field."""
    return RuleViolation(code, f"{field}: {message}", errors={field: [message]})

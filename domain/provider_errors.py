"""The five ways in which a provider call can end badly, named by what to do next."""

from __future__ import annotations


class ProviderError(Exception):
    """A provider call did not succeed.

    ``code`` is the provider's own code where it gave one, else a short word of ours; it is stored and must hold no secret.
    """

    def __init__(self, message: str, *, code: str = "", retry_after: float | None = None):
        super().__init__(message)
        self.code = code
        #: Seconds the provider asked us to wait, where it said so.
        self.retry_after = retry_after


class Unavailable(ProviderError):
    """The call had no effect (never connected, or the provider said it did nothing): make it again with backoff."""


class Throttled(ProviderError):
    """The provider is limiting us and did nothing: make the call again later."""


class Rejected(ProviderError):
    """The provider understood and refused: final, calling again changes nothing."""


class Duplicate(ProviderError):
    """An earlier call with the same key was accepted: go on as if this one had been, and learn its outcome."""


class OutcomeUnknown(ProviderError):
    """The call may or may not have had its effect (timeout, garbled answer): money is never sent again without a key."""

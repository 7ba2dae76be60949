"""Telling an observer how each provider call ended, without knowing who listens."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from domain.provider_errors import ProviderError

#: Provider, operation, outcome (``ok`` or the name of the error, such as ``outcome_unknown``) and seconds.
Observer = Callable[[str, str, str, float], None]


def nobody(provider: str, operation: str, outcome: str, seconds: float) -> None:
    """The observer of a client that nobody watches."""


@contextmanager
def observed(observer: Observer, provider: str, operation: str) -> Iterator[None]:
    """Tell how the block ended. A fault of ours (any other exception) is no outcome of a call and is not told."""
    started = time.perf_counter()
    try:
        yield
    except ProviderError as error:
        observer(provider, operation, _name(error), time.perf_counter() - started)
        raise
    observer(provider, operation, "ok", time.perf_counter() - started)


def _name(error: ProviderError) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()

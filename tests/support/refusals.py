"""Refusals as tests see them: the right kind, the right code, and not a single row written or removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from domain.errors import DomainError
from models.session import Database
from tests.support.database import row_counts


@contextmanager
def unchanged(db: Database) -> Iterator[None]:
    """Fails where the block leaves any table with more or fewer rows than before."""
    before = row_counts(db.engine)
    yield
    after = row_counts(db.engine)
    assert after == before, {name: (before[name], after[name]) for name in before if before[name] != after[name]}


@contextmanager
def refused(
    db: Database, code: str, kind: type[DomainError] = DomainError
) -> Iterator[pytest.ExceptionInfo[DomainError]]:
    """Expects a refusal with ``code`` that changes nothing."""
    with unchanged(db), pytest.raises(kind) as caught:
        yield caught
    assert caught.value.code == code

"""What the tests of the edge share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from models.session import Database
from tests.support.database import row_counts

Untouched = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def untouched(db: Database) -> Untouched:
    """``with untouched():`` fails where the block leaves any row behind, or takes one away."""

    @contextmanager
    def compare() -> Iterator[None]:
        before = row_counts(db.engine)
        yield
        assert row_counts(db.engine) == before

    return compare

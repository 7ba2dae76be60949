"""Many hands at the same moment, and what became of each of them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import text

from domain.errors import DomainError
from models.session import Database


def at_once(actions: list[Callable[[], Any]]) -> Counter[str]:
    """Run all actions at the same moment; how often each outcome came (``won``, or the code or type of the error)."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], Any]) -> str:
        barrier.wait()
        try:
            action()
        except DomainError as refusal:
            return refusal.code
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return "won"

    with ThreadPoolExecutor(len(actions)) as threads:
        return Counter(threads.map(run, actions))


def deadlocks(db: Database) -> int:
    """How many the database has met so far."""
    with db.reading() as session:
        return session.scalar(text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))

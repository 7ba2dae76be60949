"""The only way to the database: a transaction that commits once, at the edge, and rings the doorbell afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from models.patience import CONNECT_SECONDS, PROMPT_SERVER_SECONDS, Patience
from models.prepared import HotReads

#: Set in ``session.info`` by whoever adds a job that is due now.
JOBS_ADDED = "jobs_added"

#: What every connection's name begins with.
PRODUCT = "elite-events"
LOCK_TIMEOUT_MS = 3_000
STATEMENT_TIMEOUT_MS = 15_000
_LIMITS = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
_OPTIONS = f"{_LIMITS} -c statement_timeout={STATEMENT_TIMEOUT_MS}"
#: A core for one question, and the next one on its way (measured: docs/adr/0014).
HOT_CONNECTIONS = 2
#: A quick question gains nothing by helpers, and branches that are to be read in turn would be read at once; planning one
#: anew for its values costs more than they could save.
_ALONE = "-c max_parallel_workers_per_gather=0 -c plan_cache_mode=force_generic_plan"
_HOT_OPTIONS = f"{_LIMITS} {_ALONE} -c statement_timeout={PROMPT_SERVER_SECONDS}s"


class Database:
    """An engine with our time limits, and the ways of using it: transactions, sessions that only read, and ``hot``, which
    answers what is asked all the time. ``on_jobs_added`` runs after a commit that added jobs.


    ``name`` is what ``pg_stat_activity`` shows of its connections.
    """

    def __init__(
        self, url: str, *, pool_size: int, name: str = PRODUCT, on_jobs_added: Callable[[], None] = lambda: None
    ):
        self.url = url
        self.name = name
        self.on_jobs_added = on_jobs_added
        patience = Patience()
        self.engine = new_engine(url, pool_size=pool_size, name=name, patience=patience)
        self.hot = HotReads(
            url,
            connections=min(pool_size, HOT_CONNECTIONS),
            name=name,
            options=_HOT_OPTIONS,
            patience=patience,
        )
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: commits when the block ends, rolls back when it raises."""
        with self._sessions() as session:
            with session.begin():
                yield session
            if session.info.get(JOBS_ADDED):
                self.on_jobs_added()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for questions: nothing is committed."""
        with self._sessions() as session:
            yield session

    def dispose(self) -> None:
        self.engine.dispose()
        self.hot.dispose()


def new_engine(url: str, *, pool_size: int, name: str, patience: Patience) -> Engine:
    """An engine whose connections give up on locks after 3 s and on statements after 15 s, and on a server that does not
    even do that (:mod:`models.patience`)."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        pool_recycle=1800,
        # Errors are logged, and parameters hold phone numbers and tokens.
        hide_parameters=True,
        connect_args={
            "options": _OPTIONS,
            "connect_timeout": CONNECT_SECONDS,
            "application_name": name,
            "connection_factory": patience.connect,
        },
    )

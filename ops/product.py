"""The database of the product that an operator's command acts on: the running ``up``'s, or DATABASE_URL's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from composition import clock_from, database_from, policy_from
from models.clock import Clock
from models.session import Database
from ops import environment
from ops.doctor.patient import admit
from ops.errors import OpsError
from services.context import Context
from settings import Settings


@dataclass(frozen=True)
class Product:
    """What a command needs to act by itself; ``ctx`` names the command in the audit log and in jobs."""

    settings: Settings
    database: Database
    clock: Clock
    ctx: Context


@contextmanager
def opened(environ: Mapping[str, str], command: str) -> Iterator[Product]:
    """The product that ``environ`` describes; raises OpsError where no database is known or it does not answer."""
    env = admit(environ).env
    if not env.get("DATABASE_URL"):
        raise OpsError("No ./elite up is running here, and DATABASE_URL is not set.", "Start it, or set DATABASE_URL.")
    settings = environment.settings_from({"REDIS_URL": "redis://unused", **env})
    database, clock = database_from(settings, pool_size=1), clock_from(settings)
    ctx = Context(policy=policy_from(settings), clock=clock, request_id=command)
    try:
        yield Product(settings, database, clock, ctx)
    except SQLAlchemyError as error:
        raise OpsError(
            f"The database did not answer ({type(error).__name__}).", "./elite doctor tells more."
        ) from error
    finally:
        database.dispose()

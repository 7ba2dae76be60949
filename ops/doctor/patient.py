"""Who is examined: the product that this environment describes, running on this machine or somewhere else."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from composition import clock_from, database_from
from models.clock import Clock
from models.session import Database
from ops import environment, services, state
from ops.doctor.findings import Finding, Level, broken, good, look
from ops.errors import OpsError
from ops.venv import ROOT
from settings import InvalidSettings, Settings

#: Checks run side by side, and each of those that ask the database needs a connection.
POOL_SIZE = 4


@dataclass
class Patient:
    """The environment, its settings, and what was found out on the way to the first question.

    ``is_running``: an ``./elite up`` of this state folder is. ``findings``: what the entrance examination said.
    """

    env: Mapping[str, str]
    folder: state.State
    is_running: bool
    settings: Settings | None = None
    database: Database | None = None
    clock: Clock | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_production(self) -> bool:
        return (self.env.get("APP_ENV") or self.env.get("NODE_ENV")) == "production"

    @property
    def api(self) -> str:
        return self.settings.api_url if self.settings else self.env.get("API_URL", "")

    def log_of(self, process: str) -> str:
        """Where to read on about a process: its log on this machine, or its name where it logs elsewhere."""
        log = self.folder.logs / f"{process}.log"
        return f"Its log: {log}" if self.is_running and log.exists() else f"Read the log of {process}."

    def without_a_new_one(self, cure: str) -> str:
        """A cure for a server that is in use: starting another, empty one is none."""
        is_in_use = self.is_production or self.is_running
        return re.sub(r",? or leave it empty and .* is started for you", "", cure) if is_in_use else cure

    def close(self) -> None:
        if self.database:
            self.database.dispose()


def admit(environ: Mapping[str, str]) -> Patient:
    """Find out whom to examine. On a developer's machine that is the running ``up``, whatever ports it was given."""
    given = environment.read(ROOT, environ)
    folder = state.durable(given)
    is_running = folder.is_locked()
    if (given.get("APP_ENV") or given.get("NODE_ENV")) == "production":
        return Patient(given, folder, is_running)
    # What this shell says is not what the running one was told.
    theirs = folder.environment if is_running else {}
    env = {**given, **theirs} if theirs else environment.development(given)
    return Patient(env, folder, is_running)


def examine_entrance(patient: Patient) -> None:
    """Settings, database and its schema: without them the rest cannot be asked."""
    needed = {"DATABASE_URL": "postgresql://nowhere", "REDIS_URL": "redis://nowhere"}
    has_services = all(patient.env.get(name) for name in needed)
    try:
        patient.settings = Settings.from_env(patient.env if patient.is_production else {**needed, **patient.env})
        patient.findings.append(good("Settings", f"complete, for {patient.settings.app_env}"))
    except InvalidSettings as error:
        cure = "Correct them in the environment or in .env; .env.example explains each. Every process refuses to start."
        patient.findings.append(broken("Settings", f"{len(error.faults)} need attention", cure, *error.faults))
    if not has_services:
        patient.findings.append(
            broken(
                "Services",
                "nothing is running here, and DATABASE_URL and REDIS_URL are not set",
                "Start it: ./elite up (or set ELITE_STATE to that of the one you mean).",
            )
        )
        return
    patient.findings += _database(patient)


def _database(patient: Patient) -> list[Finding]:
    url = patient.env["DATABASE_URL"]
    try:
        version = services.check_database(url)
    except OpsError as error:
        return [broken("Database", error.message, patient.without_a_new_one(error.cure), *error.details)]
    found = [good("Database", f"PostgreSQL {version} answers")]
    if patient.settings is None:
        return found
    patient.database = database_from(patient.settings, pool_size=POOL_SIZE)
    patient.clock = clock_from(patient.settings)
    try:
        finding = _schema(patient.database)
    except SQLAlchemyError as error:
        finding = broken("Schema", f"cannot be read ({type(error).__name__})", "Look at the database's own log.")
    if finding.level is Level.BROKEN:
        # Questions to a schema that lacks something would only fail one by one.
        patient.close()
        patient.database = None
    return [*found, finding]


def _schema(database: Database) -> Finding:
    logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)
    script = ScriptDirectory.from_config(Config(str(Path(ROOT) / "alembic.ini")))
    newest = script.get_current_head()
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == newest:
        return good("Schema", f"at the newest migration, {newest}")
    if current is None:
        return broken("Schema", "the database is empty", "Run ./elite migrate.")
    if current not in {revision.revision for revision in script.walk_revisions()}:
        return look(
            "Schema",
            f"the database is at {current}, which this release does not know: a newer one has migrated it",
            "After a rollback that is as it should be. Otherwise run the newer release here too.",
        )
    waiting = [r.revision for r in script.iterate_revisions(newest, current)]
    return broken(
        "Schema", f"at {current}, {len(waiting)} behind", "Run ./elite migrate.", *(f"missing: {r}" for r in waiting)
    )

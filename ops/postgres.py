"""Our own launcher of PostgreSQL: the wheels' changes folders and users of the machine, and Debian's wants a cluster."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from ops import launch
from ops.errors import OpsError
from ops.server import Server

SUPERUSER = "elite"
# A socket's path may have 107 bytes; the name of the socket itself takes about 15 of them.
_LONGEST_SOCKET_FOLDER = 90
_SMALL_MACHINE = {
    "max_connections": "100",
    "shared_buffers": "48MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
    # Rows and statements hold people's addresses and phones; what failed is in our own logs, without them.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# Promises of durability that throw-away data does not need.
_FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum_naptime": "10s"}


class Postgres(Server):
    """A PostgreSQL on 127.0.0.1 with trust for whoever reaches it: for developers and tests, never for production."""

    process_names = ("postgres",)
    how_to_stop = signal.SIGINT

    def prepare(self) -> None:
        """Initialise the data folder the first time and clear away the trace of a killed server."""
        data = self.working_folder()
        if not data.exists():
            self._initialise(data)
        # Nobody lives in the folder any more (see start), yet a recycled process id would make the server refuse it.
        (data / "postmaster.pid").unlink(missing_ok=True)

    def working_folder(self) -> Path:
        return self.folder / "data"

    def command(self) -> list[Any]:
        has_socket = len(str(self.folder)) <= _LONGEST_SOCKET_FOLDER
        values = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder) if has_socket else "",
            **_SMALL_MACHINE,
            **({} if self.is_durable else _FORGETFUL),
        }
        flags = [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
        return [self.binary.path, "-D", self.working_folder(), *flags]

    def is_ready(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """The address of ``database`` on this server."""
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def ensure_database(self, name: str) -> str:
        """Create the database ``name`` unless it exists; returns its address."""
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
                if not cursor.fetchone():
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        finally:
            connection.close()
        return self.url(name)

    def _initialise(self, data: Path) -> None:
        # Renamed only when complete, so that an interrupted first start leaves nothing that looks like a database.
        fresh = data.with_name("data.new")
        shutil.rmtree(fresh, ignore_errors=True)
        # --no-locale would leave lower() and ILIKE to ASCII; the builtin C.UTF-8 exists from 17 on.
        locale = ["--locale=C.UTF-8"]
        if self.binary.major >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command = [
            self.binary.path.with_name("initdb"),
            "-D",
            fresh,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            *locale,
        ]
        command += ["--no-instructions"] + ([] if self.is_durable else ["--no-sync"])
        with self.log.open("ab") as output:
            answer = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment(),
                check=False,
                **self.account.popen,
            )
        if answer.returncode:
            raise OpsError(
                f"{self.binary.label} could not create its data folder {data}.",
                f"Its log is {self.log}; --services embedded (or system) tries another one.",
                launch.tail(self.log, 6),
            )
        fresh.rename(data)

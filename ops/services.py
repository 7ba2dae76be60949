"""PostgreSQL and Redis for ``up``, ``test`` and ``migrate``: given by address, else started from what can be found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import redis

from ops import binaries
from ops.account import service_account
from ops.errors import OpsError
from ops.postgres import Postgres
from ops.redis_server import RedisServer
from ops.server import Server
from ops.state import State
from ops.terminal import Terminal

CHOICES = ("auto", "system", "embedded")


@dataclass
class Services:
    """The two addresses in use and the servers that are ours to stop."""

    database_url: str = ""
    redis_url: str = ""
    servers: list[Server] = field(default_factory=list)

    def revive(self) -> list[str]:
        """Start servers again that have died; returns their names."""
        return [server.binary.label for server in self.servers if server.revive()]

    def stop(self) -> None:
        """Stop what was started, the database last."""
        for server in reversed(self.servers):
            server.stop()
        self.servers.clear()


def chosen(option: str | None, environ: Mapping[str, str]) -> str:
    """The choice of the command line, else of ELITE_SERVICES, else auto."""
    choice = option or environ.get("ELITE_SERVICES") or "auto"
    if choice not in CHOICES:
        raise OpsError(f"ELITE_SERVICES is '{choice}'.", f"Use one of {', '.join(CHOICES)}.")
    return choice


def start(
    services: Services, state: State, choice: str, environ: Mapping[str, str], terminal: Terminal, *, is_durable: bool
) -> None:
    """Fill ``services`` with both: addresses given in ``environ`` under ``auto``, servers of ours otherwise."""
    start_database(services, state, choice, environ, terminal, is_durable=is_durable)
    start_redis(services, state, choice, environ, terminal, is_durable=is_durable)


def start_database(
    services: Services, state: State, choice: str, environ: Mapping[str, str], terminal: Terminal, *, is_durable: bool
) -> None:
    """Fill in the database; what starts is entered before it is up, so that its owner can stop it if it fails."""
    with terminal.step("PostgreSQL") as step:
        if choice == "auto" and environ.get("DATABASE_URL"):
            services.database_url = environ["DATABASE_URL"]
            step.title = f"PostgreSQL at {_host(services.database_url)}"
            step.title = f"PostgreSQL {check_database(services.database_url)} at {_host(services.database_url)}"
            return
        binary = binaries.find_postgres(choice, service_account(), state.dist)
        step.title = binary.label
        server = Postgres(binary, state.path / binary.folder_name, state.logs / "postgres.log", is_durable=is_durable)
        services.servers.append(server)
        server.start()
        services.database_url = server.ensure_database("elite_events" if is_durable else "elite_events_test")


def start_redis(
    services: Services, state: State, choice: str, environ: Mapping[str, str], terminal: Terminal, *, is_durable: bool
) -> None:
    """Fill in Redis, likewise."""
    with terminal.step("Redis") as step:
        if choice == "auto" and environ.get("REDIS_URL"):
            services.redis_url = environ["REDIS_URL"]
            step.title = f"Redis at {_host(services.redis_url)}"
            step.title = f"{check_redis(services.redis_url)} at {_host(services.redis_url)}"
            return
        binary = binaries.find_redis(choice, service_account(), state.dist)
        step.title = binary.label
        server = RedisServer(binary, state.path / binary.folder_name, state.logs / "redis.log", is_durable=is_durable)
        services.servers.append(server)
        server.start()
        services.redis_url = server.url()


def check_database(url: str) -> str:
    """The version of the database at ``url``; raises OpsError where it refuses us or lacks what the product needs."""
    try:
        connection = psycopg2.connect(_plain(url), connect_timeout=5)
    except psycopg2.Error as error:
        raise _refusal(url, str(error)) from error
    try:
        with connection.cursor() as cursor:
            version = _checked_version(connection, url)
            cursor.execute("SELECT name, installed_version FROM pg_available_extensions")
            extensions = dict(cursor.fetchall())
            missing = [name for name in binaries.EXTENSIONS if name not in extensions]
            cursor.execute("SELECT has_database_privilege(current_database(), 'CREATE')")
            may_create = cursor.fetchone()[0]
    finally:
        connection.close()
    if missing:
        raise OpsError(
            f"The database at {_shown(url)} lacks the extension{'s' * (len(missing) > 1)} {', '.join(missing)}.",
            "Install PostgreSQL's contrib package on that server (Debian: postgresql-contrib).",
        )
    uninstalled = [name for name in binaries.EXTENSIONS if not extensions[name]]
    if uninstalled and not may_create:
        raise OpsError(
            f"The user of DATABASE_URL may not create the extensions {', '.join(uninstalled)} in {_shown(url)}.",
            "Let the database's owner run: "
            + "; ".join(f"CREATE EXTENSION {name}" for name in uninstalled)
            + "; GRANT CREATE ON DATABASE … TO that user.",
        )
    return version


def check_redis(url: str) -> str:
    """Product and version of the Redis at ``url``; raises OpsError where it refuses us or is too old."""
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5)
        told = client.info("server")
        client.close()
    except redis.TimeoutError as error:
        raise OpsError(
            f"The Redis at {_shown(url)} takes connections and does not answer.",
            "It hangs: look at its log and its memory, and restart it; it holds nothing that cannot be offered again.",
        ) from error
    except (redis.RedisError, ValueError) as error:
        raise OpsError(
            f"The Redis at {_shown(url)} does not answer: {_first_line(str(error))}.",
            "Correct REDIS_URL, or leave it empty and one is started for you.",
        ) from error
    version = told["redis_version"]
    if int(version.split(".")[0]) < binaries.OLDEST_REDIS:
        raise OpsError(
            f"The Redis at {_shown(url)} is version {version}.",
            f"Redis {binaries.OLDEST_REDIS} or newer is needed; leave REDIS_URL empty and one is started for you.",
        )
    return f"Valkey {told['valkey_version']}" if "valkey_version" in told else f"Redis {version}"


def _checked_version(connection, url: str) -> str:
    if connection.server_version < binaries.OLDEST_POSTGRES * 10_000:
        raise OpsError(
            f"The database at {_shown(url)} is PostgreSQL {connection.info.parameter_status('server_version')}.",
            f"PostgreSQL {binaries.OLDEST_POSTGRES} or newer is needed; leave DATABASE_URL empty and one is started for you.",
        )
    return connection.info.parameter_status("server_version").split(" ")[0]


def _refusal(url: str, text: str) -> OpsError:
    shown = _shown(url)
    otherwise = "or leave it empty and a database is started for you."
    if "password authentication failed" in text or "no password supplied" in text:
        return OpsError(
            f"The database at {shown} refuses this user and password.", f"Correct DATABASE_URL, {otherwise}"
        )
    if match := re.search(r'(database|role) "([^"]+)" does not exist', text):
        maker = {"database": "createdb", "role": "createuser"}[match[1]]
        return OpsError(
            f"The server at {shown} has no {match[1]} '{match[2]}'.",
            f"Create it ({maker} {match[2]}), correct DATABASE_URL, {otherwise}",
        )
    if "too many clients" in text or "remaining connection slots" in text:
        return OpsError(
            f"The server at {shown} has no connection left.",
            "Ask it as its superuser who holds them: SELECT application_name, state, count(*) FROM pg_stat_activity "
            "GROUP BY 1, 2 ORDER BY 3 DESC; stop what should not run, or raise max_connections.",
        )
    if "timeout" in text:
        return OpsError(
            f"The server at {shown} takes connections and does not answer.",
            "It hangs: look at its log, its disk and its load, and restart it if nothing moves. Nothing committed is lost.",
        )
    if "Connection refused" in text or "No such file" in text:
        return OpsError(f"Nobody answers at {shown}.", f"Start that PostgreSQL, correct DATABASE_URL, {otherwise}")
    if "translate host name" in text:
        return OpsError(f"The host of {shown} is unknown.", f"Correct DATABASE_URL, {otherwise}")
    return OpsError(f"The database at {shown} refuses: {_first_line(text)}.", f"Correct DATABASE_URL, {otherwise}")


def _plain(url: str) -> str:
    """The spelling libpq knows: SQLAlchemy's driver names are not part of it."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)


def _shown(url: str) -> str:
    """The address without its password."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        user = f"{parts.username}@" if parts.username else ""
        return urlunsplit((parts.scheme, user + host, parts.path, "", ""))
    except ValueError:
        return "DATABASE_URL"


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2] or "its socket"


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0].rstrip(".") if text.strip() else "no reason given"

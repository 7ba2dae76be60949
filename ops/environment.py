"""The one environment that every process of ``up`` shares: the caller's, then .env, then addresses that fit the ports."""

from __future__ import annotations

import dataclasses
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
from dotenv import dotenv_values

from ops.errors import OpsError
from ops.launch import free_port
from ops.venv import VENV
from settings import InvalidSettings, Settings

#: Of a developer's machine; production refuses it.
FLOWER_LOGIN = "operator:development"
#: Of what runs beside the product on a developer's machine.
_PORTS = {"SANDBOX_PORT": 5050, "FLOWER_PORT": 5555, "STORAGE_PORT": 5070}
_CREDENTIALS = (
    "MPESA_CONSUMER_KEY",
    "MPESA_CONSUMER_SECRET",
    "MPESA_SHORTCODE",
    "MPESA_PASSKEY",
    "MPESA_TILL",
    "SENDGRID_API_KEY",
    "AT_USERNAME",
    "AT_API_KEY",
    "AT_SENDER_ID",
    "GOOGLE_CLIENT_IDS",
)


@dataclass(frozen=True)
class Port:
    """A port somebody else may already have: what it is for, its number, and how to choose another."""

    purpose: str
    number: int
    address: str
    change: str


def read(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """``environ`` over the values of ``.env``; an empty value counts as absent."""
    try:
        written = dotenv_values(root / ".env", interpolate=False) if (root / ".env").exists() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise OpsError(
            f"The file .env cannot be read: {error}.", "Correct it (or remove it) and start again."
        ) from error
    merged = {**{name: value or "" for name, value in written.items()}, **environ}
    return {name: value for name, value in merged.items() if value}


def development(given: Mapping[str, str], port: int | None = None) -> dict[str, str]:
    """``given`` completed for a developer's machine: every address that is not given follows from the ports."""
    app_env = given.get("APP_ENV") or given.get("NODE_ENV") or "development"
    if app_env == "production":
        raise OpsError(
            "APP_ENV (or NODE_ENV) says production, and this command runs a developer's machine with demo data.",
            "Remove it from the environment and .env, or start the processes of the Procfile instead.",
        )
    api = port or _number(given, "PORT", 5000)
    beside = {name: _number(given, name, number) for name, number in _PORTS.items()}
    # The sandbox accepts whatever credentials the product is given.
    stand_in_keys = {f"SANDBOX_{name}": given[name] for name in _CREDENTIALS if name in given}
    return {
        **_defaults(given, f"http://localhost:{api}", beside),
        **stand_in_keys,
        **given,
        "APP_ENV": app_env,
        # One address for browsers: ops/origin.py listens there and hands on to the API and to the sockets behind it.
        "PORT": str(api),
        "ORIGIN_HOST": given.get("WEB_HOST", "127.0.0.1"),
        "WEB_HOST": "127.0.0.1",
        "REALTIME_HOST": "127.0.0.1",
        "WEB_PORT": str(_number(given, "WEB_PORT", free_port())),
        "REALTIME_PORT": str(_number(given, "REALTIME_PORT", free_port())),
        "TRUSTED_PROXIES": _one_more(given.get("TRUSTED_PROXIES", "0")),
        **{name: str(number) for name, number in beside.items()},
        "PATH": f"{VENV / 'bin'}{os.pathsep}{given.get('PATH', os.defpath)}",
    }


def _defaults(given: Mapping[str, str], own_api: str, beside: Mapping[str, int]) -> dict[str, str]:
    """What holds where nothing else was given: everything is on this machine."""
    stand_ins = f"http://localhost:{beside['SANDBOX_PORT']}"
    store = given.get("AWS_ENDPOINT_URL", f"http://localhost:{beside['STORAGE_PORT']}").rstrip("/")
    bucket = given.get("AWS_BUCKET_NAME", "elite-events-development")
    prefix = given.get("FLOWER_URL_PREFIX", "").strip("/")
    flower_url = f"http://localhost:{beside['FLOWER_PORT']}" + (f"/{prefix}/" if prefix else "")
    return {
        "API_URL": own_api,
        "FRONTEND_URL": "http://localhost:3000",
        "MPESA_CALLBACK_URL": f"{given.get('API_URL', own_api).rstrip('/')}/api/payments/mpesa/callback",
        "CDN_BASE_URL": f"{stand_ins}/cdn",
        "AWS_ENDPOINT_URL": store,
        "AWS_BUCKET_NAME": bucket,
        # As a CDN pulls what it has not from its origin.
        "SANDBOX_CDN_ORIGIN": f"{store}/{bucket}",
        "MPESA_BASE_URL": f"{stand_ins}/daraja",
        "SENDGRID_BASE_URL": f"{stand_ins}/sendgrid",
        "AT_BASE_URL": f"{stand_ins}/africastalking",
        "GOOGLE_BASE_URL": f"{stand_ins}/google",
        "FLOWER_BASIC_AUTH": FLOWER_LOGIN,
        "FLOWER_URL": flower_url,
        "SANDBOX_LINKS": f"API documents={own_api}/api-docs, Flower={given.get('FLOWER_URL', flower_url)}",
        # One developer is everybody on this machine, and rehearsals register a new traveller each.
        "LIMIT_REGISTER_ADDRESS": "1000 per 1h",
        # Known passwords and secrets: nobody but this machine may reach them unless asked for.
        "FLOWER_ADDRESS": "127.0.0.1",
        "PYTHONUNBUFFERED": "1",
    }


def settings_in(env: Mapping[str, str]) -> dict[str, str]:
    """The part of ``env`` that says what the product is: its settings, and the ports of what runs beside it."""
    names = {field.metadata["name"] for field in dataclasses.fields(Settings)} | set(_PORTS)
    return {name: env[name] for name in sorted(names) if name in env}


def settings_from(env: Mapping[str, str]) -> Settings:
    """The product's settings in ``env``; raises OpsError naming every fault together."""
    try:
        return Settings.from_env(env)
    except InvalidSettings as error:
        raise OpsError(
            "The settings need attention.",
            "Correct them in .env or the environment; .env.example explains each.",
            error.faults,
        ) from error


def ports(env: Mapping[str, str]) -> list[Port]:
    """The ports that ``up`` is going to listen on."""
    return [
        Port("the API", int(env["PORT"]), env["ORIGIN_HOST"], "--port or PORT"),
        Port("the API's own server", int(env["WEB_PORT"]), env["WEB_HOST"], "WEB_PORT"),
        Port("the sockets", int(env["REALTIME_PORT"]), env["REALTIME_HOST"], "REALTIME_PORT"),
        Port("the sandbox", int(env["SANDBOX_PORT"]), "127.0.0.1", "SANDBOX_PORT"),
        Port("Flower", int(env["FLOWER_PORT"]), env["FLOWER_ADDRESS"], "FLOWER_PORT"),
        *([Port("the object store", int(env["STORAGE_PORT"]), "127.0.0.1", "STORAGE_PORT")] if owns_store(env) else []),
    ]


def owns_store(env: Mapping[str, str]) -> bool:
    """Whether files are kept in the stand-in that ``up`` starts, and not in a bucket that was given."""
    return env["AWS_ENDPOINT_URL"] == f"http://localhost:{env['STORAGE_PORT']}"


def refuse_taken(wanted: list[Port]) -> None:
    """Raise OpsError for the first port that somebody listens on, naming them where the system tells."""
    numbers = [port.number for port in wanted]
    for index, port in enumerate(wanted):
        if port.number in numbers[:index]:
            raise OpsError(
                f"Port {port.number} is asked for twice.", f"Choose another one for {port.purpose}: {port.change}."
            )
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((port.address, port.number))
            except PermissionError as error:
                raise OpsError(
                    f"This user may not use port {port.number} for {port.purpose}.",
                    f"Choose one above 1023 with {port.change}.",
                ) from error
            except OSError as error:
                raise OpsError(
                    f"Port {port.number} for {port.purpose} is taken{_by_whom(port.number)}.",
                    f"Stop that program, or choose another port with {port.change}.",
                ) from error


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise OpsError(f"{name} is '{text}', which is not a port.", "Use a number from 1 to 65535.")
    return int(text)


def _one_more(proxies: str) -> str:
    """Our own origin is one proxy more; what is no number is left for the settings to name."""
    return str(int(proxies) + 1) if proxies.isdigit() else proxies


def _by_whom(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return ""
    return ""

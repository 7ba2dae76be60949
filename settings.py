"""Every setting of the product, parsed once from the environment into one frozen object that lists all faults at once."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

ENVIRONMENTS = ("development", "test", "production")
_REQUIRED = object()


class InvalidSettings(Exception):
    """The environment does not describe a runnable product; the message names every setting at fault."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("The settings need attention:\n" + "\n".join(f"  - {fault}" for fault in faults))


def _text(value: str) -> str:
    if not value:
        raise ValueError("must not be empty")
    return value


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("must be at least 32 characters long")
    return value


def _optional(value: str) -> str:
    return value


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _networks(value: str) -> tuple[str, ...]:
    return tuple(str(ipaddress.ip_network(part)) for part in _list(value))


def _fernet_keys(value: str) -> tuple[str, ...]:
    keys = _list(value)
    if not keys:
        raise ValueError("must hold at least one key")
    for key in keys:
        Fernet(key)
    return keys


def _integer(minimum: int, maximum: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        number = int(value)
        if not minimum <= number <= maximum:
            raise ValueError(f"must be from {minimum} to {maximum}")
        return number

    return parse


def _percent(value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError("must be a number") from None
    if not 0 <= number <= 100:
        raise ValueError("must be from 0 to 100")
    return number


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return parse


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname and parts.scheme not in ("redis+socket", "unix"):
            raise ValueError(f"must be a URL starting with {' or '.join(s + '://' for s in schemes)}")
        return value.rstrip("/")

    return parse


def normalise_database_url(value: str) -> str:
    """SQLAlchemy 2.1 reads a bare ``postgresql://`` as psycopg 3, which is not what we run."""
    rest = re.sub(r"^postgres(ql)?(\+psycopg2)?://", "", value)
    if rest == value:
        raise ValueError("must be a URL starting with postgresql://")
    return "postgresql+psycopg2://" + rest


def _duration(value: str) -> timedelta:
    """``900``, ``900s``, ``15m``, ``12h`` or ``7d``; also negative, for the clock."""
    match = re.fullmatch(r"(-?\d+)([smhd]?)", value)
    if not match:
        raise ValueError("must be a duration such as 900s, 15m, 12h or 7d")
    unit = {"": "seconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def _limit(value: str) -> tuple[int, timedelta]:
    """``5 per 15m``: at most five in any fifteen minutes."""
    match = re.fullmatch(r"(\d+) per (\d+[smhd])", value)
    if not match or int(match[1]) < 1:
        raise ValueError("must be a limit such as '5 per 15m'")
    return int(match[1]), _duration(match[2])


def setting(name: str, parse: Callable[[str], Any], default: Any = _REQUIRED, *, dev: Any = _REQUIRED) -> Any:
    """A field read from ``name``. ``default`` holds everywhere, ``dev`` only outside production; with neither it is required."""
    return dataclasses.field(metadata={"name": name, "parse": parse, "default": default, "dev": dev})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The product's settings. Amounts of time are timedeltas, percentages Decimals, URLs carry no trailing slash."""

    app_env: str = setting("APP_ENV", _one_of(*ENVIRONMENTS), "production")
    port: int = setting("PORT", _integer(1, 65535), "5000")
    api_url: str = setting("API_URL", _url("http", "https"), dev="http://localhost:5000")
    frontend_url: str = setting("FRONTEND_URL", _url("http", "https"), dev="http://localhost:3000")
    cors_allowed_origins: tuple[str, ...] = setting("CORS_ALLOWED_ORIGINS", _list, "")
    trusted_proxies: int = setting("TRUSTED_PROXIES", _integer(0, 10), "0")
    log_level: str = setting("LOG_LEVEL", _one_of("debug", "info", "warning", "error"), "info")
    web_workers: int = setting("WEB_WORKERS", _integer(1, 64), "2")
    web_threads: int = setting("WEB_THREADS", _integer(2, 256), "8")

    database_url: str = setting("DATABASE_URL", normalise_database_url)
    redis_url: str = setting("REDIS_URL", _url("redis", "rediss", "unix"))
    celery_broker_url: str = setting("CELERY_BROKER_URL", _url("redis", "rediss", "amqp", "amqps"), "")

    jwt_secret: str = setting("JWT_SECRET", _secret, dev="development-access-token-key-never-in-production")
    jwt_refresh_secret: str = setting(
        "JWT_REFRESH_SECRET", _secret, dev="development-refresh-token-key-never-in-production"
    )
    jwt_expires_in: timedelta = setting("JWT_EXPIRES_IN", _duration, "15m")
    jwt_refresh_expires_in: timedelta = setting("JWT_REFRESH_EXPIRES_IN", _duration, "30d")
    encryption_keys: tuple[str, ...] = setting(
        "ENCRYPTION_KEYS", _fernet_keys, dev="ZGV2ZWxvcG1lbnQta2V5LW5ldmVyLWluLXByb2R1Y3Q="
    )
    bcrypt_rounds: int = setting("BCRYPT_ROUNDS", _integer(4, 15), "10")

    mpesa_env: str = setting("MPESA_ENV", _one_of("sandbox", "production"), "sandbox")
    mpesa_base_url: str = setting("MPESA_BASE_URL", _url("http", "https"), "", dev="http://localhost:5050/daraja")
    mpesa_consumer_key: str = setting("MPESA_CONSUMER_KEY", _text, dev="sandbox-consumer-key")
    mpesa_consumer_secret: str = setting("MPESA_CONSUMER_SECRET", _text, dev="sandbox-consumer-secret")
    mpesa_shortcode: str = setting("MPESA_SHORTCODE", _text, dev="174379")
    # The passkey that Safaricom publishes for its own sandbox shortcode.
    mpesa_passkey: str = setting(
        "MPESA_PASSKEY", _text, dev="bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
    )
    mpesa_transaction_type: str = setting(
        "MPESA_TRANSACTION_TYPE", _one_of("CustomerPayBillOnline", "CustomerBuyGoodsOnline"), "CustomerPayBillOnline"
    )
    mpesa_till: str = setting("MPESA_TILL", _optional, "")
    mpesa_callback_url: str = setting(
        "MPESA_CALLBACK_URL", _url("http", "https"), dev="http://localhost:5000/api/payments/mpesa/callback"
    )
    mpesa_callback_ips: tuple[str, ...] = setting("MPESA_CALLBACK_IPS", _networks, "")

    sendgrid_base_url: str = setting(
        "SENDGRID_BASE_URL", _url("http", "https"), "https://api.sendgrid.com", dev="http://localhost:5050/sendgrid"
    )
    sendgrid_api_key: str = setting("SENDGRID_API_KEY", _text, dev="SG.sandbox-key")
    from_email: str = setting("FROM_EMAIL", _text, dev="bookings@elite-events.example")
    from_name: str = setting("FROM_NAME", _text, "Elite Events Kenya")
    at_base_url: str = setting(
        "AT_BASE_URL",
        _url("http", "https"),
        "https://api.africastalking.com",
        dev="http://localhost:5050/africastalking",
    )
    at_username: str = setting("AT_USERNAME", _text, dev="sandbox")
    at_api_key: str = setting("AT_API_KEY", _text, dev="atsk_sandbox-key")
    at_sender_id: str = setting("AT_SENDER_ID", _optional, "")

    service_fee_percent: Decimal = setting("SERVICE_FEE_PERCENT", _percent, "10")
    hold_minutes: int = setting("HOLD_MINUTES", _integer(1, 30), "15")
    clock_offset: timedelta = setting("CLOCK_OFFSET", _duration, "0s")

    limit_login_account: tuple[int, timedelta] = setting("LIMIT_LOGIN_ACCOUNT", _limit, "5 per 15m")
    limit_login_address: tuple[int, timedelta] = setting("LIMIT_LOGIN_ADDRESS", _limit, "100 per 15m")
    limit_register_email: tuple[int, timedelta] = setting("LIMIT_REGISTER_EMAIL", _limit, "5 per 1h")
    limit_register_address: tuple[int, timedelta] = setting("LIMIT_REGISTER_ADDRESS", _limit, "20 per 1h")
    limit_refresh: tuple[int, timedelta] = setting("LIMIT_REFRESH", _limit, "60 per 1h")
    limit_stk_phone: tuple[int, timedelta] = setting("LIMIT_STK_PHONE", _limit, "3 per 10m")
    limit_stk_user: tuple[int, timedelta] = setting("LIMIT_STK_USER", _limit, "10 per 10m")
    limit_public_reads: tuple[int, timedelta] = setting("LIMIT_PUBLIC_READS", _limit, "600 per 1m")

    flower_basic_auth: str = setting("FLOWER_BASIC_AUTH", _text, dev="operator:development")

    @property
    def is_production(self) -> bool:
        return self.app_env == "production"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Parse ``environ``; raises :class:`InvalidSettings` naming every fault together."""
        environ = {"APP_ENV": environ.get("NODE_ENV", ""), **environ} if not environ.get("APP_ENV") else dict(environ)
        production = (environ.get("APP_ENV") or "production") == "production"
        values: dict[str, Any] = {}
        faults: list[str] = []
        for field in dataclasses.fields(cls):
            meta = field.metadata
            name, fallback = meta["name"], meta["default"]
            if not production and meta["dev"] is not _REQUIRED:
                fallback = meta["dev"]
            raw = environ.get(name, "").strip()
            if not raw and fallback is _REQUIRED:
                faults.append(f"{name} is missing")
                continue
            try:
                # An empty default means "not given" and is left to _derive().
                values[field.name] = meta["parse"](raw or fallback) if (raw or fallback) else _empty(meta["parse"])
            except ValueError as error:
                faults.append(f"{name} {error if str(error).startswith('must') else 'is not valid: ' + str(error)}")
        if faults:
            raise InvalidSettings(faults)
        settings = cls(**_derive(values))
        if production and (faults := _unfit_for_production(settings)):
            raise InvalidSettings(faults)
        return settings


def _empty(parse: Callable[[str], Any]) -> Any:
    return () if parse in (_list, _networks) else ""


def _derive(values: dict[str, Any]) -> dict[str, Any]:
    if not values["celery_broker_url"]:
        values["celery_broker_url"] = values["redis_url"]
    if not values["mpesa_base_url"]:
        host = "api" if values["mpesa_env"] == "production" else "sandbox"
        values["mpesa_base_url"] = f"https://{host}.safaricom.co.ke"
    if not values["mpesa_till"]:
        values["mpesa_till"] = values["mpesa_shortcode"]
    return values


def _unfit_for_production(settings: Settings) -> list[str]:
    faults = []
    for name in ("mpesa_base_url", "sendgrid_base_url", "at_base_url", "mpesa_callback_url", "api_url"):
        parts = urlsplit(getattr(settings, name))
        host = parts.hostname or ""
        if parts.scheme != "https" or host == "localhost" or _is_private(host):
            faults.append(f"{name.upper()} must be a public https address in production")
        elif "sandbox" in host:
            faults.append(f"{name.upper()} must not be a sandbox address in production")
    for field in dataclasses.fields(settings):
        dev = field.metadata["dev"]
        if dev is not _REQUIRED and isinstance(dev, str) and not dev.startswith("http"):
            value = getattr(settings, field.name)
            if value in (dev, (dev,)):
                faults.append(f"{field.metadata['name']} still has its development value")
    if settings.clock_offset:
        faults.append("CLOCK_OFFSET must not be set in production")
    if settings.mpesa_env != "production":
        faults.append("MPESA_ENV must be 'production' in production")
    if len(settings.flower_basic_auth.partition(":")[2]) < 12:
        faults.append("FLOWER_BASIC_AUTH must be user:password with a password of at least 12 characters")
    return faults


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False

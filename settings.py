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

from domain.vault import Vault

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


def _origins(value: str) -> tuple[str, ...]:
    """Exact origins: a pattern that answers everybody would hand out what a signed-in browser may read."""
    origins = _list(value)
    for origin in origins:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d{1,5})?", origin):
            raise ValueError("must be a comma list of exact origins such as https://www.example.com")
    return origins


def _networks(value: str) -> tuple[str, ...]:
    return tuple(str(ipaddress.ip_network(part)) for part in _list(value))


def _keys(value: str) -> tuple[str, ...]:
    keys = _list(value)
    if not keys:
        raise ValueError("must hold at least one key")
    Vault(keys)
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
    if not number.is_finite() or not 0 <= number <= 100:
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
        if parts.scheme not in schemes or (not parts.hostname and parts.scheme not in ("redis+socket", "unix")):
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
    match = re.fullmatch(r"(-?\d{1,9})([smhd]?)", value)
    if not match:
        raise ValueError("must be a duration such as 900s, 15m, 12h or 7d")
    unit = {"": "seconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def _lifetime(value: str) -> timedelta:
    duration = _duration(value)
    if duration <= timedelta(0):
        raise ValueError("must be longer than nothing")
    return duration


def _limit(value: str) -> tuple[int, timedelta]:
    """``5 per 15m``: at most five in any fifteen minutes."""
    match = re.fullmatch(r"(\d{1,9}) per (\d{1,9}[smhd])", value)
    if not match or int(match[1]) < 1:
        raise ValueError("must be a limit such as '5 per 15m'")
    return int(match[1]), _lifetime(match[2])


#: Settings whose values must not turn up where a Settings is printed.
_SECRET_NAMES = re.compile(r"SECRET|KEY|AUTH|TOKEN|(DATABASE|REDIS|BROKER)_URL")


def setting(name: str, parse: Callable[[str], Any], default: Any = _REQUIRED, *, dev: Any = _REQUIRED) -> Any:
    """A field read from ``name``. ``default`` holds everywhere, ``dev`` only outside production; with neither it is required."""
    shown = not _SECRET_NAMES.search(name)
    return dataclasses.field(repr=shown, metadata={"name": name, "parse": parse, "default": default, "dev": dev})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The product's settings. Amounts of time are timedeltas, percentages Decimals, URLs carry no trailing slash."""

    app_env: str = setting("APP_ENV", _one_of(*ENVIRONMENTS), "production")
    port: int = setting("PORT", _integer(1, 65535), "5000")
    api_url: str = setting("API_URL", _url("http", "https"), dev="http://localhost:5000")
    frontend_url: str = setting("FRONTEND_URL", _url("http", "https"), dev="http://localhost:3000")
    cors_allowed_origins: tuple[str, ...] = setting("CORS_ALLOWED_ORIGINS", _origins, "")
    trusted_proxies: int = setting("TRUSTED_PROXIES", _integer(0, 10), "0")
    log_level: str = setting("LOG_LEVEL", _one_of("debug", "info", "warning", "error"), "info")
    web_workers: int = setting("WEB_WORKERS", _integer(1, 64), "2")
    web_threads: int = setting("WEB_THREADS", _integer(7, 700), "14")
    #: For so long Redis may keep the answers of public lists and pages; none of them may be shown for longer than a minute.
    cache_seconds: int = setting("CACHE_SECONDS", _integer(0, 60), "30")
    realtime_port: int = setting("REALTIME_PORT", _integer(1, 65535), "5001")
    realtime_host: str = setting("REALTIME_HOST", _text, "0.0.0.0")  # noqa: S104 - in a container or behind a proxy
    sockets: int = setting("SOCKETS", _integer(1, 100_000), "10000")
    sockets_address: int = setting("SOCKETS_ADDRESS", _integer(1, 100_000), "2000")
    sockets_user: int = setting("SOCKETS_USER", _integer(1, 1_000), "10")

    database_url: str = setting("DATABASE_URL", normalise_database_url)
    redis_url: str = setting("REDIS_URL", _url("redis", "rediss", "unix"))
    celery_broker_url: str = setting("CELERY_BROKER_URL", _url("redis", "rediss", "amqp", "amqps"), "")

    jwt_secret: str = setting("JWT_SECRET", _secret, dev="development-access-token-key-never-in-production")
    jwt_refresh_secret: str = setting(
        "JWT_REFRESH_SECRET", _secret, dev="development-refresh-token-key-never-in-production"
    )
    jwt_expires_in: timedelta = setting("JWT_EXPIRES_IN", _lifetime, "15m")
    jwt_refresh_expires_in: timedelta = setting("JWT_REFRESH_EXPIRES_IN", _lifetime, "30d")
    encryption_keys: tuple[str, ...] = setting(
        "ENCRYPTION_KEYS", _keys, dev="ZGV2ZWxvcG1lbnQta2V5LW5ldmVyLWluLXByb2R1Y3Q="
    )
    account_grace: timedelta = setting("ACCOUNT_GRACE", _lifetime, "30d")
    bcrypt_rounds: int = setting("BCRYPT_ROUNDS", _integer(4, 15), "10")

    #: Under this address lie the pictures that rows name by their storage key.
    cdn_base_url: str = setting("CDN_BASE_URL", _url("http", "https"), dev="http://localhost:5050/cdn")

    aws_access_key_id: str = setting("AWS_ACCESS_KEY_ID", _text, dev="sandbox-access-key")
    aws_secret_access_key: str = setting("AWS_SECRET_ACCESS_KEY", _text, dev="sandbox-secret-access-key")
    aws_region: str = setting("AWS_REGION", _text, "af-south-1")
    aws_bucket_name: str = setting("AWS_BUCKET_NAME", _text, dev="elite-events-development")
    aws_endpoint_url: str = setting("AWS_ENDPOINT_URL", _url("http", "https"), "", dev="http://localhost:5070")
    #: Where browsers reach what signed links lead to.
    storage_public_url: str = setting("STORAGE_PUBLIC_URL", _url("http", "https"), "")

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

    google_base_url: str = setting(
        "GOOGLE_BASE_URL", _url("http", "https"), "https://www.googleapis.com", dev="http://localhost:5050/google"
    )
    google_client_ids: tuple[str, ...] = setting(
        "GOOGLE_CLIENT_IDS", _list, "", dev="elite-events-sandbox.apps.googleusercontent.com"
    )

    service_fee_percent: Decimal = setting("SERVICE_FEE_PERCENT", _percent, "10")
    hold_minutes: int = setting("HOLD_MINUTES", _integer(1, 30), "15")
    clock_offset: timedelta = setting("CLOCK_OFFSET", _duration, "0s")

    limit_login_account: tuple[int, timedelta] = setting("LIMIT_LOGIN_ACCOUNT", _limit, "5 per 1d")
    limit_login_address: tuple[int, timedelta] = setting("LIMIT_LOGIN_ADDRESS", _limit, "100 per 15m")
    limit_register_email: tuple[int, timedelta] = setting("LIMIT_REGISTER_EMAIL", _limit, "5 per 1h")
    limit_register_address: tuple[int, timedelta] = setting("LIMIT_REGISTER_ADDRESS", _limit, "20 per 1h")
    limit_refresh: tuple[int, timedelta] = setting("LIMIT_REFRESH", _limit, "60 per 1h")
    limit_holds_user: tuple[int, timedelta] = setting("LIMIT_HOLDS_USER", _limit, "20 per 1h")
    limit_stk_phone: tuple[int, timedelta] = setting("LIMIT_STK_PHONE", _limit, "3 per 10m")
    limit_stk_user: tuple[int, timedelta] = setting("LIMIT_STK_USER", _limit, "10 per 10m")
    limit_export_user: tuple[int, timedelta] = setting("LIMIT_EXPORT_USER", _limit, "1 per 1d")
    limit_verification_user: tuple[int, timedelta] = setting("LIMIT_VERIFICATION_USER", _limit, "3 per 1h")
    limit_otp_user: tuple[int, timedelta] = setting("LIMIT_OTP_USER", _limit, "10 per 1d")
    limit_otp_address: tuple[int, timedelta] = setting("LIMIT_OTP_ADDRESS", _limit, "30 per 1h")
    limit_otp_phone: tuple[int, timedelta] = setting("LIMIT_OTP_PHONE", _limit, "3 per 15m")
    limit_otp_phone_day: tuple[int, timedelta] = setting("LIMIT_OTP_PHONE_DAY", _limit, "10 per 1d")
    limit_reset_account: tuple[int, timedelta] = setting("LIMIT_RESET_ACCOUNT", _limit, "3 per 1h")
    limit_reset_address: tuple[int, timedelta] = setting("LIMIT_RESET_ADDRESS", _limit, "20 per 1h")
    limit_unconfirmed_mail: tuple[int, timedelta] = setting("LIMIT_UNCONFIRMED_MAIL", _limit, "10 per 1d")
    limit_uploads: tuple[int, timedelta] = setting("LIMIT_UPLOADS", _limit, "20 per 1h")
    limit_upload_bytes: tuple[int, timedelta] = setting("LIMIT_UPLOAD_BYTES", _limit, "500000000 per 1d")
    limit_enquiries_user: tuple[int, timedelta] = setting("LIMIT_ENQUIRIES_USER", _limit, "10 per 1d")
    limit_enquiries_guide: tuple[int, timedelta] = setting("LIMIT_ENQUIRIES_GUIDE", _limit, "100 per 1d")
    limit_messages_user: tuple[int, timedelta] = setting("LIMIT_MESSAGES_USER", _limit, "60 per 1h")
    limit_applications: tuple[int, timedelta] = setting("LIMIT_APPLICATIONS", _limit, "3 per 1d")
    limit_application_mail: tuple[int, timedelta] = setting("LIMIT_APPLICATION_MAIL", _limit, "3 per 1d")
    limit_application_answers: tuple[int, timedelta] = setting("LIMIT_APPLICATION_ANSWERS", _limit, "10 per 1d")
    limit_files_unsigned: tuple[int, timedelta] = setting("LIMIT_FILES_UNSIGNED", _limit, "30 per 1h")
    application_megabytes: int = setting("APPLICATION_MEGABYTES", _integer(1, 10_000_000), "20480")
    limit_second_factor: tuple[int, timedelta] = setting("LIMIT_SECOND_FACTOR", _limit, "5 per 15m")
    limit_second_factor_day: tuple[int, timedelta] = setting("LIMIT_SECOND_FACTOR_DAY", _limit, "20 per 1d")
    limit_public_reads: tuple[int, timedelta] = setting("LIMIT_PUBLIC_READS", _limit, "600 per 1m")

    flower_basic_auth: str = setting("FLOWER_BASIC_AUTH", _text, dev="operator:development")
    flower_url: str = setting("FLOWER_URL", _url("http", "https"), "")
    metrics_token: str = setting("METRICS_TOKEN", _secret, dev="")
    # Read by metrics/store.py, before settings can be: what counts is made while modules are imported.
    prometheus_multiproc_dir: str = setting("PROMETHEUS_MULTIPROC_DIR", _optional, "")
    build_revision: str = setting("BUILD_REVISION", _optional, "unknown")

    @property
    def is_production(self) -> bool:
        return self.app_env == "production"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Parse ``environ``; raises :class:`InvalidSettings` naming every fault together."""
        given = {name: value.strip() for name, value in environ.items()}
        given["APP_ENV"] = given.get("APP_ENV") or given.get("NODE_ENV") or "production"
        production = given["APP_ENV"] == "production"
        values: dict[str, Any] = {}
        faults: list[str] = []
        for field in dataclasses.fields(cls):
            meta = field.metadata
            name, fallback = meta["name"], meta["default"]
            if not production and meta["dev"] is not _REQUIRED:
                fallback = meta["dev"]
            raw = given.get(name, "")
            if not raw and fallback is _REQUIRED:
                faults.append(f"{name} is missing")
                continue
            try:
                # An empty default means "not given" and is left to _derive().
                values[field.name] = meta["parse"](raw or fallback) if (raw or fallback) else _empty(meta["parse"])
            except ValueError as error:
                faults.append(f"{name} {error if str(error).startswith('must') else 'is not valid: ' + str(error)}")
        _derive(values)
        if production:
            faults += _unfit_for_production(values)
        if faults:
            raise InvalidSettings(faults)
        return cls(**values)


def _empty(parse: Callable[[str], Any]) -> Any:
    return () if parse in (_list, _origins, _networks) else ""


def _derive(values: dict[str, Any]) -> None:
    """Fill in what follows from other settings; what is at fault is not among ``values``."""
    host = "api" if values.get("mpesa_env") == "production" else "sandbox"
    follows = {
        "celery_broker_url": values.get("redis_url"),
        "mpesa_base_url": f"https://{host}.safaricom.co.ke",
        "mpesa_till": values.get("mpesa_shortcode"),
    }
    follows["aws_endpoint_url"] = f"https://s3.{values.get('aws_region', 'left.out')}.amazonaws.com"
    follows["storage_public_url"] = values.get("aws_endpoint_url") or follows["aws_endpoint_url"]
    values.update({name: value for name, value in follows.items() if values.get(name) == ""})


_PUBLIC_ADDRESSES = (
    "api_url",
    "frontend_url",
    "cdn_base_url",
    "aws_endpoint_url",
    "storage_public_url",
    "mpesa_base_url",
    "mpesa_callback_url",
    "sendgrid_base_url",
    "at_base_url",
    "google_base_url",
)


def _unfit_for_production(values: Mapping[str, Any]) -> list[str]:
    faults = []
    for name in _PUBLIC_ADDRESSES:
        parts = urlsplit(values.get(name, "https://left.out"))
        host = parts.hostname or ""
        if parts.scheme != "https" or not _is_public(host):
            faults.append(f"{name.upper()} must be a public https address in production")
        elif "sandbox" in host:
            faults.append(f"{name.upper()} must not be a sandbox address in production")
    for field in dataclasses.fields(Settings):
        dev, value = field.metadata["dev"], values.get(field.name)
        if dev is not _REQUIRED and not dev.startswith("http") and (value == dev or _holds(value, dev)):
            faults.append(f"{field.metadata['name']} still has its development value")
    if values.get("jwt_secret") and values["jwt_secret"] == values.get("jwt_refresh_secret"):
        faults.append("JWT_REFRESH_SECRET must not be JWT_SECRET")
    if values.get("clock_offset"):
        faults.append("CLOCK_OFFSET must not be set in production")
    if values.get("mpesa_env", "production") != "production":
        faults.append("MPESA_ENV must be 'production' in production")
    if len(values.get("flower_basic_auth", ":long-enough-not-at-fault").partition(":")[2]) < 12:
        faults.append("FLOWER_BASIC_AUTH must be user:password with a password of at least 12 characters")
    return faults


def _holds(value: Any, part: str) -> bool:
    return isinstance(value, tuple) and part in value


def _is_public(host: str) -> bool:
    """Whether a name or an address can be reached from anywhere."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        name = host.rstrip(".")
        return "." in name and not name.endswith((".localhost", ".local", ".internal"))

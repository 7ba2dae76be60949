"""What the composition roots (web, workers, relay) build alike from the settings, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import kombu
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

import metrics
from domain.policy import HoldPolicy, Limit, LimitPolicy, LinkPolicy, Policy, SessionPolicy
from models.clock import Clock
from models.doorbell import Doorbell
from models.session import PRODUCT, Database
from providers.payments.mpesa import MpesaConfig
from providers.storage.s3 import S3Config, S3Storage
from settings import Settings

#: A broker that has not answered by then is not there.
BROKER_TIMEOUT_SECONDS = 1.0
#: So long does the newest link for a new password still work when no other mail may be sent.
RESET_LINK_AT_LEAST = timedelta(hours=1)
#: A key of our own, written to see whether messages could be; nobody reads it.
BROKER_PROBE, BROKER_PROBE_SECONDS = "elite:broker-probe", 60


def policy_from(settings: Settings) -> Policy:
    """The figures of the rules, as the settings give them."""
    return Policy(
        service_fee_percent=settings.service_fee_percent,
        application_bytes=settings.application_megabytes * 1024**2,
        hold=HoldPolicy(duration=timedelta(minutes=settings.hold_minutes)),
        sessions=SessionPolicy(lifetime=settings.jwt_refresh_expires_in),
        links=LinkPolicy(
            password_reset=settings.limit_reset_account[1] + RESET_LINK_AT_LEAST,
            account_restore=settings.account_grace,
        ),
        limits=LimitPolicy(
            login_account=Limit(*settings.limit_login_account),
            login_address=Limit(*settings.limit_login_address),
            register_email=Limit(*settings.limit_register_email),
            register_address=Limit(*settings.limit_register_address),
            holds_user=Limit(*settings.limit_holds_user),
            stk_phone=Limit(*settings.limit_stk_phone),
            stk_user=Limit(*settings.limit_stk_user),
            export_user=Limit(*settings.limit_export_user),
            verification_user=Limit(*settings.limit_verification_user),
            otp_user=Limit(*settings.limit_otp_user),
            otp_address=Limit(*settings.limit_otp_address),
            otp_phone=Limit(*settings.limit_otp_phone),
            otp_phone_day=Limit(*settings.limit_otp_phone_day),
            reset_account=Limit(*settings.limit_reset_account),
            reset_address=Limit(*settings.limit_reset_address),
            unconfirmed_mail=Limit(*settings.limit_unconfirmed_mail),
            uploads=Limit(*settings.limit_uploads),
            upload_bytes=Limit(*settings.limit_upload_bytes),
            enquiries_user=Limit(*settings.limit_enquiries_user),
            enquiries_guide=Limit(*settings.limit_enquiries_guide),
            messages_user=Limit(*settings.limit_messages_user),
            applications=Limit(*settings.limit_applications),
            application_mail=Limit(*settings.limit_application_mail),
            application_answers=Limit(*settings.limit_application_answers),
            second_factor=Limit(*settings.limit_second_factor),
            second_factor_day=Limit(*settings.limit_second_factor_day),
        ),
    )


def clock_from(settings: Settings) -> Clock:
    """The database's clock, moved by CLOCK_OFFSET (which production refuses)."""
    return Clock(settings.clock_offset)


def database_from(settings: Settings, *, pool_size: int, process: str = "tools") -> Database:
    """A pool that rings the relay's doorbell after commits that added jobs. Its connections are named by ``process``."""
    name = f"{PRODUCT} {process}"
    doorbell = Doorbell(settings.database_url, f"{name} doorbell")
    return Database(settings.database_url, pool_size=pool_size, name=name, on_jobs_added=doorbell.ring)


def mpesa_config_from(settings: Settings) -> MpesaConfig:
    """Our shortcode at Daraja."""
    return MpesaConfig(
        base_url=settings.mpesa_base_url,
        consumer_key=settings.mpesa_consumer_key,
        consumer_secret=settings.mpesa_consumer_secret,
        shortcode=settings.mpesa_shortcode,
        passkey=settings.mpesa_passkey,
        transaction_type=settings.mpesa_transaction_type,
        till=settings.mpesa_till,
    )


def storage_from(settings: Settings) -> S3Storage:
    """Our bucket."""
    config = S3Config(
        endpoint_url=settings.aws_endpoint_url,
        public_url=settings.storage_public_url,
        region=settings.aws_region,
        bucket=settings.aws_bucket_name,
        access_key_id=settings.aws_access_key_id,
        secret_access_key=settings.aws_secret_access_key,
    )
    return S3Storage(config, observer=metrics.provider_called)


def broker_ping_from(settings: Settings) -> Callable[[], None]:
    """A question to the broker that raises, soon, where nobody answers, or where Redis takes no writes (a replica, or full)."""
    url = settings.celery_broker_url
    if not url.startswith("redis"):
        return lambda: _knock(url)
    client = redis_client(url, BROKER_TIMEOUT_SECONDS)
    return lambda: client.set(BROKER_PROBE, 1, ex=BROKER_PROBE_SECONDS) and None


def redis_client(url: str, timeout: float) -> redis.Redis:
    """A client that fails within ``timeout`` seconds and never tries again by itself."""
    return redis.Redis.from_url(
        url, socket_connect_timeout=timeout, socket_timeout=timeout, retry=Retry(NoBackoff(), 0)
    )


def _knock(url: str) -> None:
    with kombu.Connection(url, connect_timeout=BROKER_TIMEOUT_SECONDS) as connection:
        connection.ensure_connection(max_retries=0, timeout=BROKER_TIMEOUT_SECONDS)

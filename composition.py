"""What every composition root builds alike from the settings: policy, clock, database and provider clients."""

from __future__ import annotations

from datetime import timedelta

from domain.policy import HoldPolicy, Limit, LimitPolicy, Policy, SessionPolicy
from models.clock import Clock
from models.doorbell import Doorbell
from models.session import Database
from settings import Settings


def policy_from(settings: Settings) -> Policy:
    """The figures that rules are computed with."""
    return Policy(
        service_fee_percent=settings.service_fee_percent,
        hold=HoldPolicy(duration=timedelta(minutes=settings.hold_minutes)),
        sessions=SessionPolicy(lifetime=settings.jwt_refresh_expires_in),
        limits=LimitPolicy(
            login_account=Limit(*settings.limit_login_account),
            login_address=Limit(*settings.limit_login_address),
            register_email=Limit(*settings.limit_register_email),
            register_address=Limit(*settings.limit_register_address),
            stk_phone=Limit(*settings.limit_stk_phone),
            stk_user=Limit(*settings.limit_stk_user),
        ),
    )


def clock_from(settings: Settings) -> Clock:
    return Clock(settings.clock_offset)


def database_from(settings: Settings, *, pool_size: int) -> Database:
    """A database whose commits wake the relay when they added jobs."""
    return Database(settings.database_url, pool_size=pool_size, on_jobs_added=Doorbell(settings.database_url).ring)

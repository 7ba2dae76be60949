"""What a worker process works with: its database, clock, policy and provider clients, built once per process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

from domain.one_time import OneTimeTokens
from domain.policy import Policy
from models.clock import Clock
from models.session import Database
from providers.channels.email_sendgrid import SendGridChannel
from providers.channels.sms_africastalking import AfricasTalkingChannel
from providers.identity.google import GoogleKeys
from providers.live import LiveChannel
from providers.payments.mpesa import MpesaClient
from providers.storage.s3 import S3Storage
from providers.tallies import TallyStore


@dataclass(frozen=True, slots=True)
class Runtime:
    """One process's tools. ``callback_url`` is the address that a payment's token is appended to."""

    db: Database
    clock: Clock
    policy: Policy
    mpesa: MpesaClient
    email: SendGridChannel
    sms: AfricasTalkingChannel
    #: None where signing in by Google is not offered.
    google: GoogleKeys | None
    live: LiveChannel
    storage: S3Storage
    tallies: TallyStore
    callback_url: str
    frontend_url: str
    one_time_tokens: OneTimeTokens


class RuntimeOfProcess:
    """Builds the runtime on first use in each process: connections do not survive a fork."""

    def __init__(self, build: Callable[[], Runtime]):
        self._build = build
        self._lock = threading.Lock()
        self._pid: int | None = None
        self._runtime: Runtime | None = None

    def __call__(self) -> Runtime:
        if self._runtime is None or self._pid != os.getpid():
            with self._lock:
                if self._runtime is None or self._pid != os.getpid():
                    self._runtime, self._pid = self._build(), os.getpid()
        return self._runtime

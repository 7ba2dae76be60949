"""The composition root of the web process: ``app`` is what the server runs."""

from __future__ import annotations

import gc
import os

from flask import Flask

import logs
from api import Ports, create_app
from composition import broker_ping_from, clock_from, database_from, policy_from, storage_from
from settings import Settings


def build() -> Flask:
    """The application as the environment describes it."""
    settings = Settings.from_env(os.environ)
    logs.configure(settings.log_level, process="web")
    ports = Ports(
        # Whoever works or waits for a worker, and some beside them; hashing needs none.
        db=database_from(settings, pool_size=settings.web_threads, process="web"),
        clock=clock_from(settings),
        policy=policy_from(settings),
        broker_ping=broker_ping_from(settings),
        storage=storage_from(settings),
    )
    return create_app(settings, ports)


app = build()
# What the application is made of stays for good: the garbage collector need not look through it again and again.
gc.collect()
gc.freeze()

"""The relay process: hands due jobs to Celery until it is told to stop."""

from __future__ import annotations

import os
import signal

import logs
from composition import clock_from, database_from
from settings import Settings
from workers.app import app
from workers.relaying import Relay


def main() -> None:
    settings = Settings.from_env(os.environ)
    logs.configure(settings.log_level, process="relay")
    relay = Relay(database_from(settings, pool_size=2, process="relay"), clock_from(settings), app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: relay.stop())
    relay.run()


if __name__ == "__main__":
    main()

"""The composition root of the realtime process: Socket.IO on eventlet, which is used in this file and nowhere else."""

from __future__ import annotations

import warnings

# Its retirement is known and planned for: docs/adr/0008.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
import eventlet

eventlet.monkey_patch()

import logging
import os
import resource
import signal
import sys
from typing import Any

import eventlet.wsgi
import structlog

import logs
from api.realtime import Channel, Realtime, RealtimePorts, create_realtime
from composition import clock_from, database_from, policy_from
from providers.live import CHANNEL, room_of
from settings import Settings

#: Questions to the database at once: for clients, and beside them for the sweep and the heartbeat.
CLIENT_READS, OWN_READS = 10, 2
#: Clients are told to go elsewhere within this; the supervisor's patience is longer.
LEAVING_SECONDS = 3.0
#: A request that does not come to its end; long polls are answered and websockets have limits of their own.
REQUEST_SECONDS = 30
BACKLOG = 1024

log = structlog.get_logger("realtime")


class Process:
    """One realtime process, from its socket to its end."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._is_stopping = False
        self._status = 0
        self._realtime = self._build()

    def run(self) -> int:
        """Serve until told to stop; the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        _allow_files(self._settings.sockets)
        listener = eventlet.listen((self._settings.realtime_host, self._settings.realtime_port), backlog=BACKLOG)
        self._realtime.start()
        server = eventlet.spawn(self._serve, listener)
        log.info("realtime.started", port=self._settings.realtime_port)
        while not self._is_stopping and not server.dead:
            eventlet.sleep(0.1)
        listener.close()
        self._realtime.send_everybody_elsewhere(LEAVING_SECONDS)
        log.info("realtime.stopped", status=self._status)
        return self._status

    def _build(self) -> Realtime:
        settings = self._settings
        ports = RealtimePorts(
            db=database_from(settings, pool_size=CLIENT_READS + OWN_READS, process="realtime"),
            clock=clock_from(settings),
            policy=policy_from(settings),
            channel=Channel(settings.redis_url, CHANNEL),
            room_of=room_of,
            on_deaf=self._give_up,
            reads=CLIENT_READS,
        )
        return create_realtime(settings, ports, async_mode="eventlet")

    def _serve(self, listener: Any) -> None:
        eventlet.wsgi.server(
            listener,
            self._realtime.app,
            log=logging.getLogger("realtime.http"),
            log_output=False,
            debug=False,
            # One green thread for each connection, and some for those that are turned away.
            max_size=self._settings.sockets + 500,
            socket_timeout=REQUEST_SECONDS,
            keepalive=REQUEST_SECONDS,
        )

    def _stop(self, *_: Any) -> None:
        self._is_stopping = True

    def _give_up(self) -> None:
        """Somebody who starts us again will hear better."""
        self._status = 1
        self._is_stopping = True


def _allow_files(sockets: int) -> None:
    """A file for each socket, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + 1_000
    if soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (min(wanted, hard) if hard != resource.RLIM_INFINITY else wanted, hard)
        )


def main() -> int:
    settings = Settings.from_env(os.environ)
    logs.configure(settings.log_level, process="realtime")
    return Process(settings).run()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Green threads that still wait for a client must not keep the process.
    os._exit(status)

"""The composition root of the realtime process: Socket.IO on eventlet, which is used in this file and nowhere else."""

from __future__ import annotations

import warnings

# Its retirement is known and planned for: docs/adr/0008.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
import eventlet

eventlet.monkey_patch()

import contextlib
import logging
import os
import resource
import signal
import socket
import sys
from typing import Any

import eventlet.greenio
import eventlet.patcher
import eventlet.websocket
import eventlet.wsgi
import orjson
import structlog
from engineio.async_drivers import eventlet as driver

import logs
from api.realtime import Channel, Realtime, RealtimePorts, create_realtime
from api.realtime.allowance import LARGEST_MESSAGE, Allowance
from api.realtime.door import CONNECTION
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
#: An upgrade from polling to a websocket, from its beginning to its end.
PROBE_SECONDS = 10.0
#: Of one message: frames, and what comes of them in one read.
MOST_PIECES = 1_000
#: Green threads that have not run for so long will not run again, and whoever is told to end has to.
FROZEN_SECONDS, OVERDUE_SECONDS = 30.0, LEAVING_SECONDS + 3

log = structlog.get_logger("realtime")
# Threads and time as the system has them: what looks after green threads cannot be one.
_threading, _time = eventlet.patcher.original("threading"), eventlet.patcher.original("time")


class FairSocket(eventlet.greenio.GreenSocket):
    """Lets everybody else run before each read: eventlet itself gives way only to a client that has nothing to say."""

    def recv(self, *args: Any) -> bytes:
        eventlet.sleep(0)
        return super().recv(*args)

    def recv_into(self, *args: Any) -> int:
        eventlet.sleep(0)
        return super().recv_into(*args)


class WebSocket(eventlet.websocket.RFC6455WebSocket):
    """A websocket that is cut when it says too much: eventlet's own limit is that of one frame of a message."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self._allowance = Allowance()
        self._waits = 0

    def expire(self) -> None:
        """End an upgrade that takes too long: it is two messages, and who waits for a third has come through."""
        if self._waits < 3:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def wait(self) -> Any:
        """The next message; None where the client has gone, or is silent and can be taken for gone."""
        self._waits += 1
        with contextlib.suppress(TimeoutError):
            return super().wait()
        return None

    def _recv_frame(self, message: Any = None) -> Any:
        before = sum(map(len, message.data)) if message else 0
        frame = super()._recv_frame(message)
        size = sum(map(len, frame.data))
        if not self._allowance.takes(size - before if frame is message else size):
            self._cut("flood")
        if size > self.max_frame_length or len(frame.data) > MOST_PIECES:
            self._cut("too_large")
        return frame

    def _cut(self, reason: str) -> None:
        log.info("socket.cut", reason=reason)
        # Without a word: a client that does not read would keep us waiting for its end.
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        raise eventlet.websocket.ConnectionClosedError

    @staticmethod
    def _apply_mask(data: bytes, mask: Any, length: int | None = None, offset: int = 0) -> bytes:
        """The library's goes byte by byte, and holds everybody up for a millisecond at each long message."""
        turned = bytes(mask[offset % 4 :] + mask[: offset % 4])
        key = (turned * (len(data) // 4 + 1))[: len(data)]
        return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(len(data), "big")


class WebSocketWSGI(driver.WebSocketWSGI):
    """Opens our websockets. The drafts of 2010 know no limits, so they are not spoken."""

    def __init__(self, handler: Any, server: Any):
        super().__init__(handler, server)
        self.support_legacy_versions = False

    def _handle_hybi_request(self, environ: dict[str, Any]) -> WebSocket:
        theirs = super()._handle_hybi_request(environ)
        ours = WebSocket(theirs.socket, environ, theirs.version, max_frame_length=LARGEST_MESSAGE)
        if "upgrade" in environ[CONNECTION].busy:
            eventlet.spawn_after(PROBE_SECONDS, ours.expire)
        return ours


class Protocol(eventlet.wsgi.HttpProtocol):
    """Closes the connection of a body that is never read: the library would read to its end, which may never come."""

    def handle_one_response(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isdigit() and int(length) <= LARGEST_MESSAGE):
            self.close_connection = 1
        super().handle_one_response()


class Watchdog:
    """A thread of the system's that ends a process which no longer runs, so that a supervisor starts it anew."""

    def __init__(self, frozen: float = FROZEN_SECONDS, overdue: float = OVERDUE_SECONDS):
        self._frozen, self._overdue = frozen, overdue
        self._until = _time.monotonic() + frozen
        self._event = "realtime.frozen"

    def start(self) -> None:
        """Begin to watch."""
        _threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def pulse(self) -> None:
        """Green threads run."""
        if self._event == "realtime.frozen":
            self._until = _time.monotonic() + self._frozen

    def stop(self) -> None:
        """The process was told to end; it may take its time, but not more."""
        if self._event == "realtime.frozen":
            self._event, self._until = "realtime.overdue", _time.monotonic() + self._overdue

    def _run(self) -> None:
        while _time.monotonic() < self._until:
            _time.sleep(0.2)
        # Not by the logger, whose lock may be held by a green thread.
        os.write(2, orjson.dumps({"event": self._event, "level": "error", "process": "realtime"}) + b"\n")
        os._exit(1)


class Process:
    """One realtime process, from its socket to its end."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._is_stopping = False
        self._status = 0
        self._watchdog = Watchdog()
        self._realtime = self._build()

    def run(self) -> int:
        """Serve until told to stop; the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        _allow_files(self._settings.sockets)
        place = (self._settings.realtime_host, self._settings.realtime_port)
        unfair = eventlet.listen(place, backlog=BACKLOG)
        listener = FairSocket(unfair.fd)
        self._realtime.start()
        self._watchdog.start()
        server = eventlet.spawn(self._serve, listener)
        log.info("realtime.started", port=self._settings.realtime_port)
        while not self._is_stopping and not server.dead:
            eventlet.sleep(0.1)
            self._watchdog.pulse()
        self._watchdog.stop()
        unfair.close()
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
        driver._async["websocket"] = WebSocketWSGI
        return create_realtime(settings, ports, async_mode="eventlet")

    def _serve(self, listener: Any) -> None:
        eventlet.wsgi.server(
            listener,
            self._realtime.app,
            log=logging.getLogger("realtime.http"),
            log_output=False,
            debug=False,
            protocol=Protocol,
            # As many green threads as the door takes requests, and some for those that are turned away.
            max_size=2 * self._settings.sockets + 500,
            socket_timeout=REQUEST_SECONDS,
            keepalive=REQUEST_SECONDS,
        )

    def _stop(self, *_: Any) -> None:
        self._is_stopping = True
        # A signal is heard even where no green thread runs any more.
        self._watchdog.stop()

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

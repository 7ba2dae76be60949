"""The official Socket.IO client in Node, driven line by line: what frontends and apps use, and no code of ours."""

from __future__ import annotations

import itertools
import json
import subprocess
import threading
from collections.abc import Callable
from typing import Any

from ops import node
from tests.support.database import ROOT
from tests.support.waiting import eventually

PROJECT = ROOT / "tests/realtime/client"


class NpmSocket:
    """One ``io(...)`` of the client and everything that has happened to it, as (what, data)."""

    def __init__(self, clients: NpmClients, name: str):
        self._clients = clients
        self._name = name
        self.heard: list[tuple[str, Any]] = []

    def connect(
        self, url: str, *, transports: tuple[str, ...] = ("websocket",), auth: Any = None, **options: Any
    ) -> None:
        self._clients.tell("connect", id=self._name, url=url, auth=auth, transports=list(transports), options=options)

    def emit(self, event: str, payload: Any) -> Any:
        """Send an event; what it was acknowledged with."""
        before = len(self.all("ack"))
        self._clients.tell("emit", id=self._name, name=event, payload=payload)
        eventually(lambda: len(self.all("ack")) > before, what="the acknowledgement")
        return self.all("ack")[-1]

    def close(self) -> None:
        self._clients.tell("close", id=self._name)

    def all(self, what: str) -> list[Any]:
        """The data of everything of one name, in the order of its coming."""
        return [data for name, data in list(self.heard) if name == what]

    def expect(self, what: str, count: int = 1, within: float = 8.0) -> Any:
        """Wait until something has come ``count`` times; its latest data."""
        self.wait_for(lambda: len(self.all(what)) >= count, within=within, what=what)
        return self.all(what)[-1]

    def wait_for(self, probe: Callable[[], object], within: float = 8.0, what: str = "it") -> None:
        """Wait for something that this socket hears; a failure says what it did hear."""
        try:
            eventually(probe, within=within, what=what)
        except AssertionError as error:
            raise AssertionError(f"{error}; heard was {self.heard}") from None

    @property
    def events(self) -> list[Any]:
        """The payloads of numbered events."""
        names = ("notification", "booking_updated", "payment_updated", "new_message")
        return [data for name, data in list(self.heard) if name in names]


class NpmClients:
    """One Node process with any number of sockets."""

    def __init__(self) -> None:
        node.packages(PROJECT)
        self._sockets: dict[str, NpmSocket] = {}
        self._names = itertools.count()
        self._process = subprocess.Popen(
            [node.interpreter(), "client.mjs"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def socket(self) -> NpmSocket:
        name = f"s{next(self._names)}"
        self._sockets[name] = NpmSocket(self, name)
        return self._sockets[name]

    def tell(self, verb: str, **command: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"verb": verb, **command}) + "\n")
        self._process.stdin.flush()

    def close_all(self) -> None:
        for socket in self._sockets.values():
            socket.close()
        self._sockets.clear()

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            told = json.loads(line)
            # The last words of a test that is over concern nobody.
            if socket := self._sockets.get(told["id"]):
                socket.heard.append((told["what"], told["data"]))

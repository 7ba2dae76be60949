"""The client that docs/live-events.md shows, run as it stands there, and what the page says of events."""

from __future__ import annotations

import json
import re
import subprocess
import threading

import pytest

from domain.live import LiveEvent
from domain.notices import ChangeKind, NoticeKind
from models import UserSession
from ops import node
from tests.realtime.test_connecting import expired
from tests.support.database import ROOT
from tests.support.npm_client import PROJECT
from tests.support.waiting import eventually

PAGE = (ROOT / "docs/live-events.md").read_text()
#: What the application around the example does: tells us on its output, and loses its network when told so.
AROUND = """
import { createInterface } from "node:readline";
const [address, old, fresh] = process.argv.slice(1);
const tell = (...what) => console.log(JSON.stringify(what));
let token = old;
const socket = listen(address, {
  accessToken: () => token,
  refresh: async () => (tell("refresh"), (token = fresh), true),
  load: () => tell("load"),
  show: (name, event) => tell(name, event.seq),
  ended: (why) => tell("ended", why),
});
socket.on("ready", () => tell("ready"));
for await (const line of createInterface({ input: process.stdin })) socket.io.engine.close();
process.exit(0);
"""


class Application:
    """The page's client in a process of its own; ``heard`` is what it has told."""

    def __init__(self, program: str, *arguments: str):
        # From its text, so that it finds the package where it is run.
        command = [node.interpreter(), "--input-type=module", "-e", program, "--", *arguments]
        self._process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.heard: list[list] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def loses_its_network(self) -> None:
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def hears(self, *told) -> None:
        """Wait until this is all that was heard since the last time."""
        expected = [list(each) for each in told]
        try:
            eventually(lambda: len(self.heard) >= len(expected), within=10, what=str(expected))
        except AssertionError as error:
            raise AssertionError(f"{error}; heard was {self.heard}") from None
        assert self.heard == expected
        self.heard.clear()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(5)
        self._process.stdin.close()
        self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout:
            self.heard.append(json.loads(line))


@pytest.fixture
def amina(person):
    return person()


@pytest.fixture
def application(npm, amina, origin):
    (example,) = re.findall(r"```js\n(.+?)```", PAGE, re.DOTALL)
    application = Application(example + AROUND, origin, expired(amina), amina.token)
    yield application
    application.stop()


def test_the_client_of_the_page_does_what_the_page_says(application, amina, db):
    # Its token is too old: it refreshes, connects, and loads once.
    application.hears(["refresh"], ["load"], ["ready"])
    amina.is_told(2)
    application.hears(["notification", 1], ["notification", 2])

    # Not sent: what was written is found by whoever asks with its last number.
    amina.writes(2)
    application.loses_its_network()
    application.hears(["notification", 3], ["notification", 4], ["ready"])

    amina.writes(201)
    application.loses_its_network()
    application.hears(["load"], ["ready"])
    amina.is_told()
    application.hears(["notification", 206])

    with db.transaction() as session:
        session.query(UserSession).filter_by(user_id=amina.user.id).one().revoke("test", amina.make.ctx.now(session))
    application.hears(["ended", "io server disconnect"])


def test_the_page_shows_every_kind_and_every_member():
    assert {kind for kind in (*NoticeKind, *ChangeKind) if f"`{kind}`" not in PAGE} == set()
    (shown,) = re.findall(r"```json\n(.+?)```", PAGE, re.DOTALL)
    members = set(LiveEvent.__dataclass_fields__) - {"read_at"}
    assert set(json.loads(shown)) == members

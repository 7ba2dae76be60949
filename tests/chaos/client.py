"""A traveller's app as a good client is written: what broke is sent again with the same key, until the answer is known."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

#: A request is given up, its outcome unknown, after so many seconds.
PATIENCE_SECONDS = 75.0
_PAUSE = 0.4
_TRY_AGAIN = ("idempotency_in_progress", "busy_try_again")


@dataclass(frozen=True)
class Answer:
    """The last word on a request; status 0 where none came."""

    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        return self.body.get("code", "")


class History:
    """Every try of every request, one JSON line each, written before the next one is made."""

    def __init__(self, path: Path):
        self._file = path.open("a", buffering=1)
        self._lock = threading.Lock()

    def note(self, **what: Any) -> None:
        with self._lock:
            self._file.write(json.dumps({"at": round(time.time(), 3), **what}) + "\n")


class App:
    """One traveller's app. ``traveller`` names it in the history."""

    def __init__(self, base_url: str, history: History, traveller: str):
        self._history = history
        self._traveller = traveller
        self._http = httpx.Client(base_url=base_url, timeout=httpx.Timeout(20, connect=3), trust_env=False)

    def close(self) -> None:
        self._http.close()

    def sign_in(self, person: dict[str, str]) -> bool:
        """Register; an address that is taken is one's own from a try whose answer was lost."""
        answer = self.send("POST", "/api/auth/register", {**person, "user_type": "tourist"})
        if answer.code == "email_taken":
            answer = self.send("POST", "/api/auth/login", {name: person[name] for name in ("email", "password")})
        if answer.ok:
            self._http.headers["Authorization"] = f"Bearer {answer.body['access_token']}"
        return answer.ok

    def send(self, method: str, path: str, body: Any = None, *, keyed: bool = False, wait: int = 0) -> Answer:
        """Send until there is an answer that says something; with ``keyed``, every try carries the same key."""
        intent = uuid.uuid4().hex
        headers = {"Idempotency-Key": intent} if keyed else {}
        if wait:
            headers["Prefer"] = f"wait={wait}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer, pause = self._try(method, path, body, headers, intent)
            if pause is None:
                return answer
            if time.monotonic() + pause > deadline:
                return Answer(0, {})
            time.sleep(pause)

    def _try(
        self, method: str, path: str, body: Any, headers: dict[str, str], intent: str
    ) -> tuple[Answer, float | None]:
        """One try, and the pause before the next where it is worth one."""
        about = {"traveller": self._traveller, "intent": intent, "method": method, "path": path}
        try:
            got = self._http.request(method, path, json=body, headers=headers)
            document = got.json() if got.content else {}
        except (httpx.TransportError, ValueError) as error:
            self._history.note(**about, status=0, broke=type(error).__name__)
            return Answer(0, {}), _PAUSE
        answer = Answer(got.status_code, document)
        asked_to_wait = got.headers.get("Retry-After")
        self._history.note(
            **about,
            status=answer.status,
            code=answer.code,
            id=document.get("id"),
            state=document.get("status") or document.get("state"),
            replayed="Idempotent-Replayed" in got.headers,
            retry_after=asked_to_wait,
        )
        if answer.status >= 500 or answer.code in _TRY_AGAIN:
            return answer, min(float(asked_to_wait or _PAUSE), 5.0)
        return answer, None

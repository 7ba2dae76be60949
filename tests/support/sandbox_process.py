"""The sandbox as a process of its own, for tests that need a provider who knows nothing of us."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.support.database import ROOT
from tests.support.network import free_port
from tests.support.waiting import eventually


@contextmanager
def running_sandbox(**settings: str) -> Iterator[str]:
    """Its address while it runs; ``settings`` are SANDBOX_ variables without their prefix."""
    port = free_port()
    environ = {"SANDBOX_HOST": "127.0.0.1", "SANDBOX_PORT": str(port)}
    environ |= {f"SANDBOX_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        assert process.poll() is None, f"the sandbox ended with {process.returncode}"
        try:
            return httpx.get(f"{url}/__sim/health", trust_env=False).is_success
        except httpx.TransportError:
            return False

    try:
        eventually(answers, within=20, what="the sandbox's first answer")
        yield url
    finally:
        process.terminate()
        process.wait(10)


class Sandbox:
    """The sandbox's control API."""

    def __init__(self, url: str):
        self.url = url
        self._http = httpx.Client(base_url=f"{url}/__sim", trust_env=False, timeout=5)

    def reset(self) -> None:
        self._http.post("/reset").raise_for_status()

    def faults(self, **wanted: object) -> None:
        self._http.put("/faults", json=wanted).raise_for_status()

    def pin(self, phone: str, digits: str = "1234") -> None:
        self._http.post(f"/phones/{phone}/pin", json={"pin": digits}).raise_for_status()

    def press_cancel(self, phone: str) -> None:
        self._http.post(f"/phones/{phone}/cancel").raise_for_status()

    def answer_all(self) -> None:
        """From now on prompts are answered with the right PIN by themselves."""
        self._http.put("/autopilot", json={"enabled": True, "after_seconds": 0.05}).raise_for_status()

    def prompts(self, phone: str) -> list[dict]:
        return self._http.get(f"/phones/{phone}").json()["prompts"]

    def texts(self, phone: str) -> list[str]:
        return [text["text"] for text in self._http.get(f"/phones/{phone}").json()["sms"]]

    def mails(self) -> list[dict]:
        return self._http.get("/mails").json()

    def charges(self) -> list[dict]:
        return self._http.get("/charges").json()

    def calls(self, path: str) -> int:
        """How often ``path`` (its end) was called, by whomever."""
        return sum(1 for entry in self._http.get("/requests").json() if path in (entry.get("url") or ""))

    def google_token(self, email: str, nonce: str, **asked: str) -> str:
        """An ID token of whoever has this address at Google."""
        answer = self._http.post("/google/tokens", json={"email": email, "nonce": nonce, **asked})
        return answer.raise_for_status().json()["id_token"]

    def turn_google_keys(self, keep: int = 1) -> list[str]:
        """Let Google sign with a new key; the ids of those that it publishes."""
        return self._http.post("/google/rotate", json={"keep": keep}).raise_for_status().json()["kids"]

    def close(self) -> None:
        self._http.close()

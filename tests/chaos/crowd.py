"""The load of a run, in a process of its own: ``python -m tests.chaos.crowd PLAN HISTORY`` plays every traveller's story."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.client import Answer, App, History
from tests.chaos.plan import INSISTENT, MISFORTUNES

MOST_AT_ONCE = 32
#: How long somebody looks at the phone for the prompt, and then at the app for the outcome.
PROMPT_SECONDS = 30.0
OUTCOME_SECONDS = 35.0
_LOOK = 0.5
#: No finger is needed: the prompt answers itself, or never appears.
_BY_ITSELF = ("early_callback", "late_success_hang", "phone_off", "push_5xx")
_OPEN = ("pending", "processing")
_RETRIED = ("failed", "cancelled", "expired")
PASSWORD = "two zebras in a storm"


class Phone:
    """One phone of the sandbox, and the hand that holds it."""

    def __init__(self, sandbox_url: str, number: str):
        self._url = f"{sandbox_url}/__sim/phones/{number.lstrip('+')}"
        self._http = httpx.Client(trust_env=False, timeout=20)

    def close(self) -> None:
        self._http.close()

    def has_prompt(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            prompts = self._http.get(self._url).json()["prompts"]
            if any(prompt["state"] == "open" and prompt["reachable"] for prompt in prompts):
                return True
            time.sleep(_LOOK)
        return False

    def type_pin(self, pin: str = "1234") -> None:
        self._http.post(f"{self._url}/pin", json={"pin": pin})

    def press_cancel(self) -> None:
        self._http.post(f"{self._url}/cancel")


class Traveller:
    """Plays one story to its end. Nothing that the product answers surprises it: the judge reads the history."""

    def __init__(self, scene: dict[str, Any], story: dict[str, Any], history: History):
        self._scene, self._story, self._history = scene, story, history
        self._name = f"storm{story['number']}@example.com"
        self._app = App(scene["api"], history, self._name)
        self._phone = Phone(scene["sandbox"], story["phone"])
        self._switches = MISFORTUNES.get(story["misfortune"], {})

    def play(self) -> None:
        try:
            end = self._play()
        except httpx.HTTPError as error:
            end = f"the sandbox broke: {type(error).__name__}"
        finally:
            self._app.close()
            self._phone.close()
        self._history.note(traveller=self._name, end=end)

    def _play(self) -> str:
        story = self._story
        person = {"email": self._name, "password": PASSWORD, "first_name": "Amina", "last_name": "Mwangi"}
        if not self._app.sign_in(person | {"phone": story["phone"]}):
            return "could not sign in"
        booking = self._book()
        if booking is None:
            return "found no seats"
        return getattr(self, f"_{story['behaviour']}")(booking["id"])

    def _book(self) -> dict[str, Any] | None:
        for number in self._story["wishes"]:
            wish = {**self._scene["departures"][number], "guests": self._story["guests"]}
            answer = self._app.send("POST", "/api/bookings", wish, keyed=True)
            if answer.ok:
                return answer.body
        return None

    def _pays(self, booking_id: str) -> str:
        asked = time.monotonic()
        state = self._attempt(booking_id, self._phone.type_pin)
        if self._story["misfortune"] in INSISTENT and state != "succeeded":
            time.sleep(max(0.0, asked + self._scene["insists_after"] - time.monotonic()))
            return self._attempt(booking_id, self._phone.type_pin)
        return state if self._switches or state not in _RETRIED else self._again(booking_id)

    def _refuses(self, booking_id: str) -> str:
        return self._then_again(booking_id, self._phone.press_cancel)

    def _mistypes(self, booking_id: str) -> str:
        return self._then_again(booking_id, lambda: self._phone.type_pin("9999"))

    def _ignores(self, booking_id: str) -> str:
        return self._then_again(booking_id, lambda: time.sleep(self._scene["prompt_seconds"]))

    def _gives_up(self, booking_id: str) -> str:
        def cancel_then_pay() -> None:
            self._app.send("PUT", f"/api/bookings/{booking_id}/cancel", {})
            self._phone.type_pin()

        return self._attempt(booking_id, cancel_then_pay)

    def _cancels_later(self, booking_id: str) -> str:
        state = self._pays(booking_id)
        self._app.send("PUT", f"/api/bookings/{booking_id}/cancel", {"reason": "Plans changed"})
        return f"{state}, then cancelled"

    def _impatient(self, booking_id: str) -> str:
        def ask_twice() -> None:
            self._start(booking_id)
            self._phone.type_pin()

        return self._attempt(booking_id, ask_twice)

    def _never_pays(self, booking_id: str) -> str:
        return "never paid"

    def _then_again(self, booking_id: str, first: Any) -> str:
        state = self._attempt(booking_id, first)
        return self._again(booking_id) if state in _RETRIED else state

    def _again(self, booking_id: str) -> str:
        return self._attempt(booking_id, self._phone.type_pin)

    def _attempt(self, booking_id: str, at_the_prompt: Any) -> str:
        """Ask for the prompt, do something with it, and see what became of the payment."""
        started = self._start(booking_id)
        if not started.ok:
            return f"not started: {started.code or started.status}"
        if not set(self._switches) & set(_BY_ITSELF) and self._phone.has_prompt(PROMPT_SECONDS):
            at_the_prompt()
        deadline, state = time.monotonic() + OUTCOME_SECONDS, "unseen"
        while time.monotonic() < deadline:
            wait = 5 if self._story["waits"] else 0
            answer = self._app.send("GET", f"/api/payments/{started.body['id']}/status", wait=wait)
            state = answer.body.get("state", "unseen")
            if state not in (*_OPEN, "unseen"):
                break
            time.sleep(1.0)
        return state

    def _start(self, booking_id: str) -> Answer:
        wanted = {"booking_id": booking_id, "phone": self._story["phone"]}
        return self._app.send("POST", "/api/payments/mpesa/initiate", wanted, keyed=True)


def main(plan_path: str, history_path: str) -> int:
    """Play all stories, each at its time."""
    scene = json.loads(Path(plan_path).read_text())
    history = History(Path(history_path))
    started = time.monotonic()

    def play(story: dict[str, Any]) -> None:
        time.sleep(max(0.0, started + story["at"] - time.monotonic()))
        Traveller(scene, story, history).play()

    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        for done in [pool.submit(play, story) for story in scene["stories"]]:
            done.result()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

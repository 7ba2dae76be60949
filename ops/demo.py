"""``./elite demo``: the product's story told by its real parts, one timed line for each thing that happens."""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from typing import Any

from ops import environment, state
from ops.client import Api, Sandbox
from ops.demo_guide import GuideDemo
from ops.errors import OpsError
from ops.faults import GOOD, STORIES, Story, find
from ops.guide_client import AdminApi, GuideApi
from ops.somebody import somebody
from ops.terminal import Terminal
from ops.timeline import LOOK_SECONDS, Timeline, until
from ops.venv import ROOT

GUESTS = 2
_PROMPT_SECONDS = 60.0
_TELLING_SECONDS = 20.0


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Play the story; 0 where it ended as promised, else 1."""
    if options.fault == "list":
        terminal.heading("What can go wrong in ./elite demo --fault NAME")
        terminal.table([(story.name, story.says) for story in STORIES])
        return 0
    story = find(options.fault) if options.fault else GOOD
    api_url, sandbox_url = addresses(environment.read(ROOT, os.environ))
    timeline = Timeline(terminal)
    with ExitStack() as stack:
        traveller, guide, admin = (stack.enter_context(closing(app(api_url))) for app in (Api, GuideApi, AdminApi))
        sandbox = stack.enter_context(closing(Sandbox(sandbox_url)))
        traveller.ready()
        experience = GuideDemo(guide, admin, sandbox, terminal, timeline).play() if options.guide else None
        return Demo(traveller, sandbox, terminal, timeline, story, experience).play()


def addresses(env: Mapping[str, str]) -> tuple[str, str]:
    """Where the API and the sandbox are: as the caller says, else as the running ``up`` wrote down, else the usual ones."""
    folder = state.durable(env)
    record = folder.record if folder.is_locked() else {}
    completed = environment.development({name: value for name, value in env.items() if name != "APP_ENV"})
    api, sandbox = completed["API_URL"], f"http://localhost:{completed['SANDBOX_PORT']}"
    if record.get("sandbox_url"):
        api = api if {"API_URL", "PORT"} & env.keys() else record["api_url"]
        sandbox = sandbox if "SANDBOX_PORT" in env else record["sandbox_url"]
    return api, sandbox


class Demo:
    """One traveller, one booking, of ``experience`` where one is given, and as many attempts to pay as the story needs."""

    def __init__(
        self,
        api: Api,
        sandbox: Sandbox,
        terminal: Terminal,
        timeline: Timeline,
        story: Story,
        experience: dict[str, Any] | None = None,
    ):
        self._api = api
        self._sandbox = sandbox
        self._terminal = terminal
        self._story = story
        self._person = somebody()
        self._timeline = timeline
        self._wanted = experience
        self._texts: list[str] = []
        self._subjects: list[str] = []

    def play(self) -> int:
        """The whole story; 0 where everything was as promised."""
        story = self._story
        self._terminal.heading(f"A traveller books and pays by M-Pesa at {self._api.address}")
        if story.switches:
            self._terminal.line(f"Fault {story.name}: {story.says}")
            self._terminal.gap()
            self._sandbox.set_faults(self._person.phone, story.switches)
        try:
            booking = self._book()
            payment = self._pay(booking, story)
            as_promised = self._judge(booking, payment, story)
        finally:
            self._clear_faults()
        if as_promised and story.rescue:
            as_promised = self._rescue(booking)
        return 0 if as_promised else 1

    def _book(self) -> dict[str, Any]:
        person = self._person
        self._api.register(person.account)
        self._timeline.add(f"{person.name} has an account: {person.email}, {person.phone}")
        experience, slot = self._find()
        self._timeline.add(f"Found: {experience['title']}, {slot['date']} at {slot['time']}")
        booking = self._api.book(experience["id"], slot["starts_at"], GUESTS)
        self._timeline.add(
            f"{GUESTS} seats held: booking {booking['reference']}, {booking['total']['currency']} {booking['total']['amount']}"
        )
        return booking

    def _find(self) -> tuple[dict[str, Any], dict[str, Any]]:
        everything = [self._wanted] if self._wanted else self._api.experiences(GUESTS)
        offered = [it for it in everything if it["confirmation"] == "instant" and it["price"]["currency"] == "KES"]
        random.shuffle(offered)
        for experience in offered:
            slots = self._api.free_slots(experience["id"], GUESTS)
            if slots:
                return experience, random.choice(slots)
        raise OpsError(
            f"No experience has {GUESTS} seats free in the next two weeks.",
            "For a fresh start stop ./elite up and remove the folder that holds its logs.",
        )

    def _pay(self, booking: dict[str, Any], story: Story) -> dict[str, Any]:
        payment = self._api.pay_by_mpesa(booking["id"], self._person.phone)
        self._timeline.add(f"Payment started: {payment['state']}")
        deadline = time.monotonic() + story.patience
        if story.prompts:
            prompt = until(
                lambda: self._sandbox.open_prompt(self._person.phone),
                _PROMPT_SECONDS,
                f"The prompt did not appear on the phone within {_PROMPT_SECONDS:.0f} s.",
                "The logs of ./elite up, above all worker-money's, tell why.",
            )
            self._timeline.add(f"The phone shows: pay KES {prompt['amount']}, account {prompt['account_reference']}")
            self._sandbox.enter_pin(self._person.phone)
            self._timeline.add("PIN entered")
        seen = payment["state"]
        while seen not in story.states and time.monotonic() < deadline:
            payment = self._api.payment(payment["id"], wait=10)
            if payment["state"] != seen:
                seen = payment["state"]
                self._timeline.add(f"Payment is {seen}{_receipt(payment)}")
            else:
                time.sleep(LOOK_SECONDS)
        return payment

    def _judge(self, booking: dict[str, Any], payment: dict[str, Any], story: Story) -> bool:
        """Say what was promised and what is; True where they agree."""
        booking = self._settled_booking(booking, story)
        charges = self._sandbox.charges(self._person.phone)
        paid = story.booking == "confirmed"
        texts, subjects = self._told(paid)
        checks = [
            ("Payment", " or ".join(story.states), payment["state"], payment["state"] in story.states),
            ("Booking", story.booking, booking["status"], booking["status"] == story.booking),
            ("Money taken", _times(story.charges), _times(len(charges)), len(charges) == story.charges),
            ("SMS", "one" if paid else "none", str(len(texts)), len(texts) == int(paid)),
        ]
        if paid:
            # The welcome to a new account is none of it.
            about = [subject for subject in subjects if booking["reference"] in subject]
            checks.append(("Mail", "at least one", str(len(about)), bool(about)))
        self._report(checks, payment, texts, subjects)
        return all(held for *_, held in checks)

    def _report(
        self, checks: list[tuple[str, str, str, bool]], payment: dict[str, Any], texts: list[str], subjects: list[str]
    ) -> None:
        terminal = self._terminal
        terminal.gap()
        for what, promised, seen, held in checks:
            line = f"{what:<12} {seen}" if held else f"{what:<12} {seen}, but promised was: {promised}"
            (terminal.good if held else terminal.bad)(line)
        if failure := payment["failure"]:
            terminal.line(f"  To the traveller: {failure['message']}")
        for text in texts:
            terminal.line(f"  SMS:  {text}")
        for subject in subjects:
            terminal.line(f"  Mail: {subject}")
        terminal.gap()

    def _settled_booking(self, booking: dict[str, Any], story: Story) -> dict[str, Any]:
        deadline = time.monotonic() + 5
        while True:
            booking = self._api.booking(booking["id"])
            if booking["status"] == story.booking or time.monotonic() > deadline:
                break
            time.sleep(LOOK_SECONDS)
        self._timeline.add(f"Booking is {booking['status']}")
        return booking

    def _told(self, paid: bool) -> tuple[list[str], list[str]]:
        """The texts and subjects that have newly arrived; after a success both are waited for."""
        deadline = time.monotonic() + (_TELLING_SECONDS if paid else 2.0)
        first_texts, first_subjects = len(self._texts), len(self._subjects)
        while time.monotonic() < deadline:
            texts, subjects = self._sandbox.texts(self._person.phone), self._sandbox.subjects(self._person.email)
            if len(texts) > len(self._texts):
                self._timeline.add("An SMS has arrived")
            for subject in subjects[len(self._subjects) :]:
                self._timeline.add(f"A mail has arrived: {subject}")
            is_news = (texts, subjects) != (self._texts, self._subjects)
            self._texts, self._subjects = texts, subjects
            if is_news and len(texts) > first_texts and len(subjects) > first_subjects:
                # Whatever else belongs to it comes within a moment, and so would a wrong second one.
                deadline = min(deadline, time.monotonic() + 2.0)
            time.sleep(LOOK_SECONDS)
        return self._texts[first_texts:], self._subjects[first_subjects:]

    def _rescue(self, booking: dict[str, Any]) -> bool:
        self._terminal.line("The seats are still held, so the traveller tries again; now everything works.")
        self._terminal.gap()
        return self._judge(booking, self._pay(booking, GOOD), GOOD)

    def _clear_faults(self) -> None:
        if self._story.switches:
            self._sandbox.set_faults(self._person.phone, dict.fromkeys(self._story.switches, False))


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")


def _receipt(payment: dict[str, Any]) -> str:
    return f", receipt {payment['receipt']}" if payment.get("receipt") else ""

"""``./elite demo --guide``: how somebody becomes a guide and offers a walk, told before a traveller finds and books it."""

from __future__ import annotations

import re
from typing import Any

from ops.client import Sandbox
from ops.errors import OpsError
from ops.guide_client import AdminApi, GuideApi
from ops.somebody import somebody
from ops.terminal import Terminal
from ops.timeline import Timeline, until

#: A link of a mail brings its token along.
_TOKEN = re.compile(r"[?&]token=([\w.~-]+)")
_WORKERS_SECONDS = 60.0
_CURE = "The logs of ./elite up, above all worker-bulk's and worker-out's, tell why."
_EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class GuideDemo:
    """One applicant, one administrator, one experience."""

    def __init__(self, guide: GuideApi, admin: AdminApi, sandbox: Sandbox, terminal: Terminal, timeline: Timeline):
        self._guide = guide
        self._admin = admin
        self._sandbox = sandbox
        self._terminal = terminal
        self._timeline = timeline
        self._person = somebody()

    def play(self) -> dict[str, Any]:
        """The whole story; the experience as a traveller finds it."""
        self._terminal.heading(f"{self._person.name} becomes a guide at {self._guide.address}")
        self._become_guide(self._apply())
        experience = self._offer()
        found = self._find(experience)
        self._terminal.gap()
        return found

    def _apply(self) -> str:
        person = self._person
        form = {
            "fullName": person.name,
            "email": person.email,
            "phone": person.phone,
            "location": "Nairobi",
            "languages": "English, Swahili",
            "experienceYears": "10+",
            "bio": f"{person.first_name} has shown friends of friends around the markets of Nairobi for ten years.",
            "instagram": f"@{person.first_name.lower()}.walks",
        }
        self._guide.apply(form)
        self._timeline.add(f"{person.name} applies, signed out, with a CV and a video: {person.email}")
        token = self._token_of_mail("Confirm your application")
        self._guide.confirm(token)
        self._timeline.add("The mail has arrived, and its link confirms the address")
        return token

    def _become_guide(self, token: str) -> None:
        self._wait(lambda: self._files(token) == {"ready"}, "The files of the application were not looked through")
        self._timeline.add("A worker has looked through both files")
        self._admin.sign_in()
        waiting = self._wait(
            lambda: self._admin.waiting(self._person.email), "The application does not wait for review"
        )
        self._admin.approve(waiting["id"])
        self._timeline.add("An administrator, signed in with two factors, approves")
        invitation = self._token_of_mail("You are invited")
        self._guide.register(self._person.account, "guide")
        slug = self._guide.accept(invitation)["guide"]["slug"]
        self._timeline.add(f"The invitation has arrived and is accepted: /api/guides/{slug}")

    def _files(self, token: str) -> set[str]:
        states = {file["state"] for file in self._guide.application(token)["files"]}
        if "refused" in states:
            raise OpsError("A file of the application was refused.", _CURE)
        return states

    def _offer(self) -> dict[str, Any]:
        first = self._person.first_name
        draft = self._guide.write_experience(
            {
                "title": f"Night market walk with {first}",
                "category": "food",
                "summary": "Charcoal, chapati and stories between the stalls.",
                "description": f"{first} knows who grills best, and why. We eat at five stalls and end with ginger tea.",
                "location": "Nairobi",
                "meeting_point": "The gate of the City Market, Muindi Mbingu Street",
                "price": "1500",
                "currency": "KES",
                "duration_minutes": 180,
                "min_guests": 1,
                "max_guests": 6,
                "capacity": 8,
            }
        )
        self._timeline.add(
            f"A draft: {draft['title']}, {draft['price']['currency']} {draft['price']['amount']} a person"
        )
        self._guide.add_picture(draft["id"], "Steam over a stall of the night market")
        self._guide.open_hours(
            draft["id"], [{"weekday": day, "start_time": "18:00", "end_time": "23:00"} for day in _EVERY_DAY]
        )
        self._timeline.add("A picture sent, and free every evening from 18:00 to 23:00, Nairobi time")
        self._wait(
            lambda: self._guide.own_experience(draft["id"])["images"], "The picture of the experience was not drawn"
        )
        self._timeline.add("The picture is there, drawn anew in three widths")
        self._guide.offer(draft["id"])
        self._timeline.add("Offered")
        return draft

    def _find(self, experience: dict[str, Any]) -> dict[str, Any]:
        words = f"nihgt makret wlak {self._person.first_name}"
        found = self._wait(
            lambda: next((each for each in self._guide.search(words) if each["id"] == experience["id"]), None),
            f'A search for "{words}" did not find it',
        )
        self._timeline.add(f'A search for "{words}" finds it: {found["title"]}')
        return self._guide.experience(experience["id"])

    def _token_of_mail(self, subject: str) -> str:
        """The token that the mail with these words in its subject brings along."""

        def arrived() -> str | None:
            text = self._sandbox.mail(self._person.email, subject)
            found = _TOKEN.search(text) if text else None
            return found[1] if found else None

        return self._wait(arrived, f'No mail "{subject} …" has arrived at {self._person.email}')

    def _wait(self, look: Any, failure: str) -> Any:
        return until(look, _WORKERS_SECONDS, f"{failure} within {_WORKERS_SECONDS:.0f} s.", _CURE)

"""The guide's and the administrator's HTTP clients of the demonstration: what their apps send, in the order of the story."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pyotp

from ops.client import Api
from ops.seed.people import ADMIN

#: What a guide has at hand: a CV, a greeting on video, and a picture of the walk.
FILES = Path(__file__).with_name("story")
CV, VIDEO, PICTURE = FILES / "cv.pdf", FILES / "hello.mp4", FILES / "walk.jpg"
_TYPES = {".pdf": "application/pdf", ".mp4": "video/mp4", ".jpg": "image/jpeg"}


class GuideApi(Api):
    """An applicant's form and mails, and a guide's app."""

    def apply(self, person: dict[str, str]) -> dict[str, Any]:
        """Send the form with its files, signed out, as a page of HTML does: the other name of the video is an empty part."""
        files = [("resume", _part(CV)), ("video", ("", b"", "application/octet-stream")), ("videoFile", _part(VIDEO))]
        return self._call("POST", "/api/guides/apply", data=person, files=files)

    def application(self, token: str) -> dict[str, Any]:
        """How far the application has come."""
        return self._call("GET", f"/api/guides/applications/{token}")

    def confirm(self, token: str) -> dict[str, Any]:
        """Confirm the address, as the page that the mail leads to does."""
        return self._call("POST", f"/api/guides/applications/{token}/confirm")

    def accept(self, token: str) -> dict[str, Any]:
        """Become a guide."""
        return self._call("POST", f"/api/guides/applications/{token}/accept")

    def write_experience(self, experience: dict[str, Any]) -> dict[str, Any]:
        """A new draft."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return self._call("POST", "/api/experiences", json=experience, headers=headers)

    def add_picture(self, experience_id: str, alt_text: str) -> dict[str, Any]:
        """Send a picture of the experience."""
        files = [("image", _part(PICTURE))]
        return self._call("POST", f"/api/experiences/{experience_id}/images", data={"alt_text": alt_text}, files=files)

    def open_hours(self, experience_id: str, rules: list[dict[str, str]]) -> dict[str, Any]:
        """Say when one is free, week by week."""
        return self._call("POST", f"/api/experiences/{experience_id}/schedule", json={"rules": rules})

    def offer(self, experience_id: str) -> dict[str, Any]:
        """Let everybody find and book it."""
        return self._call("PUT", f"/api/experiences/{experience_id}", json={"status": "active"})

    def own_experience(self, experience_id: str) -> dict[str, Any]:
        """One of one's own, with everything that only its guide sees."""
        return self._call("GET", f"/api/guides/me/experiences/{experience_id}")


class AdminApi(Api):
    """The demo's administrator, who signs in with both factors."""

    def sign_in(self) -> None:
        """Show the password, then a code of the published second factor."""
        asked = self._call("POST", "/api/auth/login", json={"email": ADMIN.email, "password": ADMIN.password})
        code = pyotp.TOTP(ADMIN.second_factor).now()
        signed_in = self._call("POST", "/api/auth/2fa/verify", json={"challenge": asked["challenge"], "code": code})
        self._bear(signed_in)

    def waiting(self, email: str) -> dict[str, Any] | None:
        """The confirmed application of one address, if it waits for a decision."""
        found = self._call("GET", "/api/admin/applications", params={"q": email, "status": "submitted"})["items"]
        return next((each for each in found if each["email"] == email), None)

    def application(self, application_id: str) -> dict[str, Any]:
        """An application as a reviewer reads it, with links to its files."""
        return self._call("GET", f"/api/admin/applications/{application_id}")

    def approve(self, application_id: str) -> dict[str, Any]:
        """Invite the applicant."""
        return self._call("PUT", f"/api/admin/applications/{application_id}/review", json={"action": "approve"})


def _part(path: Path) -> tuple[str, bytes, str]:
    return path.name, path.read_bytes(), _TYPES[path.suffix]

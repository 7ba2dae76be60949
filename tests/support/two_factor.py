"""An authenticator app for tests: it scans, and shows the code of each step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pyotp

from domain.two_factor import STEP_SECONDS
from models import User
from models.clock import Clock
from models.session import Database
from tests.factories import PASSWORD
from tests.support.http import Http


@dataclass
class App:
    """The app of one person, whose clock is the product's; ``next_code`` shows one that was not shown before."""

    db: Database
    clock: Clock
    secret: str = ""
    backup_codes: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """The code of now, or of so many steps later."""
        with self.db.reading() as session:
            now = self.clock.now(session)
        return pyotp.TOTP(self.secret).generate_otp(int(now.timestamp()) // STEP_SECONDS + steps)

    def next_code(self) -> str:
        """The code of the step that follows, once its time has come."""
        self.clock.offset += timedelta(seconds=STEP_SECONDS)
        return self.code()


def switch_on(http: Http, client: Http, clock: Clock) -> App:
    """Set two-factor sign-in up for whom ``client`` is signed in as, whose password is the tests' own."""
    app = App(http.make.db, clock)
    app.secret = client.post("/api/auth/2fa/setup", {"password": PASSWORD}).get_json()["secret"]
    answer = client.post("/api/auth/2fa/enable", {"code": app.code()})
    assert answer.status_code == 200, answer.text
    app.backup_codes = answer.get_json()["backup_codes"]
    return app


def person(http: Http, **values: Any) -> User:
    """Somebody with the tests' own password."""
    return http.make.user(password_hash=http.edge.passwords.hash(PASSWORD), **values)

"""People of whom each run of a demonstration makes up its own, so that runs do not meet."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field

_FIRST_NAMES = ("Wanjiku", "Amina", "Otieno", "Njeri", "Kamau", "Halima", "Kiprono", "Achieng")
_LAST_NAMES = ("Mwangi", "Odhiambo", "Hassan", "Kimani", "Chebet", "Mutua", "Wekesa", "Omar")


@dataclass(frozen=True)
class Somebody:
    """A name, an address of nobody's, and a phone of the sandbox."""

    first_name: str
    last_name: str
    email: str
    phone: str
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def account(self) -> dict[str, str]:
        """What a registration asks for."""
        named = {"first_name": self.first_name, "last_name": self.last_name}
        return named | {"email": self.email, "phone": self.phone, "password": self.password}


def somebody() -> Somebody:
    """Somebody who has never been here."""
    first, last = random.choice(_FIRST_NAMES), random.choice(_LAST_NAMES)
    email = f"{first.lower()}.{secrets.token_hex(4)}@example.com"
    return Somebody(first, last, email, f"+25471{random.randrange(10**7):07d}")

"""The people of the demo: two who sign in without guiding, and forty guides from all over Kenya."""

from __future__ import annotations

from dataclasses import dataclass

from domain.users import Role
from ops.seed import guides_coast, guides_nairobi, guides_north, guides_rift, guides_west
from ops.seed.shapes import GuideProfile

#: Published on purpose: they open nothing, because production refuses this data.
PASSWORD, SECOND_FACTOR = "karibu-kenya-2026", "KARIBUKENYAKARIBUKENYAKARIBUKENY"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as; ``phone`` is the one that the sandbox shows, ``second_factor`` the seed of an authenticator app."""

    role: str
    email: str
    password: str
    phone: str
    name: str
    second_factor: str = ""


TRAVELLER = Account(Role.TOURIST, "traveller@elite-events.example", PASSWORD, "+254700000001", "Ingrid Larsen")
OWNER = Account(Role.SUPER_ADMIN, "owner@elite-events.example", PASSWORD, "+254700000004", "Samuel Kiptoo")
ADMIN = Account(Role.ADMIN, "admin@elite-events.example", PASSWORD, "+254700000003", "Grace Nyambura", SECOND_FACTOR)

GUIDES: tuple[GuideProfile, ...] = (
    *guides_nairobi.GUIDES,
    *guides_coast.GUIDES,
    *guides_west.GUIDES,
    *guides_rift.GUIDES,
    *guides_north.GUIDES,
)

_AMINA = next(guide for guide in GUIDES if guide.slug == "amina-warsame")
AMINA = Account(Role.GUIDE, _AMINA.email, PASSWORD, _AMINA.phone, f"{_AMINA.first_name} {_AMINA.last_name}")
ACCOUNTS: tuple[Account, ...] = (TRAVELLER, AMINA, ADMIN, OWNER)

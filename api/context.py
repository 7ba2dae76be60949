"""The circumstances of the request at hand, as services want them: who asks, from where, in which language."""

from __future__ import annotations

import ipaddress
import re
import secrets
from functools import lru_cache

from flask import g, request

from api.edge import edge
from domain.users import LOCALES
from services.accounts.sessions import Identity
from services.context import Actor, Context

#: IPv6 with an IPv4 address in it and the name of an interface.
LONGEST_ADDRESS = 100
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def context() -> Context:
    """The context of the signed-in user, or of a stranger."""
    identity: Identity | None = g.get("identity")
    address = client_address()
    if identity is None:
        actor = Actor(ip=address)
    else:
        actor = Actor(identity.user_id, identity.session_id, identity.roles, address, identity.two_factor)
    ports = edge().ports
    return Context(ports.policy, ports.clock, actor, request_id(), locale())


def locale() -> str:
    """The best of our languages that the client names, else the signed-in user's."""
    identity: Identity | None = g.get("identity")
    # By preference, and sw-KE is Swahili: werkzeug's best_match would rather take an exact en.
    asked = (name.partition("-")[0].lower() for name, quality in request.accept_languages if quality > 0)
    unnamed = identity.locale if identity else LOCALES[0]
    return next((language for language in asked if language in LOCALES), unnamed)


def request_id() -> str:
    """The client's ``X-Request-ID`` where it is fit for a log, else one of ours."""
    if "request_id" not in g:
        g.request_id = request_id_of(request.headers.get("X-Request-ID", ""))
    return g.request_id


def request_id_of(given: str) -> str:
    """What a client gave as id of its request where it is fit for a log, else one of ours."""
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def client_address() -> str | None:
    """The client's address, proxies that we trust left out; None where it cannot be told."""
    return readable_address(request.remote_addr)


def readable_address(address: str | None) -> str | None:
    """An address in its usual spelling, or None for what is none."""
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    # A listener for both families tells IPv4 addresses as IPv6 ones, all of them of one /64.
    return str(ip.ipv4_mapped or ip) if ip.version == 6 else str(ip)


def limited_address() -> str:
    """What the client's address is counted as."""
    return counted_address(request.remote_addr)


def counted_address(address: str | None) -> str:
    """What an address is counted as, however it is spelled."""
    return _counted(address) if address and len(address) <= LONGEST_ADDRESS else customer_of(None)


@lru_cache(maxsize=4096)
def _counted(address: str) -> str:
    return customer_of(readable_address(address))


def customer_of(address: str | None) -> str:
    """What an address is counted as: itself, or for IPv6 the /64 that one customer has."""
    if address is None:
        return "unknown"
    if ":" in address:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return address

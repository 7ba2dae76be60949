"""What every table knows about people: what its owner may have a copy of, what is erased, and what is kept and why.

Every column of every table stands here, or a test names it. Whoever adds one decides three things at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.personal_data import accounts, dealings, letters, offers
from domain.personal_data.kinds import Personal, Side, Special, Way

__all__ = ["IMPERSONAL", "PERSONAL", "Side", "Special", "Way"]

PERSONAL: Mapping[str, Personal] = {**accounts.TABLES, **offers.TABLES, **dealings.TABLES, **letters.TABLES}

#: Tables that know nobody: why.
IMPERSONAL: Mapping[str, str] = {
    "application_intake": "bytes of a day",
    "audit_chain": "ids and digests of the audit log",
    "audit_unchained": "ids of the audit log",
    "departures": "seats of a run, whoever sits on them",
    "heartbeats": "processes",
    "identity_keys": "public keys of those who vouch for people",
    "jobs": "work by ids; errors are told by their type",
    "periodic_runs": "ticks",
    "listing_counts": "how much is offered at which price, by whomever",
    "provider_tokens": "our own access to providers",
    "rate_limits": "digests that name nobody; those of an erased account go with it",
    "popular_searches": "what many search for, in words of what is public",
    "search_counted": "words of what is public; those of an erased guide go within seconds",
    "search_documents": "words of what is public, kept by triggers and gone with it",
    "search_queries": "how many searched for what on a day, and nobody's name",
    "search_uncounted": "ids of what is public",
    "search_words": "words of what is public; a name that nobody has any more goes within seconds",
    "view_counts": "how often something was looked at on a day, by whomever",
    "used_identity_tokens": "digests that name nobody",
}

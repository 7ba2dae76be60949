"""What a client calls itself (its User-Agent), in words that people understand: "Firefox on Android"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ua_parser import parse_os, parse_user_agent

#: What distinguishes builds of one browser and not browsers, as far as people are concerned.
_BUILD = re.compile(r"\b(Mobile|WebView|iOS|Webkit|UI/WKWebView)\b")
#: Some names are taken from the client's own words, and stand in mails that go out in our name.
_PRESENTABLE = re.compile(r"[A-Za-z0-9 +_-]{1,30}")
_SYSTEMS = {"Mac OS X": "Mac"}
_ON = {"en": "{} on {}", "sw": "{} kwenye {}"}


@dataclass(frozen=True, slots=True)
class Agent:
    """A kind of device: all versions of one browser or app on one system are the same to whoever uses them."""

    browser: str | None
    system: str | None

    def name(self, locale: str) -> str | None:
        """``Firefox on Android``, or what of it is known; None where nothing is."""
        if self.browser and self.system:
            return _ON[locale].format(self.browser, self.system)
        return self.browser or self.system


@lru_cache(maxsize=1024)
def agent_of(user_agent: str | None) -> Agent:
    """What kind of device a User-Agent stands for."""
    given = user_agent or ""
    browser, system = parse_user_agent(given), parse_os(given)
    family = _BUILD.sub("", browser.family) if browser else ""
    return Agent(_presentable(family), _presentable(_SYSTEMS.get(system.family, system.family) if system else ""))


def _presentable(name: str) -> str | None:
    name = " ".join(name.split())
    return name if _PRESENTABLE.fullmatch(name) else None

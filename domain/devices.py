"""The phones and browsers that ask to be reached by push messages."""

from __future__ import annotations

from enum import StrEnum


class Platform(StrEnum):
    IOS = "ios"
    ANDROID = "android"
    WEB = "web"


#: A user has so many devices; the one that has not registered for the longest makes room for another.
MOST_DEVICES = 10
#: No push service gives out longer tokens, and an index takes no much longer ones.
LONGEST_TOKEN = 1_024

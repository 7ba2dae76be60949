"""The colours of what we send, in one place so that their contrast can be proved."""

from __future__ import annotations

LIGHT = {
    "page": "#FBF8F1",
    "card": "#FFFFFF",
    "line": "#E9E1D0",
    "ink": "#1D1B16",
    "muted": "#625C4F",
    "good": "#0B5D3B",
    "good_soft": "#E5F1EA",
    "held": "#7A4E00",
    "held_soft": "#FCF0D9",
    "failed": "#94361F",
    "failed_soft": "#FAE9E3",
    "button": "#0B5D3B",
    "button_ink": "#FFFFFF",
    "forest": "#0B5D3B",
    "ochre": "#D98E04",
    "terracotta": "#B5472F",
}

DARK = {
    "page": "#12110D",
    "card": "#1D1B16",
    "line": "#3A362B",
    "ink": "#F5F0E4",
    "muted": "#B9B2A2",
    "good": "#7BD3A7",
    "good_soft": "#143323",
    "held": "#F2BC55",
    "held_soft": "#36290D",
    "failed": "#F4A28E",
    "failed_soft": "#3D1F16",
    "button": "#7BD3A7",
    "button_ink": "#0D1A13",
}

#: Pairs (text, ground) that templates put on top of each other.
TEXT_ON_GROUND = (
    ("ink", "page"),
    ("ink", "card"),
    ("muted", "page"),
    ("muted", "card"),
    ("good", "card"),
    ("good", "good_soft"),
    ("ink", "good_soft"),
    ("held", "held_soft"),
    ("ink", "held_soft"),
    ("failed", "failed_soft"),
    ("ink", "failed_soft"),
    ("button_ink", "button"),
)

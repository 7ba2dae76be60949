"""How stored files are named: by visibility, so that one rule on the bucket says what the world may fetch, then never twice."""

from __future__ import annotations

import uuid
from datetime import datetime

#: Under PUBLIC lies what anybody may fetch through the CDN; everything else is reached by our keys or a signed link only.
PUBLIC, PRIVATE = "public/", "private/"


def is_public(key: str) -> bool:
    """Whether anybody may fetch what is stored under ``key``."""
    return key.startswith(PUBLIC)


def stored_name(at: datetime, file_id: uuid.UUID) -> str:
    """``20261121T164500-<uuid>``: nothing of what people call their files, and never the same twice."""
    return f"{at:%Y%m%dT%H%M%S}-{file_id}"

"""A device as its owner sees it: without its token."""

from __future__ import annotations

from typing import Any

from models.devices import DeviceToken


def device_answer(device: DeviceToken) -> dict[str, Any]:
    """One device."""
    return {"id": device.id, "platform": device.platform, "registered_at": device.registered_at}

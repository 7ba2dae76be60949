"""Loads the demo data in a process of its own, so that the supervisor stays small: ``python -m ops.demo_data``.

Its pictures are drawn into ``SANDBOX_CDN_FOLDER``, from where the sandbox serves them; without a folder there are none.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ops import seed
from ops.seed.loading import EXPERIENCES
from ops.seed.pictures.gallery import write_missing
from settings import Settings


def main() -> int:
    """Load what is missing and print, as one line of JSON, how many rows and pictures that were and the accounts."""
    settings, folder = Settings.from_env(os.environ), os.environ.get("SANDBOX_CDN_FOLDER")
    # Both keep a core busy, so a helper draws while we wait for the database.
    with ProcessPoolExecutor(1) as helper:
        drawing = helper.submit(write_missing, Path(folder), EXPERIENCES) if folder else None
        loaded = seed.load(settings)
        drawn = drawing.result() if drawing else 0
    accounts = [dataclasses.asdict(account) for account in seed.ACCOUNTS]
    print(json.dumps({"added": sum(loaded.counts.values()), "drawn": drawn, "accounts": accounts}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

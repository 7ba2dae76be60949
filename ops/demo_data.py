"""Loads the demo data in a process of its own, so that the supervisor stays small: ``python -m ops.demo_data``.

Its pictures are drawn into ``SANDBOX_CDN_FOLDER``, from where the sandbox serves them; without a folder there are none.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from ops import seed
from ops.seed.loading import EXPERIENCES
from ops.seed.pictures.gallery import write_missing
from settings import Settings


def main() -> int:
    """Load what is missing and print, as one line of JSON, how many rows and pictures that were and the accounts."""
    loaded = seed.load(Settings.from_env(os.environ))
    folder = os.environ.get("SANDBOX_CDN_FOLDER")
    drawn = write_missing(Path(folder), EXPERIENCES) if folder else 0
    accounts = [
        {"role": account.role, "email": account.email, "password": account.password, "phone": account.phone}
        for account in seed.ACCOUNTS
    ]
    print(json.dumps({"added": sum(loaded.counts.values()), "drawn": drawn, "accounts": accounts}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Loads the demo data in a process of its own, so that the supervisor stays small: ``python -m ops.demo_data``."""

from __future__ import annotations

import json
import os
import sys

from ops import seed
from settings import Settings


def main() -> int:
    """Load what is missing and print, as one line of JSON, how many rows that were and the accounts."""
    loaded = seed.load(Settings.from_env(os.environ))
    accounts = [
        {"role": account.role, "email": account.email, "password": account.password, "phone": account.phone}
        for account in seed.ACCOUNTS
    ]
    print(json.dumps({"added": sum(loaded.counts.values()), "accounts": accounts}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

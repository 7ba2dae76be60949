"""``./elite rotate-keys``: brings every sealed secret under the first of ENCRYPTION_KEYS, so that an old key can go."""

from __future__ import annotations

import argparse
import os
import sys

from domain.vault import Vault
from models.sealed import SealedColumn, sealed_columns
from ops.command import inside
from ops.product import Product, opened
from ops.terminal import Terminal
from services.sealing import reseal

#: Rows of one transaction; whoever is interrupted goes on where they were by starting again.
BATCH = 500


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Seal anew what is under another key, and name what no key opens; 1 where there is any."""
    lost = resealed = 0
    with opened(os.environ, "elite-rotate-keys") as product:
        vault = Vault(product.settings.encryption_keys)
        for sealed in sealed_columns():
            count, unopened = _rotate(product, vault, sealed, terminal)
            resealed, lost = resealed + count, lost + unopened
        keys = len(product.settings.encryption_keys)
    _conclude(terminal, resealed, lost, keys)
    return int(lost > 0)


def _rotate(product: Product, vault: Vault, sealed: SealedColumn, terminal: Terminal) -> tuple[int, int]:
    count, lost, after = 0, 0, None
    while True:
        with product.database.transaction() as session:
            done = reseal(session, vault, sealed, after, BATCH)
        for key in done.lost:
            terminal.bad(f"{sealed.name} of {key}: no key opens it; {sealed.when_lost}.")
        count, lost, after = count + done.count, lost + len(done.lost), done.last
        if after is None:
            terminal.line(f"{sealed.name}: {count} sealed anew.")
            return count, lost


def _conclude(terminal: Terminal, resealed: int, lost: int, keys: int) -> None:
    if lost:
        terminal.line(
            "Is a key missing from ENCRYPTION_KEYS? Add it behind the others and start again. Take no key away yet."
        )
    elif resealed:
        terminal.line(
            "Start again once every process runs with these ENCRYPTION_KEYS: what they sealed meanwhile follows."
        )
    elif keys > 1:
        terminal.good(
            "Everything is under the first key. Do all processes run with it in front? Then take the others away."
        )
    else:
        terminal.good("Everything is under the one key that there is.")


if __name__ == "__main__":
    sys.exit(inside("rotate-keys", sys.argv[1:]))

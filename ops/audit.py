"""``./elite audit verify``: whether the audit log still says what was written, and which entry does not."""

from __future__ import annotations

import argparse
import os
import re
import sys

from sqlalchemy.orm import Session

from ops.command import inside
from ops.errors import OpsError
from ops.product import opened
from ops.terminal import Terminal
from services.audit.proof import Fault, Proof, prove

_HASH = re.compile(r"[0-9a-f]{64}")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Check the whole log and name what does not fit; 1 where anything does not. Raises OpsError where no database is
    known, it does not answer, or ``--head`` is no hash."""
    head = options.head.strip().lower() if options.head is not None else None
    if head is not None and not _HASH.fullmatch(head):
        raise OpsError(f"'{options.head}' is not the hash of a link.", "It has 64 hexadecimal digits: see audit.head.")
    with opened(os.environ, "elite-audit-verify") as product, product.database.reading() as session:
        proof = verify(session, terminal, head)
    return int(proof.faults > 0)


def verify(session: Session, terminal: Terminal, head: str | None = None) -> Proof:
    """Prove the log as it is at this moment, each fault a line, and the verdict last."""
    # Who writes meanwhile must not look like who was forgotten.
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    proof = prove(session, lambda fault: terminal.bad(_told(fault)), head=head)
    read = f"{_counted(proof.entries, 'entry', 'entries')} in {_counted(proof.links, 'link', 'links')}"
    if proof.faults:
        terminal.gap()
        terminal.bad(f"{_counted(proof.faults, 'fault', 'faults')} in the audit log; {read} checked.")
        terminal.paragraph("docs/operations.md, 'The audit log', says what each of them means and what to do.", 2)
    else:
        through = ", and it leads through the given one" if head else ""
        terminal.good(f"The audit log is as it was written: {read} checked{through}.")
    if proof.waiting:
        terminal.line(f"{_counted(proof.waiting, 'entry waits', 'entries wait')} for the next link.")
    if proof.links:
        terminal.line(f"Head: link {proof.head_number}, {proof.head.hex()}")
    else:
        terminal.line("Head: none, there is no link yet.")
    return proof


def _told(fault: Fault) -> str:
    about = [f"link {fault.link}"] if fault.link else []
    about += [f"entry {fault.entry}"] if fault.entry else []
    return f"{', '.join(about).capitalize()}: {fault.what}" if about else fault.what.capitalize()


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


if __name__ == "__main__":
    sys.exit(inside("audit", sys.argv[1:]))

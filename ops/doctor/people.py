"""Whether people get what the law promises them: their account erased in time, and the copy of their data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import text

from ops.doctor.findings import Finding, good, look
from ops.doctor.patient import Patient

#: The job looks every hour, and its failures are tried again within minutes.
OVERDUE = timedelta(hours=3)
#: Written within minutes; a worker that was killed over it costs ten more.
UNWRITTEN = timedelta(hours=1)
NAMED = 8

_OVERDUE = text(
    """
    SELECT id, erase_at::date, count(*) OVER () FROM users
    WHERE erased_at IS NULL AND erase_at <= :before ORDER BY erase_at LIMIT :named
    """
)
_UNWRITTEN = text("SELECT count(*) FROM data_exports WHERE state = 'waiting' AND requested_at <= :before")


def accounts(patient: Patient) -> Iterator[Finding]:
    """Deleted accounts whose time is over, and copies that nobody has written."""
    with patient.database.reading() as session:
        now = patient.clock.now(session)
        overdue = session.execute(_OVERDUE, {"before": now - OVERDUE, "named": NAMED}).all()
        unwritten = session.scalar(_UNWRITTEN, {"before": now - UNWRITTEN})
    if overdue:
        yield look(
            "Erasing",
            f"{overdue[0].count} deleted accounts should have been erased by now",
            "account.not_erased in the log of worker-out names what is open, such as money: settle it, and the next hour's "
            "run goes on. No such line? Then the job accounts.erase fails (see Jobs) or periodic.erase_accounts does not run.",
            *(f"user {row.id}, due {row.erase_at}" for row in overdue),
        )
    if unwritten:
        yield look(
            "Data exports",
            f"{unwritten} asked for over an hour ago and not written",
            "See Storage, and reports.write_export under Jobs. They are written when its cause is mended; "
            "one whose job gave up is ended within the hour, and its owner may ask again.",
        )
    if not (overdue or unwritten):
        yield good("Accounts", "all erased in time, all data exports written")

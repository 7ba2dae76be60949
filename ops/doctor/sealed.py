"""Whether ENCRYPTION_KEYS still open what rows hold sealed: a key that was taken away too early locks people out one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.vault import Vault
from models.sealed import SealedColumn, sealed_columns
from ops.doctor.findings import Finding, broken, good, look
from ops.doctor.patient import Patient
from services.sealing import unopened

#: Texts of one read, at most so many of a column, and so many lost ones by name: ./elite rotate-keys reads and names all.
BATCH, MOST, NAMED = 500, 20_000, 8


def secrets(patient: Patient) -> Iterator[Finding]:
    """Every sealed text is opened, column by column, and nothing is written."""
    vault, opened = Vault(patient.settings.encryption_keys), 0
    columns = sealed_columns()
    lost_of = {}
    for sealed in columns:
        count, lost = _look_through(patient, vault, sealed)
        opened += count - len(lost)
        if lost:
            lost_of[sealed] = lost
    for sealed, lost in lost_of.items():
        yield _finding(sealed, lost)
    if not lost_of:
        yield good("Secrets", f"{opened} opened, in {len(columns)} columns")


def _look_through(patient: Patient, vault: Vault, sealed: SealedColumn) -> tuple[int, list[Any]]:
    """How many texts there were, and the keys of the rows whose text did not open."""
    count, lost, after = 0, [], None
    while count < MOST:
        with patient.database.reading() as session:
            rows = sealed.batch(session, after, BATCH)
        lost += unopened(vault, sealed, rows)
        count += len(rows)
        if len(rows) < BATCH:
            break
        after = rows[-1][0]
    return count, lost


def _finding(sealed: SealedColumn, lost: list[Any]) -> Finding:
    said = f"no key opens {sealed.name} of {len(lost)} {'row' if len(lost) == 1 else 'rows'}"
    details = [f"{sealed.name} of {key}" for key in lost[:NAMED]]
    if sealed.heals:
        return look("Secrets", said, f"Nothing to do: {sealed.when_lost}.", *details)
    return broken(
        "Secrets",
        said,
        "Is a key missing from ENCRYPTION_KEYS? Add it behind the others and restart; take none away before ./elite "
        f"rotate-keys says so. Where it is gone for good, or the row was written to from outside: {sealed.when_lost}.",
        *details,
    )

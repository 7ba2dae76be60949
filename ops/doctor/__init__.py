"""``./elite doctor``: looks at everything the product needs, and says of each fault what to do about it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy.exc import SQLAlchemyError

from ops.doctor import bucket, edges, people, providers, sealed, stores, work
from ops.doctor.findings import Check, Finding, Level, broken, unseen
from ops.doctor.patient import Patient, admit, examine_entrance
from ops.errors import OpsError
from ops.terminal import Terminal

#: Name for people, the check, and whether it has to ask the database.
CHECKS: tuple[tuple[str, Check, bool], ...] = (
    ("Packages", stores.packages, False),
    ("Disk", stores.disk, False),
    ("Clocks", stores.clocks, True),
    ("Connections", stores.connections, True),
    ("Redis", stores.stores, False),
    ("Processes", work.processes, True),
    ("Timetable", work.timetable, True),
    ("Relay lag", work.relay, True),
    ("Jobs", work.jobs, True),
    ("Money", work.money, True),
    ("Accounts", people.accounts, True),
    ("Licences", people.licences, True),
    ("Reviews", people.reviews, True),
    ("Left over", people.leftovers, True),
    ("Audit log", work.audit, True),
    ("Secrets", sealed.secrets, True),
    ("API", edges.api, False),
    ("Live events", edges.live_events, False),
    ("Pictures", edges.pictures, True),
    ("Callbacks", edges.callback, False),
    ("Certificates", edges.certificates, False),
    ("Operators' doors", edges.closed_doors, False),
    ("M-Pesa", providers.mpesa, True),
    ("Mail", providers.mail, False),
    ("Storage", providers.storage, False),
    ("Private files", bucket.privacy, False),
    ("Direct uploads", bucket.browsers, False),
    ("SMS", providers.sms, False),
    ("Google", providers.google, True),
)
SUBJECT_WIDTH = 18
_MARKS = {
    Level.GOOD: ("✓", "good"),
    Level.LOOK: ("!", "held"),
    Level.BROKEN: ("✗", "bad"),
    Level.UNSEEN: ("·", "quiet"),
}


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Examine and report; 0 where nothing is broken."""
    patient = admit(os.environ)
    try:
        findings = examine(patient)
    finally:
        patient.close()
    if options.json:
        print(json.dumps([finding.as_json() for finding in findings], indent=1))
    else:
        report(findings, patient, terminal)
    return int(any(finding.level is Level.BROKEN for finding in findings))


def examine(patient: Patient) -> list[Finding]:
    """Every finding, in the order of :data:`CHECKS`, which run side by side: a hanging provider delays nobody."""
    examine_entrance(patient)
    if patient.settings is None or not all(patient.env.get(name) for name in ("DATABASE_URL", "REDIS_URL")):
        wanted = [(name, check) for name, check, _ in CHECKS[:2]]
        return [*patient.findings, *_flat(_look(check, name, patient) for name, check in wanted)]
    with ThreadPoolExecutor(len(CHECKS)) as pool:
        looks = [pool.submit(_look, check, name, patient, asks) for name, check, asks in CHECKS]
    return [*patient.findings, *_flat(one.result() for one in looks)]


def report(findings: list[Finding], patient: Patient, terminal: Terminal) -> None:
    """The findings as lines, each fault with its evidence and cure, and the verdict last."""
    terminal.heading(f"Elite Events Kenya at {patient.api or 'no address'}")
    for finding in findings:
        mark, colour = _MARKS[finding.level]
        sign = terminal.paint(terminal.sign(mark), colour)
        terminal.line(f"{sign} {finding.subject.ljust(SUBJECT_WIDTH)} {finding.text}")
        for detail in finding.details:
            terminal.paragraph(detail, SUBJECT_WIDTH + 3, "quiet")
        if finding.cure:
            terminal.paragraph(finding.cure, SUBJECT_WIDTH + 3)
    terminal.gap()
    counts = {level: sum(finding.level is level for finding in findings) for level in Level}
    if counts[Level.BROKEN]:
        things = "thing is" if counts[Level.BROKEN] == 1 else "things are"
        terminal.bad(f"{counts[Level.BROKEN]} {things} broken; begin with the first, for it may explain the others.")
    elif counts[Level.LOOK]:
        terminal.good(f"Nothing is broken; {counts[Level.LOOK]} to look at.")
    else:
        terminal.good("All is well.")
    terminal.gap()


def _look(check: Check, name: str, patient: Patient, asks_database: bool = False) -> list[Finding]:
    if asks_database and patient.database is None:
        return [unseen(name, "cannot be looked at without the database")]
    try:
        return list(check(patient))
    except SQLAlchemyError as error:
        return [broken(name, f"the database did not answer ({type(error).__name__})", "See Database and Connections.")]
    except (OpsError, OSError, httpx.HTTPError) as error:
        return [broken(name, f"could not be looked at: {error}", "Mend this first, then ask again.")]


def _flat(many: Iterable[list[Finding]]) -> list[Finding]:
    return [finding for some in many for finding in some]

"""Whether work gets done: who has been heard from, what is late or dead, and whose money waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from beat.schedule import RUNS
from domain.jobs import JobKind
from domain.liveness import HINTS, SILENCES, Pulse, pulse_of
from models.operations import heartbeats
from ops.doctor.findings import Finding, broken, good, look, unseen
from ops.doctor.patient import Patient
from ops.processes import read_procfile
from ops.venv import ROOT

#: Seconds a due job may wait before somebody should look, and before something is broken.
LATE, TOO_LATE = 15, 120
#: Intervals after which a run has been missed.
MISSED = 2
#: A payment that is still undecided this long after its start has been forgotten: questions end after half an hour.
FORGOTTEN = timedelta(minutes=45)
#: The kinds of this release.
_KNOWN = [kind.value for kind in JobKind]

_LAG = text(
    """
    SELECT extract(epoch FROM :now - min(due_at)) FROM jobs
    WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= :now
      AND (offered_until IS NULL OR offered_until <= :now) AND (lease_until IS NULL OR lease_until <= :now)
    """
)
_LATE = text(
    """
    SELECT queue, count(*), extract(epoch FROM :now - min(due_at))::int FROM jobs
    WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= :now - :late * interval '1 s'
      AND (lease_until IS NULL OR lease_until <= :now) AND kind = ANY(:known)
    GROUP BY queue ORDER BY 3 DESC
    """
)
#: After a rollback, or where the processes of a release are not all started yet: workers throw their messages away.
_FOREIGN = text(
    """
    SELECT kind, count(*) FROM jobs WHERE done_at IS NULL AND dead_at IS NULL AND kind <> ALL(:known)
    GROUP BY kind ORDER BY kind
    """
)
#: Begun and not ended: whoever does them works long, or was killed, which only the end of the lease tells apart.
_LONG_BEGUN = text(
    """
    SELECT kind, count(*), extract(epoch FROM :now - min(due_at))::int, extract(epoch FROM max(lease_until) - :now)::int
    FROM jobs
    WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= :now - :long * interval '1 s' AND lease_until > :now AND crashes = 0
    GROUP BY kind ORDER BY 3 DESC
    """
)
#: Once is a restart or a neighbour's fault.
_CRASHING = text(
    """
    SELECT kind, count(*), max(crashes) FROM jobs
    WHERE done_at IS NULL AND dead_at IS NULL AND crashes > 1 GROUP BY kind ORDER BY 2 DESC
    """
)
_DEAD = text(
    "SELECT kind, count(*), max(last_error) FROM jobs WHERE dead_at IS NOT NULL AND done_at IS NULL GROUP BY kind ORDER BY 2 DESC"
)
_RETRIED = text(
    """
    SELECT kind, last_error, count(*), max(failures) FROM jobs
    WHERE done_at IS NULL AND dead_at IS NULL AND failures > 0 GROUP BY kind, last_error ORDER BY 3 DESC LIMIT 8
    """
)
_ATTENTION = text(
    """
    SELECT b.reference, p.state, coalesce(p.attention, 'unknown outcome') FROM payments p
    JOIN receivables r ON r.id = p.receivable_id JOIN bookings b ON b.id = r.booking_id
    WHERE p.state = 'needs_review' OR p.attention IS NOT NULL ORDER BY p.started_at
    """
)
_FORGOTTEN = text(
    "SELECT count(*) FROM payments WHERE state IN ('pending', 'processing', 'unknown') AND started_at < :before"
)
_OWED = text(
    "SELECT currency, count(*), sum(amount_minor) FROM refunds WHERE state = 'waiting' GROUP BY currency ORDER BY currency"
)
#: Ids grow with time, so the first of those that wait has waited longest.
_UNCHAINED = text(
    """
    SELECT extract(epoch FROM clock_timestamp() - e.created_at)
    FROM (SELECT id FROM audit_unchained ORDER BY id LIMIT 1) u JOIN audit_logs e ON e.id = u.id
    """
)
_BEGUN = text("SELECT name, max(bucket), min(claimed_at) FROM periodic_runs GROUP BY name")
_HELD = text("SELECT count(*) FROM bookings WHERE status = 'pending' AND hold_expires_at < :now - interval '20 min'")


def processes(patient: Patient) -> Iterator[Finding]:
    """Everybody who has to be heard from, by the heartbeats that they leave in the database."""
    with patient.database.reading() as session:
        seen, now = heartbeats(session), patient.clock.now(session)
    consumers = _consumers()
    relay_is_well = pulse_of("relay", seen, now).is_well
    for name in SILENCES | HINTS:
        process = consumers.get(name.removeprefix("queue:"), name)
        subject = name.replace("queue:", "queue ").capitalize()
        pulse, age = pulse_of(name, seen, now), _spoken(now - seen[name]) if name in seen else ""
        if pulse is Pulse.HEARD:
            yield good(subject, f"heard from {age} ago")
        elif name.startswith("queue:") and not relay_is_well:
            yield unseen(subject, "gets no work while the relay is silent")
        elif pulse is Pulse.NOT_ASKED:
            yield good(subject, f"answered when it was last asked, {age} ago")
        else:
            said = f"silent for {age}" if age else "has never been heard from"
            yield broken(subject, said, f"{_CURES.get(name, _restart(process))} {patient.log_of(process)}")


def timetable(patient: Patient) -> Iterator[Finding]:
    """Whether everything that is done by the clock is begun: a beat that ticks says nothing of the run that it lacks."""
    with patient.database.reading() as session:
        now, rows = patient.clock.now(session), session.execute(_BEGUN).all()
        is_ticking = pulse_of("beat", heartbeats(session), now).is_well
    if not is_ticking:
        yield unseen("Timetable", "nothing is begun by the clock while beat is silent")
        return
    # What never was is missed from when anything was.
    last, first = {name: bucket for name, bucket, _ in rows}, min((claimed for *_, claimed in rows), default=now)
    missed = {name: now - last.get(name, first) for name, every in RUNS.items()}
    missed = {name: age for name, age in missed.items() if age > MISSED * RUNS[name] + timedelta(seconds=TOO_LATE)}
    if missed:
        yield broken(
            "Timetable",
            f"{len(missed)} {'run was' if len(missed) == 1 else 'runs were'} not begun when due",
            "Restart beat, of this very release: it begins every run at its start. They find again what they missed.",
            *(
                f"{name}: last {_spoken(age)} ago" if name in last else f"{name}: not once in {_spoken(age)}"
                for name, age in missed.items()
            ),
        )
    else:
        yield good("Timetable", f"all {len(RUNS)} runs were begun when due")


def relay(patient: Patient) -> Iterator[Finding]:
    """How long the oldest due job has waited for its offer."""
    with patient.database.reading() as session:
        lag = session.scalar(_LAG, {"now": patient.clock.now(session)}) or 0
    if lag > LATE:
        cure = "Restart the relay, and look whether the broker answers; several relays may run."
        yield broken("Relay lag", f"the oldest due job has waited {lag:.0f} s for its offer", cure)
    else:
        yield good("Relay lag", f"{lag:.0f} s")


def jobs(patient: Patient) -> Iterator[Finding]:
    """Jobs that are late, dead or failing."""
    with patient.database.reading() as session:
        found = [*_waiting(patient, session), *_failing(patient, session)]
    yield from found or [good("Jobs", "none late, none dead, none failing")]


def _waiting(patient: Patient, session: Session) -> Iterator[Finding]:
    """Jobs that nobody has done yet, and should have."""
    now = patient.clock.now(session)
    for queue, count, age in session.execute(_LATE, {"now": now, "late": LATE, "known": _KNOWN}).all():
        say = broken if age > TOO_LATE else look
        process = _consumers().get(queue, queue)
        yield say(
            "Late jobs",
            f"{count} in queue {queue}, the oldest by {age} s",
            f"Look whether {process} runs and has enough threads. {patient.log_of(process)}",
        )
    foreign = session.execute(_FOREIGN, {"known": _KNOWN}).all()
    if foreign:
        yield look(
            "Foreign jobs",
            f"{sum(count for _, count in foreign)} are of kinds that this release does not know",
            "Nothing is lost: they wait for the newer release and are done when it runs. Workers log them as unregistered tasks.",
            *(f"{count} × {kind}" for kind, count in foreign),
        )
    for kind, count, age, lease in session.execute(_LONG_BEGUN, {"now": now, "long": TOO_LATE}).all():
        yield look(
            "Begun jobs",
            f"{count} of {kind} begun and not ended, due {age} s ago",
            f"Nothing to do yet: one whose worker was killed begins again by itself within {lease} s.",
        )


def _failing(patient: Patient, session: Session) -> Iterator[Finding]:
    """Jobs that kill their workers, have given up, or are tried again and again."""
    for kind, count, crashes in session.execute(_CRASHING).all():
        process = _consumers().get(JobKind(kind).queue, kind) if kind in _KNOWN else kind
        yield look(
            "Crashing jobs",
            f"{count} of {kind}: workers died at it {crashes} times",
            f"Out of memory, or a fault in a library: look how {process} ended. It is given up by itself after a few times, and "
            f"its rows stay. {patient.log_of(process)}",
        )
    for kind, count, error in session.execute(_DEAD).all():
        cure = f"Mend the cause, then: ./elite jobs retry --kind {kind}"
        yield broken("Dead jobs", f"{count} of {kind} gave up", cure, f"last error: {error}")
    retried = session.execute(_RETRIED).all()
    if retried:
        details = [f"{count} × {kind}: {error}, tried {failures} times" for kind, error, count, failures in retried]
        yield look(
            "Failing jobs",
            f"{sum(row[2] for row in retried)} are being tried again",
            "http_401 or http_403 is our key, http_5xx or a timeout the provider's trouble (the checks below ask each "
            "provider), OperationalError our database; anything else is ours to mend.",
            *details,
        )


def money(patient: Patient) -> Iterator[Finding]:
    """Payments and bookings that wait for a person, or that nobody watches any more."""
    with patient.database.reading() as session:
        now = patient.clock.now(session)
        attention = session.execute(_ATTENTION).all()
        forgotten = session.scalar(_FORGOTTEN, {"before": now - FORGOTTEN})
        owed = session.execute(_OWED).all()
        held = session.scalar(_HELD, {"now": now})
    if attention:
        yield look(
            "Payments",
            f"{len(attention)} {'waits' if len(attention) == 1 else 'wait'} for a person",
            "Compare each with the M-Pesa statement: docs/operations.md, 'Questions to the database'.",
            *(f"booking {reference}: {state}, {why}" for reference, state, why in attention[:8]),
        )
    if forgotten:
        yield broken(
            "Payments",
            f"{forgotten} still undecided after {FORGOTTEN.total_seconds() / 60:.0f} min",
            "The sweep is not running: see Beat and the queues periodic and payments above.",
        )
    for currency, count, minor in owed:
        yield look(
            "Refunds",
            f"{count} owed, {currency} {minor / 100:,.2f} in all",
            "Pay them by hand in the M-Pesa portal: docs/operations.md has the list."
            + ("" if patient.is_production else " (The demo data begins with one.)"),
        )
    if held:
        yield broken(
            "Holds",
            f"{held} should have ended 20 min ago",
            "Look at the queue webhooks, whose worker ends them; their seats are free for takers all the same.",
        )
    if not (attention or forgotten or owed or held):
        yield good("Money", "nothing waits for a person")


def audit(patient: Patient) -> Iterator[Finding]:
    """Whether what is written into the audit log is soon chained; ``./elite audit verify`` reads it all."""
    with patient.database.reading() as session:
        age = session.scalar(_UNCHAINED)
    if age is None or age <= TOO_LATE:
        yield good("Audit log", "every entry is chained" if age is None else f"its newest entries wait for {age:.0f} s")
    else:
        cure = "The job periodic.chain_audit does not run: see Jobs, and the queue periodic and Beat above."
        yield broken("Audit log", f"an entry has waited {_spoken(timedelta(seconds=float(age)))} for its link", cure)


_CURES = {
    "relay": "Restart the relay: no job starts without one, and any number may run.",
    "realtime": "Restart realtime: clients get no live events, and go on by asking the API.",
    "beat": "Restart beat and worker-bulk, whichever has a silent log: beat sends the ticks, worker-bulk takes them.",
}


def _restart(process: str) -> str:
    return f"Restart {process}: its jobs wait in PostgreSQL and are done when it is back."


def _consumers() -> dict[str, str]:
    """Which process takes each queue, as the Procfile has it."""
    found = {}
    for process, command in read_procfile(ROOT / "Procfile").items():
        words = command.split()
        if "-Q" in words:
            found |= dict.fromkeys(words[words.index("-Q") + 1].split(","), process)
    return found


def _spoken(age: timedelta) -> str:
    seconds = age.total_seconds()
    if seconds < 180:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 10_800 else f"{seconds / 3600:.0f} h"

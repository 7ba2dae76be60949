"""Whether people get what the law promises them: their account erased in time, the copy of their data, and licensed guides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import text

from domain.applications import CONFIRM_WITHIN
from domain.media import GIVEN_UP_AFTER, UNUSED_AFTER
from ops.doctor.findings import Finding, good, look
from ops.doctor.patient import Patient

#: The job looks every hour, and its failures are tried again within minutes.
OVERDUE = timedelta(hours=3)
#: By then somebody who waits for a reviewer should have heard.
REVIEWED_WITHIN = timedelta(days=3)
#: Written within minutes; a worker that was killed over it costs ten more.
UNWRITTEN = timedelta(hours=1)
NAMED = 8
#: By then a day is over in the zone that is last to end it.
WORLDWIDE = timedelta(hours=12)

_OVERDUE = text(
    """
    SELECT id, erase_at::date, count(*) OVER () FROM users
    WHERE erased_at IS NULL AND erase_at <= :before ORDER BY erase_at LIMIT :named
    """
)
_UNLICENSED = text(
    """
    SELECT g.slug, g.licence_expires_on, count(*) OVER () FROM guides g JOIN users u ON u.id = g.user_id
    WHERE u.status IN ('active', 'pending') AND g.licence_expires_on < (:before AT TIME ZONE 'UTC')::date
    AND g.licence_lapsed_for IS DISTINCT FROM g.licence_expires_on ORDER BY g.licence_expires_on, g.id LIMIT :named
    """
)
#: What a day deletes or collects, and the job that does: so many are left although it was due.
_LEFT = text(
    """
    SELECT (SELECT count(*) FROM guide_applications WHERE confirmed_at IS NULL AND submitted_at <= :unconfirmed) AS applications,
           (SELECT count(*) FROM media WHERE state NOT IN ('ready', 'refused') AND changed_at <= :unfinished
            OR state = 'ready' AND attached_at IS NULL AND kind <> 'avatar' AND changed_at <= :unused) AS uploads
    """
)
_UNREAD = text(
    """
    SELECT 'applications' AS what, count(*) AS waiting, min(greatest(confirmed_at, changed_at)) AS since FROM guide_applications
    WHERE status IN ('submitted', 'in_review') AND greatest(confirmed_at, changed_at) <= :before AND confirmed_at IS NOT NULL
    UNION ALL
    SELECT 'licences', count(*), min(submitted_at) FROM licence_renewals WHERE state = 'waiting' AND submitted_at <= :before
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


def licences(patient: Patient) -> Iterator[Finding]:
    """Guides whose licence has ended and whose experiences are offered all the same."""
    with patient.database.reading() as session:
        before = patient.clock.now(session) - OVERDUE - WORLDWIDE
        ended = session.execute(_UNLICENSED, {"before": before, "named": NAMED}).all()
    if ended:
        yield look(
            "Licences",
            f"{ended[0].count} guides' licences have ended, and nobody has seen to it",
            "The job accounts.settle_licence fails (see Jobs), or periodic.watch_licences does not run: see Beat and the queue "
            "periodic. Their experiences stay on offer until it does.",
            *(f"guide {row.slug}, to {row.licence_expires_on}" for row in ended),
        )
    else:
        yield good("Licences", "all that have ended are off our pages")


def leftovers(patient: Patient) -> Iterator[Finding]:
    """What nobody confirmed, finished or used, and what should be gone by now."""
    with patient.database.reading() as session:
        now = patient.clock.now(session)
        # What was removed is tried to be deleted for a day before the sweep looks at it again.
        ages = {"unconfirmed": CONFIRM_WITHIN, "unfinished": 2 * GIVEN_UP_AFTER, "unused": UNUSED_AFTER}
        left = session.execute(_LEFT, {name: now - age - OVERDUE for name, age in ages.items()}).one()
    for what, count, job in (
        ("unconfirmed applications", left.applications, "periodic.sweep_applications"),
        ("uploads that never ended or that nothing uses", left.uploads, "periodic.sweep_media and media.delete_files"),
    ):
        if count:
            yield look(
                "Left over",
                f"{count} {what} should be deleted by now, with their files",
                f"{job} should do it: see Timetable, Jobs, Storage and the queues periodic and media. It goes on by itself then.",
            )
    if not any(left):
        yield good("Left over", "nothing that should be deleted by now")


def reviews(patient: Patient) -> Iterator[Finding]:
    """Applicants and guides who wait for somebody to read what they sent."""
    with patient.database.reading() as session:
        now = patient.clock.now(session)
        waiting = [row for row in session.execute(_UNREAD, {"before": now - REVIEWED_WITHIN}) if row.waiting]
    for row in waiting:
        yield look(
            "Reviews",
            f"{row.what} that wait for an administrator: {row.waiting}, the longest for {(now - row.since).days} days",
            f"docs/operations.md, {_HOW[row.what]}."
            + ("" if patient.is_production else " (The demo data begins with some.)"),
        )
    if not waiting:
        yield good("Reviews", f"nobody waits longer than {REVIEWED_WITHIN.days} days")


_HOW = {"applications": "'Reviewing applications'", "licences": "'Guides' licences'"}

"""Every periodic run by name and interval; a second beat, or a late one, claims nothing twice."""

from __future__ import annotations

from datetime import timedelta

#: The one task that beat sends; its arguments are the run's name and its interval in seconds.
TICK = "periodic.tick"

#: ``canaries`` stands for one canary through each queue; every other name is the kind of the job it adds.
RUNS: dict[str, timedelta] = {
    "canaries": timedelta(seconds=15),
    "periodic.chain_audit": timedelta(seconds=5),
    # Adds a job only where words wait to be counted.
    "periodic.count_words": timedelta(seconds=15),
    "periodic.write_tallies": timedelta(minutes=5),
    "periodic.rank_documents": timedelta(minutes=5),
    "periodic.sweep_payments": timedelta(minutes=2),
    # Adds a job only when the keys that we have are due to be read again, which is once an hour or so.
    "periodic.refresh_google_keys": timedelta(minutes=1),
    "periodic.purge_jobs": timedelta(minutes=10),
    "periodic.erase_accounts": timedelta(hours=1),
    "periodic.sweep_media": timedelta(hours=1),
    "periodic.delete_exports": timedelta(hours=1),
    # Days begin at different times in different zones.
    "periodic.watch_licences": timedelta(hours=1),
    "periodic.sweep_applications": timedelta(hours=1),
}

BEAT_SCHEDULE = {
    name: {
        "task": TICK,
        "schedule": every,
        "args": (name, every.total_seconds()),
        # A tick that nobody took within its interval is worth nothing any more.
        "options": {"queue": "periodic", "expires": every.total_seconds()},
    }
    for name, every in RUNS.items()
}

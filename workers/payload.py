"""Reading the ids that a job carries."""

from __future__ import annotations

import uuid

from models.jobs import Claim, Job


def uuid_of(job: Claim | Job, name: str) -> uuid.UUID:
    """A payload's id; KeyError where the job does not carry it."""
    return uuid.UUID(job.payload[name])

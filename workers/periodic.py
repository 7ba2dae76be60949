"""What happens by the clock: each tick is claimed by name and bucket, then done as ordinary jobs."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain import liveness
from domain.audit import MISSING
from domain.jobs import JobKind
from domain.payments import SUPERSEDED, WATCHED_STATES
from models.audit import AuditLink, is_any_unchained, take_turn
from models.identities import forget_expired
from models.jobs import Claim, Job, is_open
from models.one_time_tokens import OneTimeToken
from models.operations import PeriodicRun, beat, forget_old_hits
from models.payments import Payment
from models.search import is_any_uncounted
from services.accounts.identities import google_keys_are_due
from services.audit.chain import extend_chain
from services.context import Context
from services.money.paying import push_key, query_key
from services.personal_data.erasing import accounts_to_erase
from services.personal_data.exports import end_unwritten, exports_to_delete
from workers.running import DONE, Done, transactional
from workers.runtime import Runtime

#: Finished jobs are kept as long as somebody may ask what happened; canaries only prove that a queue moves, and the chain
#: of the audit log speaks for itself.
KEEP_JOBS = timedelta(days=90)
KEEP_CANARIES = timedelta(hours=1)
KEEP_RUNS = timedelta(days=7)
#: Links and codes that are over: as long as somebody may ask why theirs did not work.
KEEP_TOKENS = timedelta(days=7)
BATCH = 5_000
#: What one run takes at most: 10,000 entries, far within its time.
LINKS_A_RUN = 10
#: Accounts that one run gives a job each.
ACCOUNTS_A_RUN = 500
FILES_A_RUN = 500

CANARIES = tuple(kind for kind in JobKind if kind.value.endswith(".canary"))
FLEETING = (*CANARIES, JobKind.CHAIN_AUDIT, JobKind.COUNT_WORDS, JobKind.REFRESH_GOOGLE_KEYS, JobKind.FETCH_GOOGLE_KEYS)

logger = structlog.get_logger(__name__)


def tick(session: Session, ctx: Context, name: str, every: timedelta) -> bool:
    """Claim this bucket of a periodic run and add its jobs; False where another beat or worker was first."""
    now = ctx.now(session)
    seconds = int(every.total_seconds())
    bucket = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)
    claimed = session.execute(
        insert(PeriodicRun)
        .values(name=name, bucket=bucket, claimed_at=now)
        .on_conflict_do_nothing()
        .returning(PeriodicRun.name)
    ).first()
    if claimed is None:
        return False
    beat(session, "beat", now)
    if name == "canaries":
        beat(session, liveness.CANARIES, now)
        for kind in CANARIES:
            # One that still waits tells as much as two.
            if not is_open(session, f"{kind}:"):
                ctx.enqueue(session, kind, f"{kind}:{bucket.isoformat()}", {}, now=now)
    elif _is_wanted(session, JobKind(name), now):
        ctx.enqueue(session, JobKind(name), f"{name}:{bucket.isoformat()}", {}, now=now)
    return True


def _is_wanted(session: Session, kind: JobKind, now: datetime) -> bool:
    """What ticks often adds no job where there is nothing to do, or where one still waits."""
    if kind is JobKind.REFRESH_GOOGLE_KEYS:
        return google_keys_are_due(session, now)
    if kind is JobKind.COUNT_WORDS:
        return is_any_uncounted(session) and not is_open(session, f"{kind}:")
    if kind is not JobKind.CHAIN_AUDIT:
        return True
    return is_any_unchained(session) and not is_open(session, f"{kind}:")


@transactional(*CANARIES)
def sing(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """The whole way of a job works for this queue: relay, broker, worker, database."""
    beat(session, f"queue:{job.kind.queue}", ctx.now(session))


@transactional(JobKind.SWEEP_PAYMENTS)
def sweep_payments(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Give every payment that nobody is sure of, and that nobody asks about, a question of its own."""
    now = ctx.now(session)
    bucket = now.isoformat(timespec="minutes")
    stale = session.scalars(
        select(Payment.id).where(
            or_(
                Payment.state.in_(WATCHED_STATES),
                and_(Payment.failure_code == SUPERSEDED, Payment.next_query_at.is_not(None)),
            ),
            Payment.started_at < now - ctx.policy.certainty.sweep_after,
        )
    )
    for payment_id in stale:
        if is_open(session, query_key(payment_id)) or is_open(session, push_key(payment_id)):
            continue
        ctx.enqueue(
            session, JobKind.QUERY_STK, f"{query_key(payment_id)}:{bucket}", {"payment_id": payment_id}, now=now
        )


@transactional(JobKind.PURGE_JOBS)
def purge_jobs(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Forget in batches what nobody needs any more: finished jobs (dead ones stay until somebody has dealt with them), ticks,
    links and codes that are over, counts in which nothing counts, and what age alone refuses."""
    now = ctx.now(session)
    old = (
        select(Job.id)
        .where(
            or_(
                Job.done_at < now - KEEP_JOBS,
                and_(Job.kind.in_(FLEETING), Job.done_at < now - KEEP_CANARIES),
            )
        )
        .limit(BATCH)
    )
    session.execute(delete(Job).where(Job.id.in_(old)))
    forget_expired(session, now)
    session.execute(delete(PeriodicRun).where(PeriodicRun.bucket < now - KEEP_RUNS))
    over = select(OneTimeToken.id).where(OneTimeToken.expires_at < now - KEEP_TOKENS).limit(BATCH)
    session.execute(delete(OneTimeToken).where(OneTimeToken.id.in_(over)))
    forget_old_hits(session, now - ctx.policy.limits.longest_window, BATCH)


@transactional(JobKind.ERASE_ACCOUNTS)
def erase_accounts(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Give every deleted account whose grace is over a job of its own; who is left over has a turn at the next tick."""
    now = ctx.now(session)
    for user_id in accounts_to_erase(session, now, ACCOUNTS_A_RUN):
        key = f"erase:{user_id}:"
        if not is_open(session, key):
            ctx.enqueue(
                session,
                JobKind.ERASE_ACCOUNT,
                f"{key}{now.isoformat(timespec='minutes')}",
                {"user_id": user_id},
                now=now,
            )


@transactional(JobKind.DELETE_EXPORTS)
def delete_exports(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Give every copy of somebody's data whose time is over, or that could not be written, a job that deletes its file."""
    now = ctx.now(session)
    end_unwritten(session, ctx, FILES_A_RUN)
    session.flush()
    for export_id in exports_to_delete(session, ctx, FILES_A_RUN):
        key = f"delete_export:{export_id}:"
        if not is_open(session, key):
            payload = {"export_id": export_id}
            ctx.enqueue(session, JobKind.DELETE_EXPORT, f"{key}{now.isoformat(timespec='minutes')}", payload, now=now)


@transactional(JobKind.CHAIN_AUDIT)
def chain_audit(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Done:
    """Make links of the audit entries that wait, and say in the log where the chain ends: there it is out of the reach of
    whoever holds the database. Where another run is at it, it does this one's work too."""
    if not take_turn(session):
        return DONE
    links: list[AuditLink] = []
    while len(links) < LINKS_A_RUN and (link := extend_chain(session, ctx.now(session))):
        links.append(link)
    return Done(lambda: _anchor(links)) if links else DONE


def _anchor(links: list[AuditLink]) -> None:
    """Only once they are committed: a hash that was rolled back would accuse the chain of having been cut."""
    for link in links:
        if gone := [str(entry_id) for entry_id, digest in link.entries if digest == MISSING]:
            logger.error("audit.entry_missing", link=link.number, entries=gone)
    entries = sum(len(link.entry_ids) for link in links)
    logger.info("audit.head", link=links[-1].number, head=bytes(links[-1].hash).hex(), entries=entries)

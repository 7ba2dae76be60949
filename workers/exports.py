"""Writing copies of people's data into private storage, and deleting them when their time is over."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from documents.export import ExportWriter
from domain.exports import ExportState
from domain.jobs import JobKind
from domain.one_time import OneTimeTokens
from domain.provider_errors import ProviderError
from models.exports import DataExport
from models.jobs import Claim
from models.users import User
from services import exports
from services.context import Context
from workers.payload import uuid_of
from workers.running import DONE, Outcome, provider_steps, retry_after
from workers.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Written:
    """A copy on our own disk, on its way to the storage."""

    export_id: uuid.UUID
    storage_key: str
    path: Path
    #: Makes the link: never to be logged.
    tokens: OneTimeTokens = field(repr=False)


@provider_steps(JobKind.WRITE_EXPORT)
class WriteExport:
    """Rows go through memory a few at a time, first to our disk; the storage is called with no session open."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Written | Outcome:
        export = session.get_one(DataExport, uuid_of(job, "export_id"))
        user = session.get_one(User, export.user_id)
        if export.state != ExportState.WAITING:
            return DONE
        if not user.may_sign_in:
            export.be_over(ctx.now(session))
            return DONE
        path = _written(session, ctx, user)
        return Written(export.id, export.storage_key, path, runtime.one_time_tokens)

    def call(self, runtime: Runtime, written: Written) -> int:
        try:
            with written.path.open("rb") as file:
                runtime.storage.put(written.storage_key, file, content_type="application/zip")
            return written.path.stat().st_size
        finally:
            written.path.unlink()

    def record(
        self, session: Session, ctx: Context, job: Claim, written: Written, answer: int | ProviderError
    ) -> Outcome:
        if isinstance(answer, ProviderError):
            # Whether it arrived or not: the next try writes the same key anew.
            return retry_after(ctx, session, job, answer)
        exports.finish_export(session, ctx, written.tokens, written.export_id, answer)
        return DONE


def _written(session: Session, ctx: Context, user: User) -> Path:
    """The whole copy, on our disk."""
    with (
        tempfile.NamedTemporaryFile(prefix="export-", suffix=".zip", delete=False) as file,
        tempfile.TemporaryFile() as scratch,
    ):
        path = Path(file.name)
        try:
            with ExportWriter(file, scratch, user.locale, ctx.now(session), user.timezone) as writer:
                for name, columns, rows in exports.sections(session, user.id):
                    writer.write(name, columns, rows)
        except BaseException:
            path.unlink()
            raise
    return path


@provider_steps(JobKind.DELETE_EXPORT)
class DeleteExport:
    """What was deleted already is as good as deleted."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> DataExport | Outcome:
        export = session.get_one(DataExport, uuid_of(job, "export_id"))
        return DONE if export.state == ExportState.DELETED else export

    def call(self, runtime: Runtime, export: DataExport) -> None:
        runtime.storage.delete(export.storage_key)

    def record(
        self, session: Session, ctx: Context, job: Claim, export: DataExport, answer: ProviderError | None
    ) -> Outcome:
        if answer is not None:
            return retry_after(ctx, session, job, answer)
        session.get_one(DataExport, export.id).be_deleted()
        return DONE

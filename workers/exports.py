"""Writing copies of people's data into private storage, and deleting them when their time is over."""

from __future__ import annotations

import io
import tempfile
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import BinaryIO

from sqlalchemy.orm import Session

from documents.export import ExportWriter
from domain.exports import ExportState
from domain.jobs import JobKind
from domain.one_time import OneTimeTokens
from domain.provider_errors import ProviderError
from models.exports import DataExport
from models.jobs import Claim
from models.users import User
from services.context import Context
from services.personal_data import exports
from workers.payload import uuid_of
from workers.running import DONE, Outcome, provider_steps, retry_after
from workers.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Written:
    """A copy on our own disk, on its way to the storage. Its file has no name, so it is gone whenever this process is."""

    export_id: uuid.UUID
    storage_key: str
    file: BinaryIO
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
        return Written(export.id, export.storage_key, _written(session, ctx, user), runtime.one_time_tokens)

    def call(self, runtime: Runtime, written: Written) -> int:
        with written.file as file:
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            runtime.storage.put(written.storage_key, file, content_type="application/zip")
            return size

    def record(
        self, session: Session, ctx: Context, job: Claim, written: Written, answer: int | ProviderError
    ) -> Outcome:
        if isinstance(answer, ProviderError):
            # Whether it arrived or not: the next try writes the same key anew.
            return retry_after(ctx, session, job, answer)
        exports.finish_export(session, ctx, written.tokens, written.export_id, answer)
        return DONE


def _written(session: Session, ctx: Context, user: User) -> BinaryIO:
    """The whole copy, on our disk."""
    with ExitStack() as undone, tempfile.TemporaryFile() as scratch:
        file = undone.enter_context(tempfile.TemporaryFile())
        with ExportWriter(file, scratch, user.locale, ctx.now(session), user.timezone) as writer:
            for name, columns, rows in exports.sections(session, user.id):
                writer.write(name, columns, rows)
        undone.pop_all()
    return file


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

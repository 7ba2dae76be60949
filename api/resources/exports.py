"""A copy of one's own data: asked for by its owner, fetched by the link of a mail."""

from __future__ import annotations

from datetime import timedelta

from flask import Response

from api.answers import answer
from api.answers.exports import export_answer
from api.auth import PublicView, SignedInView
from api.context import context
from api.edge import edge
from api.examples import accounts as examples
from api.openapi import operation
from api.parsing import Blueprint
from api.schemas.exports import ExportAnswer
from services.personal_data import exports

blueprint = Blueprint("exports", __name__, url_prefix="/api/users", description="A copy of one's own data")

#: How long the storage's own link works: each click on ours makes a new one.
LINK_LIFETIME = timedelta(minutes=5)


@blueprint.route("/me/export")
class Export(SignedInView):
    @operation(
        "exportMe",
        "Ask for a copy of all of one's data: a link comes by mail; while one is being written, this answers the same one",
        refusals={
            409: ("email_not_verified", "Confirm your e-mail address first: the link goes there."),
            429: ("too_many_export_user", "Too many attempts. Try again in 1440 minutes."),
        },
    )
    @blueprint.response(202, ExportAnswer, example=examples.EXPORT)
    def get(self) -> Response:
        with edge().db.transaction() as session:
            asked = export_answer(exports.ask_for_export(session, context()))
        return answer(asked, 202)


@blueprint.route("/export/<token>")
class ExportFile(PublicView):
    limited_by = "limit_public_reads"

    @operation(
        "fetchExport",
        "Fetch a copy of one's data with the token of its mail, as often as one likes until it is over",
        refusals={404: ("export_not_found", "This link does not work any more. Ask for a new copy of your data.")},
    )
    @blueprint.response(302, description="Where the file can be downloaded for a few minutes")
    def get(self, token: str) -> Response:
        with edge().db.reading() as session:
            export = exports.find_export(session, context(), edge().one_time_tokens.hash(token))
        name = f"elite-events-{export.requested_at:%Y-%m-%d}.zip"
        link = edge().ports.storage.signed_url(export.storage_key, LINK_LIFETIME, name)
        response = Response(status=302, headers={"Location": link, "Cache-Control": "private, no-store"})
        del response.headers["Content-Type"]
        return response

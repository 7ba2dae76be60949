"""Guides' licences: sent by their guides, confirmed or refused by administrators."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from api.answers import answer
from api.answers import licences as answers
from api.auth import AdminView, GuideView
from api.context import context
from api.edge import edge
from api.examples import licences as examples
from api.openapi import ADMINS_ONLY, operation
from api.paging import Asked
from api.parsing import Blueprint
from api.schemas.licences import (
    CONFIRM,
    EndingLicencePage,
    EndingQuery,
    HoldersQuery,
    LicenceHoldersAnswer,
    LicenceInReview,
    LicenceRequest,
    LicenceToReview,
    LicenceToReviewPage,
    ReviewRequest,
    SentLicenceAnswer,
    SentQuery,
)
from domain.licences import LicenceState, RenewalState
from services.guides import licence_directory, licences
from services.guides.licence_holders import holders_of

blueprint = Blueprint("licences", __name__, url_prefix="/api", description="Guides' licences")

_UNKNOWN = ("licence_not_found", "There is no such licence.")


@blueprint.route("/guides/me/licence")
class OwnLicence(GuideView):
    @operation(
        "sendLicence",
        "Send one's next licence for an administrator to confirm; one that waits already is replaced",
        refusals={
            404: ("media_not_found", "There is no such upload."),
            409: (
                ("media_not_ready", "The upload is not checked yet, or was refused.", {"state": "processing"}),
                ("media_in_use", "The upload is in use. Take it away from what shows it first."),
            ),
        },
    )
    @blueprint.arguments(LicenceRequest, example=examples.SEND)
    @blueprint.response(201, SentLicenceAnswer, example=examples.SENT)
    def post(self, body: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            sent = answers.sent_answer(licences.send_licence(session, context(), **body))
        return answer(sent, 201)


@blueprint.route("/admin/licences")
class EndingLicences(AdminView):
    @operation(
        "listEndingLicences", "List guides whose licence ends within 30 days, or has ended, the first to end first"
    )
    @blueprint.arguments(EndingQuery, location="query")
    @blueprint.response(200, EndingLicencePage, example=examples.ENDING)
    def get(self, query: dict[str, Any]) -> Response:
        asked, ctx, state = Asked(query, "ending licences"), context(), LicenceState(query["status"])
        with edge().db.reading() as session:
            found = licence_directory.licences_ending(session, ctx, state, asked.window)
            now = ctx.now(session)
        return answer(asked.answer([answers.ending(one, now) for one in found.rows], found))


@blueprint.route("/admin/licences/sent")
class SentLicences(AdminView):
    @operation("listSentLicences", "List licences that guides have sent, the longest waiting first")
    @blueprint.arguments(SentQuery, location="query")
    @blueprint.response(200, LicenceToReviewPage, example=examples.WAITING)
    def get(self, query: dict[str, Any]) -> Response:
        asked, ctx = Asked(query, "sent licences"), context()
        with edge().db.reading() as session:
            found = licence_directory.licences_sent(session, RenewalState(query["status"]), asked.window)
            held = holders_of(session, [one.renewal.number for one in found.rows])
            now = ctx.now(session)
        return answer(asked.answer([answers.to_review(one, held, now) for one in found.rows], found))


@blueprint.route("/admin/licences/sent/<uuid:licence_id>")
class SentLicence(AdminView):
    @operation("getSentLicence", "Read a licence that was sent, with a link to what shows it", refusals={404: _UNKNOWN})
    @blueprint.response(200, LicenceInReview, example=examples.IN_REVIEW)
    def get(self, licence_id: uuid.UUID) -> Response:
        with edge().db.reading() as session:
            found = licence_directory.licence_sent(session, licence_id)
            held = holders_of(session, [found.renewal.number])
            shown = answers.to_review(found, held, context().now(session))
        return answer(shown | answers.proof(found.document))


@blueprint.route("/admin/licences/holders")
class LicenceHolders(AdminView):
    @operation(
        "listLicenceHolders",
        "Look up who has the number of a licence, before noting it for an applicant: however it is written, and nobody is "
        "refused for sharing one",
    )
    @blueprint.arguments(HoldersQuery, location="query")
    @blueprint.response(200, LicenceHoldersAnswer, example=examples.HOLDERS)
    def get(self, query: dict[str, Any]) -> Response:
        number = query["number"]
        with edge().db.reading() as session:
            held = holders_of(session, [number]).get(number, ())
        return answer({"items": [answers.holder(one) for one in held]})


@blueprint.route("/admin/licences/sent/<uuid:licence_id>/review")
class LicenceReview(AdminView):
    @operation(
        "reviewLicence",
        "Confirm a licence, with which its guide's experiences come back unless something else keeps them off, or refuse it",
        refusals={
            403: (
                ("own_account", "Nobody decides about their own account. Ask another administrator."),
                *ADMINS_ONLY,
            ),
            404: _UNKNOWN,
            409: (
                ("licence_decided", "This licence does not wait any more: it is replaced.", {"state": "replaced"}),
                ("licence_over", "This licence ended while it waited. Refuse it, and ask for the next one."),
            ),
        },
    )
    @blueprint.arguments(ReviewRequest, examples=examples.REVIEWS)
    @blueprint.response(200, LicenceToReview, example=examples.CONFIRMED)
    def put(self, body: dict[str, Any], licence_id: uuid.UUID) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            if body["action"] == CONFIRM:
                licences.confirm_licence(session, ctx, licence_id)
            else:
                licences.refuse_licence(session, ctx, licence_id, body["reason"])
            session.flush()
            found = licence_directory.licence_sent(session, licence_id)
            shown = answers.to_review(found, holders_of(session, [found.renewal.number]), ctx.now(session))
        return answer(shown)

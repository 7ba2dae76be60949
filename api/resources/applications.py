"""Reviewing applications of people who want to guide, for administrators."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from api.answers import answer
from api.answers.applications import application_answer, item_answer
from api.auth import AdminView
from api.context import context
from api.edge import edge
from api.examples import applications as examples
from api.openapi import ADMINS_ONLY, operation
from api.paging import Asked
from api.parsing import Blueprint
from api.schemas.applications import ApplicationAnswer, ApplicationPage, ApplicationReviewRequest, ApplicationsQuery
from domain.applications import ApplicationVerb
from services.applications import records, reviewing
from services.guides.licence_holders import others_with_licence_of

blueprint = Blueprint(
    "applications", __name__, url_prefix="/api/admin/applications", description="Who wants to guide, for administrators"
)

_NOT_FOUND = ("application_not_found", "There is no such application, or it was deleted meanwhile.")


@blueprint.route("")
class Applications(AdminView):
    @operation("listApplications", "List applications, the last ones first, or those that wait longest")
    @blueprint.arguments(ApplicationsQuery, location="query")
    @blueprint.response(200, ApplicationPage, example=examples.PAGE)
    def get(self, query: dict[str, Any]) -> Response:
        asked, confirmed = Asked(query, "applications"), query.get("confirmed")
        is_confirmed = None if confirmed is None else confirmed == "true"
        wanted = reviewing.ApplicationQuery(query.get("status"), is_confirmed, query.get("q"), query["sort"])
        with edge().db.reading() as session:
            found = reviewing.find_applications(session, wanted, asked.window)
        return answer(asked.answer([item_answer(each) for each in found.rows], found))


@blueprint.route("/<uuid:application_id>")
class Application(AdminView):
    @operation(
        "getApplication",
        "Read an application: all that was sent, with links to its files that work for ten minutes, and its history",
        refusals={404: _NOT_FOUND},
    )
    @blueprint.response(200, ApplicationAnswer, example=examples.APPLICATION)
    def get(self, application_id: uuid.UUID) -> Response:
        return answer(_whole(application_id))


@blueprint.route("/<uuid:application_id>/review")
class Review(AdminView):
    @operation(
        "reviewApplication",
        "Decide about an application: take it up, ask for more, approve, which invites the applicant by mail, or reject",
        refusals={
            403: (
                ("own_application", "Nobody decides about their own application. Ask another administrator."),
                *ADMINS_ONLY,
            ),
            404: _NOT_FOUND,
            409: (
                ("application_unconfirmed", "The applicant has not confirmed the address yet."),
                (
                    "application_not_approvable",
                    "The application is rejected.",
                    {"application_status": "rejected"},
                ),
            ),
        },
    )
    @blueprint.arguments(ApplicationReviewRequest, examples=examples.REVIEWS)
    @blueprint.response(200, ApplicationAnswer, example=examples.APPROVED)
    def put(self, body: dict[str, Any], application_id: uuid.UUID) -> Response:
        decided = {"verb": ApplicationVerb(body.pop("action")), **body}
        with edge().db.transaction() as session:
            reviewing.review(session, context(), application_id, reviewing.Review(**decided))
        return answer(_whole(application_id))


def _whole(application_id: uuid.UUID) -> dict[str, Any]:
    """An application as reviewers see it."""
    with edge().db.reading() as session:
        application = reviewing.get_application(session, application_id)
        files, history = records.files_of(session, application), records.history_of(session, application)
        reviewers = {application.reviewer_id, *(event.actor_id for event in history)} - {None}
        names = reviewing.names_of(session, reviewers)
        also = others_with_licence_of(session, application)
    return application_answer(application, files, history, names, also)

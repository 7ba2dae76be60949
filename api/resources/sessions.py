"""Where one is signed in, and being signed out: here, there or everywhere."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from api.answers import answer, no_content
from api.answers.sessions import session_answer
from api.auth import SignedInView
from api.context import context
from api.edge import edge
from api.examples import accounts as examples
from api.openapi import operation
from api.paging import Asked
from api.parsing import Blueprint
from api.schemas.auth import LogoutQuery, SessionPage
from api.schemas.pages import CursorQuery
from services.accounts import sessions

blueprint = Blueprint("sessions", __name__, url_prefix="/api/auth", description="Where one is signed in")


@blueprint.route("/logout")
class Logout(SignedInView):
    @operation("logout", "Sign out: access and refresh token end together, here or everywhere")
    @blueprint.arguments(LogoutQuery, location="query")
    @blueprint.response(204)
    def post(self, query: dict[str, Any]) -> Response:
        ctx = context()
        ended = [ctx.actor.session_id]
        with edge().db.transaction() as session:
            if query["everywhere"]:
                ended += sessions.sign_out_everywhere(session, ctx)
            else:
                sessions.sign_out(session, ctx)
        edge().sessions.forget(*ended)
        return no_content()


@blueprint.route("/sessions")
class Sessions(SignedInView):
    @operation("listSessions", "List where one is signed in, newest first")
    @blueprint.arguments(CursorQuery, location="query")
    @blueprint.response(200, SessionPage, example=examples.SESSIONS)
    def get(self, query: dict[str, Any]) -> Response:
        ctx = context()
        asked = Asked(query, "sessions", ctx.actor.user_id)
        with edge().db.reading() as session:
            found = sessions.own_sessions(session, ctx, asked.window)
        items = [session_answer(each, ctx.actor.session_id, ctx.locale) for each in found.rows]
        return answer(asked.answer(items, found))


@blueprint.route("/sessions/<uuid:session_id>")
class OneSession(SignedInView):
    @operation(
        "endSession",
        "Sign one device out",
        refusals={404: ("session_not_found", "You are not signed in there.")},
    )
    @blueprint.response(204)
    def delete(self, session_id: uuid.UUID) -> Response:
        with edge().db.transaction() as session:
            sessions.end_own(session, context(), session_id)
        edge().sessions.forget(session_id)
        return no_content()

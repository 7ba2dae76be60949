"""One's own account."""

from __future__ import annotations

from typing import Any

from flask import Response

from api import examples
from api.answers import answer
from api.answers.users import user_answer
from api.auth import SignedInView
from api.context import context
from api.edge import edge
from api.openapi import operation
from api.parsing import Blueprint
from api.schemas.users import DetailsRequest, UserAnswer
from services import accounts, profiles

blueprint = Blueprint("users", __name__, url_prefix="/api/users", description="One's own account")


@blueprint.route("/me")
class Me(SignedInView):
    @operation("getMe", "Read one's own account")
    @blueprint.response(200, UserAnswer, example=examples.USER)
    def get(self) -> Response:
        with edge().db.reading() as session:
            return answer(user_answer(accounts.get_user(session, context().actor.user_id)))

    @operation("changeMe", "Change one's own details: those that are named")
    @blueprint.arguments(DetailsRequest, example=examples.DETAILS)
    @blueprint.response(200, UserAnswer, example=examples.CHANGED_USER)
    def put(self, body: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            user = profiles.change_details(session, context(), body)
            session.flush()
            changed = user_answer(user)
        return answer(changed)

"""Looking after everybody's accounts, for administrators."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.answers import answer, page_of
from api.answers.users import user_answer
from api.auth import AdminView
from api.edge import edge
from api.examples import admin as examples
from api.openapi import operation
from api.parsing import Blueprint
from api.schemas.admin import UserPage, UsersQuery
from api.schemas.pages import window
from services import directory

blueprint = Blueprint("admin", __name__, url_prefix="/api/admin", description="For administrators")


@blueprint.route("/users")
class Users(AdminView):
    @operation("listUsers", "List accounts, newest first")
    @blueprint.arguments(UsersQuery, location="query")
    @blueprint.response(200, UserPage, example=examples.USERS)
    def get(self, query: dict[str, Any]) -> Response:
        page, limit = query["page"], query["limit"]
        wanted = directory.UserQuery(status=query.get("status"), user_type=query.get("user_type"))
        with edge().db.reading() as session:
            found, total = directory.find_users(session, wanted, **window(query))
        return answer(page_of([user_answer(user) for user in found], total, page, limit))

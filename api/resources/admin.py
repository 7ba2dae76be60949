"""Looking after everybody's accounts, for administrators."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from api.answers import answer
from api.answers.accounts import account_answer
from api.auth import AdminView
from api.context import context
from api.edge import edge
from api.examples import admin as examples
from api.openapi import ADMINS_ONLY, operation
from api.paging import Asked
from api.parsing import Blueprint
from api.schemas.admin import AccountAnswer, AccountPage, SuspendRequest, UsersQuery
from services.accounts import directory, suspension

blueprint = Blueprint("admin", __name__, url_prefix="/api/admin", description="For administrators")

_REFUSALS = {
    403: (
        ("own_account", "Nobody decides about their own account. Ask another administrator."),
        ("super_admins_only", "Only a super administrator decides about an administrator."),
        *ADMINS_ONLY,
    ),
    404: ("user_not_found", "There is no such user."),
    409: ("account_deleted", "This account is deleted."),
}


@blueprint.route("/users")
class Users(AdminView):
    @operation("listUsers", "List accounts, newest first")
    @blueprint.arguments(UsersQuery, location="query")
    @blueprint.response(200, AccountPage, example=examples.USERS)
    def get(self, query: dict[str, Any]) -> Response:
        asked = Asked(query, "users")
        wanted = directory.UserQuery(query.get("status"), query.get("user_type"), query.get("q"))
        with edge().db.reading() as session:
            found = directory.find_users(session, wanted, asked.window)
        return answer(asked.answer([account_answer(user) for user in found.rows], found))


@blueprint.route("/users/<uuid:user_id>/suspend")
class Suspend(AdminView):
    @operation(
        "suspendUser",
        "Suspend an account: signed out everywhere, kept out, and nothing of theirs is offered; bookings stay",
        refusals=_REFUSALS,
    )
    @blueprint.arguments(SuspendRequest, example=examples.SUSPEND)
    @blueprint.response(200, AccountAnswer, example=examples.SUSPENDED)
    def put(self, body: dict[str, Any], user_id: uuid.UUID) -> Response:
        with edge().db.transaction() as session:
            user, ended = suspension.suspend(session, context(), user_id, body["reason"])
            suspended = account_answer(user)
        edge().sessions.forget(*ended)
        edge().kept.let_go()
        return answer(suspended)


@blueprint.route("/users/<uuid:user_id>/unsuspend")
class Unsuspend(AdminView):
    @operation(
        "unsuspendUser",
        "Open a suspended account again, with what it offered; its sessions stay ended",
        refusals=_REFUSALS,
    )
    @blueprint.response(200, AccountAnswer, example=examples.ACCOUNT)
    def put(self, user_id: uuid.UUID) -> Response:
        with edge().db.transaction() as session:
            return answer(account_answer(suspension.unsuspend(session, context(), user_id)))

"""What one was told, what one may have missed while away, and what is still to be read."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from api.answers import answer
from api.answers.notifications import notification_answer
from api.auth import SignedInView
from api.context import context
from api.edge import edge
from api.examples import notifications as examples
from api.openapi import operation
from api.paging import Asked
from api.parsing import Blueprint
from api.schemas.notifications import (
    NotificationAnswer,
    NotificationPage,
    NotificationsQuery,
    ReadAllRequest,
    UnreadAnswer,
)
from services import feed
from services.context import Context

blueprint = Blueprint(
    "notifications",
    __name__,
    url_prefix="/api/notifications",
    description="What one is told; live events over Socket.IO are described above",
)


@blueprint.route("")
class Notifications(SignedInView):
    @operation("listNotifications", "List one's notifications, newest first, or all events since a number")
    @blueprint.arguments(NotificationsQuery, location="query")
    @blueprint.response(200, NotificationPage, example=examples.NOTIFICATIONS)
    def get(self, query: dict[str, Any]) -> Response:
        user_id = context().actor.user_id
        asked = Asked(query, "notifications", user_id)
        chosen = {"since": query.get("since"), "unread_only": query["unread"]}
        with edge().db.reading() as session:
            found = feed.notification_page(session, user_id, asked.window, **chosen)
        return answer(asked.answer([notification_answer(feed.event_of(row)) for row in found.rows], found))


@blueprint.route("/unread-count")
class UnreadCount(SignedInView):
    @operation("countUnreadNotifications", "Count what is not read")
    @blueprint.response(200, UnreadAnswer, example=examples.UNREAD)
    def get(self) -> Response:
        with edge().db.reading() as session:
            return answer(_unread(session, context()))


@blueprint.route("/<uuid:notification_id>/read")
class ReadNotification(SignedInView):
    @operation(
        "readNotification",
        "Mark one as read; a second time changes nothing",
        refusals={404: ("notification_not_found", "There is no such notification.")},
    )
    @blueprint.response(200, NotificationAnswer, example=examples.READ_NOTIFICATION)
    def put(self, notification_id: uuid.UUID) -> Response:
        with edge().db.transaction() as session:
            event = feed.mark_read(session, context(), notification_id)
        return answer(notification_answer(event))


@blueprint.route("/read-all")
class ReadAllNotifications(SignedInView):
    @operation("readAllNotifications", "Mark everything as read, or everything up to a number")
    @blueprint.arguments(ReadAllRequest, example=examples.READ_ALL, required=False)
    @blueprint.response(200, UnreadAnswer, example=examples.UNREAD)
    def put(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            feed.mark_all_read(session, ctx, body["up_to"])
            left = _unread(session, ctx)
        return answer(left)


def _unread(session: Session, ctx: Context) -> dict[str, int]:
    user_id = ctx.actor.user_id
    return {"unread_count": feed.unread_count(session, user_id), "last_seq": feed.last_seq(session, user_id)}

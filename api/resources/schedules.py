"""Hours in the hands of the guide whose they are: one's own, and those that replace them for one experience."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response

from api.answers import answer
from api.answers import schedules as answers
from api.auth import GuideView
from api.context import context
from api.edge import edge
from api.examples import schedules as examples
from api.idempotency import once
from api.openapi import IDEMPOTENCY_KEY, LOCATION, REPLAYED, operation
from api.parsing import Blueprint, nameable
from api.schemas.schedules import (
    ChangeRequest,
    HoursAnswer,
    HoursRequest,
    ScheduleAnswer,
    ZoneRequest,
)
from services.listings import schedules
from services.listings.schedules import Find, of_experience, of_guide, schedule_of

blueprint = Blueprint(
    "schedules", __name__, url_prefix="/api", description="When guides work: their hours, and those of one experience"
)

_NO_GUIDE = {404: ("guide_not_found", "There is no such guide.")}
_NO_EXPERIENCE = {404: ("experience_not_found", "There is no such experience.")}
_NO_HOURS = ("hours_not_found", "There are no such hours.")
_NO_GUIDES_HOURS, _NO_EXPERIENCES_HOURS = ({404: (owner[404], _NO_HOURS)} for owner in (_NO_GUIDE, _NO_EXPERIENCE))
_CLASH = (
    (
        "hours_duplicate",
        "Some of these hours are there already; see errors.",
        {"errors": {"rules.1.weekday": ["These hours are there already, as rules.0 of this request."]}},
    ),
    (
        "hours_contradict",
        "Some of these extra hours are closed; see errors.",
        {
            "errors": {
                "exceptions.0.date": ["On 2026-12-25 nothing of these hours is left by exceptions.1 of this request."]
            }
        },
    ),
)
_CROWDED = (
    "schedule_full",
    "Some dates have too many exceptions; see errors.",
    {"errors": {"exceptions.0.date": ["On 2026-12-25 there can be 20 exceptions."]}},
)
_FULL = ("schedule_full", "There can be 100 weekly rules and 400 exceptions ahead. Remove some of them first.")
_ADDING, _CHANGING = {409: (*_CLASH, _CROWDED, _FULL)}, {409: (*_CLASH, _CROWDED)}
_MADE = {"Location": LOCATION, "Idempotent-Replayed": REPLAYED}


@blueprint.route("/guides/me/schedule")
class OwnSchedule(GuideView):
    @operation("getOwnSchedule", "Read one's own hours, which hold for all of one's experiences")
    @blueprint.response(200, ScheduleAnswer, example=examples.SCHEDULE)
    def get(self) -> Response:
        return _read(of_guide, schedules.ONESELF)

    @operation("changeOwnTimezone", "Say in which zone one's own hours are read")
    @blueprint.arguments(ZoneRequest, example=examples.ZONE)
    @blueprint.response(200, ScheduleAnswer, example=examples.SCHEDULE)
    def put(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            keeper = schedules.keep_hours_in(session, ctx, body["timezone"])
            return answer(answers.schedule_answer(schedule_of(session, ctx, keeper)))


@blueprint.route("/guides/<id_or_slug>/availability")
class GuidesHours(GuideView):
    @operation(
        "addGuidesHours",
        "Add weekly rules and exceptions of one's own: all or none. `me` stands for oneself",
        refusals=_NO_GUIDE | _ADDING,
        parameters=(IDEMPOTENCY_KEY,),
    )
    @blueprint.arguments(HoursRequest, example=examples.HOURS_REQUEST)
    @blueprint.response(201, ScheduleAnswer, example=examples.SCHEDULE, headers=_MADE)
    def post(self, body: dict[str, Any], id_or_slug: str) -> Response:
        return _added(of_guide, id_or_slug, body, "/api/guides/me/schedule")


@blueprint.route("/guides/<id_or_slug>/availability/<uuid:hours_id>")
class GuidesHoursById(GuideView):
    @operation("getGuidesHours", "Read a rule or an exception of one's own", refusals=_NO_GUIDES_HOURS)
    @blueprint.response(200, HoursAnswer, example=examples.HOURS)
    def get(self, id_or_slug: str, hours_id: uuid.UUID) -> Response:
        return _shown(of_guide, id_or_slug, hours_id)

    @operation(
        "changeGuidesHours",
        "Replace a rule or an exception; a second time changes nothing",
        refusals=_NO_GUIDES_HOURS | _CHANGING,
    )
    @blueprint.arguments(ChangeRequest, example=examples.CHANGE)
    @blueprint.response(200, ScheduleAnswer, example=examples.SCHEDULE)
    def put(self, body: dict[str, Any], id_or_slug: str, hours_id: uuid.UUID) -> Response:
        return _changed(of_guide, id_or_slug, hours_id, body)

    @operation("removeGuidesHours", "Take a rule or an exception of one's own away", refusals=_NO_GUIDES_HOURS)
    @blueprint.response(200, ScheduleAnswer, example=examples.SCHEDULE)
    def delete(self, id_or_slug: str, hours_id: uuid.UUID) -> Response:
        return _removed(of_guide, id_or_slug, hours_id)


@blueprint.route("/experiences/<id_or_slug>/schedule")
class ExperiencesHours(GuideView):
    @operation("getExperiencesSchedule", "Read the hours of one's own experience", refusals=_NO_EXPERIENCE)
    @blueprint.response(200, ScheduleAnswer, example=examples.EXPERIENCES_SCHEDULE)
    def get(self, id_or_slug: str) -> Response:
        return _read(of_experience, id_or_slug)

    @operation(
        "addExperiencesHours",
        "Add weekly rules, which replace one's own for this experience, and exceptions: all or none",
        refusals=_NO_EXPERIENCE | _ADDING,
        parameters=(IDEMPOTENCY_KEY,),
    )
    @blueprint.arguments(HoursRequest, example=examples.HOURS_REQUEST)
    @blueprint.response(201, ScheduleAnswer, example=examples.EXPERIENCES_SCHEDULE, headers=_MADE)
    def post(self, body: dict[str, Any], id_or_slug: str) -> Response:
        return _added(of_experience, id_or_slug, body, f"/api/experiences/{nameable(id_or_slug)}/schedule")


@blueprint.route("/experiences/<id_or_slug>/schedule/<uuid:hours_id>")
class ExperiencesHoursById(GuideView):
    @operation(
        "getExperiencesHours", "Read a rule or an exception of one's own experience", refusals=_NO_EXPERIENCES_HOURS
    )
    @blueprint.response(200, HoursAnswer, example=examples.HOURS)
    def get(self, id_or_slug: str, hours_id: uuid.UUID) -> Response:
        return _shown(of_experience, id_or_slug, hours_id)

    @operation(
        "changeExperiencesHours",
        "Replace a rule or an exception; a second time changes nothing",
        refusals=_NO_EXPERIENCES_HOURS | _CHANGING,
    )
    @blueprint.arguments(ChangeRequest, example=examples.CHANGE)
    @blueprint.response(200, ScheduleAnswer, example=examples.EXPERIENCES_SCHEDULE)
    def put(self, body: dict[str, Any], id_or_slug: str, hours_id: uuid.UUID) -> Response:
        return _changed(of_experience, id_or_slug, hours_id, body)

    @operation(
        "removeExperiencesHours",
        "Take a rule or an exception of one's own experience away",
        refusals=_NO_EXPERIENCES_HOURS,
    )
    @blueprint.response(200, ScheduleAnswer, example=examples.EXPERIENCES_SCHEDULE)
    def delete(self, id_or_slug: str, hours_id: uuid.UUID) -> Response:
        return _removed(of_experience, id_or_slug, hours_id)


def _read(find: Find, named: str) -> Response:
    ctx = context()
    with edge().db.reading() as session:
        return answer(answers.schedule_answer(schedule_of(session, ctx, find(session, ctx, nameable(named)))))


def _shown(find: Find, named: str, hours_id: uuid.UUID) -> Response:
    with edge().db.reading() as session:
        keeper = find(session, context(), nameable(named))
        return answer(answers.hours_answer(schedules.find_hours(session, keeper, hours_id)))


def _added(find: Find, named: str, body: Mapping[str, Any], address: str) -> Response:
    ctx, named = context(), nameable(named)
    with once(ctx) as effect:
        if effect.resource_id is None:
            keeper = schedules.add_hours(effect.session, ctx, find, named, body["rules"], body["exceptions"])
            effect.complete(keeper.owner.id, 201, address)
        else:
            keeper = find(effect.session, ctx, named)
        shown = answers.schedule_answer(schedule_of(effect.session, ctx, keeper))
    return answer(shown, 201, effect.headers | {"Location": address})


def _changed(find: Find, named: str, hours_id: uuid.UUID, body: Mapping[str, Any]) -> Response:
    ctx = context()
    (becomes,) = body.values()
    with edge().db.transaction() as session:
        keeper = schedules.change_hours(session, ctx, find, nameable(named), hours_id, becomes)
        return answer(answers.schedule_answer(schedule_of(session, ctx, keeper)))


def _removed(find: Find, named: str, hours_id: uuid.UUID) -> Response:
    ctx = context()
    with edge().db.transaction() as session:
        keeper = schedules.remove_hours(session, ctx, find, nameable(named), hours_id)
        return answer(answers.schedule_answer(schedule_of(session, ctx, keeper)))

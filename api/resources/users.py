"""One's own account: who one is, what one wants to be told, and on which devices."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from api.answers import answer, no_content
from api.answers.devices import device_answer
from api.answers.preferences import preferences_answer
from api.answers.users import own_account_answer
from api.auth import SignedInView
from api.context import context
from api.edge import edge
from api.examples import accounts as examples
from api.examples.two_factor import DELETE_ACCOUNT
from api.openapi import operation
from api.paging import Asked
from api.parsing import Blueprint
from api.proving import count_code, known_hash
from api.refusals import (
    CODE_REQUIRED,
    PASSWORD_NOT_SET,
    TOO_MANY_CODES,
    TOO_MANY_PASSWORDS,
    TWO_FACTOR_OFF,
    TWO_FACTOR_UNAVAILABLE,
    WRONG_CODE,
    WRONG_PASSWORD,
)
from api.schemas.devices import DeviceAnswer, DevicePage, DeviceRequest
from api.schemas.pages import CursorQuery
from api.schemas.preferences import PreferencesAnswer, PreferencesRequest
from api.schemas.users import DeleteAccountRequest, DetailsRequest, OwnAccountAnswer
from domain.devices import Platform
from services.accounts import attempts, devices, identities, preferences, profiles, users
from services.personal_data import leaving

blueprint = Blueprint("users", __name__, url_prefix="/api/users", description="One's own account")


@blueprint.route("/me")
class Me(SignedInView):
    @operation("getMe", "Read one's own account")
    @blueprint.response(200, OwnAccountAnswer, example=examples.OWN_ACCOUNT)
    def get(self) -> Response:
        with edge().db.reading() as session:
            user = users.get_user(session, context().actor.user_id)
            return answer(own_account_answer(user, identities.providers_of(session, user.id)))

    @operation("changeMe", "Change one's own details: those that are named")
    @blueprint.arguments(DetailsRequest, example=examples.DETAILS)
    @blueprint.response(200, OwnAccountAnswer, example=examples.CHANGED_USER)
    def put(self, body: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            user = profiles.change_details(session, context(), body)
            session.flush()
            changed = own_account_answer(user, identities.providers_of(session, user.id))
        return answer(changed)

    @operation(
        "deleteMe",
        "Delete one's account: one is out at once, and it is erased after a while in which it can be taken back. Where "
        "two-factor sign-in is on, it takes a code besides",
        refusals={
            409: (
                ("account_in_use", "Your account cannot be deleted while something is open.", examples.BLOCKERS),
                PASSWORD_NOT_SET,
                TWO_FACTOR_OFF,
                ("last_super_admin", "You are the last super administrator. Appoint another one first."),
            ),
            422: (
                WRONG_PASSWORD,
                CODE_REQUIRED,
                WRONG_CODE,
                ("invalid_fields", "Some fields are not valid; see errors."),
            ),
            429: (TOO_MANY_PASSWORDS, TOO_MANY_CODES),
            503: TWO_FACTOR_UNAVAILABLE,
        },
    )
    @blueprint.arguments(DeleteAccountRequest, examples=DELETE_ACCOUNT)
    @blueprint.response(204)
    def delete(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with edge().passwords.place():
            checked_hash, attempt = known_hash(ctx, body["password"], "password")
        code = body.get("code")
        if code is not None:
            count_code(ctx, ctx.actor.user_id)
        with edge().db.transaction() as session:
            ended = leaving.delete_account(session, ctx, edge().one_time_tokens, edge().vault, checked_hash, code)
            attempts.forgive_attempt(session, attempt)
        edge().sessions.forget(*ended)
        return no_content()


@blueprint.route("/me/notification-preferences")
class NotificationPreferences(SignedInView):
    @operation("getNotificationPreferences", "Read what one is told on which channel")
    @blueprint.response(200, PreferencesAnswer, example=examples.PREFERENCES)
    def get(self) -> Response:
        with edge().db.reading() as session:
            return answer(preferences_answer(preferences.preferences_of(session, context().actor.user_id)))

    @operation(
        "changeNotificationPreferences",
        "Decide what one is told on which channel: what is named; the rest stays",
        refusals={
            422: (
                ("invalid_fields", "Some fields are not valid; see errors."),
                (
                    "notice_always_on",
                    "What concerns one's own account, bookings or money is always sent.",
                    {"errors": {"preferences.payments.email": ["cannot be turned off"]}},
                ),
            )
        },
    )
    @blueprint.arguments(PreferencesRequest, example=examples.WISHES)
    @blueprint.response(200, PreferencesAnswer, example=examples.PREFERENCES)
    def put(self, body: dict[str, Any]) -> Response:
        named = body["preferences"].items()
        wishes = {(category, channel): wanted for category, each in named for channel, wanted in each.items()}
        with edge().db.transaction() as session:
            stands = preferences.change_preferences(session, context(), wishes)
        return answer(preferences_answer(stands))


@blueprint.route("/me/devices")
class Devices(SignedInView):
    @operation("registerDevice", "Register a device for push messages; the same token again changes nothing")
    @blueprint.arguments(DeviceRequest, example=examples.DEVICE_REQUEST)
    @blueprint.response(201, DeviceAnswer, example=examples.DEVICE)
    @blueprint.alt_response(200, schema=DeviceAnswer, example=examples.DEVICE, description="It was registered before")
    def post(self, body: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            device, is_new = devices.register_device(session, context(), body["token"], Platform(body["platform"]))
        return answer(device_answer(device), 201 if is_new else 200)

    @operation("listDevices", "List one's devices, the last registered first")
    @blueprint.arguments(CursorQuery, location="query")
    @blueprint.response(200, DevicePage, example=examples.DEVICES)
    def get(self, query: dict[str, Any]) -> Response:
        user_id = context().actor.user_id
        asked = Asked(query, "devices", user_id)
        with edge().db.reading() as session:
            mine = devices.devices_of(session, user_id, asked.window)
        return answer(asked.answer([device_answer(device) for device in mine.rows], mine))


@blueprint.route("/me/devices/<uuid:device_id>")
class Device(SignedInView):
    @operation(
        "removeDevice",
        "Take a device away: no more push messages reach it",
        refusals={404: ("device_not_found", "There is no such device.")},
    )
    @blueprint.response(204)
    def delete(self, device_id: uuid.UUID) -> Response:
        with edge().db.transaction() as session:
            devices.remove_device(session, context(), device_id)
        return no_content()

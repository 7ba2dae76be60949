"""Who may do what: every route against every kind of asker. Whoever adds a route adds its row to ``ROWS``."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

import pytest

from models import DeviceToken, LicenceRenewal, ListingImage, Media, Notification, ScheduleRule, UserSession
from services.messages.conversations import ask
from tests.api.test_metrics import edge
from tests.factories import Factory
from tests.structure.test_routes import VERBS, routes
from tests.support.applications import Applications
from tests.support.database import row_digests
from tests.support.http import Http

ASKERS = ("anonymous", "owner", "other tourist", "host", "other guide", "admin", "super admin")
YES = 0
#: What each asker is answered: ``YES`` (they get through, whatever is then said of what they bring) or the refusal's status.
Access = tuple[int, ...]
OPEN: Access = (YES,) * 7
#: Everybody signed in, about what is their own.
SIGNED_IN: Access = (401, YES, YES, YES, YES, YES, YES)
#: One thing of the owner's, which does not exist for others.
OWNER: Access = (401, YES, 404, 404, 404, 404, 404)
#: A booking: of its tourist and of its host, and administrators look after all.
PARTIES: Access = (401, YES, 404, YES, 404, YES, YES)
#: A payment: of who makes it, not of the host.
PAYER: Access = (401, YES, 404, 404, 404, YES, YES)
#: Guides, about what is their own.
GUIDES: Access = (401, 403, 403, YES, YES, 403, 403)
#: One thing of the host's, for guides.
HOST: Access = (401, 403, 403, YES, 404, 403, 403)
ADMINS: Access = (401, 403, 403, 403, 403, YES, YES)
#: Machines with METRICS_TOKEN; being somebody does not help.
OPERATORS: Access = (401,) * 7


#: Addresses that might be somebody's name below another route, whose verbs these are then.
ALSO_NAMES = {"/api/guides/apply": {"GET", "PUT"}}


@dataclass(frozen=True)
class Row:
    """Who gets through, and a body with which a request for one thing is complete; ``ids`` maps a route's variables to what of
    the scene stands for them, where that is not the variable's own name."""

    access: Access
    body: Mapping[str, Any] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)


#: Hours that a guide adds, and the rule that one of their own becomes.
HOURS = {"exceptions": [{"date": "2199-12-24", "is_available": False}]}
RULE = {"rule": {"weekday": "monday", "start_time": "03:00", "end_time": "04:00"}}
GUIDES_HOURS = {"id_or_slug": "guide", "hours_id": "guides_hours"}
LISTINGS_HOURS = {"id_or_slug": "listing", "hours_id": "listings_hours"}

ROWS: dict[str, Row] = {
    "POST /api/auth/register": Row(OPEN),
    "POST /api/auth/login": Row(OPEN),
    "POST /api/auth/refresh-token": Row(OPEN),
    "POST /api/auth/verify-email": Row(OPEN),
    "POST /api/auth/forgot-password": Row(OPEN),
    "POST /api/auth/reset-password": Row(OPEN),
    "POST /api/auth/restore": Row(OPEN),
    "POST /api/auth/social/google": Row(OPEN),
    # One's own, and nobody of the scene has one.
    "DELETE /api/auth/social/google": Row((401, *(404,) * 6)),
    "POST /api/auth/resend-verification": Row(SIGNED_IN),
    "PUT /api/auth/change-password": Row(SIGNED_IN),
    "POST /api/auth/2fa/verify": Row(OPEN),
    "POST /api/auth/2fa/setup": Row(SIGNED_IN),
    "POST /api/auth/2fa/enable": Row(SIGNED_IN),
    "POST /api/auth/2fa/disable": Row(SIGNED_IN),
    "POST /api/auth/2fa/backup-codes": Row(SIGNED_IN),
    "POST /api/auth/phone/send-code": Row(SIGNED_IN),
    "POST /api/auth/phone/verify": Row(SIGNED_IN),
    "GET /api/auth/sessions": Row(SIGNED_IN),
    "DELETE /api/auth/sessions/<uuid:session_id>": Row(OWNER),
    "POST /api/auth/logout": Row(SIGNED_IN),
    "GET /api/users/me": Row(SIGNED_IN),
    "PUT /api/users/me": Row(SIGNED_IN),
    "DELETE /api/users/me": Row(SIGNED_IN),
    "GET /api/users/me/export": Row(SIGNED_IN),
    # By the token of a mail, whoever follows it; nobody of the scene has one.
    "GET /api/users/export/<token>": Row((404,) * 7),
    "GET /api/users/me/notification-preferences": Row(SIGNED_IN),
    "PUT /api/users/me/notification-preferences": Row(SIGNED_IN),
    "GET /api/users/me/devices": Row(SIGNED_IN),
    "POST /api/users/me/devices": Row(SIGNED_IN),
    "DELETE /api/users/me/devices/<uuid:device_id>": Row(OWNER),
    "POST /api/users/me/upload-avatar": Row(SIGNED_IN),
    "DELETE /api/users/me/avatar": Row(SIGNED_IN),
    "POST /api/upload/image": Row(SIGNED_IN),
    "POST /api/upload/video": Row(SIGNED_IN),
    "POST /api/upload/document": Row(SIGNED_IN),
    "POST /api/upload/scan": Row(SIGNED_IN),
    "POST /api/upload/presign": Row(SIGNED_IN, {"kind": "image", "content_type": "image/png", "size": 1}),
    "POST /api/upload/<uuid:media_id>/complete": Row(OWNER),
    "GET /api/upload/<uuid:media_id>": Row(OWNER),
    "DELETE /api/upload/<uuid:media_id>": Row(OWNER),
    "GET /api/experiences": Row(OPEN),
    "GET /api/experiences/<id_or_slug>": Row(OPEN, ids={"id_or_slug": "listing"}),
    "POST /api/experiences": Row(GUIDES),
    "PUT /api/experiences/<id_or_slug>": Row(HOST, ids={"id_or_slug": "listing"}),
    "DELETE /api/experiences/<id_or_slug>": Row(HOST, ids={"id_or_slug": "listing"}),
    "POST /api/experiences/<id_or_slug>/images": Row(HOST, {"media_id": "x"}, ids={"id_or_slug": "listing"}),
    "PUT /api/experiences/<id_or_slug>/images": Row(HOST, {"images": []}, ids={"id_or_slug": "listing"}),
    "DELETE /api/experiences/<id_or_slug>/images/<uuid:image_id>": Row(HOST, ids={"id_or_slug": "listing"}),
    "GET /api/guides/me/experiences": Row(GUIDES),
    "GET /api/guides/me/experiences/<id_or_slug>": Row(HOST, ids={"id_or_slug": "listing"}),
    "GET /api/experiences/<id_or_slug>/availability": Row(OPEN, ids={"id_or_slug": "listing"}),
    "GET /api/search": Row(OPEN),
    "GET /api/search/suggest": Row(OPEN),
    "GET /api/guides/<id_or_slug>/availability": Row(OPEN, ids={"id_or_slug": "guide"}),
    "POST /api/guides/<id_or_slug>/availability": Row(HOST, HOURS, {"id_or_slug": "guide"}),
    "GET /api/guides/<id_or_slug>/availability/<uuid:hours_id>": Row(HOST, ids=GUIDES_HOURS),
    "PUT /api/guides/<id_or_slug>/availability/<uuid:hours_id>": Row(HOST, RULE, GUIDES_HOURS),
    "DELETE /api/guides/<id_or_slug>/availability/<uuid:hours_id>": Row(HOST, ids=GUIDES_HOURS),
    "GET /api/guides/me/schedule": Row(GUIDES),
    "PUT /api/guides/me/schedule": Row(GUIDES, {"timezone": "Africa/Kigali"}),
    "GET /api/experiences/<id_or_slug>/schedule": Row(HOST, ids={"id_or_slug": "listing"}),
    "POST /api/experiences/<id_or_slug>/schedule": Row(HOST, HOURS, {"id_or_slug": "listing"}),
    "GET /api/experiences/<id_or_slug>/schedule/<uuid:hours_id>": Row(HOST, ids=LISTINGS_HOURS),
    "PUT /api/experiences/<id_or_slug>/schedule/<uuid:hours_id>": Row(HOST, RULE, LISTINGS_HOURS),
    "DELETE /api/experiences/<id_or_slug>/schedule/<uuid:hours_id>": Row(HOST, ids=LISTINGS_HOURS),
    "GET /api/search/popular": Row(OPEN),
    "GET /api/search/history": Row(SIGNED_IN),
    "POST /api/search/history": Row(SIGNED_IN),
    "DELETE /api/search/history": Row(SIGNED_IN),
    "GET /api/reviews/experience/<id_or_slug>": Row(OPEN, ids={"id_or_slug": "listing"}),
    "GET /api/reviews/guide/<id_or_slug>": Row(OPEN, ids={"id_or_slug": "guide"}),
    "GET /api/guides": Row(OPEN),
    "GET /api/guides/<id_or_slug>": Row(OPEN, ids={"id_or_slug": "guide"}),
    "PUT /api/guides/<id_or_slug>": Row(HOST, {"region": "Lamu"}, {"id_or_slug": "guide"}),
    "GET /api/guides/me": Row(GUIDES),
    "PUT /api/guides/me": Row(GUIDES, {"region": "Lamu"}),
    "POST /api/guides/me/licence": Row(GUIDES),
    "GET /api/admin/licences": Row(ADMINS),
    "GET /api/admin/licences/holders": Row(ADMINS),
    "GET /api/admin/licences/sent": Row(ADMINS),
    "GET /api/admin/licences/sent/<uuid:licence_id>": Row(ADMINS),
    "PUT /api/admin/licences/sent/<uuid:licence_id>/review": Row(ADMINS, {"action": "confirm"}),
    "GET /api/bookings": Row(SIGNED_IN),
    "POST /api/bookings": Row(SIGNED_IN),
    "POST /api/bookings/quote": Row(OPEN),
    "GET /api/bookings/<uuid:booking_id>": Row(PARTIES),
    "GET /api/bookings/<uuid:booking_id>/cancellation-quote": Row(PARTIES),
    "PUT /api/bookings/<uuid:booking_id>/cancel": Row(PARTIES),
    "GET /api/payments": Row(SIGNED_IN),
    "POST /api/payments": Row(SIGNED_IN),
    "POST /api/payments/mpesa/initiate": Row(SIGNED_IN),
    "GET /api/payments/<uuid:payment_id>/status": Row(PAYER),
    "POST /api/payments/mpesa/callback": Row(OPEN),
    "POST /api/payments/mpesa/callback/<token>": Row(OPEN),
    "GET /api/notifications": Row(SIGNED_IN),
    "GET /api/notifications/unread-count": Row(SIGNED_IN),
    "PUT /api/notifications/read-all": Row(SIGNED_IN, {"up_to_seq": 0}),
    "PUT /api/notifications/<uuid:notification_id>/read": Row(OWNER),
    "POST /api/guides/apply": Row(OPEN),
    # By the token of a mail; nobody of the scene has one.
    "GET /api/guides/applications/<token>": Row((404,) * 7),
    "POST /api/guides/applications/<token>/confirm": Row((404,) * 7),
    # The token is looked at before anything that comes is read.
    "POST /api/guides/applications/<token>/answer": Row((404,) * 7),
    "POST /api/guides/applications/<token>/accept": Row((401, *(404,) * 6)),
    "GET /api/admin/applications": Row(ADMINS),
    "GET /api/admin/applications/<uuid:application_id>": Row(ADMINS),
    "PUT /api/admin/applications/<uuid:application_id>/review": Row(ADMINS, {"action": "start"}),
    "GET /api/admin/users": Row(ADMINS),
    "PUT /api/admin/users/<uuid:user_id>/suspend": Row(ADMINS, {"reason": "For a test."}),
    "PUT /api/admin/users/<uuid:user_id>/unsuspend": Row(ADMINS),
    "PUT /api/admin/experiences/<uuid:experience_id>/hide": Row(
        ADMINS, {"reason": "Why."}, ids={"experience_id": "listing_id"}
    ),
    "PUT /api/admin/experiences/<uuid:experience_id>/unhide": Row(ADMINS, ids={"experience_id": "listing_id"}),
    # Its own guide asks nobody, and is told so.
    "POST /api/experiences/<id_or_slug>/enquiries": Row(SIGNED_IN, {"message": "?"}, ids={"id_or_slug": "listing"}),
    "GET /api/messages/conversations": Row(SIGNED_IN),
    # With the host of the scene, to whom the owner alone has written.
    "GET /api/messages/conversation/<uuid:user_id>": Row(OWNER, ids={"user_id": "host_id"}),
    "POST /api/messages": Row(SIGNED_IN),
    "GET /health": Row(OPEN),
    "GET /health/ready": Row(OPEN),
    "GET /metrics": Row(OPERATORS),
}


@dataclass(frozen=True)
class Scene:
    """A booking with all that comes with it, everybody who may want to see it, and the ids to ask for."""

    askers: Mapping[str, Http]
    ids: Mapping[str, str]

    def ask(self, who: str, route: str, row: Row, ids: Mapping[str, str] | None = None) -> Any:
        verb, rule = route.split(" ")
        given = dict(self.ids if ids is None else ids)
        path = re.sub(r"<(?:[a-z]+:)?(\w+)>", lambda found: given[row.ids.get(found[1], found[1])], rule)
        return self.askers[who].request(verb, path, **({} if verb == "GET" else {"json": dict(row.body)}))


@pytest.fixture
def scene(http: Http, make: Factory, applications: Applications, db) -> Scene:
    http = edge(http, metrics_token="a token of the operators' own")
    host = make.guide()
    owner, listing = make.user(), make.listing(host)
    booking = make.booking(owner, listing)
    payment = make.payment(booking)
    with db.transaction() as session:
        ask(session, make.acting(owner), listing.slug, "Is there something without meat?")
    signed_in = {
        "owner": http.signed_in_as(owner),
        "other tourist": http.signed_in_as(make.user()),
        "host": http.signed_in_as(host),
        "other guide": http.signed_in_as(make.guide()),
        "admin": http.signed_in_as(make.user(roles=["tourist", "admin"])),
        "super admin": http.signed_in_as(make.user(roles=["tourist", "super_admin"])),
    }
    http.signed_in_as(owner)
    with db.transaction() as session:
        now = make.ctx.now(session)
        device = DeviceToken(user_id=owner.id, token="a phone", platform="android", registered_at=now)
        news = Notification(user_id=owner.id, seq=1, key="x", kind="hold_expired", title="t", body="b", data={})
        sent = {"kind": "avatar", "is_public": True, "content_type": "image/png", "variants": {}}
        media = Media(owner_id=owner.id, begun_at=now, changed_at=now, **sent)
        licence = LicenceRenewal(
            user_id=host.id, number="TRA/TG/1", expires_on=now.date() + timedelta(days=90), submitted_at=now
        )
        hours = {"weekday": 0, "start_time": time(1), "end_time": time(2)}
        own_rule = ScheduleRule(resource_id=listing.resource_id, **hours)
        listings_rule = ScheduleRule(listing_id=listing.id, **hours)
        session.add_all([device, news, media, licence, own_rule, listings_rule])
        session.flush()
        last = session.query(UserSession.id).filter_by(user_id=owner.id).order_by(UserSession.id.desc()).first()
        ids = {
            "booking_id": booking.id,
            "payment_id": payment.id,
            "session_id": last[0],
            "device_id": device.id,
            "notification_id": news.id,
            "media_id": media.id,
            "licence_id": licence.id,
            "user_id": make.user().id,
            "application_id": applications.confirmed(),
            "listing": listing.slug,
            "listing_id": listing.id,
            "image_id": session.query(ListingImage.id).filter_by(listing_id=listing.id).first()[0],
            "host_id": host.id,
            "guide": f"kamau-{host.id}",
            "guides_hours": own_rule.id,
            "listings_hours": listings_rule.id,
            "token": "callback-token-of-nobody",
        }
    return Scene({"anonymous": http} | signed_in, {name: str(value) for name, value in ids.items()})


def test_every_route_has_a_row_and_every_row_a_route(app):
    served = {f"{verb} {rule}" for verb, rule, _ in routes(app)}
    missing = "\n".join(f'    "{route}": Row(…),' for route in sorted(served - ROWS.keys()))

    assert not missing, (
        f"say who may use these, in ROWS of tests/api/test_matrix.py (OPEN, SIGNED_IN, OWNER, PARTIES, PAYER, ADMINS "
        f"or a tuple in the order of ASKERS; a route for one thing also needs its id in the fixture `scene`):\n{missing}"
    )
    assert ROWS.keys() - served == set(), (
        "these routes are gone: take their rows out of ROWS in tests/api/test_matrix.py"
    )


@pytest.mark.parametrize("route", ROWS)
def test_each_asker_is_answered_as_the_row_says_and_a_refusal_leaves_no_trace(scene, db, route):
    row = ROWS[route]
    # Refusals first: what is allowed may change the scene.
    before = row_digests(db.engine)
    for who, expected in zip(ASKERS, row.access, strict=True):
        if expected:
            response = scene.ask(who, route, row)
            assert response.status_code == expected, f"{who}: {response.text}"
            assert response.mimetype == "application/problem+json"
            _same_for_unknown(scene, who, route, row, response)
    assert row_digests(db.engine) == before
    for who, expected in zip(ASKERS, row.access, strict=True):
        if not expected:
            response = scene.ask(who, route, row)
            assert response.status_code not in (401, 403, 404), f"{who}: {response.text}"


def _same_for_unknown(scene: Scene, who: str, route: str, row: Row, response: Any) -> None:
    """What is somebody else's and what does not exist look alike."""
    if response.status_code != 404:
        return
    unknown = scene.ask(who, route, row, {name: str(uuid.uuid4()) for name in scene.ids})
    assert _shape(unknown) == _shape(response)


def _shape(response: Any) -> tuple[int, dict[str, Any], set[str]]:
    told = {name: value for name, value in response.get_json().items() if name != "request_id"}
    return response.status_code, told, set(response.headers.keys())


def test_other_verbs_are_refused_to_everybody(scene, app, db):
    before = row_digests(db.engine)
    served: dict[str, set[str]] = {}
    for verb, rule, _ in routes(app):
        served.setdefault(rule, set()).add(verb)
    for rule, verbs in served.items():
        for verb in sorted(VERBS - verbs - ALSO_NAMES.get(rule, set())):
            for who in ("anonymous", "super admin"):
                row = ROWS[f"{min(verbs)} {rule}"]
                assert scene.ask(who, f"{verb} {rule}", row).status_code == 405, f"{verb} {rule}"
    assert row_digests(db.engine) == before

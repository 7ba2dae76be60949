"""What is for guides alone is refused to everybody else before anything of the request is looked at."""

from __future__ import annotations

import pytest
from flask import Response
from sqlalchemy import delete

from api.auth import GuideView
from domain.errors import Forbidden, Unauthenticated
from models import Guide, User
from services.guides.profiles import acting_guide

SEEN = Response("seen")


class Behind(GuideView):
    """Something for guides that has no address."""

    def get(self) -> Response:
        return SEEN


@pytest.fixture
def ask(app, db):
    """Ask :class:`Behind` as a client does, with whatever token it has."""
    view = Behind.as_view("behind")

    def ask(client):
        headers = {"Authorization": f"Bearer {client.token}"} if client.token else {}
        with app.test_request_context(headers=headers):
            return view()

    return ask


def test_a_guide_gets_through(ask, http, make):
    assert ask(http.signed_in_as(make.guide())) is SEEN


def test_somebody_signed_in_who_does_not_guide_is_refused(ask, http, make, untouched):
    for user in (make.user(), make.user(roles=["tourist", "admin"]), make.user(intends_to_guide=True)):
        client = http.signed_in_as(user)
        with untouched(), pytest.raises(Forbidden) as refusal:
            ask(client)
        assert refusal.value.code == "not_a_guide"


def test_a_role_without_a_profile_is_not_enough(ask, http, make, db, untouched):
    client = http.signed_in_as(make.user(roles=["tourist", "guide"]))

    with untouched(), pytest.raises(Forbidden) as refusal:
        ask(client)
    assert refusal.value.code == "not_a_guide"


def test_a_profile_without_the_role_is_not_enough(ask, http, make, db):
    guide = make.guide()
    client = http.signed_in_as(guide)
    assert ask(client) is SEEN
    # Still remembered by this process as a guide.
    with db.transaction() as session:
        session.get_one(User, guide.id).roles = ["tourist"]

    with pytest.raises(Forbidden) as refusal:
        ask(client)
    assert refusal.value.code == "not_a_guide"


def test_nobody_is_asked_to_sign_in(ask, http):
    with pytest.raises(Unauthenticated) as refusal:
        ask(http)
    assert refusal.value.code == "token_missing"


def test_the_acting_guide_is_read_anew(db, make):
    guide = make.guide()
    with db.transaction() as session:
        mine = acting_guide(session, make.acting(guide))
        assert mine.user_id == guide.id
        with db.transaction() as other:
            other.execute(delete(Guide).where(Guide.user_id == guide.id))
        with pytest.raises(Forbidden):
            acting_guide(session, make.acting(guide))

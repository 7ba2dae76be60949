"""Asking a guide over HTTP, answering, and who may read it; and that nobody is buried under questions."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.policy import Limit
from models import Conversation, Message
from services.listings.own_experiences import archive_experience
from tests.api.test_paging import walk, whole
from tests.support.http import refused

QUESTION = {"message": "Is there something without meat?\nWe are two: call 0712 345 149."}


@pytest.fixture
def guide(make):
    return make.guide()


@pytest.fixture
def listing(make, guide):
    return make.listing(guide)


@pytest.fixture
def tourist(make):
    return make.user()


@pytest.fixture
def client(http, tourist):
    return http.signed_in_as(tourist)


@pytest.fixture
def path(listing):
    return f"/api/experiences/{listing.slug}/enquiries"


def test_a_question_opens_a_conversation_that_both_read(client, http, make, guide, tourist, listing, path):
    response = client.post(path, QUESTION)

    asked = response.get_json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/messages/conversation/{guide.id}"
    message = asked["message"]
    assert (message["sender_id"], message["receiver_id"]) == (str(tourist.id), str(guide.id))
    assert (message["experience_id"], message["body"]) == (str(listing.id), QUESTION["message"])
    assert client.get(response.headers["Location"]).get_json()["items"] == [message]
    theirs = http.signed_in_as(guide)
    assert theirs.get(f"/api/messages/conversation/{tourist.id}").get_json()["items"] == [message]
    (conversation,) = theirs.get("/api/messages/conversations").get_json()["items"]
    assert conversation["other"] == {"id": str(tourist.id), "name": tourist.full_name, "avatar_url": None}
    assert (conversation["id"], conversation["last_message"]) == (asked["conversation"]["id"], message)


def test_the_guide_answers_and_the_newest_comes_first(client, http, guide, tourist, path):
    client.post(path, QUESTION)
    theirs = http.signed_in_as(guide)

    answered = theirs.post("/api/messages", {"receiverId": str(tourist.id), "text": "Yes, six of seven."})

    assert answered.status_code == 201
    assert answered.headers["Location"] == f"/api/messages/conversation/{tourist.id}"
    assert answered.get_json()["experience_id"] is None
    shown = client.get(f"/api/messages/conversation/{guide.id}").get_json()["items"]
    assert [each["body"] for each in shown] == ["Yes, six of seven.", QUESTION["message"]]


def test_a_second_question_goes_on_in_the_same_conversation(client, make, db, guide, path):
    other = make.listing(guide)
    for each in (path, f"/api/experiences/{other.id}/enquiries"):
        assert client.post(each, QUESTION).status_code == 201
    with db.reading() as session:
        assert (session.query(Conversation).count(), session.query(Message).count()) == (1, 2)


def test_a_key_asks_once_and_belongs_to_one_experience(client, make, db, guide, path):
    headers = {"Idempotency-Key": "ask-1"}
    first, second = (client.post(path, QUESTION, headers=headers) for _ in range(2))

    assert second.get_json() == first.get_json()
    assert second.headers["Idempotent-Replayed"] == "true"
    elsewhere = f"/api/experiences/{make.listing(guide).id}/enquiries"
    refused(client.post(elsewhere, QUESTION, headers=headers), 422, "idempotency_key_reused")
    with db.reading() as session:
        assert session.query(Message).count() == 1


def test_a_key_sends_a_message_once(client, http, db, guide, tourist, path):
    client.post(path, QUESTION)
    theirs, body = http.signed_in_as(guide), {"receiver_id": str(tourist.id), "message": "Yes."}
    sent = [theirs.post("/api/messages", body, headers={"Idempotency-Key": "m"}).get_json() for _ in range(2)]
    assert sent[0] == sent[1]
    with db.reading() as session:
        assert session.query(Message).count() == 2


def test_nobody_asks_themselves(http, guide, path, untouched):
    client = http.signed_in_as(guide)
    with untouched():
        refused(client.post(path, QUESTION), 409, "own_experience")


@pytest.mark.parametrize("status", ["draft", "withdrawn", "hidden", "archived"])
def test_what_is_not_offered_is_not_asked_about(client, make, guide, untouched, status):
    gone = make.listing(guide, status=status)
    with untouched():
        for name in (gone.id, gone.slug, uuid.uuid4()):
            refused(client.post(f"/api/experiences/{name}/enquiries", QUESTION), 404, "experience_not_found")


def test_what_was_archived_after_it_was_read_is_not_asked_about(client, make, db, guide, listing, path, monkeypatch):
    stale = make.reload(listing)
    with db.transaction() as session:
        archive_experience(session, make.acting(guide), str(listing.id))
    monkeypatch.setattr(
        "services.messages.conversations.get_live_listing", lambda session, _: session.merge(stale, load=False)
    )
    refused(client.post(path, QUESTION), 404, "experience_not_found")
    with db.reading() as session:
        assert session.query(Message).count() == 0


@pytest.mark.parametrize("message", ["", "   ", "x" * 2001, "a\u0000b", None, 7])
def test_a_question_is_a_text(client, path, untouched, message):
    with untouched():
        refused(client.post(path, {"message": message}), 422, "invalid_fields", "message")


@pytest.mark.parametrize("field", ["sender_id", "read_at", "conversation_id", "booking_id", "sent_at"])
def test_whose_and_when_it_is_nobody_says(client, path, untouched, field):
    with untouched():
        refused(client.post(path, QUESTION | {field: str(uuid.UUID(int=1))}), 422, "invalid_fields", field)


def test_strangers_neither_read_nor_write(http, client, make, guide, tourist, path, untouched):
    client.post(path, QUESTION)
    stranger = http.signed_in_as(make.user())
    with untouched():
        for other in (guide.id, tourist.id, uuid.uuid4()):
            refused(stranger.get(f"/api/messages/conversation/{other}"), 404, "conversation_not_found")
            body = {"receiver_id": str(other), "message": "Buy my watches."}
            refused(stranger.post("/api/messages", body), 404, "conversation_not_found")
    assert stranger.get("/api/messages/conversations").get_json()["items"] == []


def test_nobody_has_a_conversation_with_themselves(client, tourist, untouched):
    with untouched():
        refused(client.get(f"/api/messages/conversation/{tourist.id}"), 404, "conversation_not_found")
        refused(
            client.post("/api/messages", {"receiver_id": str(tourist.id), "message": "?"}),
            404,
            "conversation_not_found",
        )


def test_who_is_gone_is_not_written_to(client, db, guide, path, untouched):
    client.post(path, QUESTION)
    with db.transaction() as session:
        session.merge(guide).suspend("For a test.", guide.created_at)
    with untouched():
        refused(client.post("/api/messages", {"receiver_id": str(guide.id), "message": "?"}), 409, "receiver_gone")


@pytest.fixture
def few(http, monkeypatch):
    """Caps so small that a test reaches them."""

    def few(**counts):
        limits = {name: Limit(count, timedelta(days=1)) for name, count in counts.items()}
        policy = http.edge.ports.policy
        changed = replace(policy, limits=replace(policy.limits, **limits))
        monkeypatch.setattr(
            "api.context.edge", lambda: replace(http.edge, ports=replace(http.edge.ports, policy=changed))
        )

    return few


def test_one_traveller_asks_so_often_a_day_and_then_waits(client, path, few, clock, untouched):
    few(enquiries_user=2)
    for _ in range(2):
        assert client.post(path, QUESTION).status_code == 201
    answer = client.post(path, QUESTION)
    refused(answer, 429, "too_many_enquiries_user")
    assert int(answer.headers["Retry-After"]) > 3600
    clock.offset += timedelta(days=1, minutes=1)
    assert client.post(path, QUESTION).status_code == 201


def test_one_guide_is_asked_so_often_a_day_whoever_asks(http, make, guide, path, few, db):
    few(enquiries_guide=2)
    answers = [http.signed_in_as(make.user()).post(path, QUESTION) for _ in range(3)]
    assert [each.status_code for each in answers] == [201, 201, 429]
    refused(answers[2], 429, "too_many_enquiries_guide")
    other = make.listing()
    assert http.signed_in_as(make.user()).post(f"/api/experiences/{other.id}/enquiries", QUESTION).status_code == 201


def test_messages_are_capped_too(client, guide, path, few):
    few(messages_user=1)
    client.post(path, QUESTION)
    body = {"receiver_id": str(guide.id), "message": "And fish?"}
    assert client.post("/api/messages", body).status_code == 201
    refused(client.post("/api/messages", body), 429, "too_many_messages_user")


def test_both_lists_go_by_cursor(client, http, make, guide, tourist, path):
    for _ in range(3):
        client.post(path, QUESTION)
    for _ in range(2):
        client.post(f"/api/experiences/{make.listing().id}/enquiries", QUESTION)
    for each in ("/api/messages/conversations", f"/api/messages/conversation/{guide.id}"):
        assert walk(client, each) == whole(client, each)
        assert len(whole(client, each)) == 3

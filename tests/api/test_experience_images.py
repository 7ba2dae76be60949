"""Pictures of an experience over HTTP: added by id or as a file, shown once they are checked, ordered and taken away."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.media import MediaState, Refusal
from models import Listing, ListingImage, Media
from services.listings import images
from services.listings.images import Placed, order_images
from services.media import uploads
from tests.api.test_avatar import form, part
from tests.api.test_uploads import row, send
from tests.support.http import refused
from tests.support.pictures import picture
from tests.support.races import at_once


@pytest.fixture
def guide(make):
    return make.guide()


@pytest.fixture
def client(http, guide, bucket):
    return http.signed_in_as(guide)


@pytest.fixture
def listing(make, guide):
    return make.listing(guide, images=[])


@pytest.fixture
def path(listing):
    return f"/api/experiences/{listing.slug}/images"


@pytest.fixture
def settle(db, ctx):
    """As a worker leaves an upload that it has checked, or refused."""

    def settle(media_id, refusal=None):
        with db.transaction() as session:
            media = uploads.lock_upload(session, uuid.UUID(str(media_id)))
            if refusal:
                uploads.refuse(session, ctx, media, refusal, ctx.now(session))
            else:
                uploads.settle(session, ctx, media, size=9, checksum="x", width=1600, height=900)

    return settle


@pytest.fixture
def ready(client, settle):
    """A checked image of the guide's that nothing uses."""

    def ready() -> str:
        media_id = send(client, "image").get_json()["id"]
        settle(media_id)
        return media_id

    return ready


def sent(alt_text: str | None = None, content: bytes = b"", name: str = "image"):
    words = [part("alt_text", alt_text.encode(), "text/plain", None)] if alt_text is not None else []
    return form(part(name, content or picture(), "image/jpeg"), *words)


def add(client, path, *words):
    return client.request("POST", path, **sent(*words))


def test_a_checked_image_is_shown_in_three_widths(client, http, db, listing, path, ready):
    media_id = ready()

    response = client.post(path, {"media_id": media_id, "altText": "Smokies over charcoal"})

    added = response.get_json()
    assert (response.status_code, added["state"], added["media_id"]) == (201, "ready", media_id)
    shown = http.get(f"/api/experiences/{listing.slug}").get_json()
    assert [(each["alt_text"], sorted(each["variants"], key=int)) for each in shown["pictures"]] == [
        ("Smokies over charcoal", ["320", "800", "1600"])
    ]
    assert shown["pictures"][0]["url"] == shown["pictures"][0]["variants"]["1600"]
    assert shown["images"] == [shown["pictures"][0]["variants"]["800"]]
    assert row(db, media_id).is_in_use


def test_a_file_is_shown_once_it_is_checked(client, http, listing, path, settle, db):
    response = add(client, path, "The fish market")

    coming = response.get_json()
    assert (response.status_code, coming["state"], coming["url"]) == (202, "processing", None)
    address = f"/api/experiences/{listing.id}"
    assert (http.get(address).get_json()["images"], http.get(address).get_json()["pictures"]) == ([], [])
    own = client.get(f"/api/guides/me/experiences/{listing.id}").get_json()
    assert own["pictures"] == [coming]
    settle(coming["media_id"])
    shown = client.get(f"/api/guides/me/experiences/{listing.id}").get_json()
    assert (len(shown["images"]), shown["version"]) == (1, own["version"] + 1)
    assert shown["pictures"][0]["alt_text"] == "The fish market"


def test_a_refused_file_is_never_shown_and_its_guide_learns_why(client, http, listing, path, settle):
    coming = add(client, path).get_json()
    settle(coming["media_id"], Refusal.DAMAGED)
    (own,) = client.get(f"/api/guides/me/experiences/{listing.id}").get_json()["pictures"]
    assert (own["state"], own["refusal"], own["url"]) == ("refused", "damaged", None)
    assert http.get(f"/api/experiences/{listing.id}").get_json()["pictures"] == []
    assert client.request("DELETE", f"{path}/{own['id']}").status_code == 204


def test_drawings_of_ours_stay_what_they_are(client, http, make, guide, ready):
    listing = make.listing(guide, images=["demo/walk-1.svg", "demo/walk-2.svg"])
    client.post(f"/api/experiences/{listing.id}/images", {"media_id": ready()})
    shown = http.get(f"/api/experiences/{listing.id}").get_json()
    assert [each["variants"] == {} for each in shown["pictures"]] == [True, True, False]
    assert [each["url"] for each in shown["pictures"]][:2] == shown["images"][:2]
    assert shown["images"][0].endswith("/demo/walk-1.svg")


def test_taking_a_picture_away_deletes_its_files(client, http, db, listing, path, ready):
    first, second = (client.post(path, {"media_id": ready()}).get_json() for _ in range(2))

    gone = client.request("DELETE", f"/api/experiences/{listing.id}/images/{first['id']}")

    assert gone.status_code == 204
    shown = http.get(f"/api/experiences/{listing.id}").get_json()
    assert [each["url"] for each in shown["pictures"]] == [second["url"]]
    assert row(db, first["media_id"]).state == MediaState.REMOVED
    refused(client.request("DELETE", f"{path}/{first['id']}"), 404, "image_not_found")


def test_the_order_is_the_guides_and_so_are_the_words(client, http, listing, path, ready, untouched):
    ids = [client.post(path, {"media_id": ready(), "alt_text": f"{n}"}).get_json()["id"] for n in range(3)]
    wish = [{"id": ids[2], "alt_text": "First"}, {"id": ids[0]}, {"id": ids[1]}]

    ordered = client.put(path, {"images": wish})

    assert [(each["id"], each["alt_text"]) for each in ordered.get_json()["items"]] == [
        (ids[2], "First"),
        (ids[0], "0"),
        (ids[1], "1"),
    ]
    shown = http.get(f"/api/experiences/{listing.id}").get_json()
    assert [each["alt_text"] for each in shown["pictures"]] == ["First", "0", "1"]
    assert shown["images"] == [each["variants"]["800"] for each in shown["pictures"]]
    with untouched():
        assert client.put(path, {"images": wish}).get_json() == ordered.get_json()


@pytest.mark.parametrize("wish", [[], [0], [0, 0], [0, 1, None]])
def test_an_order_names_every_picture_once(client, path, ready, untouched, wish):
    ids = [client.post(path, {"media_id": ready()}).get_json()["id"] for _ in range(2)]
    wish = [{"id": str(uuid.UUID(int=5)) if each is None else ids[each]} for each in wish]
    with untouched():
        refused(client.put(path, {"images": wish}), 409, "images_changed")


def test_an_experience_has_so_many_pictures_and_no_more(client, path, ready, monkeypatch, untouched, listing):
    monkeypatch.setattr(images, "MOST_IMAGES", 1)
    client.post(path, {"media_id": ready()})
    another = ready()
    with untouched():
        refused(client.post(path, {"media_id": another}), 409, "too_many_images")
        refused(add(client, path), 409, "too_many_images")


def test_only_ones_own_checked_unused_images_are_attached(client, http, make, path, ready, settle, untouched):
    used = ready()
    client.post(path, {"media_id": used})
    unchecked = send(client, "image").get_json()["id"]
    video = send(client, "video").get_json()["id"]
    settle(video)
    theirs = send(http.signed_in_as(make.user()), "image").get_json()["id"]
    with untouched():
        refused(client.post(path, {"media_id": used}), 409, "media_in_use")
        refused(client.post(path, {"media_id": unchecked}), 409, "media_not_ready")
        refused(client.post(path, {"media_id": video}), 409, "media_no_image")
        refused(client.post(path, {"media_id": theirs}), 404, "media_not_found")
        refused(client.request("DELETE", f"/api/upload/{used}"), 409, "media_in_use")


def test_somebody_elses_experience_takes_nothing(client, make, db, bucket, untouched, ready):
    other, media_id = make.listing(), ready()
    (image,) = _rows(db, other)
    path, kept = f"/api/experiences/{other.id}/images", bucket.keys()
    with untouched():
        refused(client.post(path, {"media_id": media_id}), 404, "experience_not_found")
        refused(add(client, path), 404, "experience_not_found")
        refused(client.put(path, {"images": [{"id": str(image.id)}]}), 404, "experience_not_found")
        refused(client.request("DELETE", f"{path}/{image.id}"), 404, "experience_not_found")
    assert bucket.keys() == kept


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "media_id"),
        ({"media_id": "x"}, "media_id"),
        ({"media_id": str(uuid.UUID(int=1)), "position": 1}, "position"),
        ({"media_id": str(uuid.UUID(int=1)), "alt_text": "x" * 201}, "alt_text"),
    ],
)
def test_what_is_not_well_said_is_refused_by_name(client, path, untouched, body, field):
    with untouched():
        refused(client.post(path, body), 422, "invalid_fields", field)


def test_a_form_is_strict_and_what_is_no_form_is_json(client, path, untouched):
    with untouched():
        refused(client.request("POST", path, **sent(name="photo")), 422, "invalid_field", "photo")
        refused(client.request("POST", path, data=b"x", content_type="text/plain"), 415, "unsupported_media_type")
        refused(
            client.request("POST", path, **form(part("image", picture(), "image/svg+xml"))),
            422,
            "invalid_field",
            "image",
        )


def test_pictures_added_at_once_have_a_place_each(db, make, guide, listing, ready):
    def attach(media_id):
        with db.transaction() as session:
            images.attach_image(session, make.acting(guide), str(listing.id), uuid.UUID(media_id), "")

    assert at_once([partial(attach, ready()) for _ in range(4)]) == {"won": 4}
    assert [each.position for each in _rows(db, listing)] == [1, 2, 3, 4]
    assert len(make.reload(listing).images) == 4


def test_without_the_locks_two_would_want_one_place(db, make, guide, listing, ready, monkeypatch):
    """The negative control: then it is the database that says no."""
    monkeypatch.setattr(images, "lock_own", lambda session, *_: (guide, session.get_one(Listing, listing.id)))
    first, second = ready(), ready()

    def attach(session, media_id):
        images.attach_image(session, make.acting(guide), str(listing.id), uuid.UUID(media_id), "")

    def attach_too():
        with db.transaction() as session:
            attach(session, second)

    with ThreadPoolExecutor(1) as thread:
        with db.transaction() as session:
            attach(session, first)
            waiting = thread.submit(attach_too)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        with pytest.raises(IntegrityError, match="uq_listing_images_listing_id_position"):
            waiting.result(timeout=5)


def test_two_orders_at_once_leave_one_of_them(db, make, guide, listing, client, path, ready):
    ids = [uuid.UUID(client.post(path, {"media_id": ready()}).get_json()["id"]) for _ in range(3)]

    def order(*wanted):
        with db.transaction() as session:
            order_images(session, make.acting(guide), str(listing.id), [Placed(each) for each in wanted])

    outcomes = at_once([partial(order, *ids), partial(order, *reversed(ids)), partial(order, *ids)])
    assert outcomes == {"won": 3}
    assert [each.id for each in _rows(db, listing)] in (ids, ids[::-1])


def _rows(db, listing) -> list[ListingImage]:
    with db.reading() as session:
        mine = select(ListingImage).where(ListingImage.listing_id == listing.id)
        return list(session.scalars(mine.order_by(ListingImage.position)))


def test_an_image_waits_for_its_check_no_longer_than_its_row(db, client, listing, path):
    """What was given up goes with its files' row, and out of everybody's sight before."""
    coming = add(client, path).get_json()
    with db.transaction() as session:
        media = session.get_one(Media, uuid.UUID(coming["media_id"]))
        media.state = MediaState.REMOVED.value
    assert client.get(f"/api/guides/me/experiences/{listing.id}").get_json()["pictures"] == []
    with db.transaction() as session:
        session.delete(session.get_one(Media, uuid.UUID(coming["media_id"])))
    assert _rows(db, listing) == []


WISH = {"title": "Market walk", "category": "food", "price": "1500", "duration_minutes": "90", "maxGuests": "4"}


def written(*more: bytes, **changes: str) -> dict:
    texts = [part(name, value.encode(), "text/plain", None) for name, value in (WISH | changes).items()]
    return form(*texts, *more)


def photo(size=(640, 480)) -> bytes:
    return part("images", picture(size=size), "image/jpeg", "walk.jpg")


def test_an_experience_comes_in_one_form_with_its_pictures(client, settle, db):
    lists = [part("inclusions", each, "text/plain", None) for each in (b"Tea", b"Mandazi")]
    response = client.request(
        "POST", "/api/experiences", **written(*lists, photo(), photo((320, 200)), is_private="true")
    )

    made = response.get_json()
    assert response.status_code == 201, made
    assert (made["status"], made["max_guests"], made["is_private"]) == ("draft", 4, True)
    assert made["inclusions"] == ["Tea", "Mandazi"]
    assert [each["state"] for each in made["pictures"]] == ["processing", "processing"]
    settle(made["pictures"][1]["media_id"])
    own = client.get(response.headers["Location"]).get_json()
    assert [each["state"] for each in own["pictures"]] == ["processing", "ready"]
    assert len(own["images"]) == 1
    assert row(db, made["pictures"][0]["media_id"]).is_in_use


ADULT, INFANT = '{"name": "adult", "price": 1500}', '{"name": "infant", "price": 0.50, "takesSeat": false}'
BAD_PRICE = ("invalid_fields", "tiers.1.price")


@pytest.mark.parametrize("parts", [[f"[{ADULT}, {INFANT}]"], [ADULT, INFANT]], ids=["one part", "a part each"])
def test_kinds_of_guest_come_in_the_form_as_json(client, parts):
    tiers = [part("tiers", each.encode(), "text/plain", None) for each in parts]
    answers = [
        client.request("POST", "/api/experiences", headers={"Idempotency-Key": "tiers"}, **written(*tiers))
        for _ in range(2)
    ]
    made = answers[0].get_json()
    assert answers[0].status_code == 201, made
    assert [(each["name"], each["price"]["amount"], each["takes_seat"]) for each in made["tiers"]] == [
        ("adult", "1500.00", True),
        ("infant", "0.50", False),
    ]
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_tiers_of_a_form_have_to_agree_with_its_price(client, untouched):
    with untouched():
        sent = written(tiers='{"name": "adult", "price": 1400}')
        refused(client.request("POST", "/api/experiences", **sent), 422, "invalid_fields", "price")


def test_other_lists_may_be_one_part_of_json_as_well(client):
    made = client.request("POST", "/api/experiences", **written(inclusions='["Tea", "Mandazi"]', exclusions="[Tips]x"))
    refused(made, 422, "invalid_fields", "exclusions")
    made = client.request("POST", "/api/experiences", **written(inclusions='["Tea", "Mandazi"]', tiers="[]"))
    assert (made.get_json()["inclusions"], made.get_json()["tiers"]) == (["Tea", "Mandazi"], [])


def test_a_form_without_pictures_and_with_one_item_is_as_good(client):
    item = part("inclusions", b"Tea", "text/plain", None)
    made = client.request("POST", "/api/experiences", **written(item, is_private="false")).get_json()
    assert (made["inclusions"], made["pictures"], made["is_private"]) == (["Tea"], [], False)


def test_a_form_sent_again_with_its_key_makes_nothing_more(client, db):
    answers = [
        client.request("POST", "/api/experiences", headers={"Idempotency-Key": "one"}, **written(photo()))
        for _ in range(2)
    ]
    assert answers[0].get_json() == answers[1].get_json()
    other = client.request("POST", "/api/experiences", headers={"Idempotency-Key": "one"}, **written(photo((99, 99))))
    refused(other, 422, "idempotency_key_reused")
    with db.reading() as session:
        assert session.query(Listing).count() == 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"price": "free"}, "invalid_fields", "price"),
        ({"tiers": "adult"}, "invalid_fields", "tiers"),
        ({"tiers": "NaN"}, "invalid_fields", "tiers"),
        ({"tiers": "[" * 5_000}, "invalid_fields", "tiers"),
        ({"tiers": "7"}, "invalid_fields", "tiers.0"),
        ({"tiers": '[{"name": "adult", "price": 1500}, {"name": "child", "price": "free"}]'}, *BAD_PRICE),
        ({"tiers": '[{"name": "adult", "price": 1500}, {"name": "child", "price": 9.999}]'}, *BAD_PRICE),
        ({"tiers": '{"name": "adult", "price": 1500, "seats": 1}'}, "invalid_fields", "tiers.0.seats"),
        ({"inclusions": '["Tea", 7]'}, "invalid_fields", "inclusions.1"),
        ({"inclusions": '["Tea"'}, "invalid_fields", "inclusions"),
        ({"is_private": "perhaps"}, "invalid_fields", "is_private"),
        ({"status": "hidden"}, "invalid_fields", "status"),
        ({"host_id": "x"}, "invalid_field", "host_id"),
        ({"images": "walk.jpg"}, "invalid_field", "images"),
    ],
)
def test_what_a_form_says_wrong_is_refused_before_a_file_is_stored(client, bucket, untouched, changes, code, field):
    with untouched():
        refused(client.request("POST", "/api/experiences", **written(photo(), **changes)), 422, code, field)
    assert bucket.keys() == []


def test_thirteen_pictures_are_too_many(client, bucket, untouched):
    with untouched():
        refused(client.request("POST", "/api/experiences", **written(*[photo()] * 13)), 422, "invalid_field", "images")

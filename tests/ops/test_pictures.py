"""The demo's pictures: one for every scene in every light, small, well-formed, and the same wherever they are drawn."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from models import Listing, User
from ops.seed.loading import EXPERIENCES
from ops.seed.people import GUIDES
from ops.seed.pictures import SCENES, draw
from ops.seed.pictures.gallery import avatar_key, keys_of, write_missing
from ops.seed.pictures.portraits import portrait
from ops.seed.shapes import Mood, Scene

LARGEST = 12 * 1024


def _sound(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    names = {each.get("id") for each in root.iter() if each.get("id")}
    used = set(re.findall(r"url\(#(\w+)\)", svg)) | set(re.findall(r'href="#(\w+)"', svg))
    assert used <= names
    # Nothing is fetched and nothing is run by looking at it.
    assert not re.search(r"<script|\bon\w+=|https?://(?!www\.w3\.org/2000/svg)", svg)
    assert "nan" not in svg


@pytest.mark.parametrize("scene", Scene)
def test_every_scene_can_be_drawn_in_every_light(scene):
    for mood in Mood:
        svg = draw(scene, mood, f"{scene}-{mood}")
        _sound(svg)
        assert len(svg.encode()) < LARGEST + 1024
        assert svg == draw(scene, mood, f"{scene}-{mood}")
    assert draw(scene, Mood.DAY, "one") != draw(scene, Mood.DAY, "another")
    assert set(SCENES) == set(Scene)


def test_portraits_differ_from_one_another():
    drawn = [portrait(guide.slug, is_woman=index % 2 == 0) for index, guide in enumerate(GUIDES)]
    for svg in drawn:
        _sound(svg)
    assert len(set(drawn)) == len(GUIDES)


def test_pictures_are_drawn_once_and_again_where_one_is_missing(tmp_path):
    few = EXPERIENCES[:3]
    keys = [key for experience in few for key in keys_of(experience)]
    count = write_missing(tmp_path, few)
    assert count == len(keys) + len(GUIDES)
    assert all((tmp_path / key).stat().st_size < LARGEST for key in keys)
    (tmp_path / keys[1]).unlink()
    assert write_missing(tmp_path, few) == 1
    assert write_missing(tmp_path, few) == 0
    # Another release may draw better.
    (tmp_path / "demo/drawn-by").write_text("an older one")
    assert write_missing(tmp_path, few) == count


def test_rows_name_the_pictures_that_are_drawn(demo):
    with demo.reading() as session:
        images = dict(session.query(Listing.slug, Listing.images).all())
        avatars = {key for (key,) in session.query(User.avatar_url).filter(User.avatar_url.is_not(None))}
    assert images == {experience.slug: keys_of(experience) for experience in EXPERIENCES}
    assert {len(keys) for keys in images.values()} == {2, 3}
    assert avatars == {avatar_key(guide) for guide in GUIDES}

"""Circles on the globe: whatever lies within one lies in its boxes, at the poles and across the date line, too."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.geography import EARTH_KM, Circle

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        ((-1.286389, 36.817223), (-4.043740, 39.658871), 440.0),  # Nairobi, Mombasa
        ((0.0, 179.5), (0.0, -179.5), 111.2),
        ((90.0, 0.0), (90.0, 120.0), 0.0),
        ((-90.0, 0.0), (90.0, 0.0), math.pi * EARTH_KM),
        ((5.0, 5.0), (5.0, 5.0), 0.0),
    ],
)
def test_distances_are_along_the_great_circle(here, there, km):
    assert Circle(*here, 1).distance_km(*there) == pytest.approx(km, abs=0.1)
    assert Circle(*there, 1).distance_km(*here) == pytest.approx(km, abs=0.1)


@given(LATITUDES, LONGITUDES, st.floats(0.1, 500), st.floats(0, 1), st.floats(0, 2 * math.pi))
def test_whatever_is_within_a_circle_is_in_one_of_its_boxes(latitude, longitude, radius, part, bearing):
    circle = Circle(latitude, longitude, radius)
    # The place that lies ``part`` of the radius off in the direction of ``bearing``.
    angle, north, east = part * radius / EARTH_KM, math.radians(latitude), math.radians(longitude)
    sine = math.sin(north) * math.cos(angle) + math.cos(north) * math.sin(angle) * math.cos(bearing)
    up = math.asin(max(-1.0, min(1.0, sine)))
    along = east + math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(north), math.cos(angle) - math.sin(north) * math.sin(up)
    )
    there = math.degrees(up), (math.degrees(along) + 540) % 360 - 180
    if circle.distance_km(*there) <= radius:
        assert any(box.holds(*there) for box in circle.boxes())


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, st.floats(0.1, 500))
def test_no_near_place_is_left_out_and_boxes_stay_on_the_globe(latitude, longitude, up, along, radius):
    circle = Circle(latitude, longitude, radius)
    boxes = circle.boxes()
    if circle.distance_km(up, along) <= radius:
        assert any(box.holds(up, along) for box in boxes)
    for box in boxes:
        assert -90 <= box.south <= box.north <= 90
        assert -180 <= box.west <= box.east <= 180


def test_boxes_are_two_across_the_date_line_and_all_round_at_a_pole():
    assert [round(box.west) for box in Circle(0, 179.9, 100).boxes()] == [179, -180]
    assert [round(box.east) for box in Circle(0, -180, 100).boxes()] == [-179, 180]
    (polar,) = Circle(89.9, 10, 100).boxes()
    assert (polar.west, polar.east, polar.north) == (-180, 180, 90)
    (usual,) = Circle(-1.3, 36.8, 25).boxes()
    assert usual.east - usual.west < 0.5

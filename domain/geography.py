"""Places on the globe: how far apart they are, and the boxes of degrees that hold everything within a radius."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

#: The mean radius of the Earth.
EARTH_KM = 6371.0088
#: Boxes are so much wider than they need be, so that no rounding leaves out what lies on the rim.
_SLACK_DEGREES = 1e-6


class Box(NamedTuple):
    """What lies between two parallels and two meridians, in degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within ``radius_km`` of a place."""

    latitude: float
    longitude: float
    radius_km: float

    def boxes(self) -> tuple[Box, ...]:
        """One box that holds the circle; two where it lies across the meridian of 180°, all round where a pole is in it."""
        reach = math.degrees(self.radius_km / EARTH_KM) + _SLACK_DEGREES
        south, north = self.latitude - reach, self.latitude + reach
        if south <= -90 or north >= 90:
            return (Box(max(south, -90.0), -180.0, min(north, 90.0), 180.0),)
        # The circle is widest a little nearer to the pole than its middle is.
        width = math.degrees(math.asin(math.sin(math.radians(reach)) / math.cos(math.radians(self.latitude))))
        west, east = self.longitude - width - _SLACK_DEGREES, self.longitude + width + _SLACK_DEGREES
        if west <= -180:
            return Box(south, -180.0, north, east), Box(south, west + 360, north, 180.0)
        if east >= 180:
            return Box(south, west, north, 180.0), Box(south, -180.0, north, east - 360)
        return (Box(south, west, north, east),)

    def distance_km(self, latitude: float, longitude: float) -> float:
        """From the middle to a place along the great circle, by the haversine formula; PostgreSQL is asked the same."""
        rise, turn = (
            math.radians(here - there) for here, there in ((latitude, self.latitude), (longitude, self.longitude))
        )
        across = math.cos(math.radians(self.latitude)) * math.cos(math.radians(latitude))
        part = math.sin(rise / 2) ** 2 + across * math.sin(turn / 2) ** 2
        return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(part)))

"""The drawing board: a seeded canvas that writes small SVG, and the light that every colour on it stands in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from ops.seed.shapes import Mood

WIDTH, HEIGHT = 1200, 800
Point = tuple[float, float]


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` with so large a ``share`` (0 to 1) of ``other`` in it."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Light:
    """A time of day: the sky from the zenith down, its lamp, and what it does to colours near and far."""

    sky: tuple[str, ...]
    lamp: str
    lamp_height: tuple[int, int]
    #: What is left of red, green and blue.
    filter: tuple[float, float, float]
    haze: str

    def on(self, colour: str, far: float = 0.0) -> str:
        """A natural colour in this light, ``far`` (0 to 1) into the haze."""
        parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        seen = "#" + "".join(f"{round(part * share):02x}" for part, share in zip(parts, self.filter, strict=True))
        return mix(seen, self.haze, far) if far else seen


LIGHTS = {
    Mood.DAWN: Light(("#6c8fb5", "#e9b9a4", "#fbe0bd"), "#fff3d8", (330, 420), (1, 0.91, 0.86), "#f3cdb4"),
    Mood.DAY: Light(("#4fa3d1", "#9fd3e6", "#eef4e6"), "#fff6cf", (90, 190), (1, 1, 1), "#cfe5e4"),
    Mood.DUSK: Light(
        ("#46305f", "#b5472f", "#eb9a35", "#fbd58c"), "#ffe0a0", (360, 470), (0.95, 0.76, 0.68), "#e08b4b"
    ),
    Mood.NIGHT: Light(("#081127", "#14264b", "#34547d"), "#f7f0d8", (90, 210), (0.42, 0.52, 0.78), "#2b4369"),
}
#: Indoors after sunset.
LAMPS = Light(("#5b2f1e", "#a8642f", "#e8b060"), "#ffd98a", (90, 190), (1, 0.87, 0.72), "#d9a066")


class Canvas:
    """Shapes in the order they are painted. All that varies is drawn from ``random``, so a seed is a picture."""

    def __init__(self, seed: str, mood: Mood, size: tuple[int, int] = (WIDTH, HEIGHT)):
        self.random = Random(seed)
        self.mood = mood
        self.turn_to(mood)
        self._size = size
        self._parts: list[str] = []
        self._defs: list[str] = []
        self._stamps: dict[object, str] = {}
        #: Paints that several shapes share, by whatever name their drawer gives them.
        self.paints: dict[object, str] = {}

    def turn_to(self, mood: Mood) -> None:
        """Go on in another light."""
        self.light, self.is_dark = LIGHTS[mood], mood is Mood.NIGHT

    def come_inside(self) -> None:
        """Go on in the light of a room, where lamps are lit when it gets dark."""
        if self.mood in (Mood.DUSK, Mood.NIGHT):
            self.light, self.is_dark = LAMPS, False

    def svg(self) -> str:
        """The whole document."""
        width, height = self._size
        defs = f"<defs>{''.join(self._defs)}</defs>" if self._defs else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" stroke-linecap="round" stroke-linejoin="round">{defs}{"".join(self._parts)}</svg>\n'
        )

    def between(self, low: float, high: float) -> float:
        return self.random.uniform(low, high)

    def one_of(self, *choices):
        return self.random.choice(choices)

    def tone(self, colour: str, far: float = 0.0) -> str:
        """A natural colour in the light of this picture."""
        return self.light.on(colour, far)

    def shape(self, tag: str, **attributes: object) -> None:
        written = "".join(
            f' {name.rstrip("_").replace("_", "-")}="{_short(value)}"'
            for name, value in attributes.items()
            if value is not None
        )
        self._parts.append(f"<{tag}{written}/>")

    def path(self, d: str, fill: str | None = "none", opacity: float | None = None, **more: object) -> None:
        self.shape("path", d=d, fill=fill, opacity=opacity, **more)

    def line(self, d: str, stroke: str | None, width: float, opacity: float | None = None) -> None:
        """A stroke with round ends."""
        self.shape("path", d=d, fill="none", stroke=stroke, stroke_width=width, opacity=opacity)

    def polygon(self, points: Sequence[Point], fill: str, opacity: float | None = None) -> None:
        self.path("M" + "L".join(_at(p) for p in points) + "Z", fill, opacity)

    def circle(
        self, x: float, y: float, radius: float, fill: str | None, opacity: float | None = None, **more: object
    ) -> None:
        self.shape("circle", cx=x, cy=y, r=radius, fill=fill, opacity=opacity, **more)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str, opacity: float | None = None) -> None:
        self.shape("ellipse", cx=x, cy=y, rx=rx, ry=ry, fill=fill, opacity=opacity)

    def rect(
        self, x: float, y: float, w: float, h: float, fill: str, opacity: float | None = None, round_: float = 0
    ) -> None:
        self.shape("rect", x=x, y=y, width=w, height=h, rx=round_ or None, fill=fill, opacity=opacity)

    def curve(
        self, points: Sequence[Point], fill: str, floor: float | None = HEIGHT, opacity: float | None = None
    ) -> None:
        """The soft line through ``points``, filled down to ``floor`` (None: closed on itself)."""
        tail = f"L{_at((points[-1][0], floor))}L{_at((points[0][0], floor))}Z" if floor is not None else "Z"
        self.path(soft(points) + tail, fill, opacity)

    def gradient(self, *stops: str | tuple[float, str, float], across: bool = False, radial: bool = False) -> str:
        """A paint from top to bottom (or left to right, or outwards): colours, or (offset, colour, opacity)."""
        name = f"g{len(self._defs)}"
        rows = [
            stop if isinstance(stop, tuple) else (index / max(1, len(stops) - 1), stop, 1)
            for index, stop in enumerate(stops)
        ]
        inner = "".join(_stop(*row) for row in rows)
        if radial:
            self._defs.append(f'<radialGradient id="{name}">{inner}</radialGradient>')
        else:
            way = "" if across else ' x2="0" y2="1"'
            self._defs.append(f'<linearGradient id="{name}"{way}>{inner}</linearGradient>')
        return f"url(#{name})"

    def clip(self, d: str) -> str:
        """The name of a clip to the path ``d``, for :meth:`within`."""
        name = f"c{len(self._defs)}"
        self._defs.append(f'<clipPath id="{name}"><path d="{d}"/></clipPath>')
        return name

    @contextmanager
    def within(self, clip: str) -> Iterator[None]:
        self._parts.append(f'<g clip-path="url(#{clip})">')
        yield
        self._parts.append("</g>")

    @contextmanager
    def at(self, x: float, y: float, scale: float = 1, *, flip: bool = False, turn: float = 0) -> Iterator[None]:
        """Draw in units of ``scale`` around (x, y); ``flip`` mirrors, ``turn`` is in degrees."""
        self._parts.append(f'<g transform="{_placed(x, y, scale, flip, turn)}">')
        yield
        self._parts.append("</g>")

    def stamp(
        self,
        key: object,
        draw: Callable[[], None],
        x: float,
        y: float,
        scale: float = 1,
        *,
        flip: bool = False,
        **inherited: str,
    ) -> None:
        """Print at (x, y) what ``draw`` paints, which is written once for each ``key``.

        ``inherited`` (fill, stroke, color) reaches the shapes that were painted without a colour of their own.
        """
        if key not in self._stamps:
            outer, self._parts = self._parts, []
            draw()
            inner, self._parts = "".join(self._parts), outer
            self._stamps[key] = f"s{len(self._stamps)}"
            self._defs.append(f'<g id="{self._stamps[key]}">{inner}</g>')
        place = {"x": x, "y": y} if scale == 1 and not flip else {"transform": _placed(x, y, scale, flip, 0)}
        self.shape("use", href=f"#{self._stamps[key]}", **place, **inherited)

    def pattern(self, width: int, height: int, d: str, colour: str) -> str:
        """A paint that repeats the path ``d``."""
        name = f"g{len(self._defs)}"
        self._defs.append(
            f'<pattern id="{name}" width="{width}" height="{height}" patternUnits="userSpaceOnUse">'
            f'<path d="{d}" fill="{colour}"/></pattern>'
        )
        return f"url(#{name})"

    def roll(self, base: float, swing: float, waves: int = 3, step: int = 100) -> list[Point]:
        """The outline of rolling land around height ``base``."""
        parts = [(self.between(0.5, 1) / n, self.between(0, 7), n) for n in range(1, waves + 1)]
        weight = sum(size for size, _, _ in parts)
        return [
            (x, base + swing * sum(s * math.sin(x / WIDTH * math.pi * 1.7 * n + p) for s, p, n in parts) / weight)
            for x in range(-step, WIDTH + 2 * step, step)
        ]


def soft(points: Sequence[Point]) -> str:
    """A path that passes smoothly between the points."""
    d = f"M{_at(points[0])}"
    for here, there in pairwise(points[1:]):
        middle = there if there is points[-1] else ((here[0] + there[0]) / 2, (here[1] + there[1]) / 2)
        d += f"Q{_at(here)} {_at(middle)}"
    return d


def _placed(x: float, y: float, scale: float, flip: bool, turn: float) -> str:
    way = f"translate({_short(x)} {_short(y)})" if x or y else ""
    if turn:
        way += f"rotate({turn:.0f})"
    if flip:
        way += f"scale({-scale:.3g} {scale:.3g})"
    elif scale != 1:
        way += f"scale({scale:.3g})"
    return way


def _stop(offset: float, colour: str, alpha: float) -> str:
    faint = f' stop-opacity="{alpha:.2g}"' if alpha < 1 else ""
    return f'<stop offset="{offset:.2g}" stop-color="{colour}"{faint}/>'


def _at(point: Point) -> str:
    return f"{_short(point[0])} {_short(point[1])}"


def _short(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 20 else f"{value:.1f}".removesuffix(".0")

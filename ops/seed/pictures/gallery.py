"""Which pictures the demo has, under which storage keys, and how they come into the folder that stands in for a bucket."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from ops.seed.people import GUIDES
from ops.seed.pictures import draw
from ops.seed.pictures.portraits import portrait
from ops.seed.shapes import Experience, GuideProfile, Mood

#: The light of a third picture, where there is one: somewhat earlier or later.
_NEXT = {Mood.DAWN: Mood.DAY, Mood.DAY: Mood.DUSK, Mood.DUSK: Mood.NIGHT, Mood.NIGHT: Mood.DUSK}
#: Tells a later ``up`` by which code the pictures were drawn.
_STAMP = "drawn-by"
_WOMEN = frozenset(
    {
        *("Achieng", "Amina", "Chepkemoi", "Hodan", "Jelagat", "Kadzo", "Kemunto", "Khadija", "Kinya", "Muthoni"),
        *("Mutheu", "Mwanaisha", "Namunyak", "Naserian", "Nashipae", "Nekesa", "Njeri", "Priya", "Rehema", "Wakesho"),
        *("Wangari", "Wanjiru"),
    }
)


def keys_of(experience: Experience) -> list[str]:
    """The storage keys of an experience's pictures, two or three of them, the first one first."""
    return [f"demo/{experience.slug}-{number}.svg" for number in range(1, 3 + _has_third(experience))]


def avatar_key(guide: GuideProfile) -> str:
    """The storage key of a guide's portrait."""
    return f"demo/guides/{guide.slug}.svg"


def write_missing(folder: Path, experiences: tuple[Experience, ...]) -> int:
    """Draw into ``folder`` what is not there, and everything anew where our drawing has changed; how many were drawn."""
    stamp, code = folder / "demo" / _STAMP, _code()
    is_current = stamp.exists() and stamp.read_text() == code
    (folder / "demo/guides").mkdir(parents=True, exist_ok=True)
    count = 0
    for path, paint in _pictures(folder, experiences):
        if not is_current or not path.exists():
            path.write_text(paint())
            count += 1
    stamp.write_text(code)
    return count


def _pictures(folder: Path, experiences: tuple[Experience, ...]) -> Iterator[tuple[Path, Callable[[], str]]]:
    for guide in GUIDES:
        is_woman = guide.first_name in _WOMEN
        yield folder / avatar_key(guide), lambda g=guide, w=is_woman: portrait(g.slug, is_woman=w)
    for experience in experiences:
        for number, key in enumerate(keys_of(experience), start=1):
            mood = experience.mood if number < 3 else _NEXT[experience.mood]
            yield folder / key, lambda e=experience, m=mood, n=number: draw(e.scene, m, f"{e.slug}-{n}")


def _has_third(experience: Experience) -> bool:
    return hashlib.sha256(experience.slug.encode()).digest()[0] % 2 == 0


def _code() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()

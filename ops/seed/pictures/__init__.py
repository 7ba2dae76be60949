"""The demo's pictures, drawn by ourselves: a scene for each experience in its light, and a portrait for each guide."""

from __future__ import annotations

from collections.abc import Callable

from ops.seed.pictures import scenes_fields, scenes_plains, scenes_town, scenes_valleys, scenes_water
from ops.seed.pictures.paint import Canvas
from ops.seed.shapes import Mood, Scene

SCENES: dict[Scene, Callable[[Canvas], None]] = {
    Scene.BEACH: scenes_water.beach,
    Scene.BIRDS: scenes_water.birds,
    Scene.BOAT: scenes_water.boat,
    Scene.CAMELS: scenes_plains.camels,
    Scene.CANYON: scenes_valleys.canyon,
    Scene.CAVE: scenes_valleys.cave,
    Scene.CITY: scenes_town.city,
    Scene.CITY_NIGHT: scenes_town.city_night,
    Scene.COFFEE: scenes_fields.coffee,
    Scene.CRAFTS: scenes_town.crafts,
    Scene.CYCLING: scenes_fields.cycling,
    Scene.DANCING: scenes_town.dancing,
    Scene.DESERT: scenes_plains.desert,
    Scene.DHOW: scenes_water.dhow,
    Scene.FARM: scenes_fields.farm,
    Scene.FOOD: scenes_town.food,
    Scene.FOREST: scenes_valleys.forest,
    Scene.FORT: scenes_town.fort,
    Scene.HORSES: scenes_plains.horses,
    Scene.HOTSPRING: scenes_valleys.hotspring,
    Scene.LAKE: scenes_water.lake,
    Scene.MARKET: scenes_town.market,
    Scene.MOUNTAIN: scenes_plains.mountain,
    Scene.REEF: scenes_water.reef,
    Scene.RIVER: scenes_valleys.river,
    Scene.RUNNING: scenes_fields.running,
    Scene.SAVANNAH: scenes_plains.savannah,
    Scene.STARS: scenes_plains.night_sky,
    Scene.TEA: scenes_fields.tea,
    Scene.VILLAGE: scenes_fields.village,
    Scene.WATERFALL: scenes_valleys.waterfall,
    Scene.WETLAND: scenes_water.wetland,
}


def draw(scene: Scene, mood: Mood, seed: str) -> str:
    """The SVG of a scene; the same for the same seed, whatever machine draws it."""
    canvas = Canvas(seed, mood)
    SCENES[scene](canvas)
    return canvas.svg()

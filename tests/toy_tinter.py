"""A family that tints pictures and repeats their pixels, as a plugin: no model at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np

from creative_gen.engine import registry
from creative_gen.interface.families import AssetFiles, Family, Reference
from creative_gen.interface.hooks import ENTRY_POINT_GROUP, hookimpl
from creative_gen.interface.image_options import ColorizeOptions, UpscaleOptions
from creative_gen.interface.jobs import Output, Progress, Request, Step
from creative_gen.media.image import Image
from creative_gen.store.card import CARD, Card, Training, card_toml

FAMILY = Family(
    name="tint",
    summary="Tints pictures.",
    tasks=("image.colorize", "image.upscale"),
    generator=Reference("tests.toy_tinter:Tinter"),
)

SLICES = 4
"""Events before the last one."""


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    register(FAMILY)


def install() -> None:
    """Make the family one of an installed package, in this process."""
    point = EntryPoint(FAMILY.name, "tests.toy_tinter", ENTRY_POINT_GROUP)
    registry.entry_points = lambda group: [point]  # type: ignore[assignment, return-value]


def write_tinter(root: Path, name: str = "tints", *kinds: str, **card: Any) -> Path:
    """Write an asset of the family. The setting "pause" is seconds before each event."""
    folder = root / name
    folder.mkdir(parents=True)
    fields = {
        "name": name,
        "family": "tint",
        "title": "Tints",
        "description": "No model at all.",
        "version": "1",
        "licence": "CC0-1.0",
        "tasks": list(FAMILY.tasks),
        "data": [{"name": "None", "licence": "CC0-1.0", "attribution": "Nobody"}],
        "training": Training(command="none"),
        "settings": {"pause": 0.0},
        "categories": [{"name": kind} for kind in kinds],
        "files": {},
    }
    (folder / CARD).write_text(card_toml(Card.model_validate(fields | card)), "utf-8")
    return folder


def tinted(image: Image, seed: int) -> Image:
    """RGB, or RGBA, of which the seed leaves out one of the three."""
    first = image.pixels[..., :1] if image.is_gray else image.pixels[..., :3]
    colors = np.broadcast_to(first, (image.height, image.width, 3)).copy()
    colors[..., seed % 3] = 0
    alpha = image.pixels[..., -1:] if image.has_alpha else image.pixels[..., :0]
    return image.with_pixels(np.concatenate([colors, alpha], axis=2))


def repeated(image: Image, scale: int) -> Image:
    """Every pixel as a square of them."""
    return image.with_pixels(image.pixels.repeat(scale, axis=0).repeat(scale, axis=1))


class Tinter:
    """Does what the options say, without a model."""

    def __init__(self, asset: AssetFiles) -> None:
        self.pause = float(asset.settings["pause"])

    def run(self, request: Request) -> Iterator[Step]:
        for index in range(SLICES):
            yield Progress(index / SLICES)
            time.sleep(self.pause)
        image, options = request.inputs["image"], request.options
        assert isinstance(image, Image)
        if isinstance(options, UpscaleOptions):
            yield (Output(repeated(image, options.scale)),)
            return
        assert isinstance(options, ColorizeOptions)
        notes = hint_notes(image, request.inputs.get("hints"))
        seeds = [((options.seed or 0) + index) % 2**32 for index in range(options.count)]
        yield tuple(Output(tinted(image, seed), {"seed": seed}, notes) for seed in seeds)


def hint_notes(image: Image, hints: object) -> tuple[str, ...]:
    if not isinstance(hints, Image) or hints.pixels.shape[:2] == image.pixels.shape[:2]:
        return ()
    return (f"The hints were resized to {image.width} x {image.height} pixels.",)

"""A family that plays sines, as a plugin: sound for tests, made in chunks and at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.engine import registry
from creative_gen.interface.audio_options import ContinueOptions, GenerateOptions, RenderOptions
from creative_gen.interface.families import AssetFiles, Family, Reference
from creative_gen.interface.hooks import ENTRY_POINT_GROUP, hookimpl
from creative_gen.interface.jobs import Chunk, Output, Progress, Request, Step
from creative_gen.media.audio import Audio
from creative_gen.store.card import CARD, Card, Training, card_toml

RATE = 16_000
KINDS = {"beep": 69.0, "boop": 57.0}
"""The note of each kind."""

FAMILY = Family(
    name="sine",
    summary="Plays sines.",
    tasks=("audio.render", "audio.generate", "audio.continue"),
    generator=Reference("tests.toy_sound:SineGenerator"),
)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    register(FAMILY)


def install() -> None:
    """Make the family one of an installed package, in this process."""
    point = EntryPoint(FAMILY.name, "tests.toy_sound", ENTRY_POINT_GROUP)
    registry.entry_points = lambda group: [point]  # type: ignore[assignment, return-value]


def write_sine_asset(root: Path, name: str = "sines", **settings: object) -> Path:
    """Write an asset of the family.

    Its settings: "block" frames a chunk, "pause" seconds before each, "chunked" whether there
    are chunks, "kinds" its categories.
    """
    folder = root / name
    folder.mkdir(parents=True)
    fields = {
        "name": name,
        "family": "sine",
        "title": "Sines",
        "description": "No model at all.",
        "version": "1",
        "licence": "CC0-1.0",
        "tasks": list(FAMILY.tasks),
        "data": [{"name": "None", "licence": "CC0-1.0", "attribution": "Nobody"}],
        "training": Training(command="none"),
        "settings": {"block": 800, "pause": 0.0, "chunked": True} | settings,
        "categories": [{"name": kind} for kind in settings.get("kinds", KINDS)],  # type: ignore[attr-defined]
        "files": {},
    }
    (folder / CARD).write_text(card_toml(Card.model_validate(fields)), "utf-8")
    return folder


def sine(note: float, seconds: float, rate: int = RATE, level: float = 0.25) -> NDArray[np.float32]:
    """Samples (frames,) of a sine at a MIDI note."""
    steps = np.arange(round(seconds * rate)) / rate
    frequency = 440.0 * 2.0 ** ((note - 69.0) / 12.0)
    return (level * np.sin(2 * np.pi * frequency * steps)).astype(np.float32)


class SineGenerator:
    """Plays what the options say, without a model."""

    def __init__(self, asset: AssetFiles) -> None:
        self.settings = asset.settings

    def run(self, request: Request) -> Iterator[Step]:
        sounds = list(self._sounds(request))
        outputs = tuple(Output(sound, details) for sound, details in sounds)
        block = int(self.settings["block"])
        longest = max(sound.frames for sound, _ in sounds)
        for start in range(0, longest if self.settings["chunked"] else 0, block):
            time.sleep(float(self.settings["pause"]))
            yield Progress(start / longest)
            for index, (sound, details) in enumerate(sounds):
                samples = sound.samples[:, start : start + block]
                if samples.size:
                    yield Chunk(Audio(samples, sound.sample_rate), index, details)
        yield outputs

    def _sounds(self, request: Request) -> Iterator[tuple[Audio, dict[str, str | int | float]]]:
        options = request.options
        if isinstance(options, RenderOptions):
            yield self._rendered(request), {"seed": options.seed or 0, "played_as": "sines"}
            return
        assert isinstance(options, GenerateOptions | ContinueOptions)
        given = request.inputs.get("audio")
        for index in range(options.count):
            seed = ((options.seed or 0) + index) % 2**32
            kind = options.kind or "beep"
            note = (options.pitch or KINDS.get(kind, 60.0)) + seed % 100 / 100
            seconds = options.seconds or 0.25 + 0.05 * index
            details: dict[str, str | int | float] = {"seed": seed, "kind": kind}
            if isinstance(given, Audio):
                added = np.tile(sine(note, seconds, given.sample_rate), (given.channels, 1))
                joined = np.concatenate([given.samples, added], axis=1)
                yield Audio(joined, given.sample_rate), details
            else:
                yield Audio(sine(note, seconds)[None], RATE), details

    def _rendered(self, request: Request) -> Audio:
        notes = request.inputs["notes"].notes  # type: ignore[union-attr]
        total = round(RATE * max(note.end_time for note in notes))
        mix = np.zeros(total, np.float32)
        for note in notes:
            start = round(RATE * note.start_time)
            played = sine(note.pitch, note.end_time - note.start_time, level=0.1)
            mix[start : start + len(played)] += played[: total - start]
        return Audio(mix[None], RATE)

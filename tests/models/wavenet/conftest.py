"""Toy players, and toy clips for them to learn from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from creative_gen.media.clip_set import NEVER, NO_PITCH, ClipSet, clip_set_bytes
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.player import Player
from creative_gen.store.asset import Asset
from tests.toy_sounds import SIZES, TOY_DRUMS, TOY_NOTES, write_toy_sounds

RATE = 16_000


@pytest.fixture(scope="session")
def toy_player(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Player]:
    """Function that makes a player of a toy asset."""

    def make(config: WaveNetConfig | None = None, **options: str) -> Player:
        folder = tmp_path_factory.mktemp("assets")
        written = (
            write_toy_sounds(folder) if config is None else write_toy_sounds(folder, "toy", config)
        )
        return Player(Asset(written), **options)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def notes(toy_player: Callable[..., Player]) -> Player:
    """A player of pitches."""
    return toy_player()


@pytest.fixture(scope="session")
def drums(toy_player: Callable[..., Player]) -> Player:
    """A player of hits."""
    return toy_player(TOY_DRUMS)


@pytest.fixture(scope="session")
def filtered(toy_player: Callable[..., Player]) -> Player:
    """A player of pitches whose residual is filtered."""
    return toy_player(TOY_NOTES.model_copy(update={"filter_order": 3}))


@pytest.fixture(scope="session")
def toy_config() -> Callable[..., WaveNetConfig]:
    """Function that makes the settings of a small network, without kinds."""

    def make(**settings: object) -> WaveNetConfig:
        return WaveNetConfig.model_validate(
            SIZES | {"mixtures": 2, "partials": 3, "phases": 2} | settings
        )

    return make


def _note(pitch: float, seconds: float, loudness: float, seed: int) -> np.ndarray:
    """Three partials that fade, and a little noise, in 16 bits."""
    t = np.arange(round(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    tone = sum(np.cos(2 * np.pi * k * (hertz * t + 0.1 * k)) / k for k in (1, 2, 3))
    noise = np.random.default_rng(seed).normal(0, 0.02, len(t))
    return np.rint(32767 * loudness * (tone / 2 + noise) * np.exp(-6 * t)).astype(np.int16)


@pytest.fixture(scope="session")
def toy_clips() -> Callable[..., ClipSet]:
    """Function that makes notes of two kinds, a soft and a loud one, or hits without a pitch."""

    def make(count: int = 8, seconds: float = 0.3, pitched: bool = True) -> ClipSet:
        pitches = [57.0 + 2 * index for index in range(count)]
        kinds = np.arange(count) % 2
        clips = [
            _note(pitch, seconds, 0.8 if kind else 0.1, index)
            for index, (pitch, kind) in enumerate(zip(pitches, kinds, strict=True))
        ]
        return ClipSet(
            sample_rate=RATE,
            kinds=("soft", "loud"),
            samples=np.concatenate(clips),
            offsets=np.cumsum([0, *map(len, clips)]),
            kind=kinds,
            pitch=np.array(pitches if pitched else [NO_PITCH] * count, np.float32),
            velocity=np.full(count, 100),
            release=np.full(count, NEVER),
            source=tuple(str(index) for index in range(count)),
        )

    return make


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory: pytest.TempPathFactory, toy_clips: Callable[..., ClipSet]) -> Path:
    """A folder with the folder "clips" of training and validation clips."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "clips").mkdir()
    for split, count in (("train", 8), ("valid", 4)):
        (folder / "clips" / f"{split}.npz").write_bytes(clip_set_bytes(toy_clips(count)))
    return folder

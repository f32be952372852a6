"""Toy drawings, recipes and networks for the tests of this family."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from creative_gen.media.quickdraw_npz import write_npz
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.objective import Objective
from creative_gen.models.sketch_rnn.recipe import Recipe, Source

Stroke3 = NDArray[np.float32]

SIZES = {
    "latent_size": 3,
    "encoder_units": 5,
    "decoder_units": 8,
    "hyper_units": 4,
    "hyper_embedding": 2,
    "mixtures": 2,
    "max_points": 12,
}


def _zigzag(points: int, random: np.random.Generator, height: float = 40.0) -> Stroke3:
    """Two strokes that go right and up and down in turn; `points` rows in whole units."""
    rows = np.zeros((points, 3), np.float32)
    rows[:, 0] = random.integers(8, 13, points)
    rows[:, 1] = height * (-1.0) ** np.arange(points) + random.integers(-3, 4, points)
    rows[[points // 2, -1], 2] = 1
    return rows


def _drawings(count: int, seed: int, longest: int, height: float) -> list[Stroke3]:
    random = np.random.default_rng(seed)
    return [_zigzag(int(n), random, height) for n in random.integers(6, longest + 1, count)]


@pytest.fixture(scope="session")
def toy_config() -> Callable[..., SketchRNNConfig]:
    """Function that makes the settings of a small network."""

    def make(**settings: object) -> SketchRNNConfig:
        return SketchRNNConfig.model_validate(SIZES | settings)

    return make


@pytest.fixture(scope="session")
def toy_drawings() -> Callable[..., list[Stroke3]]:
    """Function that makes zigzags of 6 to `longest` points."""

    def make(
        count: int = 20, seed: int = 0, longest: int = 12, height: float = 40.0
    ) -> list[Stroke3]:
        return _drawings(count, seed, longest, height)

    return make


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tall and flat zigzags as Sketch-RNN files, some of 40 points."""
    folder = tmp_path_factory.mktemp("data")
    for name, height in (("tall", 40.0), ("flat", 4.0)):
        short = _drawings(40, 1, 12, height)
        long = [_zigzag(40, np.random.default_rng(2), height)] * 20
        write_npz(folder / f"{name}.npz", {"train": short + long, "valid": short[:6] + long[:2]})
    return folder


@pytest.fixture(scope="session")
def toy_recipe() -> Callable[..., Recipe]:
    """Function that makes a recipe of the toy data."""

    def make(
        network: dict[str, object] | None = None, objective: dict[str, object] | None = None
    ) -> Recipe:
        settings = {"batch_size": 8, "learning_rate": 0.02, "kl_decay_rate": 0.9}
        return Recipe(
            network=SketchRNNConfig.model_validate(SIZES | (network or {})),
            objective=Objective.model_validate(settings | (objective or {})),
            source=(
                Source(category="tall", path="tall.npz"),
                Source(category="flat", path="flat.npz", weight=2),
            ),
        )

    return make

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from creative_gen.interface.jobs import Progress
from creative_gen.measures.picture_features import PictureFeatures
from creative_gen.measures.report import RealPictures, picture_figures
from tests.toy_classifier import CLASSES, classifier_network, shapes


@pytest.fixture(scope="module")
def real() -> RealPictures:
    return RealPictures(shapes(600, 0), shapes(90, 1), PictureFeatures(classifier_network()))


def figures_of(real: RealPictures, made: Any, intended: Any = None) -> dict[str, dict[str, float]]:
    steps = picture_figures(real, made, intended)
    fractions = []
    while True:
        try:
            step = next(steps)
        except StopIteration as last:
            assert fractions == sorted(fractions)
            figures: dict[str, dict[str, float]] = last.value
            return figures
        assert isinstance(step, Progress)
        fractions.append(step.fraction)


def test_pictures_of_the_same_kind_are_as_good_as_real_ones(real: RealPictures) -> None:
    made = shapes(600, 2)
    figures = figures_of(real, made.pictures, made.labels)
    assert set(figures) == {"made", "held back", "as few made"}
    assert {name: row["pictures"] for name, row in figures.items()} == {
        "made": 600,
        "as few made": 90,
        "held back": 90,
    }
    ours, theirs, few = (figures[name] for name in ("made", "held back", "as few made"))
    assert ours["frechet"] < few["frechet"]
    assert few["frechet"] == pytest.approx(theirs["frechet"], rel=0.7)
    assert abs(ours["kernel"]) < 0.01
    assert ours["named"] == pytest.approx(theirs["named"], abs=0.1)
    assert ours["pixels_ratio"] == pytest.approx(1, abs=0.2)
    assert theirs["pixels_ratio"] == 1
    assert min(ours["precision"], ours["recall"], ours["coverage"]) > 0.85


def test_worse_pictures_have_worse_figures(real: RealPictures) -> None:
    good = shapes(300, 2)
    noise = np.random.default_rng(0).normal(0, 60, good.pictures.shape)
    noisy = (good.pictures + noise).clip(0, 255).astype(np.uint8)
    better, worse = (figures_of(real, one)["made"] for one in (good.pictures, noisy))
    assert worse["frechet"] > 2 * better["frechet"]
    assert worse["kernel"] > better["kernel"] + 0.01
    assert worse["coverage"] < better["coverage"]
    assert worse["pixels_ratio"] > 2
    assert "named" not in worse


def test_a_collapsed_model_covers_little(real: RealPictures) -> None:
    made = np.repeat(shapes(3, 2).pictures[:1], 200, axis=0)
    figures = figures_of(real, made, np.zeros(200, np.int16))["made"]
    assert figures["recall"] < 0.1
    assert figures["coverage"] < 0.1
    assert figures["named"] == 1
    assert CLASSES[0] == "bar"


def test_a_copying_model_is_told(real: RealPictures) -> None:
    figures = figures_of(real, real.training.pictures[100:300])["made"]
    assert figures["pixels_near"] == 1
    assert figures["pixels_ratio"] < 0.01


def test_the_same_pictures_have_the_same_figures(real: RealPictures) -> None:
    made = shapes(60, 2)
    first, second = (figures_of(real, made.pictures, made.labels) for _ in range(2))
    assert first == second
    # As many of both, so that they compare.
    assert {name: row["pictures"] for name, row in first.items()} == {"made": 60, "held back": 60}

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.jobs import Progress
from creative_gen.media.color_space import srgb_to_lab
from creative_gen.models.colorizer.baselines import class_mean
from creative_gen.models.colorizer.evaluation import HINTS, WAYS, Colorings, deviations, evaluate
from creative_gen.models.colorizer.examples import example_paths, read_example
from creative_gen.store.asset import Asset
from tests import toy_pictures
from tests.toy_pictures_assets import write_colorizer


@pytest.fixture
def asset(tmp_path: Path) -> Asset:
    return Asset(write_colorizer(tmp_path / "assets"))


@pytest.mark.parametrize(("folder", "mode"), [("photos", "tones"), ("drawings", "lines")])
def test_figures_come_after_progress_for_each_way(
    asset: Asset, color_folders: Path, folder: str, mode: str
) -> None:
    *steps, figures = evaluate(asset, color_folders / folder)
    fractions = [step.fraction for step in steps if isinstance(step, Progress)]
    assert fractions == sorted(fractions)
    assert len(fractions) == 2 + 2 * WAYS
    assert isinstance(figures, dict)
    assert (figures["pictures"], figures["mode"]) == (2, mode)
    rows = figures["mean"]
    hinted = [f"{count} hints" for count in HINTS]
    assert list(rows) == ["true", "grey", "one color", "class mean", *hinted, "drawn"]
    assert rows["true"]["ciede2000"] == rows["true"]["frechet"] == 0
    assert rows["grey"]["colorfulness"] == pytest.approx(0, abs=1e-3)
    # Hints are of the true colours, and the toy spreads them.
    errors = [rows[name]["ciede2000"] for name in hinted]
    assert errors[3] < errors[2] < errors[0]
    assert rows["grey"]["frechet"] > 0


def test_hinted_pixels_are_told_how_far_they_are_from_their_hints(
    asset: Asset, color_folders: Path
) -> None:
    example = read_example(*example_paths(color_folders / "photos")[0])
    hints = example.hints(10, [0])
    made = Colorings(asset, np.zeros(3, np.float32)).made(example, hints)
    assert deviations(example, made, hints).max() < 0.5
    assert deviations(example, example.given.rgb(), hints).max() > 3
    assert len(deviations(example, made, hints)) == hints[..., 3].sum()


def test_hints_of_drawings_are_looked_for_below_the_lines(
    asset: Asset, color_folders: Path
) -> None:
    example = read_example(*example_paths(color_folders / "drawings")[0])
    hints = example.hints(10, [0])
    made = Colorings(asset, np.zeros(3, np.float32)).made(example, hints)
    assert np.percentile(deviations(example, made, hints), 95) < 3
    assert deviations(example, example.given.rgb(), hints).max() > 10


def test_drawn_colourings_are_those_of_their_seed(asset: Asset, color_folders: Path) -> None:
    example = read_example(*example_paths(color_folders / "photos")[0])
    colorings = Colorings(asset, np.zeros(3, np.float32))
    first, again, other = (colorings.made(example, None, 1.0, seed) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("folder", ["photos", "drawings"])
def test_the_class_mean_is_a_colouring_of_the_picture(
    asset: Asset, color_folders: Path, folder: str
) -> None:
    example = read_example(*example_paths(color_folders / folder)[0])
    player = Colorings(asset, np.zeros(3, np.float32)).generator.player
    made = class_mean(player, example)
    assert made.shape == example.true.shape
    if folder == "photos":
        lightness = srgb_to_lab(example.given.rgb())[..., 0]
        assert np.abs(srgb_to_lab(made)[..., 0] - lightness).max() < 1
    else:
        assert not made[example.given.rgb()[..., 0] == 0].any()


def test_pictures_without_colours_tell_nothing(asset: Asset, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.fromarray(toy_pictures.line_drawing()).save(folder / "lines.png")
    with pytest.raises(InvalidMedia, match="no colours"):
        list(evaluate(asset, folder))
    Image.fromarray(toy_pictures.photo()).save(folder / "scene.png")
    *_, figures = evaluate(asset, folder)
    assert isinstance(figures, dict)
    assert figures["pictures"] == 1

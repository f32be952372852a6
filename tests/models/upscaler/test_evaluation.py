from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.color import rgb2ycbcr
from skimage.metrics import peak_signal_noise_ratio

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.jobs import Progress
from creative_gen.media.bicubic import resize, shrink_uint8
from creative_gen.media.errors import MediaError
from creative_gen.models.upscaler.evaluation import CEILING, evaluate, measure
from creative_gen.models.upscaler.player import Player
from creative_gen.store.asset import Asset
from tests import toy_pictures
from tests.toy_pictures_assets import UPSCALER, upscaler_network, write_asset, write_upscaler


@pytest.fixture
def asset(tmp_path: Path) -> Asset:
    return Asset(write_upscaler(tmp_path / "assets"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    (folder / "more").mkdir(parents=True)
    Image.fromarray(toy_pictures.photo(61, 75)).save(folder / "scene.png")
    Image.fromarray(toy_pictures.tile(32)).save(folder / "more" / "tile.png")
    Image.fromarray(toy_pictures.photo(13, 90)).save(folder / "thin.png")
    (folder / "notes.txt").write_text("not a picture")
    return folder


def figures_of(asset: Asset, data: Path) -> dict:
    *_, figures = evaluate(asset, data)
    assert isinstance(figures, dict)
    return figures


def test_figures_come_after_progress_for_each_scale_and_picture(asset: Asset, data: Path) -> None:
    *steps, figures = evaluate(asset, data)
    fractions = [step.fraction for step in steps if isinstance(step, Progress)]
    assert fractions == sorted(fractions)
    assert len(fractions) == 9
    assert isinstance(figures, dict)
    assert set(figures["mean"]) == {"x2", "x3", "x4"}
    # 13 pixels less twice the scale are too few for SSIM at any scale.
    assert set(figures["each"]) == {"scene.png", "more/tile.png"}
    assert figures["pictures"] == 2
    assert figures["categories"]["photo"]["x3_psnr"] == figures["mean"]["x3"]["psnr"]
    mean = np.mean([row["x4_psnr"] for row in figures["each"].values()])
    assert figures["mean"]["x4"]["psnr"] == pytest.approx(mean, abs=1e-3)


def test_psnr_is_of_the_luma_of_rounded_pictures_without_their_edges(asset: Asset) -> None:
    true = toy_pictures.photo(61, 75).astype(np.float32) / 255
    row = measure(Player(asset), true, 3)
    whole = true[:60, :75]
    small = shrink_uint8(np.rint(whole * 255).astype(np.uint8), 3) / 255
    larger = np.rint(resize(small.astype(np.float32), 60, 75).clip(0, 1) * 255) / 255
    first, second = (rgb2ycbcr(picture)[3:-3, 3:-3, 0] for picture in (whole, larger))
    expected = peak_signal_noise_ratio(first, second, data_range=255)
    assert row["bicubic_psnr"] == pytest.approx(expected, abs=1e-3)
    assert row["gain"] == pytest.approx(row["psnr"] - row["bicubic_psnr"])
    assert row["psnr"] < row["bicubic_psnr"]  # The toy adds noise to it.


def test_a_network_that_is_bicubic_gains_nothing(tmp_path: Path, data: Path) -> None:
    files = {f"x{scale}.onnx": upscaler_network(scale, detail=0.0) for scale in (2, 3, 4)}
    card = {"family": "upscaler", "tasks": ["image.upscale"], "settings": UPSCALER.model_dump()}
    figures = figures_of(Asset(write_asset(tmp_path / "plain", files, **card)), data)
    for row in figures["mean"].values():
        # At its edges it repeats pixels, and bicubic enlargement mirrors them.
        assert row["gain"] == pytest.approx(0, abs=0.05)
        assert row["ssim"] == pytest.approx(row["bicubic_ssim"], abs=1e-3)


def test_a_folder_of_training_data_is_measured_on_what_was_held_back(
    asset: Asset, data: Path
) -> None:
    (data / "valid").mkdir()
    (data / "scene.png").rename(data / "valid" / "one.png")
    assert set(figures_of(asset, data)["each"]) == {"valid/one.png"}


def test_what_cannot_be_seen_does_not_count(asset: Asset, tmp_path: Path) -> None:
    clear = toy_pictures.tile(32)
    Image.fromarray(clear).save(tmp_path / "magenta.png")
    clear[clear[..., 3] == 0] = (9, 99, 199, 0)
    Image.fromarray(clear).save(tmp_path / "other.png")
    first, second = (figures_of(asset, tmp_path / name) for name in ("magenta.png", "other.png"))
    assert first["mean"] == second["mean"]


def test_equal_pictures_count_as_much_as_rounding_allows(asset: Asset) -> None:
    row = measure(Player(asset), np.ones((48, 48, 3), np.float32), 2)
    assert row["bicubic_psnr"] == CEILING
    assert row["bicubic_ssim"] == pytest.approx(1)


def test_folders_without_pictures_of_any_use_are_refused(asset: Asset, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(MediaError, match="has no pictures"):
        figures_of(asset, empty)
    Image.fromarray(toy_pictures.tile(8)).save(empty / "tile.png")
    with pytest.raises(InvalidMedia, match="too small"):
        figures_of(asset, empty)

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from creative_gen import open_engine
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interop.sketch_rnn_asset import imported_files
from creative_gen.media.quickdraw_npz import drawing_rows
from creative_gen.media.sketch import Sketch
from creative_gen.models.sketch_rnn.drawings import extent
from creative_gen.store.asset import WEIGHTS, Asset
from creative_gen.store.card import CARD
from tests.toy_assets import half_a_drawing

H, E, Z, M = 16, 6, 3, 3
DECODER = [(H, 6 * M + 3), (6 * M + 3,), (5, 4 * H), (H, 4 * H), (4 * H,)]
ENCODER = [(5, 4 * E), (E, 4 * E), (4 * E,)]
LATENT = [(2 * E, Z), (Z,), (2 * E, Z), (Z,), (Z, 2 * H), (2 * H,)]
VAE = [*ENCODER, *ENCODER, *LATENT, *DECODER[:2], (5 + Z, 4 * H), *DECODER[3:]]


def model_file(path: Path, shapes: list[tuple[int, ...]], **header: object) -> Path:
    """A published model with random weights, whose drawings last some tens of points."""
    random = np.random.default_rng(0)
    arrays = [random.integers(-1500, 1500, shape).astype("<i2") for shape in shapes]
    output_bias = arrays[shapes.index((6 * M + 3,))]
    output_bias[2] = -12_000
    blobs = [base64.b64encode(array.tobytes()).decode() for array in arrays]
    whole = {"mode": 2, "max_seq_len": 60, "name": "Alarm Clock", "scale_factor": 50.0} | header
    path.write_text(json.dumps([whole, [list(shape) for shape in shapes], blobs]), "utf-8")
    return path


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(tmp_path / "assets"))
    monkeypatch.setattr("creative_gen.store.finder.builtin_assets", lambda: tmp_path / "none")
    return tmp_path / "assets"


def write_import(root: Path, file: Path, name: str | None = None) -> Asset:
    chosen, files = imported_files(file, name, "unknown")
    (root / chosen).mkdir(parents=True)
    for key, content in files.items():
        (root / chosen / key).write_bytes(content)
    return Asset(root / chosen)


def test_a_decoder_becomes_an_asset_that_completes_and_generates(
    tmp_path: Path, imported: Path
) -> None:
    asset = write_import(imported, model_file(tmp_path / "clock.gen.json", DECODER))
    assert asset.name == "alarm-clock"
    assert asset.card.tasks == ("sketch.complete", "sketch.generate")
    assert set(asset.card.files) == {WEIGHTS}
    engine = open_engine()
    given = half_a_drawing()
    (finished,) = engine.run(
        "sketch.complete", sketch=given, count=1, category="alarm clock"
    ).values
    assert isinstance(finished, Sketch)
    assert all(map(np.array_equal, finished.strokes, given.strokes))
    assert len(engine.run("sketch.generate", asset="alarm-clock", count=2).values) == 2


def test_a_whole_model_becomes_an_asset_that_reconstructs_and_interpolates(
    tmp_path: Path, imported: Path
) -> None:
    file = model_file(tmp_path / "clock.vae.json", VAE, mode=0)
    asset = write_import(imported, file, "clocks")
    assert asset.settings["latent_size"] == Z
    engine = open_engine()
    sketch = half_a_drawing()
    assert set(asset.card.tasks) == {
        f"sketch.{verb}" for verb in ("complete", "generate", "reconstruct", "interpolate")
    }
    for task in asset.card.tasks:
        inputs = ("first", "second") if task.endswith("interpolate") else ("sketch",)
        given = {} if task.endswith("generate") else dict.fromkeys(inputs, sketch)
        assert engine.run(task, asset="clocks", seed=1, **given).values


def test_an_imported_model_draws_on_the_whole_canvas(tmp_path: Path, imported: Path) -> None:
    file = model_file(tmp_path / "clock.gen.json", DECODER)
    write_import(imported, file)
    drawn = open_engine().run(
        "sketch.generate", asset="alarm-clock", count=64, temperature=0.5, seed=1
    )
    sizes = [extent(drawing_rows(value)) for value in drawn.values if isinstance(value, Sketch)]
    assert np.median(sizes) == pytest.approx(255, rel=0.2)


def test_the_same_file_makes_the_same_asset(tmp_path: Path) -> None:
    file = model_file(tmp_path / "clock.gen.json", DECODER)
    assert imported_files(file, None, "unknown") == imported_files(file, None, "unknown")


def test_the_card_tells_the_licence_that_is_known(tmp_path: Path) -> None:
    file = model_file(tmp_path / "clock.gen.json", DECODER)
    _, files = imported_files(file, None, "CC-BY-4.0")
    assert b'licence = "CC-BY-4.0"' in files[CARD]


@pytest.mark.parametrize("name", ["Clocks", "../clocks", "a b", ""])
def test_a_name_that_an_asset_cannot_have_is_refused(tmp_path: Path, name: str) -> None:
    file = model_file(tmp_path / "clock.gen.json", DECODER, name="!!!")
    with pytest.raises(InvalidRequest, match="cannot be the name of an asset"):
        imported_files(file, name, "unknown")

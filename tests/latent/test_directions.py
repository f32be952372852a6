from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from creative_gen.interface.errors import InvalidAsset, InvalidRequest
from creative_gen.latent.directions import direction, moved
from creative_gen.latent.player import LatentPlayer
from creative_gen.store.asset import WEIGHTS, Asset
from tests.toy_latent_assets import TOY_DRAWINGS, latent_weights, with_file, write_latent


def test_a_direction_is_that_of_the_weights(tmp_path: Path) -> None:
    player = LatentPlayer(Asset(write_latent(tmp_path)))
    expected = latent_weights(TOY_DRAWINGS)["direction.width"]
    np.testing.assert_array_equal(direction(player, "width"), expected)


def test_an_unknown_one_is_told_with_those_there_are(tmp_path: Path) -> None:
    player = LatentPlayer(Asset(write_latent(tmp_path)))
    with pytest.raises(InvalidRequest, match="no direction 'age'") as error:
        direction(player, "age")
    assert error.value.hint == "It knows smile, width."


@pytest.mark.parametrize("step", [None, np.zeros(5, np.float32)])
def test_weights_that_lack_it_are_refused(tmp_path: Path, step: np.ndarray | None) -> None:
    weights = latent_weights(TOY_DRAWINGS)
    del weights["direction.smile"]
    if step is not None:
        weights["direction.smile"] = step
    folder = with_file(write_latent(tmp_path), WEIGHTS, save(weights))
    with pytest.raises(InvalidAsset, match="direction 'smile'"):
        direction(LatentPlayer(Asset(folder)), "smile")


def test_a_place_is_moved_by_each_amount() -> None:
    start, step = np.array([1, 2, 3], np.float32), np.array([0, 1, -2], np.float32)
    walked = moved(start, step, np.array([-1.0, 0.0, 0.5]))
    np.testing.assert_allclose(walked, [[1, 1, 5], [1, 2, 3], [1, 2.5, 2]])
    assert walked.dtype == np.float32

"""A set of toy pictures that a GAN can learn in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from creative_gen.media.picture_set import PictureSet, picture_set_bytes

SIDE = 6


@pytest.fixture(scope="session")
def two_kinds() -> NDArray[np.float64]:
    """Pictures (2, side, side) that are dark on the left, or at the top."""
    kinds = np.full((2, SIDE, SIDE), 0.9)
    kinds[0, :, : SIDE // 2] = kinds[1, : SIDE // 2] = 0.1
    return kinds


def toy_set(kinds: NDArray[np.float64], count: int, seed: int) -> PictureSet:
    """Pictures of these kinds, with a little noise."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(2, size=count).astype(np.int16)
    values = kinds[labels] + rng.normal(0, 0.04, (count, SIDE, SIDE))
    pictures = np.rint(255 * values.clip(0, 1)).astype(np.uint8)
    return PictureSet(pictures[..., None], labels, ("left", "top"))


@pytest.fixture(scope="session")
def picture_data(two_kinds: NDArray[np.float64], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training data: the set `toys`."""
    data = tmp_path_factory.mktemp("data")
    (data / "toys").mkdir()
    for seed, (split, count) in enumerate({"train": 400, "valid": 100}.items()):
        (data / "toys" / f"{split}.npz").write_bytes(
            picture_set_bytes(toy_set(two_kinds, count, seed))
        )
    return data

"""A set of toy pictures to train classifiers on."""

from __future__ import annotations

from pathlib import Path

import pytest

from creative_gen.media.picture_set import picture_set_bytes
from tests.toy_classifier import shapes


@pytest.fixture(scope="session")
def picture_sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training data: `shapes`, which are grey, and `sprites`, which have transparency."""
    data = tmp_path_factory.mktemp("sets")
    for name, channels in (("shapes", 1), ("sprites", 4)):
        (data / name).mkdir()
        for split, count, seed in (("train", 300, 0), ("valid", 60, 1)):
            content = picture_set_bytes(shapes(count, seed, channels))
            (data / name / f"{split}.npz").write_bytes(content)
    return data

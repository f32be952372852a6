"""Folders of toy pictures to train upscalers on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.toy_pictures import clip_art, photo


@pytest.fixture(scope="session")
def picture_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training data: `photos` and `clipart`, each of `train` and `valid`."""
    data = tmp_path_factory.mktemp("pictures")
    for split, seeds in (("train", range(3)), ("valid", range(3, 4))):
        for name in ("photos", "clipart"):
            (data / name / split).mkdir(parents=True)
        for seed in seeds:
            scene = photo(100, 130, seed)
            Image.fromarray(scene).save(data / "photos" / split / f"{seed}.png")
            Image.fromarray(clip_art(98, seed)).save(data / "clipart" / split / f"{seed}.png")
    return data

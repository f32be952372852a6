"""Folders of toy pictures to train colorizers on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.toy_pictures import colored, line_drawing, photo


@pytest.fixture(scope="session")
def color_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training data: `photos` and `drawings`, each of `train` and `valid`."""
    data = tmp_path_factory.mktemp("colors")
    for split, seeds in (("train", range(6)), ("valid", range(6, 8))):
        for folder in ("photos", "drawings/{}/lines", "drawings/{}/colors"):
            (data / folder.format(split)).mkdir(parents=True, exist_ok=True)
        (data / "photos" / split).mkdir()
        for seed in seeds:
            Image.fromarray(photo(80, 100, seed)).save(data / "photos" / split / f"{seed}.png")
            drawn, filled = line_drawing(96, seed), colored(96, seed)
            Image.fromarray(drawn).save(data / "drawings" / split / "lines" / f"{seed}.png")
            Image.fromarray(filled).save(data / "drawings" / split / "colors" / f"{seed}.png")
    return data

"""Sets of toy pictures to train VAEs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.toy_picture_sets import write_toy_sets


@pytest.fixture(scope="session")
def picture_sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training data: `toys` of two classes, `shapes` of one, `colors` and `sprites`."""
    return write_toy_sets(tmp_path_factory.mktemp("sets"))

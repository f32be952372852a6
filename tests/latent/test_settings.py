from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from creative_gen.latent.settings import FrameSettings, LatentSettings
from tests.toy_latent_assets import TOY_DRAWINGS, TOY_NOISE, TOY_TILES


@pytest.mark.parametrize("settings", [TOY_DRAWINGS, TOY_TILES, TOY_NOISE])
def test_a_card_keeps_settings(settings: LatentSettings) -> None:
    assert LatentSettings.model_validate(settings.model_dump(mode="json")) == settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"side": 2},
        {"side": 100_000},
        {"channels": 2},
        {"latent": 0},
        {"refinements": -1},
        {"temperature": 2.5},
        {"temperature": float("nan")},
        {"line": float("inf")},
        {"margin": 8},
        {"margin": -1},
        {"framing": "crop"},
        {"enlarge": "sharp"},
        {"classes": ["cat", "cat"]},
        {"directions": ["smile", ""]},
        {"framing": "ink", "channels": 3},
        {"weights": 1},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    good = {"side": 16, "channels": 1, "latent": 4}
    LatentSettings.model_validate(good)
    with pytest.raises(ValidationError):
        LatentSettings.model_validate(good | wrong)


def test_a_frame_needs_no_latent_space() -> None:
    assert FrameSettings(side=16, channels=3).framing == "whole"

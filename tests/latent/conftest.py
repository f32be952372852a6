"""Assets with latent spaces, and their generators."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from creative_gen.interface.jobs import Output, Progress, Request
from creative_gen.interface.options import Options
from creative_gen.interface.values import Value
from creative_gen.latent.generator import LatentGenerator
from creative_gen.latent.settings import LatentSettings
from creative_gen.store.asset import Asset
from tests.toy_latent_assets import TOY_DRAWINGS, TOY_NOISE, TOY_TILES, write_latent

Run = Callable[..., tuple[Output, ...]]

SETTINGS: dict[str, LatentSettings] = {
    "drawings": TOY_DRAWINGS,
    "tiles": TOY_TILES,
    "noise": TOY_NOISE,
}


@pytest.fixture(scope="session")
def generators(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LatentGenerator]:
    root = tmp_path_factory.mktemp("assets")
    return {
        name: LatentGenerator(
            Asset(write_latent(root, name, settings=one, landmarks=24 * (name != "noise")))
        )
        for name, one in SETTINGS.items()
    }


@pytest.fixture(scope="session")
def run(generators: dict[str, LatentGenerator]) -> Run:
    """Runs a request on the generator of that name, and checks how it goes."""

    def outputs(name: str, options: Options, **inputs: Value) -> tuple[Output, ...]:
        *steps, last = generators[name].run(Request("image.any", inputs, options))
        shares = [step.fraction for step in steps if isinstance(step, Progress)]
        assert len(shares) == len(steps) > 0
        assert shares == sorted(shares) and shares[0] >= 0 and shares[-1] <= 1
        assert isinstance(last, tuple)
        return last

    return outputs


def unit(image: object) -> np.ndarray:
    """The values (height, width, channels) of an image, from 0 to 1."""
    return np.asarray(image.pixels, np.float64) / 255  # type: ignore[attr-defined]

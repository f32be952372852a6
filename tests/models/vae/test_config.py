"""What settings and recipes of a VAE may say."""

import pytest
from pydantic import ValidationError

pytest.importorskip("keras")

from pathlib import Path

from creative_gen.interface.errors import InvalidRequest
from creative_gen.models import vae
from creative_gen.models.vae.config import VAEConfig
from creative_gen.models.vae.objective import Objective
from creative_gen.models.vae.recipe import read_recipe

RECIPES = sorted((Path(vae.__file__).parent / "recipes").glob("*.toml"))


@pytest.mark.parametrize(
    ("side", "widths", "base"), [(28, (4, 8, 16), 7), (64, (4, 8, 16, 32), 8), (12, (4, 8), 6)]
)
def test_a_side_is_halved_from_level_to_level(side, widths, base):
    assert VAEConfig(side=side, widths=widths).base == base


@pytest.mark.parametrize(
    "wrong",
    [
        {"side": 28, "widths": (4, 8, 16, 32)},
        {"side": 30, "widths": (4, 8), "classifier_widths": (4, 8, 16)},
    ],
)
def test_a_side_that_cannot_be_halved_is_refused(wrong):
    with pytest.raises(ValidationError, match="cannot be halved [23] times: give fewer widths"):
        VAEConfig(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"channels": 2},
        {"latent": 0},
        {"widths": (8,)},
        {"likelihood": "poisson"},
        {"side": 1000},
        {"depth": 3},
    ],
)
def test_other_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        VAEConfig(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"beta": -1}, {"warm_up": 0}, {"average": 1.0}, {"batch": 0}, {"learning_rate": 0}]
)
def test_other_objectives_are_refused(wrong):
    with pytest.raises(ValidationError):
        Objective(**wrong)


def test_the_learning_rate_rises_and_falls():
    goal = Objective(learning_rate=2e-3)
    rates = [goal.learning_rate_at(step, done) for step, done in ((0, 0), (500, 0.1), (900, 0.9))]
    assert rates[0] < rates[2] < rates[1] < 2e-3


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_shipped_recipes_can_be_read(path):
    recipe = read_recipe(path)
    assert recipe.network.base >= 2
    # Classes are those of the set.
    assert recipe.network.classes == ()


def test_what_a_recipe_says_wrong_is_named(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('folder = "toys"\n[network]\nside = 30\n')
    with pytest.raises(InvalidRequest, match="network.*cannot be halved"):
        read_recipe(path)
    path.write_text('folder = "toys"\n[[directions]]\nname = "smile"\n')
    with pytest.raises(InvalidRequest, match="directions.0"):
        read_recipe(path)

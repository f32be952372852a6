from __future__ import annotations

from pathlib import Path

import pytest

from creative_gen.engine.choice import best_asset
from creative_gen.store.asset import Asset
from tests.toy_assets import TOY, write_toy_asset, write_unconditional_asset

TASK = "sketch.generate"


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> list[Asset]:
    root = tmp_path_factory.mktemp("assets")
    two = TOY.model_copy(update={"categories": ("cat", "pig")})
    kept_back = [{"name": "cat", "offered": False}, {"name": "pig"}]
    folders = [
        write_unconditional_asset(root, "alarm-clock"),
        write_unconditional_asset(root, "bicycle"),
        write_toy_asset(root, "animals", two, categories=kept_back),
        write_toy_asset(root, "things"),
        write_toy_asset(root, "wares"),
    ]
    return [Asset(folder) for folder in folders]


@pytest.mark.parametrize(
    ("category", "name"),
    [
        (None, "things"),  # the most categories, and the first by name of those
        ("pig", "animals"),
        ("cat", "things"),  # animals knows cats as well, and does not offer them
        ("bicycle", "bicycle"),
        ("alarm clock", "things"),  # rather than the model of nothing else
        ("unicorn", "things"),
    ],
)
def test_choice_by_category(assets: list[Asset], category: str | None, name: str) -> None:
    chosen = best_asset(assets, TASK, category)
    assert chosen is not None
    assert chosen.name == name
    again = best_asset(assets[::-1], TASK, category)
    assert again is chosen


def test_a_model_of_one_thing_is_named_with_hyphens(assets: list[Asset]) -> None:
    chosen = best_asset(assets[:2], TASK, "alarm clock")
    assert chosen is not None
    assert chosen.name == "alarm-clock"


def test_a_card_says_what_it_is_the_first_for(tmp_path: Path) -> None:
    asked = Asset(write_toy_asset(tmp_path, "asked", first_for=["sketch.complete"]))
    other = Asset(write_toy_asset(tmp_path, "another"))
    assert best_asset([asked, other], "sketch.complete", None) is asked
    assert best_asset([asked, other], "sketch.generate", None) is other


def test_there_is_nothing_to_choose_from_no_assets() -> None:
    assert best_asset([], TASK, "cat") is None

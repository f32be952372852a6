"""Generators leave memory in the order in which they were used last."""

from __future__ import annotations

from pathlib import Path

import pytest

from creative_gen.engine.engine import Engine
from creative_gen.interface.tasks import TASKS
from tests.toy_assets import half_a_drawing, write_toy_asset

CLASSIFY = TASKS["sketch.classify"]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    for name in ("first", "second", "third"):
        write_toy_asset(tmp_path, name)
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(tmp_path))
    return Engine()


def classify(engine: Engine, asset: str) -> object:
    return engine.run("sketch.classify", asset=asset, sketch=half_a_drawing()).values


def test_the_one_used_longest_ago_goes_first(engine: Engine) -> None:
    assert engine.loaded == []
    for name in ("first", "second", "first", "third"):
        classify(engine, name)
    assert engine.loaded == ["second", "first", "third"]
    engine.unload_oldest()
    assert engine.loaded == ["first", "third"]
    classify(engine, "second")
    assert engine.loaded == ["first", "third", "second"]


def test_what_was_unloaded_does_the_same_when_it_is_loaded_again(engine: Engine) -> None:
    before = classify(engine, "first")
    engine.unload_oldest()
    engine.unload_oldest()
    assert engine.loaded == []
    assert classify(engine, "first") == before


def test_an_asset_that_has_changed_is_loaded_again(engine: Engine, tmp_path: Path) -> None:
    classify(engine, "first")
    loaded = engine.generator(engine.asset_for(CLASSIFY, "first"))
    assert engine.generator(engine.asset_for(CLASSIFY, "first")) is loaded
    card = tmp_path / "first" / "card.toml"
    card.write_text(card.read_text("utf-8").replace("scale_factor = 30.0", "scale_factor = 31.0"))
    assert engine.generator(engine.asset_for(CLASSIFY, "first")) is not loaded

"""What the worker tells of what was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from creative_gen.engine.engine import Engine
from creative_gen.interface.jobs import Result
from creative_gen.interface.wire import json_of_labels
from creative_gen.server.description import described
from creative_gen.server.worker_values import Maker, read_inputs
from tests.server.started import HALF


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def test_labels_are_told_as_the_command_line_does(engine: Engine, tmp_path: Path) -> None:
    documents = read_inputs("sketch.classify", {"sketch": {"sketch": HALF}})
    job = engine.stream("sketch.classify", sketch=documents["sketch"].value, top=3)
    maker = Maker(tmp_path, job, documents, None)
    (result,) = [event for event in job if isinstance(event, Result)]
    [told] = maker.results(result)["results"]
    assert told["labels"] == json_of_labels(result.outputs[0].value)
    assert len(told["labels"]) == 3 and "blob" not in told
    assert all(one["probability"] == round(one["probability"], 6) for one in told["labels"])
    assert not list(tmp_path.iterdir())


def test_capabilities_tell_what_open_options_may_be(engine: Engine) -> None:
    document = described(engine)
    options = {one["name"]: one["category_option"] for one in document["tasks"]}
    assert options["sketch.complete"] == "category" and options["image.upscale"] == "kind"
    assert options["audio.render"] == "instrument" and options["sketch.classify"] is None
    for task in document["tasks"]:
        assert task["category_option"] in (None, *task["options"]["properties"])
    directions = {one["name"]: one["directions"] for one in document["assets"]}
    assert "smile" in directions["faces"] and directions["quickdraw"] == []

"""What a tool's panel shows, from a capabilities document."""

from __future__ import annotations

from types import ModuleType
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from creative_gen.interface.tasks import TASKS


class Given(BaseModel):
    """Options."""

    count: int = Field(4, ge=1, le=100, description="How many.")
    temperature: float | None = Field(None, ge=0.0, le=2.0)
    mode: Literal["auto", "tones"] = "auto"
    keep_alpha: bool = True
    category: str | None = None
    amount: int | str = "2"


def test_fields_of_a_schema(client_module: ModuleType) -> None:
    found = {field.name: field for field in client_module.fields(Given.model_json_schema())}
    count = found["count"]
    assert count.label == "Count" and count.kind == "int" and count.default == 4
    assert (count.minimum, count.maximum, count.help) == (1, 100, "How many.")
    assert not count.optional
    assert found["temperature"].kind == "float" and found["temperature"].optional
    assert found["temperature"].maximum == 2.0
    assert found["mode"].kind == "choice" and found["mode"].choices == ("auto", "tones")
    assert found["keep_alpha"].kind == "bool" and found["keep_alpha"].label == "Keep alpha"
    assert found["category"].kind == "text" and found["category"].optional
    assert found["amount"].kind == "text" and not found["amount"].optional


@pytest.mark.parametrize("task", list(TASKS.values()), ids=lambda task: task.name)
def test_every_option_of_every_task_is_a_field(client_module: ModuleType, task) -> None:
    fields = client_module.fields(task.options.model_json_schema())
    assert [field.name for field in fields] == list(task.options.model_fields)
    for field in fields:
        assert field.help
        if field.kind == "choice":
            assert field.default in field.choices


def task(name: str, output: str, *media: str, assets: int = 1) -> dict:
    inputs = [{"name": m, "medium": m.strip("?"), "required": "?" not in m} for m in media]
    named = [{"name": f"asset{n}"} for n in range(assets)]
    return {"name": name, "inputs": inputs, "output": output, "assets": named, "options": {}}


def test_tasks_are_chosen_by_media(client_module: ModuleType) -> None:
    document = {
        "tasks": [
            task("image.colorize", "image", "image", "image?"),
            task("image.generate", "image"),
            task("image.classify", "labels", "image"),
            task("image.trace", "sketch", "image"),
            task("audio.render", "audio", "music"),
            task("image.complete", "image", "image", assets=0),
        ]
    }
    images = client_module.tasks_for(document, ["image"])
    assert [one["name"] for one in images] == ["image.colorize", "image.generate"]
    traced = client_module.tasks_for(document, ["image"], ["sketch", "labels"])
    assert [one["name"] for one in traced] == ["image.classify", "image.trace"]


def test_an_asset_may_have_options_of_its_own(client_module: ModuleType) -> None:
    one = task("image.generate", "image", assets=2)
    one["assets"][1]["options"] = {"properties": {"own": {"type": "string"}}}
    assert client_module.options_of(one, "asset0") == {}
    assert client_module.options_of(one) == {}
    [field] = client_module.fields(client_module.options_of(one, "asset1"))
    assert field.name == "own"


def test_tasks_have_names_for_people(client_module: ModuleType) -> None:
    titles = {name: client_module.title(name) for name in TASKS}
    assert titles["image.colorize"] == "Colorize Picture"
    assert titles["sketch.complete"] == "Finish Drawing"
    assert titles["audio.continue"] == "Continue Sound"
    assert len(set(titles.values())) == len(TASKS), "a tool may offer all of them in one list"
    assert client_module.title("words.make_up") == "Make up Words"


def test_what_an_open_option_may_be(client_module: ModuleType) -> None:
    one = task("image.edit", "image", assets=2) | {"category_option": "kind"}
    assets = [
        {"name": "asset0", "categories": ["dog", "cat"], "directions": []},
        {"name": "asset1", "categories": ["cat", "cow"], "directions": ["smile"]},
        {"name": "another", "categories": ["pig"], "directions": ["width"]},
    ]
    told = {"tasks": [one], "assets": assets}
    choices = client_module.choices_of
    assert choices(told, one, "kind") == ["cat", "cow", "dog"]
    assert choices(told, one, "kind", "asset0") == ["cat", "dog"]
    assert choices(told, one, "direction") == ["smile"]
    assert choices(told, one, "direction", "asset0") == []
    assert choices(told, one, "category") == choices(told, one, "count") == []

"""Options that are refused before a worker looks at them: those that the engine refuses."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import Field

from creative_gen.engine.request import checked_options
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.options import Options
from creative_gen.interface.tasks import TASKS, Task, task_named
from creative_gen.interface.wire import capability
from creative_gen.server.errors import WireError
from creative_gen.server.job_options import check_options

VALUES = (None, True, 0, 1, 3, -1, 5.0, 0.5, 1e9, 2**40, "", "x", "cat", "auto", "3", "2..3")


class Own(Options):
    """What one family takes."""

    count: int = Field(3, ge=2, le=5)
    brush: Literal["thin", "thick"] = "thin"


def told(
    options: dict[str, Any], asset: str | None = None, task: str = "sketch.generate"
) -> str | None:
    """What is said against options; one asset has its own."""
    declared = task_named(task)
    described = capability(declared, declared.options, {"plain": declared.options, "painter": Own})
    try:
        check_options(described, asset, options)
    except WireError as error:
        assert error.code == "invalid_request" and error.body.hint.startswith("The options are ")
        return error.body.message
    return None


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.name)
def test_the_sentence_is_the_engines(task: Task) -> None:
    """Only what a validator of its own refuses is left to the engine."""
    for name in (*task.options.model_fields, "no_such"):
        for value in VALUES:
            said = told({name: value}, "plain", task.name)
            try:
                checked_options(task.options, {name: value})
                assert said is None
            except InvalidRequest as error:
                by_hand = name == "amount" and isinstance(value, str)
                name_there = str(error).replace("'from'", "'from_'")
                assert said == (None if by_hand else name_there)


def test_an_asset_with_options_of_its_own_is_asked_by_them() -> None:
    assert told({"brush": "thick", "count": 4}, "painter") is None
    assert told({"brush": "thick"}, "plain") == "There is no option 'brush' here."
    assert told({"tries": 2}, "painter") == "There is no option 'tries' here."
    assert "'thin' or 'thick'" in str(told({"brush": "wide"}, "painter"))


def test_without_an_asset_what_any_takes_is_taken() -> None:
    assert told({"brush": "thick"}) is None
    assert told({"tries": 2}) is None
    assert told({"count": 1}) is None
    assert told({"count": 0}) == (
        "The option 'count' is not valid: input should be greater than or equal to 1."
    )
    assert told({"brush": "thick", "tries": 2}) is not None


def test_an_asset_that_does_not_do_the_task_is_left_to_the_engine() -> None:
    assert told({"no_such": 1}, "another") is None


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"properties": {"x": {"$ref": "#/$defs/gone"}}},
        {"properties": {"x": {"type": ["string", "null"]}}},
        {"properties": {"x": {"type": "array", "items": {"type": "string"}}}},
        {"properties": {"x": {"const": 3}}},
    ],
)
def test_what_a_schema_does_not_say_plainly_is_left_to_the_engine(schema: dict[str, Any]) -> None:
    check_options({"assets": [{"name": "one"}], "options": schema}, None, {"x": 1})

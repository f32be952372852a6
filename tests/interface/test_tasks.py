from __future__ import annotations

import json

import pytest

from creative_gen.interface.errors import UnknownTask
from creative_gen.interface.options import Options, SeededOptions
from creative_gen.interface.tasks import TASKS, Task, task_groups, task_named

EVERY_TASK = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())


@EVERY_TASK
def test_task_is_a_verb_of_a_group(task: Task) -> None:
    assert task_named(f"{task.group}.{task.verb}") is task
    assert task in task_groups()[task.group]


@EVERY_TASK
def test_every_option_has_help_and_a_default_within_its_bounds(task: Task) -> None:
    assert all(field.description for field in task.options.model_fields.values())
    defaults = task.options()
    # A default is not checked by pydantic unless it is given.
    assert task.options.model_validate(defaults.model_dump()) == defaults


@EVERY_TASK
def test_options_have_a_json_schema(task: Task) -> None:
    schema = json.loads(json.dumps(task.options.model_json_schema()))
    assert schema["properties"].keys() == task.options.model_fields.keys()
    assert schema["additionalProperties"] is False


CERTAIN = {"image.upscale", "image.interpolate", "image.edit", "image.map"}


@EVERY_TASK
def test_a_task_that_draws_at_random_takes_a_seed(task: Task) -> None:
    certain = task.output == "labels" or task.name in CERTAIN
    assert issubclass(task.options, Options)
    assert issubclass(task.options, SeededOptions) != certain


@EVERY_TASK
def test_inputs_have_names_of_their_own_and_the_required_come_first(task: Task) -> None:
    names = [one.name for one in task.inputs]
    assert len(set(names)) == len(names)
    assert not set(names) & task.options.model_fields.keys()
    required = [one.required for one in task.inputs]
    assert required == sorted(required, reverse=True)


@EVERY_TASK
def test_what_is_guessed_is_the_category(task: Task) -> None:
    if task.guess is not None:
        assert callable(task.guess)
        assert task.category_option is not None


@EVERY_TASK
def test_an_option_that_names_a_category_may_be_left_out(task: Task) -> None:
    if task.category_option is not None:
        assert task.options.model_fields[task.category_option].default is None


def test_an_unknown_task_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UnknownTask) as raised:
        task_named("sketch.fly")
    assert "sketch.fly" in raised.value.message
    assert "sketch.complete" in raised.value.hint

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

import click
import pytest
from pydantic import Field

from creative_gen.cli.flags import flag, flags
from creative_gen.interface.options import Options
from creative_gen.interface.tasks import TASKS, Task, task_groups
from tests.cli.conftest import Run


class Strange(Options):
    """An option of every kind."""

    whole: int = Field(2, gt=1, le=9, description="Whole.")
    share: float | None = Field(None, ge=0, lt=1, description="Share.")
    word: str = Field("a", description="Word.")
    side: Literal["left", "right"] = Field("left", description="Side.")
    times: Literal[2, 4] = Field(2, description="Times.")
    fast: bool = Field(True, description="Fast.")
    from_: str = Field("here", description="From.")


class Wider(Strange):
    """The same, one of them otherwise, and one more."""

    whole: int = Field(3, description="Otherwise.")
    extra: int = Field(1, description="Extra.")


def parsed(arguments: Sequence[str]) -> dict[str, object]:
    command = click.Command("toy", params=[*flags([Strange, Wider])])
    return command.make_context("toy", list(arguments)).params


def test_what_is_not_given_is_none() -> None:
    names = ["whole", "share", "word", "side", "times", "fast", "from_", "extra"]
    assert parsed([]) == dict.fromkeys(names)


def test_values_have_the_declared_types() -> None:
    numbers = ["--whole=5", "--share=0.5", "--times=4"]
    given = parsed([*numbers, "--side=right", "--no-fast", "--from=there"])
    values = {"whole": 5, "share": 0.5, "side": "right", "times": 4, "fast": False}
    values["from_"] = "there"
    assert given == {"word": None, "extra": None} | values


def test_a_value_may_begin_with_a_minus() -> None:
    given = parsed(["--word", "-2..2", "--from", "-a + b", "--share", "0.5"])
    assert (given["word"], given["from_"], given["share"]) == ("-2..2", "-a + b", 0.5)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--whole", "1"),
        ("--whole", "10"),
        ("--share", "1"),
        ("--share", "-1"),
        ("--side", "up"),
        ("--times", "3"),
    ],
)
def test_values_out_of_bounds_are_refused(arguments: tuple[str, str]) -> None:
    with pytest.raises(click.BadParameter):
        parsed(arguments)


def test_help_tells_defaults() -> None:
    shown = {name: flag(name, field).help or "" for name, field in Strange.model_fields.items()}
    assert shown["whole"] == "Whole.  [default: 2]"
    assert shown["share"] == "Share."
    assert shown["fast"].endswith("[default: fast]")


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
def test_every_option_of_a_task_is_a_flag_of_its_command(
    task: Task, run: Run, folder: object
) -> None:
    ran = run(task.group, task.verb, "--help")
    assert ran.status == 0
    words = " ".join(ran.stdout.split())
    assert task.summary in words
    for name, field in task.options.model_fields.items():
        assert f"--{name.rstrip('_').replace('_', '-')} " in f"{words} ".replace("/", " ")
        assert " ".join((field.description or "").split()) in words
    for index, one in enumerate(task.inputs):
        as_flag = index > 0 and not one.required
        told = f"--{one.name} FILE {one.help}" if as_flag else f"{one.name.upper()}: {one.help}"
        assert told in words


def test_help_of_groups_lists_their_commands(run: Run) -> None:
    assert "complete, reconstruct, interpolate, generate, classify." in run("--help").stdout
    assert "render, generate, continue." in run("--help").stdout
    assert "colorize, upscale, generate, reconstruct," in " ".join(run("--help").stdout.split())
    for group, tasks in task_groups().items():
        listed = run(group, "--help").stdout
        assert all(task.summary[:30] in listed for task in tasks)
        assert run(group).status == 2


def test_tasks_as_json_declare_everything(run: Run, folder: object) -> None:
    document = json.loads(run("tasks", "--json").stdout)
    assert [task["name"] for task in document["tasks"]] == list(TASKS)
    first = document["tasks"][0]
    assert first["assets"] == [{"name": "toy"}]
    assert first["inputs"][0]["medium"] == "sketch"
    colorize = next(task for task in document["tasks"] if task["name"] == "image.colorize")
    needed = {one["name"]: one["required"] for one in colorize["inputs"]}
    assert needed == {"image": True, "hints": False}
    assert first["options"]["properties"]["count"]["maximum"] == 100
    plain = run("tasks").stdout
    assert all(name in plain for name in TASKS)
    assert "assets: toy" in plain

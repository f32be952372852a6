"""What the GIMP 3 plug-in does without GIMP."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from creative_gen.interface.tasks import TASKS
from tests.plugins.conftest import ROOT

FOLDER = ROOT / "plugins" / "gimp3" / "creative_gen"


def loaded(name: str) -> ModuleType:
    """A module of the plug-in, which is no package."""
    spec = importlib.util.spec_from_file_location(f"gimp3_{name}", FOLDER / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


commands = loaded("commands")


class Job:
    """A job whose documents are known before."""

    def __init__(self, *documents: dict[str, Any]) -> None:
        self.documents = list(documents)
        self.cancelled = False

    @property
    def ended(self) -> bool:
        return self.cancelled or len(self.documents) == 1

    def poll(self) -> dict[str, Any]:
        return self.documents.pop(0)

    def result(self, timeout: float) -> dict[str, Any]:
        return self.documents[0]

    def cancel(self) -> None:
        self.cancelled = True


def defaults(command: Any, **given: Any) -> dict[str, Any]:
    return {one.name: one.default for one in command.arguments} | given


@pytest.mark.parametrize("command", commands.COMMANDS, ids=lambda command: command.name)
def test_what_is_asked_for_by_default_is_valid(command: Any) -> None:
    task = TASKS[command.task]
    options = commands.options_of(command, defaults(command))
    task.options.model_validate(options)
    assert not [one for one in task.inputs if one.required] or command.takes
    named = {one.name for one in command.arguments} - set(command.own)
    assert named <= set(task.options.model_fields)


@pytest.mark.parametrize("command", commands.COMMANDS, ids=lambda command: command.name)
def test_every_choice_and_every_bound_is_valid(command: Any) -> None:
    task = TASKS[command.task]
    for argument in command.arguments:
        values = [value for value, _ in argument.choices]
        values += [argument.least, argument.most] if argument.least < argument.most else []
        for value in values:
            given = defaults(command, **{argument.name: value})
            task.options.model_validate(commands.options_of(command, given))


def test_what_is_left_to_the_server_is_not_sent() -> None:
    command = commands.command_named("cg-colorize")
    assert commands.options_of(command, defaults(command)) == {"mode": "auto", "count": 1}
    given = defaults(command, seed=7, temperature=0.5, hints=True)
    assert commands.options_of(command, given) == {
        "mode": "auto",
        "count": 1,
        "seed": 7,
        "temperature": 0.5,
    }


def test_one_edit_goes_so_far() -> None:
    command = commands.command_named("cg-edit")
    options = commands.options_of(command, defaults(command, amount=-2.0))
    assert options == {"direction": "smile", "amount": "-2"}
    assert TASKS["image.edit"].options.model_validate(options).pictures == 1  # type: ignore[attr-defined]


def test_layers_are_named_after_what_is_known_of_them() -> None:
    command = commands.command_named("cg-colorize")
    details = {"seed": 7, "share": 0.25, "mode": "lines"}
    assert commands.title_of(command, details) == "Colorized: seed 7, share 0.25, mode lines"
    assert commands.title_of(command, {}) == "Colorized"


@pytest.mark.parametrize(
    ("size", "box", "placed"),
    [
        ((96, 96), (3, 4, 96, 96), (3, 4, 96, 96)),
        ((64, 64), (10, 20, 30, 40), (5, 20, 40, 40)),
        ((10, 20), (0, 0, 100, 50), (0, -75, 100, 200)),
        ((200, 100), (0, 0, 50, 25), (0, 0, 50, 25)),
        ((1000, 1), (5, 5, 1, 1), (-494, 5, 1000, 1)),
    ],
)
def test_results_cover_what_they_are_of(size: Any, box: Any, placed: Any) -> None:
    found = commands.covering(size, box)
    assert abs(found[0] - placed[0]) <= 1
    assert found[1:] == placed[1:]


def test_progress_is_shown_as_it_changes() -> None:
    told: list[tuple[float, str]] = []
    waiting = {"progress": 0.0, "place": 2}
    end = {"state": "done", "progress": 1.0, "results": []}
    job = Job(waiting, dict(waiting), {"progress": 0.5, "place": 0}, end)
    document = commands.follow(job, lambda *now: told.append(now), lambda _: None)
    assert document is end
    assert told == [(0.0, "Waiting: 2 before this"), (0.5, "creative_gen")]


def test_what_interrupts_it_cancels_the_job() -> None:
    def interrupted(_: float) -> None:
        raise SystemExit(1)

    job = Job({"progress": 0.1}, {"progress": 0.2}, {})
    with pytest.raises(SystemExit):
        commands.follow(job, lambda *_: None, interrupted)
    assert job.cancelled


def test_each_note_is_shown_once() -> None:
    results = [{"notes": ["a", "b"]}, {}, {"notes": ["b"]}]
    assert commands.notes_of({"results": results}) == ["a", "b"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_every_file_is_python_of_the_oldest_gimp(path: Path) -> None:
    import ast

    ast.parse(path.read_text("utf-8"), feature_version=(3, 8))


def test_the_file_that_gimp_runs_can_be_run() -> None:
    program = FOLDER / f"{FOLDER.name}.py"
    assert program.stat().st_mode & 0o100
    assert program.read_text("utf-8").startswith("#!/usr/bin/env python3\n")
    listed = subprocess.run(
        ["git", "ls-files", "--stage", str(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not listed.stdout or listed.stdout.startswith("100755")

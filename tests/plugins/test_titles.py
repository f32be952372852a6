"""Every tool calls a task by the same name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from creative_gen.interface.tasks import TASKS
from creative_gen.tools.client import client_module

PLUGINS = Path(__file__).parents[2] / "plugins"


def test_blender() -> None:
    text = (PLUGINS / "blender/creative_gen_blender/operators.py").read_text("utf-8")
    told = re.findall(r'bl_label = "(.+)"\n    task = "(.+)"', text)
    assert len(told) > 3
    for label, task in told:
        assert label == client_module().title(task)


@pytest.mark.parametrize("effect", ["finish", "vary", "between", "draw"])
def test_inkscape(effect: str) -> None:
    [name] = re.findall("<name>(.+)</name>", (PLUGINS / f"inkscape/{effect}.inx").read_text())
    [task] = re.findall(r'"(sketch\.\w+)"', (PLUGINS / f"inkscape/{effect}.py").read_text())
    assert name == client_module().title(task)


def test_gimp_leaves_out_that_it_is_a_picture() -> None:
    text = (PLUGINS / "gimp3/creative_gen/commands.py").read_text("utf-8")
    told = re.findall(r'"(\w+)\.\.\.",\n        ".+",\n        "(image\.\w+)"', text)
    assert len(told) > 3
    for label, task in told:
        assert f"{label.replace('_', '')} Picture" == client_module().title(task)


def test_the_studio() -> None:
    """Its list is that of the client, in another language."""
    text = (PLUGINS / "browser/js/title.js").read_text("utf-8")
    client = (PLUGINS / "client/creative_gen_client.py").read_text("utf-8")
    for name in ("VERBS", "NOUNS", "TITLES"):
        listed = [
            dict(re.findall(r'"?([\w.]+)"?: "([^"]+)"', found[1]))
            for found in (
                re.search(rf"const {name} = {{(.*?)}};", text, re.DOTALL),
                re.search(rf"^_{name} = {{(.*?)}}", client, re.DOTALL | re.MULTILINE),
            )
            if found
        ]
        assert len(listed) == 2 and listed[0] == listed[1] != {}


def test_every_task_has_one() -> None:
    for task in TASKS:
        assert re.fullmatch(r"[A-Z][a-z]+( [A-Z][a-z]+)+", client_module().title(task))

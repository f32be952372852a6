"""The .inx files are static: they have to say what the server takes."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from creative_gen.interface.tasks import TASKS

FOLDER = Path(__file__).parents[3] / "plugins" / "inkscape"
INX = "{http://www.inkscape.org/namespace/inkscape/extension}"
EFFECTS = {
    "finish": "sketch.complete",
    "vary": "sketch.reconstruct",
    "between": "sketch.interpolate",
    "draw": "sketch.generate",
}


def _bounded(schema: dict) -> dict:
    branches = schema.get("anyOf", [schema])
    return next(one for one in branches if one.get("type") != "null")


@pytest.mark.parametrize("name", EFFECTS)
def test_options_are_those_of_the_task(name: str) -> None:
    options = TASKS[EFFECTS[name]].options
    schema = options.model_json_schema()["properties"]
    params = list(ElementTree.parse(FOLDER / f"{name}.inx").iter(f"{INX}param"))
    assert {param.get("name") for param in params} <= set(schema)
    for param in params:
        known = _bounded(schema[param.get("name")])
        if param.get("type") in ("int", "float"):
            assert float(param.get("min")) == known["minimum"]
            assert float(param.get("max")) <= known["maximum"]
        choices = [one.get("value") for one in param.findall(f"{INX}option")]
        assert set(choices) == set(known.get("enum", []))
    defaults = {p.get("name"): p.text for p in params if not len(p) and p.text}
    options(**defaults)


@pytest.mark.parametrize("name", EFFECTS)
def test_ids_and_scripts(name: str) -> None:
    root = ElementTree.parse(FOLDER / f"{name}.inx").getroot()
    assert root.findtext(f"{INX}id") == f"org.creative-gen.{name}"
    assert (FOLDER / root.findtext(f"{INX}script/{INX}command", "")).is_file()

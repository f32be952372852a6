"""What the effects share: options, the way to the server, and errors as Inkscape shows them."""

from __future__ import annotations

import os
import sys
from typing import Any, Sequence
from xml.etree import ElementTree

import inkex
from creative_gen_client import CreativeGenError, connect
from given import Given, Stroke

_TYPES = {"int": int, "float": float, "bool": inkex.Boolean}
_INX = "{http://www.inkscape.org/namespace/inkscape/extension}"


class Effect(inkex.EffectExtension):
    """An effect whose options are those of its .inx file, by the names that the server knows."""

    def add_arguments(self, pars: Any) -> None:
        """Take the options that the .inx file beside the effect declares."""
        stem, _ = os.path.splitext(os.path.abspath(sys.modules[type(self).__module__].__file__))
        self.names = []
        for param in ElementTree.parse(stem + ".inx").iter(_INX + "param"):
            kind = _TYPES.get(param.get("type"), str)
            first = param.find(_INX + "option")
            default = kind((param.text or "").strip() if first is None else first.get("value"))
            pars.add_argument("--" + param.get("name"), type=kind, default=default)
            self.names.append(param.get("name"))

    def asked(self) -> dict[str, Any]:
        """The options for the server: those that were left empty are left out."""
        given = {name: getattr(self.options, name) for name in self.names}
        asked = {name: value for name, value in given.items() if value != ""}
        if "category" in asked:
            asked["category"] = asked["category"].strip().lower()
        if "seed" in asked:
            asked["seed"] = _seed(asked["seed"])
        return asked

    def ask(self, task: str, inputs: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
        """The document of a job that is done; the server is started if it is not running.

        Raises:
            inkex.AbortExtension: with the sentence and the fix; the document stays as it was.
        """
        try:
            with connect("inkscape", start=True) as client:
                return client.submit(task, inputs, options).result()
        except CreativeGenError as error:
            raise inkex.AbortExtension(f"{error.message}\n{error.hint}".strip()) from None

    def page(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the page in user units; 0 wide if it tells no size."""
        left, top, width, height = self.svg.get_viewbox()
        if width > 0 and height > 0:
            return left, top, width, height
        return 0.0, 0.0, self.svg.viewport_width, self.svg.viewport_height

    def sketch(self, given: Given) -> dict[str, Any]:
        """Strokes as an input: from the page's corner, and the page's size."""
        left, top, width, height = self.page()
        if not (width > 0 and height > 0):
            width, height = given.box[2] - left, given.box[3] - top
        strokes = [[(x - left, y - top) for x, y in stroke] for stroke in given.strokes]
        return {"sketch": {"strokes": strokes, "size": [max(width, 1e-3), max(height, 1e-3)]}}

    def strokes(self, result: dict[str, Any]) -> list[Stroke]:
        """The strokes of a result that lies where the given ones lie."""
        left, top, _, _ = self.page()
        return [[(x + left, y + top) for x, y in s] for s in result["sketch"]["strokes"]]


def label_of(result: dict[str, Any]) -> str:
    """What a result is called: its category and its seed."""
    details = result["details"]
    return f"{details.get('category', 'drawing')}, seed {details['seed']}"


def name_of(verb: str, job: dict[str, Any]) -> str:
    """What the group of all results is called: with the seed that gives the same again."""
    return f"{verb} (again: seed {job['provenance']['options']['seed']})"


def topmost(objects: Sequence[inkex.BaseElement]) -> inkex.BaseElement:
    """The layer or group of the topmost object: what is new goes on top of its content."""
    return objects[-1].getparent()


def _seed(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise inkex.AbortExtension(
            f"The seed '{text}' is not a whole number.\nLeave it empty for a new one each time."
        ) from None

"""New groups in an Inkscape document; what was there stays as it is."""

from __future__ import annotations

import copy
import json
import math
from typing import Any, Sequence, Tuple

import inkex
from given import Given, Stroke, composed

GAP = 0.25
"""Between two drawings that lie side by side, in sizes of a drawing."""

Box = Tuple[float, float, float, float]


def group_on(parent: inkex.BaseElement, label: str, provenance: Any) -> inkex.Group:
    """A new, named group on top of all that `parent` has, in the document's user units.

    Args:
        parent: the layer or group.
        label: what the Objects panel calls it.
        provenance: JSON values, kept in the group's metadata: how to make it again.
    """
    there = composed(parent)
    if math.isclose(there.a * there.d, there.b * there.c, abs_tol=1e-12):
        raise inkex.AbortExtension(
            "The drawing lies in a group without any extent.\nMove it out of the group first."
        )
    group = _labelled(label)
    if there:
        # Written here, because inkex rounds to six digits, which shows far from the corner.
        numbers = " ".join(f"{number + 0.0:.12g}" for number in (-there).to_hexad())
        group.attrib["transform"] = f"matrix({numbers})"
    metadata = inkex.Metadata()
    metadata.text = json.dumps({"creative_gen": provenance}, ensure_ascii=True)
    group.append(metadata)
    parent.append(group)
    return group


def variation_on(
    group: inkex.Group,
    label: str,
    strokes: Sequence[Stroke],
    style: dict[str, str],
    transform: inkex.Transform | None = None,
    under: Given | None = None,
) -> inkex.Group:
    """A new, named group of strokes.

    Args:
        group: where it goes, from `group_on`.
        label: its name, with the seed.
        strokes: in the document's user units.
        style: of the strokes.
        transform: where to move it to.
        under: a drawing of which copies come first.
    """
    variation = _labelled(label)
    if transform:
        variation.transform = transform
    for shape in under.shapes if under else ():
        variation.append(_copy_of(shape))
    for stroke in strokes:
        path = inkex.PathElement()
        path.set("d", path_data(stroke))
        dot = {"stroke-linecap": "round"} if len(set(stroke)) == 1 else {}
        path.style = inkex.Style({**style, **dot})
        variation.append(path)
    group.append(variation)
    return variation


def path_data(stroke: Stroke) -> str:
    """The `d` of a stroke; a dot is a line of no length."""
    points = stroke if len(stroke) > 1 else stroke * 2
    return "M " + " L ".join(f"{x:.8g} {y:.8g}" for x, y in points)


def box_of(drawings: Sequence[Sequence[Stroke]]) -> Box:
    """Left, top, right and bottom of all points."""
    points = [point for strokes in drawings for stroke in strokes for point in stroke]
    xs, ys = zip(*points)
    return min(xs), min(ys), max(xs), max(ys)


def beside(box: Box, index: int) -> inkex.Transform:
    """Where the drawing with this number goes, in a row to the right of what fills `box`."""
    left, top, right, bottom = box
    width = right - left + GAP * max(right - left, bottom - top)
    return inkex.Transform(translate=(width * (index + 1), 0))


def into(frame: Box, size: tuple[float, float]) -> inkex.Transform:
    """What takes a drawing of a size into the middle of a frame."""
    left, top, right, bottom = frame
    scale = min((right - left) / size[0], (bottom - top) / size[1])
    x = (left + right - size[0] * scale) / 2
    y = (top + bottom - size[1] * scale) / 2
    return inkex.Transform(translate=(x, y)) @ inkex.Transform(scale=scale)


def moved(strokes: Sequence[Stroke], transform: inkex.Transform) -> list[Stroke]:
    """Strokes with every point moved."""
    return [[tuple(transform.apply_to_point(point)) for point in stroke] for stroke in strokes]


def _labelled(label: str) -> inkex.Group:
    group = inkex.Group()
    group.set("inkscape:label", label)
    title = inkex.Title()
    title.text = label
    group.append(title)
    return group


def _copy_of(shape: inkex.ShapeElement) -> inkex.ShapeElement:
    """A copy that looks the same outside of its groups, and shares no id."""
    style, transform = shape.specified_style(), composed(shape)
    made = copy.deepcopy(shape)
    made.tail = None
    for element in (made, *made.iterdescendants()):
        element.attrib.pop("id", None)
    made.style, made.transform = style, transform
    return made

"""Grease Pencil strokes as sketches on paper, and new layers of strokes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, List, Sequence

import bpy
import numpy as np

from .creative_gen_client import CreativeGenError
from .plane import FRONT, Plane, facing, plane_of

SIDE = 256.0
"""The larger side of a drawing on the paper."""

Strokes = List[Any]


@dataclass(frozen=True)
class Look:
    """How strokes are drawn.

    Args:
        material: int. The slot of their material.
        width: int. Their line width.
        pressure: float. The mean of their points'.
        hardness: float. Of their edge.
    """

    material: int = 0
    width: int = 30
    pressure: float = 1.0
    hardness: float = 1.0


@dataclass(frozen=True)
class Drawing:
    """The strokes of a layer's frame.

    Args:
        layer: str. The layer's name.
        frame: int. The frame's number.
        plane: Plane. Of the paper, in the object's own space.
        scale: float. Lengths on the paper per length in space.
        corner: (2,). Of the strokes on the paper, in lengths of space.
        strokes: list of float arrays (points, 2). On the paper, from its corner on.
        look: Look. Of the last stroke.
    """

    layer: str
    frame: int
    plane: Plane
    scale: float
    corner: Any
    strokes: Strokes
    look: Look

    @property
    def sketch(self) -> dict[str, Any]:
        """As an input of a task."""
        size = np.concatenate(self.strokes).max(axis=0)
        return {
            "sketch": {
                "strokes": [stroke.tolist() for stroke in self.strokes],
                "size": np.maximum(size, 1.0).tolist(),
            }
        }

    def space(self, strokes: Sequence[Any]) -> Strokes:
        """Strokes on the paper (points, 2) in space (points, 3)."""
        return [self.plane.space(np.asarray(s) / self.scale + self.corner) for s in strokes]


def check_version() -> None:
    """Refuse the Grease Pencil of Blender 4.3 and later, which is made in another way."""
    if bpy.app.version >= (4, 3, 0):
        raise CreativeGenError(
            "other_blender",
            f"This plugin does not know the Grease Pencil of Blender {bpy.app.version_string}.",
            "Draw with Blender 3.4 to 4.2; colouring and enlarging pictures works in this one.",
        )


def read(owner: Any, number: int) -> Drawing:
    """The strokes of an object's active layer, as they are shown at a frame's number.

    Raises:
        CreativeGenError: there are none.
    """
    if owner is None or owner.type != "GPENCIL":
        raise CreativeGenError(
            "no_drawing",
            "The active object is no Grease Pencil drawing.",
            "Select the drawing that is to be finished.",
        )
    layer = owner.data.layers.active
    frame = _frame(layer, number) if layer is not None else None
    if frame is None or not len(frame.strokes):
        raise CreativeGenError(
            "no_strokes",
            "The active layer has no strokes at this frame.",
            "Draw at least one line, or make the layer active that has them.",
        )
    spatial = [_points(stroke) for stroke in frame.strokes]
    plane = plane_of(np.concatenate(spatial))
    flat = [plane.flat(points) for points in spatial]
    corner = np.concatenate(flat).min(axis=0)
    extent = (np.concatenate(flat).max(axis=0) - corner).max()
    scale = SIDE / extent if extent > 0 else 1.0
    strokes = [(points - corner) * scale for points in flat]
    look = _look(frame.strokes[-1])
    return Drawing(layer.info, frame.frame_number, plane, scale, corner, strokes, look)


def front(size: float, columns: int, index: int, count: int) -> Drawing:
    """Paper in the front view, for a sketch of a side of `SIDE` that is one of several.

    Args:
        size: float. The side of each, in lengths of space.
        columns: int. How many lie side by side.
        index: int. Which one this is.
        count: int. How many there are.
    """
    rows = -(-count // columns)
    row, column = divmod(index, columns)
    x = (column - columns / 2) * size
    y = (row - rows / 2) * size
    corner = np.array([x, y])
    return Drawing("", 0, facing(FRONT, np.zeros(3)), SIDE / size, corner, [], Look())


def add_layer(
    owner: Any, name: str, strokes: Strokes, look: Look, frame: int, hide: bool, like: str = ""
) -> Any:
    """A new layer of strokes on top of all others; what is there stays as it is.

    Args:
        owner: the Grease Pencil object.
        name: the layer's.
        strokes: float arrays (points, 3), in the space of the layer that it is like.
        look: of the strokes.
        frame: the number of the frame.
        hide: whether the layer is hidden: it is one of several to choose from.
        like: a layer whose place in space it takes.
    """
    layer = owner.data.layers.new(name, set_active=False)
    given = owner.data.layers.get(like)
    if given is not None:
        for place in ("parent", "parent_type", "parent_bone", "matrix_inverse"):
            setattr(layer, place, getattr(given, place))
        for place in ("location", "rotation", "scale", "line_change"):
            setattr(layer, place, getattr(given, place))
    new = layer.frames.new(frame).strokes
    for points in strokes:
        _add_stroke(new, points, look)
    layer.hide = hide
    return layer


def add_object(context: Any) -> Any:
    """A new Grease Pencil object at the 3D cursor, with a black line as its material."""
    data = bpy.data.grease_pencils.new("Sketch")
    material = bpy.data.materials.new("Sketch")
    bpy.data.materials.create_gpencil_data(material)
    data.materials.append(material)
    owner = bpy.data.objects.new("Sketch", data)
    owner.location = context.scene.cursor.location
    context.collection.objects.link(owner)
    return owner


def remember(owner: Any, layer: Any, provenance: Any) -> None:
    """Keep how a layer was made in the drawing's custom properties."""
    owner.data["creative_gen: " + layer.info] = json.dumps(provenance)


def _frame(layer: Any, number: int) -> Any:
    # `active_frame` is not up to date in a script.
    shown = [frame for frame in layer.frames if frame.frame_number <= number]
    return max(shown, key=lambda frame: frame.frame_number, default=None)


def _points(stroke: Any) -> Any:
    points = np.empty(len(stroke.points) * 3, np.float32)
    stroke.points.foreach_get("co", points)
    points = points.reshape(-1, 3)
    return np.concatenate([points, points[:1]]) if stroke.use_cyclic else points


def _look(stroke: Any) -> Look:
    pressures = np.empty(len(stroke.points), np.float32)
    stroke.points.foreach_get("pressure", pressures)
    mean = float(pressures.mean())
    return Look(stroke.material_index, stroke.line_width, mean or 1.0, stroke.hardness)


def _add_stroke(strokes: Any, points: Any, look: Look) -> None:
    # A dot is drawn as a line of no length.
    points = np.asarray(points, np.float32)
    points = points if len(points) > 1 else np.repeat(points, 2, axis=0)
    stroke = strokes.new()
    stroke.display_mode = "3DSPACE"
    stroke.material_index, stroke.line_width = look.material, look.width
    stroke.hardness = look.hardness
    stroke.points.add(len(points))
    stroke.points.foreach_set("co", points.ravel())
    stroke.points.foreach_set("pressure", np.full(len(points), look.pressure, np.float32))
    stroke.points.foreach_set("strength", np.ones(len(points), np.float32))
    stroke.points.update()

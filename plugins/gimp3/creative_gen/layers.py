"""Layers to PNG files and back, in GIMP 3."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from commands import Box, covering
from gi.repository import Gimp, Gio

QUIET = Gimp.RunMode.NONINTERACTIVE


class Unfit(Exception):
    """A layer that cannot be sent: a sentence, and what to do about it."""


def checked(image: Any, drawables: list[Any]) -> Any:
    """The one layer that is chosen.

    Raises:
        Unfit: it cannot be sent.
    """
    if len(drawables) != 1 or not isinstance(drawables[0], Gimp.Layer):
        raise Unfit("This is no layer.", "Choose one layer, not its mask or a channel.")
    if drawables[0].is_group():
        raise Unfit("This is a group of layers.", "Choose one of its layers, or merge the group.")
    if image.get_floating_sel() is not None:
        raise Unfit("There is a floating selection.", "Anchor it, or make it a layer.")
    if not drawables[0].mask_intersect()[0]:
        raise Unfit("The selection does not touch the layer.", "Select a part of it, or nothing.")
    return drawables[0]


def whole(layer: Any) -> Box:
    """The rectangle of a layer."""
    _, x, y = layer.get_offsets()
    return x, y, layer.get_width(), layer.get_height()


def selected(layer: Any) -> Box:
    """The rectangle that is selected of a layer."""
    _, left, top = layer.get_offsets()
    _, x, y, width, height = layer.mask_intersect()
    return left + x, top + y, width, height


def above(image: Any, layer: Any) -> Any:
    """The layer above a layer.

    Raises:
        Unfit: there is none.
    """
    parent = layer.get_parent()
    siblings = parent.get_children() if parent else image.get_layers()
    place = image.get_item_position(layer)
    if not place:
        raise Unfit(
            "There is no layer above this one.",
            "Paint a few strokes of colour on a transparent layer above it.",
        )
    return siblings[place - 1]


def png_of(image: Any, layer: Any, box: Box) -> bytes:
    """What a layer shows in a rectangle of the image: its own pixels, through its mask."""
    x, y, width, height = box
    kind = image.get_base_type()
    sent = Gimp.Image.new_with_precision(width, height, kind, image.get_precision())
    try:
        sent.undo_disable()
        if kind == Gimp.ImageBaseType.INDEXED:
            sent.set_palette(image.get_palette())
        profile = image.get_color_profile()
        if profile is not None:
            sent.set_color_profile(profile)
        copy = Gimp.Layer.new_from_drawable(layer, sent)
        sent.insert_layer(copy, None, 0)
        if copy.get_mask() is not None:
            copy.remove_mask(Gimp.MaskApplyMode.APPLY)
        _, left, top = layer.get_offsets()
        copy.resize(width, height, left - x, top - y)
        copy.set_offsets(0, 0)
        return _saved(sent)
    finally:
        sent.delete()


def add_layers(image: Any, layer: Any, results: list[tuple[bytes, str]], box: Box) -> None:
    """Put results above a layer, the first on top and alone visible, as one step to undo.

    Where there is a selection it becomes their mask.
    """
    masked = not Gimp.Selection.is_empty(image)
    image.undo_group_start()
    try:
        if image.get_base_type() != Gimp.ImageBaseType.RGB:
            image.convert_rgb()
        for number, (content, title) in enumerate(results):
            made = _loaded_layer(image, content)
            made.set_name(title)
            image.insert_layer(made, layer.get_parent(), image.get_item_position(layer))
            x, y, width, height = covering((made.get_width(), made.get_height()), box)
            if (width, height) != (made.get_width(), made.get_height()):
                made.scale(width, height, False)
            made.set_offsets(x, y)
            if masked:
                made.add_mask(made.create_mask(Gimp.AddMaskType.SELECTION))
            made.set_visible(number == 0)
    finally:
        image.undo_group_end()
    Gimp.displays_flush()


def open_image(content: bytes, title: str, display: bool) -> Any:
    """Open a result as an image that has no file."""
    path = _written(content)
    try:
        loaded = Gimp.file_load(QUIET, Gio.File.new_for_path(path))
    finally:
        os.unlink(path)
    image = loaded.duplicate()
    loaded.delete()
    image.get_layers()[0].set_name(title)
    if display:
        Gimp.Display.new(image)
    return image


def _saved(image: Any) -> bytes:
    path = _written(b"")
    try:
        Gimp.file_save(QUIET, image, Gio.File.new_for_path(path), None)
        with open(path, "rb") as file:
            return file.read()
    finally:
        os.unlink(path)


def _loaded_layer(image: Any, content: bytes) -> Any:
    path = _written(content)
    try:
        return Gimp.file_load_layer(QUIET, image, Gio.File.new_for_path(path))
    finally:
        os.unlink(path)


def _written(content: bytes) -> str:
    """A file for the user alone."""
    handle, path = tempfile.mkstemp(".png")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return path

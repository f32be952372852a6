"""Finish Grease Pencil drawings, colour and enlarge pictures with creative_gen."""

from __future__ import annotations

import bpy

from . import operators, panels, settings

bl_info = {
    "name": "Creative Gen",
    "author": "The creative_gen authors",
    "version": (0, 6, 0),
    "blender": (3, 4, 0),
    "location": "Sidebar of the 3D View and of the Image Editor > Creative Gen",
    "description": "Finishes Grease Pencil drawings, colours and enlarges pictures",
    "category": "Paint",
}

CLASSES = (*settings.CLASSES, *operators.CLASSES, *panels.CLASSES)


def register() -> None:
    """Called by Blender when the add-on is switched on."""
    for one in CLASSES:
        bpy.utils.register_class(one)
    settings.register()


def unregister() -> None:
    """Called by Blender when the add-on is switched off."""
    settings.unregister()
    for one in reversed(CLASSES):
        bpy.utils.unregister_class(one)

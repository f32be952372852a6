"""The panels in the sidebars."""

from __future__ import annotations

import textwrap
from typing import Any

import bpy

from . import operators, settings
from .session import session


class Sidebar:
    """What both panels share."""

    bl_region_type = "UI"
    bl_category = "Creative Gen"
    bl_label = "Creative Gen"
    medium = ""

    def draw(self, context: Any) -> None:
        """Show the state, and the tasks that the server offers."""
        layout = self.layout
        _state(layout)
        names = {one.task: one.bl_idname for one in operators.TASKS}
        offered = [t for t in session.tasks(self.medium) if t["name"] in names]
        for task in offered:
            box = layout.box()
            box.operator(names[task["name"]], icon="BRUSH_DATA")
            if task["name"] == "image.colorize":
                common = context.window_manager.creative_gen
                box.prop_search(common, "hints", bpy.data, "images")
            settings.draw(box, context, task)
        if session.capabilities and not offered:
            layout.label(text="No model for this is installed.")
            layout.label(text="creative-gen assets list")


class CREATIVE_GEN_PT_drawing(Sidebar, bpy.types.Panel):  # noqa: N801
    """In the 3D View."""

    bl_space_type = "VIEW_3D"
    medium = "sketch"


class CREATIVE_GEN_PT_picture(Sidebar, bpy.types.Panel):  # noqa: N801
    """In the Image Editor."""

    bl_space_type = "IMAGE_EDITOR"
    medium = "image"


CLASSES = (CREATIVE_GEN_PT_drawing, CREATIVE_GEN_PT_picture)


def _state(layout: Any) -> None:
    if session.connecting is not None:
        layout.label(text="Starting the server ...", icon="SORTTIME")
    elif session.client is None:
        layout.label(text="Not connected.", icon="RADIOBUT_OFF")
        layout.operator("creative_gen.connect", icon="PLAY")
    else:
        version = session.capabilities.get("version", "")
        layout.label(text=f"Connected to {version}.", icon="RADIOBUT_ON")
    if session.error is not None:
        box = layout.box()
        text = f"{session.error['message']} {session.error['hint']}"
        for index, line in enumerate(textwrap.wrap(text, 40)):
            box.label(text=line, icon="NONE" if index else "ERROR")
        box.operator("creative_gen.diagnostics", icon="COPYDOWN")

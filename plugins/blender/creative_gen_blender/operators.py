"""The operators of all tasks, and those of the connection.

In a script, or with `blender -b`, they wait for the result.
"""

from __future__ import annotations

import math
from typing import Any

import bpy

from . import drawings, pictures, settings
from .asking import SECONDS, Ask, Document
from .creative_gen_client import CreativeGenError, Job, diagnostics, later
from .session import TOOL, session

SIDE = 2.0
"""The side of a new sketch, in lengths of space."""


class SketchTask(Ask):
    """A task whose results are drawings: each becomes a layer."""

    def inputs(self, context: Any) -> Document:
        """The strokes of the active layer, where the task takes any."""
        drawings.check_version()
        self.drawing = drawings.read(context.object, context.scene.frame_current)
        self.owner = context.object.name
        return {"sketch": self.drawing.sketch}

    def apply(self, context: Any, job: Job) -> None:
        """A layer for each result; the first is shown, to be chosen by the eyes in the list."""
        owner = bpy.data.objects.get(self.owner)
        if owner is None or owner.type != "GPENCIL":
            raise CreativeGenError(
                "gone", "The drawing is no longer there.", "Undo, and try again."
            )
        document, given = job.poll(), self.drawing
        kept = len(given.strokes) if self.task == "sketch.complete" else 0
        for index, result in enumerate(document["results"]):
            strokes = given.space(result["sketch"]["strokes"][kept:])
            layer = drawings.add_layer(
                owner, _name(result), strokes, given.look, given.frame, index > 0, given.layer
            )
            drawings.remember(owner, layer, _provenance(document))


class CREATIVE_GEN_OT_sketch_complete(SketchTask, bpy.types.Operator):  # noqa: N801
    """Finish the strokes of the active layer; they stay as they are."""

    bl_idname = "creative_gen.sketch_complete"
    bl_label = "Finish Drawing"
    task = "sketch.complete"


class CREATIVE_GEN_OT_sketch_reconstruct(SketchTask, bpy.types.Operator):  # noqa: N801
    """Draw the strokes of the active layer again, on layers of their own."""

    bl_idname = "creative_gen.sketch_reconstruct"
    bl_label = "Vary Drawing"
    task = "sketch.reconstruct"


class CREATIVE_GEN_OT_sketch_generate(SketchTask, bpy.types.Operator):  # noqa: N801
    """Draw new sketches side by side, on layers of the active drawing or of a new one."""

    bl_idname = "creative_gen.sketch_generate"
    bl_label = "Draw Something"
    task = "sketch.generate"

    def inputs(self, context: Any) -> Document:
        """Nothing but the drawing to add to, if it is active."""
        drawings.check_version()
        active = context.object
        self.owner = active.name if active is not None and active.type == "GPENCIL" else ""
        return {}

    def apply(self, context: Any, job: Job) -> None:
        """A layer for each sketch, in rows in the front view."""
        owner = bpy.data.objects.get(self.owner) or drawings.add_object(context)
        document = job.poll()
        count = len(document["results"])
        columns = math.ceil(math.sqrt(count))
        frame = context.scene.frame_current
        for index, result in enumerate(document["results"]):
            paper = drawings.front(SIDE, columns, index, count)
            unit = drawings.SIDE / max(result["sketch"]["size"])
            flat = [
                [[x * unit, y * unit] for x, y in stroke] for stroke in result["sketch"]["strokes"]
            ]
            layer = drawings.add_layer(
                owner, _name(result), paper.space(flat), paper.look, frame, False
            )
            drawings.remember(owner, layer, _provenance(document))


class ImageTask(Ask):
    """A task whose results are pictures: each becomes a new image."""

    image: bpy.props.StringProperty(
        name="Image", description="That of the Image Editor if it is empty"
    )
    hints: bpy.props.StringProperty(
        name="Hints", description="A transparent image with a few strokes of colour"
    )

    def inputs(self, context: Any) -> Document:
        """The picture, and the hints if the task takes any."""
        space = context.space_data
        shown = getattr(space, "image", None) if space is not None else None
        image = bpy.data.images.get(self.image) if self.image else shown
        if self.image and image is None:
            raise _no_image(self.image)
        self.source = image.name if image is not None else ""
        inputs = {"image": pictures.encoder(image)}
        hints = self.hints or context.window_manager.creative_gen.hints
        if hints and self.task == "image.colorize":
            found = bpy.data.images.get(hints)
            if found is None:
                raise _no_image(hints)
            inputs["hints"] = pictures.encoder(found)
        return inputs

    def apply(self, context: Any, job: Job) -> None:
        """New images; the Image Editor shows the first."""
        document, verb = job.poll(), self.task.split(".")[1]
        first = None
        for result in document["results"]:
            name = f"{self.source.rsplit('.', 1)[0] or 'Picture'}, {verb}"
            if "seed" in result["details"]:
                name += f", seed {result['details']['seed']}"
            content = job.file(result["blob"])
            image = pictures.add_image(name, content, _provenance(document))
            first = first or image
        space = context.space_data
        if space is not None and space.type == "IMAGE_EDITOR":
            space.image = first


class CREATIVE_GEN_OT_image_colorize(ImageTask, bpy.types.Operator):  # noqa: N801
    """Colour a grey picture or a line drawing, as a new image."""

    bl_idname = "creative_gen.image_colorize"
    bl_label = "Colorize Picture"
    task = "image.colorize"


class CREATIVE_GEN_OT_image_upscale(ImageTask, bpy.types.Operator):  # noqa: N801
    """Enlarge a picture, as a new image."""

    bl_idname = "creative_gen.image_upscale"
    bl_label = "Enlarge Picture"
    task = "image.upscale"


class CREATIVE_GEN_OT_image_edit(ImageTask, bpy.types.Operator):  # noqa: N801
    """Change a picture in a direction that the model knows, as new images."""

    bl_idname = "creative_gen.image_edit"
    bl_label = "Edit Picture"
    task = "image.edit"


class CREATIVE_GEN_OT_connect(bpy.types.Operator):  # noqa: N801
    """Find the server, or start it, and ask it what it can do."""

    bl_idname = "creative_gen.connect"
    bl_label = "Start Server"

    def execute(self, context: Any) -> set[str]:
        """Begin to connect, and look at it now and then."""
        session.start()
        bpy.app.timers.register(_connected, first_interval=SECONDS)
        return {"FINISHED"}


class CREATIVE_GEN_OT_diagnostics(bpy.types.Operator):  # noqa: N801
    """Copy a description of what is there and what went wrong, with nothing private in it."""

    bl_idname = "creative_gen.diagnostics"
    bl_label = "Copy Diagnostics"

    def execute(self, context: Any) -> set[str]:
        """Copy it."""
        version = f"Blender {bpy.app.version_string}"
        call = later(diagnostics, TOOL, version, session.error)

        def copy() -> float | None:
            if not call.done:
                return SECONDS
            bpy.context.window_manager.clipboard = call.result()
            return None

        bpy.app.timers.register(copy, first_interval=SECONDS)
        self.report({"INFO"}, "Copied. Paste it where you ask for help.")
        return {"FINISHED"}


TASKS = (
    CREATIVE_GEN_OT_sketch_complete,
    CREATIVE_GEN_OT_sketch_reconstruct,
    CREATIVE_GEN_OT_sketch_generate,
    CREATIVE_GEN_OT_image_colorize,
    CREATIVE_GEN_OT_image_upscale,
    CREATIVE_GEN_OT_image_edit,
)
CLASSES = (*TASKS, CREATIVE_GEN_OT_connect, CREATIVE_GEN_OT_diagnostics)


def _connected() -> float | None:
    if not session.look():
        return SECONDS
    settings.refresh()
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            area.tag_redraw()
    return None


def _no_image(name: str) -> CreativeGenError:
    return CreativeGenError(
        "no_picture", f"There is no image '{name}'.", "Choose one that is open."
    )


def _name(result: Document) -> str:
    details = result["details"]
    return f"{details.get('category', 'drawing')}, seed {details['seed']}"


def _provenance(document: Document) -> Document:
    return {"creative_gen": document["provenance"]}

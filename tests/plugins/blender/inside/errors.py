"""Runs in Blender, where no server runs and none can be started: each error is a sentence."""

import addon_utils
import bpy

addon_utils.enable("creative_gen_blender", default_set=True)

from creative_gen_blender import drawings  # noqa: E402
from creative_gen_blender.session import session  # noqa: E402

ask = bpy.ops.creative_gen


def said(operator, **given):
    try:
        operator(**given)
    except RuntimeError as error:
        return str(error)
    raise AssertionError("it did not fail")


assert "no Grease Pencil drawing. Select" in said(ask.sketch_complete)
owner = drawings.add_object(bpy.context)
bpy.context.view_layer.objects.active = owner
assert "no strokes at this frame. Draw" in said(ask.sketch_complete)
drawings.add_layer(owner, "Given", [[(0, 0, 0), (1, 0, 1)]], drawings.Look(), 1, False)
owner.data.layers.active = owner.data.layers["Given"]
assert "creative-gen serve" in said(ask.sketch_complete)
assert session.error["code"] == "server_not_found"
assert [layer.info for layer in owner.data.layers] == ["Given"]
assert "no JSON object" in said(ask.sketch_complete, options="[1]")
assert "no picture to work on. Open" in said(ask.image_colorize)
assert "no image 'gone'" in said(ask.image_upscale, image="gone")
drawings.bpy = type(
    "Later", (), {"app": type("App", (), {"version": (4, 3, 0), "version_string": "4.3"})}
)
assert "Draw with Blender 3.4 to 4.2" in said(ask.sketch_complete)

print("ERRORS DONE")

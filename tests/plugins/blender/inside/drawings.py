"""Runs in Blender: finishes, varies and makes Grease Pencil drawings."""

import json

import addon_utils
import bpy
import numpy as np

addon_utils.enable("creative_gen_blender", default_set=True)

from creative_gen_blender import drawings, settings  # noqa: E402
from creative_gen_blender.session import session  # noqa: E402

ask = bpy.ops.creative_gen


def points_of(stroke):
    return np.array([point.co[:] for point in stroke.points])


def strokes_of(layer):
    return [points_of(stroke) for stroke in layer.frames[0].strokes]


# A tilted plane, seen from above and the right; three loops on it.
turn = np.linspace(0, 2 * np.pi, 30, endpoint=False)
circle = np.stack([np.cos(turn), np.sin(turn)], 1)
across, up = np.array([0.6, 0.8, 0.0]), np.array([0.0, 0.0, 1.0])
corner = np.array([5.0, -3.0, 2.0])
flat = [circle, circle * 0.1 + [-0.4, 0.3], circle * 0.1 + [0.4, 0.3]]
loops = [corner + points @ np.stack([across, up]) for points in flat]
normal = np.cross(across, up)

owner = drawings.add_object(bpy.context)
bpy.context.view_layer.objects.active = owner
for color in ("Red", "Blue"):
    owner.data.materials.append(bpy.data.materials.new(color))
look = drawings.Look(material=2, width=57, pressure=0.5, hardness=0.75)
given = drawings.add_layer(owner, "Given", loops, look, 1, False)
for stroke in given.frames[0].strokes:
    stroke.use_cyclic = True
given.location = (1.0, 2.0, 3.0)
drawings.add_layer(owner, "Later", loops[:1], look, 5, False)
owner.data.layers.active = owner.data.layers["Given"]
before = strokes_of(owner.data.layers["Given"])

# What is read: closed loops, on paper of the plane that they lie in.
read = drawings.read(owner, 1)
assert [len(stroke) for stroke in read.strokes] == [31, 31, 31]
for back, loop in zip(read.space(read.strokes), loops, strict=True):
    np.testing.assert_allclose(back[:-1], loop, atol=1e-5)
assert np.isclose(np.concatenate(read.strokes).max(), drawings.SIDE)

options = json.dumps({"category": "face", "count": 3, "seed": 5})
assert ask.sketch_complete(options=options) == {"FINISHED"}
layers = owner.data.layers
np.testing.assert_equal(strokes_of(layers["Given"]), before)
added = [layer for layer in layers if layer.info not in ("Given", "Later")]
assert len(added) == 3
assert sorted(layer.hide for layer in added) == [False, True, True]
assert layers.active.info == "Given"
for layer in added:
    assert layer.info.startswith("face, seed ")
    assert layer.frames[0].frame_number == 1
    np.testing.assert_allclose(layer.location, (1, 2, 3))
    for stroke in layer.frames[0].strokes:
        assert (stroke.material_index, stroke.line_width, stroke.hardness) == (2, 57, 0.75)
        assert stroke.points[0].pressure == 0.5
        new = points_of(stroke)
        # On the plane, and about where the head is.
        assert np.abs((new - corner) @ normal).max() < 1e-4
        assert np.abs((new - corner) @ across).max() < 4
    provenance = json.loads(owner.data["creative_gen: " + layer.info])["creative_gen"]
    assert provenance["options"]["seed"] == 5
    assert provenance["options"]["frame"] == "fit"

# The same again, with the panel's settings, which are those that the server tells.
settings.refresh()
panel = bpy.context.window_manager.creative_gen_sketch_complete
panel.category, panel.seed, panel.count = "face", "5", 3
options, asset = settings.chosen(bpy.context, session.tasks("sketch")[0])
assert options == {
    "category": "face", "count": 3, "seed": 5, "temperature": 0.4, "frame": "fit",
    "continue_stroke": False,
}  # fmt: skip
assert asset == ""
first = next(layer for layer in added if not layer.hide)
name, drawn = first.info, strokes_of(first)
owner.data.layers.active = owner.data.layers["Given"]
assert ask.sketch_complete() == {"FINISHED"}
again = owner.data.layers[name + ".001"]
np.testing.assert_equal(strokes_of(again), drawn)

assert ask.sketch_reconstruct(options='{"count": 2}') == {"FINISHED"}

# New drawings: into a new object, in the front view, side by side.
bpy.context.view_layer.objects.active = bpy.data.objects["Cube"]
assert ask.sketch_generate(options='{"category": "pig", "count": 2, "seed": 1}') == {"FINISHED"}
made = next(o for o in bpy.data.objects if o.type == "GPENCIL" and o != owner)
left, right = (np.concatenate(strokes_of(layer)) for layer in made.data.layers)
assert np.ptp(np.concatenate([left, right])[:, 1]) == 0
assert abs(left[:, 0].mean() - right[:, 0].mean()) > 0.5
assert np.ptp(left[:, 2]) <= 2

addon_utils.disable("creative_gen_blender", default_set=True)
print("DRAWINGS DONE")

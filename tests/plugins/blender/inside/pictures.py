"""Runs in Blender: colours and enlarges images."""

import json
import sys

import addon_utils
import bpy
import numpy as np

addon_utils.enable("creative_gen_blender", default_set=True)

from creative_gen_blender import pictures  # noqa: E402

ask = bpy.ops.creative_gen
folder = sys.argv[sys.argv.index("--") + 1]


def pixels_of(image):
    values = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(values)
    return values.reshape(image.size[1], image.size[0], image.channels)


# There and back: the lowest row stays the lowest, colours and alpha stay.
random = np.random.default_rng(0)
values = random.integers(0, 256, (5, 7, 4)).astype(np.float32) / 255
image = bpy.data.images.new("noise", 7, 5, alpha=True)
image.pixels.foreach_set(values.ravel())
back = pictures.add_image("back", pictures.encoder(image)(), {})
np.testing.assert_allclose(pixels_of(back), values, atol=1e-6)
assert back.packed_file is not None

# Linear colours are shown as sRGB: IEC 61966-2-1 puts 0.5 at 0.7354, 0.002 at 12.92 times itself.
light = bpy.data.images.new("light", 2, 1, float_buffer=True)
light.pixels.foreach_set([0.5, 0.5, 0.5, 1, 0.002, 0.002, 0.002, 1])
shown = pixels_of(pictures.add_image("shown", pictures.encoder(light)(), {}))[0, :, 0]
np.testing.assert_allclose(shown, [0.735357, 0.02584], atol=1 / 510)

gray = bpy.data.images.load(folder + "/grey.png")
before = pixels_of(gray)
names = set(bpy.data.images.keys())
assert ask.image_colorize(image="grey.png", options='{"count": 2, "seed": 3}') == {"FINISHED"}
new = sorted(set(bpy.data.images.keys()) - names)
assert new == ["grey, colorize, seed 3", "grey, colorize, seed 4"]
np.testing.assert_equal(pixels_of(gray), before)
colored = pixels_of(bpy.data.images[new[0]])
assert colored.shape[:2] == before.shape[:2]
assert np.ptp(colored[..., :3], axis=2).max() > 0.05
# The lightness is the given one: weights of BT.709 come close to it.
weights = np.array([0.2126, 0.7152, 0.0722])
assert np.abs(colored[..., :3] @ weights - before[..., :3] @ weights).mean() < 0.05
provenance = json.loads(bpy.data.images[new[0]]["creative_gen"])["creative_gen"]
assert provenance["task"] == "image.colorize"
assert provenance["options"]["seed"] == 3

small = bpy.data.images.new("small", 24, 16)
small.pixels.foreach_set(np.tile(np.array([0.2, 0.4, 0.6, 1], np.float32), 24 * 16))
assert ask.image_upscale(image="small", options='{"scale": 3}') == {"FINISHED"}
large = bpy.data.images["small, upscale"]
assert tuple(large.size) == (72, 48)
np.testing.assert_allclose(pixels_of(large)[24, 36, :3], [0.2, 0.4, 0.6], atol=0.03)

# Hints: red in one half.
hints = bpy.data.images.new("hints", *gray.size, alpha=True)
marks = np.zeros_like(before)
marks[100:140, 100:140] = [1, 0, 0, 1]
hints.pixels.foreach_set(marks.ravel())
assert ask.image_colorize(image="grey.png", hints="hints", options='{"seed": 8}') == {"FINISHED"}
hinted = pixels_of(bpy.data.images["grey, colorize, seed 8"])[110:130, 110:130].mean((0, 1))
assert hinted[0] > hinted[1:3].max(), hinted
assert ask.image_edit.poll()

addon_utils.disable("creative_gen_blender", default_set=True)
print("PICTURES DONE")

"""Runs in Blender with a window: it goes on while the server works; one undo; Escape cancels."""

import os
import time
import traceback

import addon_utils
import bpy
import numpy as np

bpy.context.preferences.view.show_splash = False
addon_utils.enable("creative_gen_blender", default_set=True)

from creative_gen_blender import drawings  # noqa: E402
from creative_gen_blender.session import session  # noqa: E402

LONG = '{"category": "pig", "count": 100, "best_of": 1000, "temperature": 1.0}'


def view():
    window = bpy.context.window_manager.windows[0]
    area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
    region = next(region for region in area.regions if region.type == "WINDOW")
    return bpy.context.temp_override(window=window, area=area, region=region)


def layers():
    return [layer.info for layer in bpy.data.objects["Sketch"].data.layers]


def ask(options):
    with view():
        answer = bpy.ops.creative_gen.sketch_complete("INVOKE_DEFAULT", options=options)
    assert answer == {"RUNNING_MODAL"}


def scenario():
    """Each `yield` lets Blender go on."""
    owner = drawings.add_object(bpy.context)
    bpy.context.view_layer.objects.active = owner
    turn = np.linspace(0, 2 * np.pi, 40)
    head = np.stack([np.cos(turn), 0 * turn, np.sin(turn)], 1)
    drawings.add_layer(owner, "Given", [head], drawings.Look(), 1, False)
    owner.data.layers.active = owner.data.layers["Given"]
    bpy.ops.ed.undo_push(message="Given")
    bpy.ops.creative_gen.connect()
    while not hasattr(bpy.types.WindowManager, "creative_gen_sketch_complete"):
        assert session.error is None, session.error
        yield

    ask('{"category": "face", "count": 2, "seed": 1}')
    assert layers() == ["Given"]
    while len(layers()) == 1:
        yield
    assert len(layers()) == 3
    yield
    with view():
        bpy.ops.ed.undo()
    assert layers() == ["Given"]

    ask(LONG)
    yield
    window = bpy.context.window_manager.windows[0]
    for value in ("PRESS", "RELEASE"):
        window.event_simulate(type="ESC", value=value, x=400, y=400)
    ended = []
    while not ended:
        yield
        jobs = session.client.history(5)["jobs"]
        ended = [job for job in jobs if job["request"]["options"].get("best_of") == 1000]
    assert ended[0]["state"] == "cancelled"
    assert layers() == ["Given"]


def step(running=scenario(), begun=time.monotonic()):  # noqa: B008
    try:
        next(running)
        assert time.monotonic() < begun + 300, layers()
    except StopIteration:
        print("WINDOW DONE", flush=True)
        os._exit(0)
    except Exception:
        traceback.print_exc()
        os._exit(1)
    return 0.3


bpy.app.timers.register(step, first_interval=1.0)

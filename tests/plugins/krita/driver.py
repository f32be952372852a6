"""A Krita plugin that does in the real application what an artist does, and writes what it saw.

It runs inside Krita, from a timer: each `yield` waits until a function gives something true.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

from krita import Krita, Selection
from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtGui import QImage
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

FOLDER = Path(os.environ["DRIVER_FOLDER"])
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="150pt">'
    '<g transform="translate(10 5)"><path d="M10 20 L60 70 C70 80 90 80 100 70" fill="none" '
    'stroke="#204080" stroke-width="3"/></g>'
    '<ellipse cx="60" cy="70" rx="40" ry="30" fill="none" stroke="#204080" stroke-width="3"/></svg>'
)

krita = Krita.instance()
seen = {}


def find(window, name):
    return next(d for d in krita.dockers() if d.windowTitle() == name)


def layers_of(document):
    return [node.name() for node in document.rootNode().childNodes()]


def make_document(name, width, height, model="RGBA", depth="U8"):
    document = krita.createDocument(width, height, name, model, depth, "", 72.0)
    krita.activeWindow().addView(document)
    return document


def pixels_of(name):
    """A picture of the folder, as Krita keeps pixels: blue, green, red, alpha."""
    image = QImage(str(FOLDER / name)).convertToFormat(QImage.Format_ARGB32)
    bits = image.constBits()
    bits.setsize(image.byteCount())
    return bytes(bits)


def undo():
    krita.action("edit_undo").trigger()
    krita.activeDocument().waitForDone()


def click(widget):
    QTest.mouseClick(widget, Qt.LeftButton)


def click_item(docker, row):
    item = docker.results.item(row)
    docker.results.scrollToItem(item)
    point = docker.results.visualItemRect(item).center()
    QTest.mouseClick(docker.results.viewport(), Qt.LeftButton, Qt.NoModifier, point)
    krita.activeDocument().waitForDone()
    return item.text()


def choose(docker, task, **options):
    docker.task.setCurrentIndex(docker.task.findData(task))
    for name, value in options.items():
        docker.options[name][1].set_value(value)


def idle(docker):
    return lambda: docker.job is None and not docker.calls


def made(docker):
    """Press Make and wait for the end; how the progress bar went is noted."""
    docker.results.clear()
    began = time.monotonic()
    click(docker.make)
    seen["longest click"] = max(seen.get("longest click", 0.0), time.monotonic() - began)
    states = set()
    heart.longest = 0.0

    def watched():
        if docker.job is not None:
            states.add(docker.progress.format())
        return docker.job is None and not docker.calls

    yield watched
    seen.setdefault("pauses", []).append([docker.task.currentText(), round(heart.longest, 3)])
    seen.setdefault("said", []).append([docker.task.currentText(), docker.wrong.text()])
    return sorted(states)


def texts(docker):
    return [docker.results.item(n).text() for n in range(docker.results.count())]


def layer_undone(document):
    """The layers, and those that are there after one step back."""
    there = layers_of(document)
    undo()
    return there, layers_of(document)


def scenario():
    """All of it; one start of Krita is enough."""
    yield lambda: krita.activeWindow() is not None
    docker = find(krita.activeWindow(), "Creative Gen")
    docker.show()
    for other in krita.dockers():
        if other.windowTitle() in ("Brush Presets", "Advanced Color Selector", "Tool Options"):
            other.hide()
    yield lambda: docker.start.isVisible()
    seen["without a server"] = {"state": docker.state.text(), "make": docker.make.isEnabled()}
    click(docker.start)
    yield lambda: docker.make.isEnabled()
    seen["started"] = {"state": docker.state.text(), "error": docker.wrong.text()}
    offered = range(docker.task.count())
    seen["tasks"] = {docker.task.itemData(n): docker.task.itemText(n) for n in offered}

    click(docker.make)
    seen["no document"] = docker.wrong.text()

    document = make_document("fish", 640, 480)
    yield lambda: krita.activeDocument() is not None
    ink = document.activeNode()
    ink.setName("ink")
    ink.setPixelData(pixels_of("lineart.png"), 0, 0, 640, 480)
    hints = document.createNode("hints", "paintlayer")
    hints.setPixelData(pixels_of("hints.png"), 0, 0, 640, 480)
    document.rootNode().addChildNode(hints, ink)
    hints.setVisible(False)
    document.setActiveNode(ink)
    document.refreshProjection()
    yield from colorize(docker, document)
    yield from small_things(docker, document)
    yield from draw(docker)
    yield from other_space(docker)
    yield from errors(docker)


def colorize(docker, document):
    choose(docker, "image.colorize", count=3, seed=10)
    docker._fill_layers()
    docker.inputs["hints"][1].setCurrentText("hints")
    states = yield from made(docker)
    before = layers_of(document)
    if docker.wrong.text():
        raise AssertionError(docker.wrong.text())
    name = click_item(docker, 1)
    yield lambda: len(layers_of(document)) == 3
    layer = document.rootNode().childNodes()[1]
    pixel = list(bytes(layer.pixelData(300, 165, 1, 1)))
    krita.activeWindow().qwindow().resize(1280, 800)
    window = krita.activeWindow().qwindow()
    window.resizeDocks([docker], [580], Qt.Vertical)
    window.resizeDocks([docker], [330], Qt.Horizontal)
    # A new picture is fitted to its window, and stays so when that changes its size.
    yield lambda: QTest.qWait(1500) or True
    krita.activeWindow().qwindow().grab().save(str(FOLDER / "docker.png"))
    there, after = layer_undone(document)
    seen["colorize"] = {
        "results": texts(docker),
        "clicked": name,
        "states": states,
        "before": before,
        "there": there,
        "undone": after,
        "pixel": pixel,
        "type": layer.type(),
    }
    click_item(docker, 0)
    choose(docker, "image.generate")
    click(docker.again)
    seen["again"] = {
        "task": docker.task.currentText(),
        "count": docker.options["count"][1].value(),
        "seed": docker.options["seed"][1].value(),
    }


def small_things(docker, document):
    document.waitForDone()
    chosen = Selection()
    chosen.select(90, 110, 300, 200, 255)
    document.setSelection(chosen)
    yield lambda: document.selection() is not None
    choose(docker, "image.colorize", seed=1)
    yield from made(docker)
    name = click_item(docker, 0)
    yield lambda: name in layers_of(document)
    bounds = document.nodeByName(name).bounds()
    seen["selection"] = [bounds.x(), bounds.y(), bounds.width(), bounds.height()]
    undo()
    document.setSelection(None)

    choose(docker, "image.upscale", scale=2)
    docker.inputs["image"][1].setCurrentText("ink")
    yield from made(docker)
    count = len(krita.documents())
    click_item(docker, 0)
    larger = krita.activeDocument()
    seen["upscale"] = {
        "opened": len(krita.documents()) - count,
        "size": [larger.width(), larger.height()],
        "old": [document.width(), document.height()],
    }
    choose(docker, "image.generate", count=2, seed=3)
    krita.activeDocument().waitForDone()
    yield from made(docker)
    before = layers_of(krita.activeDocument())
    click_item(docker, 1)
    there, after = layer_undone(krita.activeDocument())
    seen["generate"] = {"before": before, "there": there, "undone": after}


def draw(docker):
    document = make_document("drawing", 400, 300)
    yield lambda: krita.activeDocument().name() == document.name()
    layer = document.createVectorLayer("half")
    document.rootNode().addChildNode(layer, None)
    layer.addShapesFromSvg(SVG)
    document.waitForDone()
    yield lambda: document.setActiveNode(layer) or document.activeNode().name() == "half"
    choose(docker, "sketch.complete", count=4, seed=2, category="cat")
    docker._fill_layers()
    states = yield from made(docker)
    error = docker.wrong.text()
    if error:
        seen["draw"] = {"error": error}
        return
    before = layers_of(document)
    first = docker.results.item(0).data(Qt.UserRole)[0]
    name = click_item(docker, 0)
    result = document.rootNode().childNodes()[-1]
    svg = result.toSvg()
    there, after = layer_undone(document)
    seen["draw"] = {
        "error": error,
        "states": states,
        "name": name,
        "before": before,
        "there": there,
        "undone": after,
        "sent": first["sketch"]["strokes"][:2],
        "strokes": len(first["sketch"]["strokes"]),
        "svg": svg,
        "half": len(layer.shapes()),
    }
    undo()
    seen["draw"]["twice undone"] = len(layer.shapes())


def other_space(docker):
    """Sixteen bits of grey: nothing of the document is converted, and nothing to undo."""
    document = make_document("grey", 64, 48, "GRAYA", "U16")
    yield lambda: krita.activeDocument().name() == document.name()
    node = document.activeNode()
    node.setPixelData(b"\x00\x80\xff\xff" * (64 * 48), 0, 0, 64, 48)
    document.refreshProjection()
    choose(docker, "image.upscale", scale=2)
    docker._fill_layers()
    yield from made(docker)
    opened = docker.results.count()
    choose(docker, "image.generate", count=1, seed=3)
    yield from made(docker)
    before = layers_of(document)
    click_item(docker, 0)
    layer = document.rootNode().childNodes()[-1]
    space = [layer.colorModel(), layer.colorDepth()]
    there, after = layer_undone(document)
    seen["grey"] = {"results": opened, "before": before, "there": there, "undone": after}
    seen["grey"]["space"] = space


def errors(docker):
    choose(docker, "sketch.complete")
    docker._fill_layers()
    click(docker.make)
    seen["no lines"] = docker.wrong.text()

    choose(docker, "sketch.generate", category="nosuch", count=1)
    yield from made(docker)
    seen["no such category"] = docker.wrong.text()
    click(docker.copy)
    yield idle(docker)
    seen["diagnostics"] = QApplication.clipboard().text()

    choose(docker, "sketch.generate", category=None, count=5000)
    click(docker.make)
    yield lambda: docker.job.poll()["state"] == "running"
    click(docker.cancel)
    click(docker.cancel)
    yield idle(docker)
    seen["cancelled"] = {"error": docker.wrong.text(), "make": docker.make.isEnabled()}

    choose(docker, "sketch.generate", count=1)
    yield idle(docker)
    docker.client.server = {**docker.client.server, "token": "stale"}
    yield from made(docker)
    seen["restarted"] = {"error": docker.wrong.text(), "results": docker.results.count()}

    yield idle(docker)
    file = FOLDER / "run" / "creative_gen" / "server.json"
    good = file.read_text()
    file.write_text(json.dumps({**json.loads(good), "token": "wrong"}))
    docker.client.server = {}
    yield from made(docker)
    seen["wrong token"] = docker.wrong.text()

    # No server: its file is gone, and so is what listened.
    yield idle(docker)
    file.unlink()
    docker.client.close()
    docker.client.server = {}
    yield from made(docker)
    seen["gone"] = {"error": docker.wrong.text(), "start": docker.start.isVisible()}
    choose(docker, "image.edit")
    box = docker.options["direction"][1].box
    seen["gone"]["directions"] = [box.itemText(n) for n in range(box.count())]
    choose(docker, "sketch.generate", count=1)
    file.write_text(good)
    file.chmod(0o600)
    yield lambda: not docker.start.isVisible()
    yield from made(docker)
    seen["back"] = {"error": docker.wrong.text(), "results": docker.results.count()}


class Heart:
    """Beats in the thread of Krita's windows, and knows for how long it could not."""

    def __init__(self):
        self.last, self.longest = time.monotonic(), 0.0
        self.timer = QTimer()
        self.timer.timeout.connect(self.beat)
        self.timer.start(10)

    def beat(self):
        now = time.monotonic()
        self.longest, self.last = max(self.longest, now - self.last), now


class Driver:
    def __init__(self):
        self.steps, self.ready = scenario(), lambda: True
        self.began = time.monotonic()
        self.timer = QTimer()
        self.timer.timeout.connect(self.step)
        self.timer.start(30)

    def step(self):
        now = time.monotonic()
        self.timer.stop()
        try:
            if self.ready():
                self.ready, self.began = next(self.steps), time.monotonic()
            elif now - self.began > 90:
                line = self.steps.gi_frame.f_lineno
                raise TimeoutError(f"Waited too long; the scenario is at line {line}.")
        except StopIteration:
            self.end()
            return
        except BaseException:
            self.fail(*sys.exc_info())
        self.timer.start(30)

    def fail(self, kind, error, trace):
        """In the place of Krita's own window, which would wait for a click."""
        seen["fault"] = "".join(traceback.format_exception(kind, error, trace))
        krita.activeWindow().qwindow().grab().save(str(FOLDER / "fault.png"))
        self.end()

    def end(self):
        (FOLDER / "seen.json").write_text(json.dumps(seen))
        # It would ask whether the pictures are to be saved.
        os._exit(0)


heart, driver = Heart(), Driver()
sys.excepthook = driver.fail

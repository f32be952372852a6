"""The docker: asks the server in threads, and looks at what they found from a timer."""

from __future__ import annotations

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtGui import QIcon, QPixmap
from PyQt5.QtWidgets import (
    QApplication,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from krita import DockWidget, Krita

from . import drawing, layers
from .creative_gen_client import (
    Client,
    CreativeGenError,
    choices_of,
    connect,
    diagnostics,
    fields,
    file,
    later,
    options_of,
    tasks_for,
    title,
)
from .option_widgets import widget_for
from .pictures import THUMBNAIL, pictures_of

TOOL = "krita"
TICK = 100
"""Milliseconds between two looks at what the threads found."""
LOOK = 30
"""Ticks between two looks whether the server is there."""
ACTIVE, NOTHING = "the active layer", "nothing"
LIGHTS = {"ready": "#3fa34d", "starting": "#e0a030", "gone": "#888888", "error": "#c0392b"}


class CreativeGenDocker(DockWidget):
    """Creative Gen in Krita."""

    def __init__(self):
        super().__init__()
        self.setWindowTitle("Creative Gen")
        self.client = Client(TOOL)
        # What was told last stays in `known`, so that one can choose while the server is away.
        self.capabilities, self.known = None, {}
        self.calls, self.job = [], None
        self.error, self.ticks = None, 0
        self.tasks, self.offered = [], []
        self.inputs, self.options = {}, {}
        self.asked = self.done = None
        self._build()
        self.timer = QTimer(self)
        self.timer.timeout.connect(self._tick)
        self.timer.start(TICK)
        self._look()

    def canvasChanged(self, canvas):  # noqa: N802, Krita calls it so
        """Krita tells that another picture is looked at."""
        self._fill_layers()

    # The widgets

    def _build(self):
        body = QWidget()
        column = QVBoxLayout(body)
        self.light, self.state = QLabel("●"), QLabel()
        self.start = _button("Start", "Start creative-gen serve", self._start)
        self.task, self.asset = QComboBox(), QComboBox()
        self.task.currentIndexChanged.connect(self._choose_task)
        self.asset.currentIndexChanged.connect(self._choose_asset)
        options, self.form = QScrollArea(), QFormLayout()
        options.setWidgetResizable(True)
        options.setWidget(QWidget())
        options.widget().setLayout(self.form)
        options.setMinimumHeight(90)
        self.make = _button("Make", "", self._make)
        self.cancel = _button("Cancel", "", self._cancel)
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        self.wrong.setTextInteractionFlags(Qt.TextSelectableByMouse)
        self.wrong.setStyleSheet(f"color: {LIGHTS['error']}")
        self.copy = _button("Copy diagnostics", "What a report needs, nothing private", self._copy)
        self.again = _button(
            "Use these settings", "Set all options, and the seed, as they were", self._use_settings
        )
        self._build_results()
        column.addLayout(_row(self.light, self.state, None, self.start))
        column.addWidget(self.task)
        column.addWidget(options, 1)
        column.addLayout(_row(self.make, self.progress, self.cancel))
        for widget in (self.wrong, self.copy):
            column.addWidget(widget)
        column.addWidget(self.results, 1)
        column.addWidget(self.again)
        self.setWidget(body)
        self._show_error(None)
        self._show_light("starting", "Looking for the server ...")
        self._show_working()

    def _build_results(self):
        self.results = QListWidget()
        self.results.setViewMode(QListWidget.IconMode)
        self.results.setIconSize(THUMBNAIL)
        self.results.setResizeMode(QListWidget.Adjust)
        self.results.setMovement(QListWidget.Static)
        self.results.setMinimumHeight(130)
        self.results.setToolTip("A click puts it above the layer that it was made of.")
        self.results.itemClicked.connect(self._apply)

    def _show_light(self, state, text):
        self.light.setStyleSheet(f"color: {LIGHTS[state]}")
        self.state.setText(text)
        self.start.setVisible(state == "gone")

    def _show_error(self, error):
        self.error = error
        self.wrong.setText("" if error is None else f"{error.message}\n{error.hint}".strip())
        self.wrong.setVisible(error is not None)
        self.copy.setVisible(error is not None)

    def _show_working(self):
        working = self.job is not None
        offers = self.capabilities is not None and bool(self.offered)
        self.make.setEnabled(not working and offers)
        self.cancel.setVisible(working)
        self.progress.setVisible(working)
        self.again.setVisible(self.asked is not None and not working)

    # The server

    def _run(self, after, function, *arguments):
        """Call a function in a thread, and `after` with its call when it has returned."""
        self.calls.append((later(function, *arguments), after))

    def _look(self):
        self._run(self._looked, _look_at, self.client, self.capabilities is None)

    def _looked(self, call):
        try:
            health, capabilities = call.result()
        except CreativeGenError as error:
            self.capabilities = None
            self._show_light("gone", error.message)
            if error.code not in ("server_not_running", "starting"):
                self._show_error(error)
            self._show_working()
            return
        self._show_light("ready", f"creative_gen {health['version']}")
        self.capabilities = self.known = capabilities
        if capabilities["tasks"] != self.tasks:
            self.tasks = capabilities["tasks"]
            self._fill_tasks()
        self._show_working()

    def _start(self):
        self._show_light("starting", "The server starts ...")
        self._show_error(None)
        self._run(self._started, connect, TOOL, True)

    def _started(self, call):
        try:
            call.result().close()
        except CreativeGenError as error:
            self._show_light("gone", "The server is not running.")
            self._show_error(error)
            return
        self._look()

    def _tick(self):
        self.ticks += 1
        ended = [(call, after) for call, after in self.calls if call.done]
        self.calls = [one for one in self.calls if one not in ended]
        for call, after in ended:
            after(call)
        if self.job is not None:
            self._watch()
        elif not self.calls and self.ticks % LOOK == 0 and self.isVisible():
            self._look()

    # What is asked for

    def _fill_tasks(self):
        chosen = self.task.currentData()
        self.offered = tasks_for(self.capabilities, ["image", "sketch"])
        self.task.blockSignals(True)
        self.task.clear()
        for task in self.offered:
            self.task.addItem(title(task["name"]), task["name"])
            self.task.setItemData(self.task.count() - 1, task["summary"], Qt.ToolTipRole)
        self.task.setCurrentIndex(max(0, self.task.findData(chosen)))
        self.task.blockSignals(False)
        if self.offered:
            self._choose_task()

    def _choose_task(self):
        task = self._task()
        self.asset.blockSignals(True)
        self.asset.clear()
        self.asset.addItems(["automatic", *(asset["name"] for asset in task["assets"])])
        self.asset.blockSignals(False)
        self._choose_asset()

    def _choose_asset(self):
        """Make the widgets of a task's inputs and options."""
        task, asset = self._task(), self._asset()
        # They stay: the form deletes all others with their rows.
        self.asset.setParent(None)
        while self.form.rowCount():
            self.form.removeRow(0)
        self.form.addRow("Model", self.asset)
        self.asset.show()
        self.inputs = {given["name"]: (given, QComboBox()) for given in task["inputs"]}
        for given, box in self.inputs.values():
            box.setToolTip(given["help"])
            self.form.addRow(given["name"].capitalize(), box)
        self._fill_layers()
        found = fields(options_of(task, asset))
        choices = {f.name: choices_of(self.known, task, f.name, asset) for f in found}
        self.options = {f.name: (f, widget_for(f, choices[f.name])) for f in found}
        for field, widget in self.options.values():
            self.form.addRow(field.label, widget.box)

    def _fill_layers(self):
        """Name the layers that inputs may be; those that were chosen stay chosen."""
        document = Krita.instance().activeDocument()
        names = [node.name() for node in layers.layers_of(document)] if document else []
        for index, (given, box) in enumerate(self.inputs.values()):
            first = [ACTIVE] if index == 0 else []
            offered = [*first, *([] if given["required"] else [NOTHING]), *names]
            chosen = box.currentText()
            box.clear()
            box.addItems(offered)
            box.setCurrentIndex(max(0, box.findText(chosen)))

    def showEvent(self, event):  # noqa: N802, Qt calls it so
        """Layers may have come and gone while the docker was hidden."""
        self._fill_layers()
        super().showEvent(event)

    def enterEvent(self, event):  # noqa: N802
        """Krita does not tell of new layers: look when the pen comes here."""
        self._fill_layers()
        super().enterEvent(event)

    def _task(self):
        return self.offered[max(0, self.task.currentIndex())]

    def _asset(self):
        return self.asset.currentText() if self.asset.currentIndex() > 0 else None

    def _make(self):
        try:
            self._show_error(None)
            inputs, self.source = self._given()
            options = {
                name: widget.value()
                for name, (field, widget) in self.options.items()
                if widget.value() != field.default
            }
            self.job = self.client.submit(
                self._task()["name"], inputs, options, self._asset(), fetch=True
            )
        except CreativeGenError as error:
            self._show_error(error)
        self._show_working()

    def _given(self):
        """The inputs, and what the results need to know of where they came from."""
        document = layers.open_document()
        active, area = layers.active_layer(document), layers.area_of(document)
        by_name = {node.name(): node for node in reversed(layers.layers_of(document))}
        inputs, sent, style = {}, None, ("#000000", 2.0)
        for name, (given, box) in self.inputs.items():
            chosen = box.currentText()
            if chosen == NOTHING:
                continue
            node = active if chosen == ACTIVE else by_name.get(chosen, active)
            sent = sent or node
            if given["medium"] == "sketch":
                strokes = drawing.strokes_of(node, document.resolution())
                size = [document.width(), document.height()]
                inputs[name] = {"sketch": {"strokes": strokes, "size": size}}
                style = drawing.style_of(node)
            else:
                inputs[name] = file(layers.png_of(node, area), "image/png")
        return inputs, {"area": area, "style": style, "layer": sent}

    def _cancel(self):
        if self.job is not None:
            self.job.cancel()

    # What comes back

    def _watch(self):
        document = self.job.poll()
        place, state = document["place"], document["state"]
        waiting = f"{place} before it" if state == "queued" and place else state
        self.progress.setFormat("%p %" if state == "running" else waiting)
        self.progress.setValue(round(100 * (document["progress"] or 0)))
        if not self.job.ended:
            return
        job, self.job = self.job, None
        if state == "failed":
            error = CreativeGenError.of(document["error"] or {})
            self._show_error(error)
            if error.code == "server_not_running":
                self._show_light("gone", error.message)
        elif state == "done":
            self.done = document
            self._run(self._show_results, pictures_of, job, document)
        self._show_working()

    def _show_results(self, call):
        """Show what a thread made of the results of `self.done`."""
        document = self.done
        self.asked = document["request"]
        self.results.clear()
        for result, (picture, thumbnail) in zip(document["results"], call.result()):
            details = {**(self.asked.get("options") or {}), **(result.get("details") or {})}
            seed = details.get("seed")
            name = result["name"].rsplit(".", 1)[0]
            item = QListWidgetItem(name if seed is None else f"{name}, seed {seed}")
            item.setIcon(QIcon(QPixmap.fromImage(thumbnail)))
            item.setToolTip("\n".join([item.text(), *(result.get("notes") or [])]))
            item.setData(Qt.UserRole, (result, picture))
            self.results.addItem(item)
        self._show_working()

    def _apply(self, item):
        """Put a result above what was sent; open it, if it is larger than that."""
        result, picture = item.data(Qt.UserRole)
        try:
            document = layers.open_document()
            below = layers.same_layer(document, self.source["layer"])
            resolution = document.resolution()
            area, name = self.source["area"], item.text()
            if picture is None:
                strokes = result["sketch"]["strokes"]
                svg = drawing.svg_of(strokes, self.source["style"], resolution)
                layers.add_shapes(document, below, svg, name)
            elif self.source["layer"] and picture.width() > area.width():
                layers.open_image(picture, name, resolution)
            else:
                layers.add_layer(document, below, picture, name, area)
        except CreativeGenError as error:
            self._show_error(error)

    def _use_settings(self):
        """Set the widgets as they were for the results that are shown."""
        self.task.setCurrentIndex(max(0, self.task.findData(self.asked["task"])))
        self.asset.setCurrentIndex(max(0, self.asset.findText(self.asked.get("asset") or "")))
        for name, value in (self.asked.get("options") or {}).items():
            if name in self.options:
                self.options[name][1].set_value(value)

    def _copy(self):
        version = f"Krita {Krita.instance().version()}"
        error = self.error.document() if self.error else None
        self._run(_copied, diagnostics, TOOL, version, error)


def _copied(call):
    QApplication.clipboard().setText(call.result())


def _look_at(client, fresh):
    return client.health(), client.capabilities(fresh)


def _button(text, help, clicked):
    button = QPushButton(text)
    button.setToolTip(help)
    button.clicked.connect(clicked)
    return button


def _row(*widgets):
    """A row of widgets; None takes what room is left."""
    row = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row

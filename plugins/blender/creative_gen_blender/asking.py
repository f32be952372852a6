"""How an operator asks the server: without holding Blender up, or waiting in a script."""

from __future__ import annotations

import json
from typing import Any, Dict

import bpy

from . import settings
from .creative_gen_client import CreativeGenError, Job, file, later
from .session import session

SECONDS = 0.05
"""Between two looks at a job."""

Document = Dict[str, Any]


class Ask:
    """What the operators of all tasks share; a task's operator gives `task` and the two methods."""

    task = ""
    bl_options = {"REGISTER", "UNDO"}

    options: bpy.props.StringProperty(
        name="Options",
        description="The task's options as JSON; those of the panel if it is empty",
    )
    asset: bpy.props.StringProperty(
        name="Asset", description="The model's name; chosen by what is asked for if it is empty"
    )

    def inputs(self, context: Any) -> Document:
        """What is sent; what gives a PNG when it is called stands for a picture.

        Raises:
            CreativeGenError: it is not there.
        """
        raise NotImplementedError

    def apply(self, context: Any, job: Job) -> None:
        """Add the results of a job that is done."""
        raise NotImplementedError

    def execute(self, context: Any) -> set[str]:
        """Ask, and wait: for scripts, and when Blender has no window."""
        try:
            job = self._submit(self._begun(context))
            job.result()
            self.apply(context, job)
        except CreativeGenError as error:
            return self._fail(error)
        return {"FINISHED"}

    def invoke(self, context: Any, event: Any) -> set[str]:
        """Ask, and let Blender go on."""
        if bpy.app.background or context.window is None:
            return self.execute(context)
        try:
            self.call = later(self._submit, self._begun(context))
        except CreativeGenError as error:
            return self._fail(error)
        self.job: Job | None = None
        manager = context.window_manager
        self.timer = manager.event_timer_add(SECONDS, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        """Look at the job; Escape cancels it."""
        if event.type == "ESC" and event.value == "PRESS":
            self.cancel(context)
            self.report({"INFO"}, "Creative Gen: cancelled.")
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            return self._look(context)
        except CreativeGenError as error:
            self._quiet(context)
            return self._fail(error)

    def cancel(self, context: Any) -> None:
        """Called when Blender ends, too."""
        if self.job is not None:
            self.job.cancel()
        else:
            call = self.call
            later(lambda: call.result().cancel())
        self._quiet(context)

    def _begun(self, context: Any) -> tuple[Document, Document, str]:
        """The request, gathered in Blender's own thread."""
        inputs, asset = self.inputs(context), self.asset
        if self.options.strip():
            return inputs, _json(self.options), asset
        task = next((one for one in _tasks() if one["name"] == self.task), None)
        options, chosen = settings.chosen(context, task) if task else ({}, "")
        return inputs, options, asset or chosen

    def _submit(self, request: tuple[Document, Document, str]) -> Job:
        inputs, options, asset = request
        options = {**settings.DEFAULTS.get(self.task, {}), **options}
        # Here, in a thread: it takes seconds for large pictures.
        inputs = {k: file(given()) if callable(given) else given for k, given in inputs.items()}
        client = session.connect()
        return client.submit(self.task, inputs, options, asset or None, fetch=True)

    def _look(self, context: Any) -> set[str]:
        if self.job is None:
            if not self.call.done:
                _tell(context, "Creative Gen: waiting for the server. Escape cancels.")
                return {"RUNNING_MODAL"}
            self.job = self.call.result()
            settings.refresh()
        document = self.job.poll()
        if not self.job.ended:
            _tell(context, _progress(document))
            return {"RUNNING_MODAL"}
        self._quiet(context)
        self.job.result()
        self.apply(context, self.job)
        session.error = None
        for area in context.screen.areas:
            area.tag_redraw()
        return {"FINISHED"}

    def _quiet(self, context: Any) -> None:
        if self.timer is not None:
            context.window_manager.event_timer_remove(self.timer)
            self.timer = None
        _tell(context, None)

    def _fail(self, error: CreativeGenError) -> set[str]:
        session.fail(error)
        self.report({"ERROR"}, f"{error.message} {error.hint}".strip())
        return {"CANCELLED"}


def _tell(context: Any, text: str | None) -> None:
    if context.workspace is not None:
        context.workspace.status_text_set(text)


def _progress(document: Document) -> str:
    place = document["place"]
    where = f"{place} before it" if place else f"{document['progress']:.0%}"
    return f"Creative Gen: {where}. Escape cancels."


def _tasks() -> Any:
    return [*session.tasks("sketch"), *session.tasks("image")]


def _json(text: str) -> Document:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise CreativeGenError(
            "invalid_request", "The options are no JSON object.", 'Write {"category": "cat"}, say.'
        )
    return found

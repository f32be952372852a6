"""Inputs of the wire to values, and results to what the wire tells of them."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from creative_gen.engine.job import Job
from creative_gen.formats.content_types import CONTENT_TYPES
from creative_gen.formats.medium import Document, checked_format, encode, read_document, stem
from creative_gen.formats.sketch import SketchDocument
from creative_gen.formats.sketch_json import json_of_sketch, sketch_of_json
from creative_gen.interface.jobs import Output, Progress, Result
from creative_gen.interface.tasks import Medium, task_named
from creative_gen.interface.values import Labels, Value
from creative_gen.interface.wire import json_of_labels, provenance
from creative_gen.media.image import Image
from creative_gen.media.sketch import Sketch
from creative_gen.server.blobs import blob_path

PROGRESS_SECONDS = 0.1
PREVIEW_SECONDS = 0.25


def read_inputs(task: str, given: Mapping[str, Any]) -> dict[str, Document]:
    """The inputs of a job.

    Args:
        task: str. A task's name.
        given: for each input, `path` and `content_type` of a file, or a `sketch`.

    Raises:
        MediaError: one cannot be read.
        InvalidMedia: one is not of its medium.
    """
    media = {one.name: one.medium for one in task_named(task).inputs}
    return {name: _document(media[name], one) for name, one in given.items()}


def _document(medium: Medium, given: Mapping[str, Any]) -> Document:
    if "sketch" in given:
        return SketchDocument(sketch_of_json(given["sketch"]), "")
    return read_document(medium, Path(given["path"]), given["content_type"])


class Maker:
    """Makes the job document's parts of what a job yields.

    Args:
        folder: Path. That of the blobs, where files go.
        job: engine.Job. What is run.
        documents: its inputs.
        file_format: str. What is asked for; None for the default.

    Raises:
        InvalidRequest: results cannot be written in that format.
        MediaError: this result cannot.
    """

    def __init__(
        self,
        folder: Path,
        job: Job,
        documents: Mapping[str, Document],
        file_format: str | None,
    ) -> None:
        task = task_named(job.request.task)
        self._folder = folder
        self._job = job
        self._medium = task.output
        self._format = checked_format(task.output, file_format, job.request)
        self._first = next(iter(documents.values()), None)
        self._notes = [note for document in documents.values() for note in document.notes]
        self._told = self._shown = -1.0

    @property
    def started(self) -> dict[str, Any]:
        """What is known before anything is made."""
        return {"asset": self._job.origin.asset, "options": dict(self._job.origin.options)}

    def progress(self, event: Progress) -> dict[str, Any] | None:
        """How far it is; None if that was told a moment ago."""
        now = time.monotonic()
        if now - self._told < PROGRESS_SECONDS:
            return None
        self._told = now
        preview = []
        if event.preview and now - self._shown >= PREVIEW_SECONDS:
            self._shown = now
            preview = [shown for shown in map(self._preview, event.preview) if shown]
        return {"fraction": event.fraction, "preview": preview}

    def results(self, result: Result) -> dict[str, Any]:
        """What was made; its files are in the folder."""
        made = [self._result(result, *numbered) for numbered in enumerate(result.outputs, 1)]
        facts = provenance(result, result.outputs[0])["creative_gen"] if result.outputs else {}
        return {"results": made, "provenance": {k: v for k, v in facts.items() if k != "output"}}

    def _result(self, result: Result, number: int, output: Output) -> dict[str, Any]:
        notes = list(dict.fromkeys([*self._notes, *output.notes]))
        told: dict[str, Any] = {"details": dict(output.details), "notes": notes}
        if isinstance(output.value, Labels):
            return told | {"labels": json_of_labels(output.value)}
        if isinstance(output.value, Sketch):
            told["sketch"] = json_of_sketch(output.value)
        assert self._format is not None
        content = encode(self._medium, result, output, self._first, self._format)
        name = stem(self._medium, result)
        told["name"] = f"{name}-{number}.{self._format}"
        return told | self._kept(content, CONTENT_TYPES[self._format])

    def _preview(self, value: Value) -> dict[str, Any] | None:
        if isinstance(value, Sketch):
            return {"sketch": json_of_sketch(value)}
        if isinstance(value, Image):
            from creative_gen.media.image_files import image_bytes

            return self._kept(image_bytes(value, "png", {}), "image/png")
        return None

    def _kept(self, content: bytes, content_type: str) -> dict[str, Any]:
        blob = hashlib.sha256(content).hexdigest()
        keep_file(blob_path(self._folder, blob), content)
        return {"blob": blob, "content_type": content_type, "bytes": len(content)}


def keep_file(path: Path, content: bytes) -> None:
    """Write a file that nobody sees before it is whole.

    Raises:
        OSError: the disk is full, or cannot be written.
    """
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise

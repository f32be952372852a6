"""What a tool asks for through the spool."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from creative_gen.server.documents import InputValue, JobRequest, SketchValue
from creative_gen.server.errors import WireError
from creative_gen.server.spool_files import is_plain

_HINT = 'Write {"task": ..., "inputs": {"image": {"file": "NAME.png"}}, "options": {...}}.'


class SpoolInput(InputValue):
    """An input: a file in the spool, or a drawing."""

    blob: None = None
    file: Annotated[str, Field(max_length=120)] | None = None

    @model_validator(mode="after")
    def _one(self) -> SpoolInput:
        if (self.file is None) == (self.sketch is None):
            raise ValueError('an input is {"file": "NAME.png"} or {"sketch": {...}}')
        if self.file is not None and not is_plain(self.file):
            raise ValueError("names of files are letters, digits, - and _, with one suffix")
        return self


class SpoolRequest(JobRequest):
    """A job whose files are in the spool.

    `waiting` says that the tool writes NAME.waiting every few seconds while it waits.
    """

    inputs: dict[str, SpoolInput] = Field({}, max_length=16)  # type: ignore[assignment]
    waiting: bool = False


def is_whole(text: bytes) -> bool:
    """Whether this is a whole JSON document: no beginning of an object is one."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def parsed(text: bytes) -> SpoolRequest:
    """The request that a file holds.

    Raises:
        WireError: it is none.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError("invalid_request", "The request is not JSON.", _HINT) from error
    try:
        return SpoolRequest.model_validate(document)
    except ValidationError as error:
        raise WireError("invalid_request", _fault(error), _HINT) from error


def job_request(asked: SpoolRequest, blobs: dict[str, str]) -> JobRequest:
    """The request of a job, its files being blobs now.

    Args:
        asked: SpoolRequest.
        blobs: the id of each file, by the name of its input.
    """
    inputs: dict[str, Any] = {
        name: {"blob": blobs[name]} if name in blobs else {"sketch": _drawn(given.sketch)}
        for name, given in asked.inputs.items()
    }
    fields = asked.model_dump(exclude={"inputs", "waiting"})
    return JobRequest.model_validate({**fields, "inputs": inputs})


def _drawn(sketch: SketchValue | None) -> dict[str, Any] | None:
    return sketch.model_dump() if sketch else None


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    message = first["msg"]
    told = f"{message[:1].lower()}{message[1:]}"
    return f"'{name}' is not valid: {told}." if name else f"The request is not valid: {told}."

"""Checks what was asked for against the declarations."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.jobs import Request
from creative_gen.interface.options import MAX_SEED, Options
from creative_gen.interface.tasks import Input, Task
from creative_gen.interface.values import Value, as_value, medium_of

_WANTED = {
    "sketch": ("a sketch", "a Sketch"),
    "labels": ("labels", "Labels"),
    "audio": ("sound", "an Audio"),
    "music": ("notes", "a NoteSequence"),
    "image": ("a picture", "an Image, or a Pillow image"),
}
"""A value of each medium, and its type, as a sentence names them."""


def checked_inputs(task: Task, given: Mapping[str, Any]) -> dict[str, Value]:
    """The inputs among what was given by name, those that are not required only if they are there.

    Raises:
        InvalidRequest: one is missing, or of another type.
    """
    return {
        one.name: _checked_input(task, one, given.get(one.name))
        for one in task.inputs
        if one.required or given.get(one.name) is not None
    }


def checked_request(task: Task, kind: type[Options], given: Mapping[str, Any]) -> Request:
    """The request made of a task's inputs and options by name.

    Raises:
        InvalidRequest: an input or an option is missing, unknown, of another type, out of bounds,
            or does not fit the others.
    """
    inputs = checked_inputs(task, given)
    names = {one.name for one in task.inputs}
    rest = {name: value for name, value in given.items() if name not in names}
    options = checked_options(kind, rest)
    options.check(inputs)
    return Request(task.name, inputs, options)


def checked_options(kind: type[Options], given: Mapping[str, Any]) -> Options:
    """Complete options from those given, with a seed drawn where there is none.

    Raises:
        InvalidRequest: an option is unknown, of another type, or out of bounds.
    """
    try:
        options = kind.model_validate(dict(given))
    except ValidationError as error:
        raise InvalidRequest(
            _fault(error), f"The options are {', '.join(map(shown, kind.model_fields))}."
        ) from error
    if "seed" in kind.model_fields and getattr(options, "seed", None) is None:
        return options.model_copy(update={"seed": secrets.randbelow(MAX_SEED + 1)})
    return options


def shown(name: str) -> str:
    """An option's name as users know it; a field cannot be called as Python's own words are."""
    return name.removesuffix("_")


def _checked_input(task: Task, declared: Input, given: Any) -> Value:
    value: Any = as_value(given)
    if medium_of(value) != declared.medium:
        value_name, type_name = _WANTED[declared.medium]
        raise InvalidRequest(
            f"{task.name} needs {value_name} as '{declared.name}'.",
            f"Give {declared.name}= {type_name}.",
        )
    checked: Value = value
    return checked


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(shown(str(part)) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"There is no option '{name}' here."
    message = first["msg"]
    return f"The option '{name}' is not valid: {message[:1].lower()}{message[1:]}."

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
from creative_gen.interface.values import Labels, Value
from creative_gen.media.sketch import Sketch

_MEDIA: dict[str, type[Value]] = {"sketch": Sketch, "labels": Labels}


def checked_request(task: Task, kind: type[Options], given: Mapping[str, Any]) -> Request:
    """The request made of a task's inputs and options by name.

    Raises:
        InvalidRequest: an input or an option is missing, unknown, of another type, or out of
            bounds.
    """
    inputs = {one.name: _checked_input(task, one, given.get(one.name)) for one in task.inputs}
    rest = {name: value for name, value in given.items() if name not in inputs}
    return Request(task.name, inputs, checked_options(kind, rest))


def checked_options(kind: type[Options], given: Mapping[str, Any]) -> Options:
    """Complete options from those given, with a seed drawn where there is none.

    Raises:
        InvalidRequest: an option is unknown, of another type, or out of bounds.
    """
    try:
        options = kind.model_validate(dict(given))
    except ValidationError as error:
        raise InvalidRequest(
            _fault(error), f"The options are {', '.join(kind.model_fields)}."
        ) from error
    if "seed" in kind.model_fields and getattr(options, "seed", None) is None:
        return options.model_copy(update={"seed": secrets.randbelow(MAX_SEED + 1)})
    return options


def _checked_input(task: Task, declared: Input, value: Any) -> Value:
    wanted = _MEDIA[declared.medium]
    if not isinstance(value, wanted):
        raise InvalidRequest(
            f"{task.name} needs a {declared.medium} as '{declared.name}'.",
            f"Give {declared.name}= a {wanted.__name__}.",
        )
    return value


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"There is no option '{name}' here."
    message = first["msg"]
    return f"The option '{name}' is not valid: {message[:1].lower()}{message[1:]}."

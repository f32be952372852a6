"""Options that are wrong are told so at once, by their JSON Schema; the engine looks again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal, Union

from pydantic import Field, TypeAdapter, ValidationError

from creative_gen.server.errors import WireError

Schema = Mapping[str, Any]

_TYPES = {"integer": int, "number": float, "boolean": bool, "string": str, "null": None}
_BOUNDS = {"minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt"}


def check_options(task: Schema, asset: str | None, options: Mapping[str, Any]) -> None:
    """Refuse options that no asset would take, or that the named one would not.

    Args:
        task: as the capabilities describe it.
        asset: str. An asset's name, None for any that does the task.
        options: by name.

    Raises:
        WireError: `invalid_request`.
    """
    assets = [one for one in task["assets"] if asset in (None, one["name"])]
    schemas = [one.get("options", task["options"]) for one in assets]
    faults = [_fault(schema, options) for schema in schemas]
    if faults and all(faults):
        names = ", ".join(schemas[0].get("properties", {}))
        raise WireError("invalid_request", faults[0], f"The options are {names}.")


def _fault(schema: Schema, options: Mapping[str, Any]) -> str:
    known, shared = schema.get("properties", {}), schema.get("$defs", {})
    for name, value in options.items():
        if name not in known and schema.get("additionalProperties") is False:
            return f"There is no option '{name}' here."
        try:
            _adapter(json.dumps([known.get(name, {}), shared])).validate_python(value)
        except ValidationError as error:
            told = error.errors()[0]["msg"]
            return f"The option '{name}' is not valid: {told[:1].lower()}{told[1:]}."
    return ""


@lru_cache(maxsize=256)
def _adapter(schema: str) -> TypeAdapter[Any]:
    return TypeAdapter(_type_of(*json.loads(schema)))


def _type_of(schema: Schema, shared: Schema) -> Any:
    """The type that a schema describes; what is not understood is left to the engine."""
    if "$ref" in schema:
        return _type_of(shared.get(schema["$ref"].rpartition("/")[2], {}), {})
    if "anyOf" in schema:
        return Union[tuple(_type_of(one, shared) for one in schema["anyOf"])]  # noqa: UP007
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    bounds = {ours: schema[theirs] for theirs, ours in _BOUNDS.items() if theirs in schema}
    return Annotated[_TYPES.get(str(schema.get("type")), Any), Field(**bounds)]

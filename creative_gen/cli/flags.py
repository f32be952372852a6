"""Turns the declared options of a task into command line flags."""

from __future__ import annotations

from collections.abc import Iterable
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import click
from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from creative_gen.interface.options import Options


def flags(kinds: Iterable[type[Options]]) -> list[click.Option]:
    """A flag for every field of the option classes. One that is not given is None."""
    fields: dict[str, FieldInfo] = {}
    for kind in kinds:
        fields |= kind.model_fields
    return [flag(name, field) for name, field in fields.items()]


def flag(name: str, field: FieldInfo) -> click.Option:
    """The flag of one field: its type, its bounds, its help and its default."""
    dashed = name.replace("_", "-")
    kind = plain_type(field.annotation)
    help_text = f"{field.description or ''}{_default(field)}"
    if kind is bool:
        return click.Option([f"--{dashed}/--no-{dashed}"], default=None, help=help_text)
    return click.Option([f"--{dashed}"], type=parameter_type(kind, field), help=help_text)


def parameter_type(kind: Any, field: FieldInfo) -> click.ParamType[Any]:
    """The click type of a field, bounds included."""
    if get_origin(kind) is Literal:
        return click.Choice([str(choice) for choice in get_args(kind)])
    low = next((rule.ge for rule in field.metadata if isinstance(rule, Ge)), None)
    high = next((rule.le for rule in field.metadata if isinstance(rule, Le)), None)
    if kind is int:
        return click.IntRange(low, high)  # type: ignore[arg-type]
    if kind is float:
        return click.FloatRange(low, high)  # type: ignore[arg-type]
    return click.STRING


def plain_type(annotation: Any) -> Any:
    """The type without `| None`."""
    if get_origin(annotation) in (Union, UnionType):
        return next(part for part in get_args(annotation) if part is not NoneType)
    return annotation


def _default(field: FieldInfo) -> str:
    return "" if field.default is None else f"  [default: {field.default}]"

"""Turns the declared options of a task into command line flags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import click
from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from creative_gen.interface.options import Options


def flags(kinds: Iterable[type[Options]]) -> list[click.Option]:
    """A flag for every field of the option classes; that of the first class that has it.

    One that is not given is None: the engine fills in the defaults, and checks what the asset's
    own family says of the option.
    """
    fields: dict[str, FieldInfo] = {}
    for kind in kinds:
        fields = {**kind.model_fields, **fields}
    return [flag(name, field) for name, field in fields.items()]


def flag(name: str, field: FieldInfo) -> click.Option:
    """The flag of one field: its type, its bounds, its help and its default.

    One that ends in "_", because Python has a word of that name, loses it: --from.
    """
    dashed = name.rstrip("_").replace("_", "-")
    kind = plain_type(field.annotation)
    help_text = field.description or ""
    if kind is bool:
        default = f"  [default: {'' if field.default else 'no-'}{dashed}]"
        names = [name, f"--{dashed}/--no-{dashed}"]
        return click.Option(names, default=None, help=help_text + default)
    if field.default is not None and not field.is_required():
        help_text += f"  [default: {field.default}]"
    return click.Option(
        [name, f"--{dashed}"],
        type=parameter_type(kind, field),
        callback=_chosen(get_args(kind)) if get_origin(kind) is Literal else None,
        help=help_text,
    )


def parameter_type(kind: Any, field: FieldInfo) -> click.ParamType[Any]:
    """The click type of a field, bounds included."""
    if get_origin(kind) is Literal:
        return click.Choice([str(choice) for choice in get_args(kind)])
    if kind not in (int, float):
        return click.STRING
    low, min_open = _bound(field, Ge, Gt)
    high, max_open = _bound(field, Le, Lt)
    number_range = click.IntRange if kind is int else click.FloatRange
    return number_range(low, high, min_open=min_open, max_open=max_open)


def plain_type(annotation: Any) -> Any:
    """The type without `| None`."""
    if get_origin(annotation) in (Union, UnionType):
        return next(part for part in get_args(annotation) if part is not NoneType)
    return annotation


def _chosen(choices: Sequence[Any]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """What turns the text of a choice into the choice, which may be a number."""
    texts = {str(choice): choice for choice in choices}
    return lambda context, parameter, text: texts.get(text)


def _bound(field: FieldInfo, closed: type, strict: type) -> tuple[Any, bool]:
    """A bound, None if there is none, and whether it is itself out of bounds."""
    for rule in field.metadata:
        if isinstance(rule, closed | strict):
            return getattr(rule, type(rule).__name__.lower()), isinstance(rule, strict)
    return None, False

"""The widgets of the panels, made from what the server says that it can do."""

from __future__ import annotations

from typing import Any

import bpy

from .creative_gen_client import Field, choices_of, fields, options_of
from .session import session

LARGEST = 2**31 - 1
"""The largest whole number that a widget of Blender takes: larger ones are typed as text."""

_made: dict[str, Any] = {}

DEFAULTS: dict[str, dict[str, Any]] = {
    # Space has no page that a drawing could fill.
    "sketch.complete": {"frame": "fit", "count": 1},
    "sketch.reconstruct": {"count": 1},
    "sketch.generate": {"count": 4},
}
"""What suits Blender better than the tasks' own defaults."""


class Common(bpy.types.PropertyGroup):
    """What the panels remember besides the options."""

    hints: bpy.props.StringProperty(
        name="Hints", description="A transparent image with a few strokes of colour"
    )


CLASSES = (Common,)


def register() -> None:
    """Make room for the settings; they last until Blender ends."""
    bpy.types.WindowManager.creative_gen = bpy.props.PointerProperty(type=Common)


def unregister() -> None:
    """Take all settings away."""
    for name in list(_made):
        _forget(name)
    del bpy.types.WindowManager.creative_gen


def refresh() -> None:
    """Make the widgets of every task anew if its options differ from those that they have."""
    for task in [*session.tasks("sketch"), *session.tasks("image")]:
        name = _attribute(task["name"])
        annotations = _annotations(task)
        if name in _made and _made[name].described == repr(task):
            continue
        _forget(name)
        group = type(
            "CREATIVE_GEN_PG_" + task["name"].replace(".", "_"),
            (bpy.types.PropertyGroup,),
            {"__annotations__": annotations, "described": repr(task)},
        )
        bpy.utils.register_class(group)
        setattr(bpy.types.WindowManager, name, bpy.props.PointerProperty(type=group))
        _made[name] = group


def draw(layout: Any, context: Any, task: dict[str, Any]) -> None:
    """Put a task's widgets into a panel."""
    group = getattr(context.window_manager, _attribute(task["name"]), None)
    if group is None:
        return
    if len(task["assets"]) > 1:
        layout.prop(group, "asset")
    for field in fields(options_of(task)):
        row = layout.row(align=True)
        if _is_switched(field):
            row.prop(group, "use_" + field.name, text="")
            row = row.row()
            row.active = getattr(group, "use_" + field.name)
        row.prop(group, field.name)


def chosen(context: Any, task: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The options that the panel has for a task, and the asset; empty where nothing was chosen."""
    group = getattr(context.window_manager, _attribute(task["name"]), None)
    if group is None:
        return {}, ""
    options = {}
    for field in fields(options_of(task)):
        value = getattr(group, field.name)
        if _is_switched(field) and not getattr(group, "use_" + field.name):
            continue
        if value in ("", "AUTOMATIC"):
            continue
        options[field.name] = _value(field, value)
    asset = group.asset
    return options, "" if asset == "AUTOMATIC" else asset


def _value(field: Field, value: Any) -> Any:
    if field.kind == "choice":
        return next(one for one in field.choices if str(one) == value)
    if field.kind == "int" and isinstance(value, str):
        return int(value) if value.strip().lstrip("-").isdigit() else value
    # Blender keeps 32 bits of a number, which would show in what is remembered of a result.
    return float(f"{value:.6g}") if field.kind == "float" else value


def _attribute(task: str) -> str:
    return "creative_gen_" + task.replace(".", "_")


def _forget(name: str) -> None:
    if name in _made:
        delattr(bpy.types.WindowManager, name)
        bpy.utils.unregister_class(_made.pop(name))


def _annotations(task: dict[str, Any]) -> dict[str, Any]:
    names = [one["name"] for one in task["assets"]]
    made = {"asset": _menu("asset", "The model, by its name", names, None)}
    defaults = DEFAULTS.get(task["name"], {})
    for field in fields(options_of(task)):
        field = field._replace(default=defaults.get(field.name, field.default))
        made[field.name] = _property(field, choices_of(session.capabilities, task, field.name))
        if _is_switched(field):
            made["use_" + field.name] = bpy.props.BoolProperty(
                name=field.label, description="Choose it instead of leaving it to the model"
            )
    return made


def _is_switched(field: Field) -> bool:
    """Whether a number may be left to the model, so that a switch tells if it counts."""
    return field.optional and field.kind in ("int", "float") and not _is_long(field)


def _is_long(field: Field) -> bool:
    return field.kind == "int" and field.maximum is not None and field.maximum > LARGEST


def _property(field: Field, known: list[str]) -> Any:
    named = {"name": field.label, "description": field.help}
    low, high = field.minimum, field.maximum
    bounds = {**({} if low is None else {"min": low}), **({} if high is None else {"max": high})}
    if field.kind == "bool":
        return bpy.props.BoolProperty(default=bool(field.default), **named)
    if field.kind == "choice":
        return _menu(field.label, field.help, field.choices, field.default, field.optional)
    if _is_long(field):
        return bpy.props.StringProperty(**named)
    if field.kind == "int":
        return bpy.props.IntProperty(default=field.default or low or 0, **bounds, **named)
    if field.kind == "float":
        default = low or 0.0 if field.default is None else field.default
        return bpy.props.FloatProperty(default=default, **bounds, **named)
    if known:
        named["search"] = lambda self, context, typed: [
            one for one in known if typed.lower() in one.lower()
        ]
        named["search_options"] = {"SUGGESTION"}
    return bpy.props.StringProperty(default=str(field.default or ""), **named)


def _menu(name: str, help: str, choices: Any, default: Any, optional: bool = True) -> Any:
    automatic = [("AUTOMATIC", "Automatic", "What suits best")] if optional else []
    items = automatic + [(str(one), str(one).capitalize(), "") for one in choices]
    first = items[0][0] if default is None else str(default)
    return bpy.props.EnumProperty(
        name=name.capitalize(), description=help, items=items, default=first
    )

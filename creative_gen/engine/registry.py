"""Finds the model families: the folders of `creative_gen.models`, and other packages' plugins."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

import pluggy

from creative_gen import models
from creative_gen.interface import hooks
from creative_gen.interface.errors import BadPlugin, InvalidAsset
from creative_gen.interface.families import Family
from creative_gen.interface.tasks import TASKS, Task

RESERVED = frozenset(
    ("asset", "format", "help", "json", "on_chunk", "on_progress", "output", "task")
    + ("animation", "bits", "fps", "keep_partial", "picture", "sample_rate")
)
"""What an option cannot be called: `Engine.run` and the commands have these already."""


class Registry:
    """The model families by name.

    Args:
        entry_points: bool. Whether to load plugins that other packages have installed.

    Raises:
        BadPlugin: one of them cannot be loaded, or brings a family that cannot be used.
    """

    def __init__(self, entry_points: bool = True) -> None:
        self.families: dict[str, Family] = {}
        self.plugins = pluggy.PluginManager(hooks.PROJECT)
        self.plugins.add_hookspecs(hooks)
        self.plugins.hook.register_models.call_historic(kwargs={"register": self._register})
        for module in pkgutil.iter_modules(models.__path__, f"{models.__name__}."):
            self.plugins.register(import_module(module.name))
        if entry_points:
            self._load_entry_points()

    def family(self, name: str) -> Family:
        """The family of that name.

        Raises:
            InvalidAsset: there is none.
        """
        if name not in self.families:
            raise InvalidAsset(
                f"The model family {name!r} is not installed.",
                f"Install the package that brings it; here are {', '.join(sorted(self.families))}.",
            )
        return self.families[name]

    def _load_entry_points(self) -> None:
        for point in entry_points(group=hooks.ENTRY_POINT_GROUP):
            with _blamed_on(point):
                self.plugins.register(point.load(), f"{point.name} = {point.value}")
                self.plugins.check_pending()

    def _register(self, family: Family) -> None:
        fault = self._fault(family)
        if fault:
            raise ValueError(f"the model family {family.name!r} {fault}")
        self.families[family.name] = family

    def _fault(self, family: Family) -> str:
        """What is wrong with a family, or nothing."""
        if family.name in self.families:
            return "has a name that is taken"
        unknown = sorted({*family.tasks, *family.options} - TASKS.keys())
        if unknown:
            return f"names tasks that there are not: {', '.join(unknown)}"
        return next(filter(None, (_option_fault(family, TASKS[name]) for name in family.tasks)), "")


def _option_fault(family: Family, task: Task) -> str:
    if task.name not in family.options:
        return ""
    own = family.options[task.name]
    if not issubclass(own, task.options):
        return f"has options for {task.name} that do not derive from {task.options.__name__}"
    taken = sorted(own.model_fields.keys() & (RESERVED | {one.name for one in task.inputs}))
    return f"has options with names that are taken: {', '.join(taken)}" if taken else ""


@contextmanager
def _blamed_on(point: EntryPoint) -> Iterator[None]:
    """Turn whatever a plugin raises into an error that names it."""
    try:
        yield
    except Exception as error:
        package = point.dist.name if point.dist else point.module
        raise BadPlugin(
            f"The plugin '{point.name}' of the package '{package}' cannot be used: "
            f"{type(error).__name__}: {error}.",
            f"Update the package, or remove it: pip uninstall {package}",
        ) from error

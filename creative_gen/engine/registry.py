"""Finds the model families: the folders of `creative_gen.models`, and other packages' plugins."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pluggy

from creative_gen import models
from creative_gen.interface import hooks
from creative_gen.interface.errors import CreativeGenError, InvalidAsset
from creative_gen.interface.families import Family
from creative_gen.interface.tasks import TASKS


class BadPlugin(CreativeGenError):
    """A plugin does not keep to the interface."""

    code = "bad_plugin"


class Registry:
    """The model families by name.

    Args:
        entry_points: bool. Whether to load plugins that other packages have installed.
    """

    def __init__(self, entry_points: bool = True) -> None:
        self.families: dict[str, Family] = {}
        self.plugins = pluggy.PluginManager(hooks.PROJECT)
        self.plugins.add_hookspecs(hooks)
        for module in pkgutil.iter_modules(models.__path__, f"{models.__name__}."):
            self.plugins.register(import_module(module.name))
        if entry_points:
            self._load_entry_points()
        # pluggy calls the last registered first; families keep the order of their plugins.
        self.plugins.hook.register_models(register=self._register)

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
        try:
            self.plugins.load_setuptools_entrypoints(hooks.ENTRY_POINT_GROUP)
            self.plugins.check_pending()
        except Exception as error:
            raise BadPlugin(
                f"A plugin cannot be loaded: {error}", "Update or uninstall that plugin's package."
            ) from error

    def _register(self, family: Family) -> None:
        unknown = [task for task in family.tasks if task not in TASKS]
        if family.name in self.families or unknown:
            what = f"unknown tasks {unknown}" if unknown else "a name that is taken"
            raise BadPlugin(
                f"The model family {family.name!r} has {what}.",
                "Update or uninstall the package that brings it.",
            )
        self.families[family.name] = family

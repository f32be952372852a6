from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from types import SimpleNamespace

import pytest

from creative_gen.engine import registry
from creative_gen.engine.registry import Registry
from creative_gen.interface.errors import BadPlugin, InvalidAsset
from creative_gen.interface.families import Family, Reference
from creative_gen.interface.hooks import ENTRY_POINT_GROUP, hookimpl
from creative_gen.interface.options import Options
from creative_gen.interface.sketch_options import GenerateOptions


class FormatOptions(GenerateOptions):
    """An option that every command has already."""

    format: str = "svg"


class OtherOptions(Options):
    """Options that are not the task's."""


def family(
    name: str = "toy",
    tasks: tuple[str, ...] = ("sketch.generate",),
    options: Mapping[str, type[Options]] | None = None,
) -> Family:
    return Family(name, "A toy.", tasks, Reference("nowhere:Nothing"), options or {})


def plugin(*families: object) -> SimpleNamespace:
    @hookimpl
    def register_models(register: Callable[[object], None]) -> None:
        for one in families:
            register(one)

    return SimpleNamespace(register_models=register_models)


class PluginPackage(Distribution):
    """An installed package with one entry point, which is not on disk."""

    def __init__(self, loaded: object) -> None:
        self.loaded = loaded

    def read_text(self, filename: str) -> str | None:
        return "Name: someones-models\nVersion: 1\n" if filename == "METADATA" else None

    def locate_file(self, path: object) -> Path:
        raise NotImplementedError


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[object], None]]:
    """Function that makes a plugin, or an exception that loading it raises, an installed one."""

    def installed(content: object) -> None:
        def load(self: EntryPoint) -> object:
            if isinstance(content, Exception):
                raise content
            return content

        point = EntryPoint("toys", "someones_models.plugin", ENTRY_POINT_GROUP)
        found = point._for(PluginPackage(content))  # type: ignore[attr-defined]
        monkeypatch.setattr(EntryPoint, "load", load)
        monkeypatch.setattr(registry, "entry_points", lambda group: [found])

    return installed


def test_the_projects_own_families_are_found() -> None:
    assert "sketch_rnn" in Registry(entry_points=False).families


def test_a_plugin_adds_its_families(install: Callable[[object], None]) -> None:
    install(plugin(family("toy"), family("other")))
    assert list(Registry().families)[-2:] == ["toy", "other"]
    assert "toy" not in Registry(entry_points=False).families


def test_an_unknown_family_is_told_with_those_that_there_are() -> None:
    with pytest.raises(InvalidAsset, match="'toy' is not installed") as raised:
        Registry(entry_points=False).family("toy")
    assert "sketch_rnn" in raised.value.hint


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (ImportError("no module named 'x'"), "no module named 'x'"),
        (RuntimeError("a bug"), "RuntimeError: a bug"),
        (plugin("not a family"), "AttributeError"),
        (plugin(family("sketch_rnn")), "'sketch_rnn' has a name that is taken"),
        (plugin(family(), family()), "'toy' has a name that is taken"),
        (plugin(family(tasks=("sketch.fly",))), "tasks that there are not: sketch.fly"),
        (plugin(family(options={"sketch.fly": Options})), "not: sketch.fly"),
        (plugin(family(options={"sketch.generate": FormatOptions})), "are taken: format"),
        (plugin(family(options={"sketch.generate": OtherOptions})), "derive from GenerateOptions"),
        (SimpleNamespace(register_models=hookimpl(lambda nothing: None)), "nothing"),
        (SimpleNamespace(register_model=hookimpl(lambda register: None)), "register_model"),
    ],
)
def test_a_broken_plugin_is_named_with_the_fix(
    install: Callable[[object], None], content: object, fault: str
) -> None:
    install(content)
    with pytest.raises(BadPlugin) as raised:
        Registry()
    assert "The plugin 'toys' of the package 'someones-models'" in raised.value.message
    assert fault in raised.value.message
    assert "pip uninstall someones-models" in raised.value.hint

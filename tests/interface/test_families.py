from __future__ import annotations

import sys
import types

import pytest

from creative_gen.interface.errors import MissingExtra
from creative_gen.interface.families import Family, Reference
from creative_gen.interface.options import Options
from creative_gen.interface.sketch_options import GenerateOptions
from creative_gen.interface.tasks import TASKS


class WideOptions(GenerateOptions):
    """The task's options, and a width."""

    width: int = 1


def test_a_reference_is_what_it_names() -> None:
    assert Reference("creative_gen.interface.options:Options").load() is Options


@pytest.mark.parametrize(
    ("module", "fix"),
    [
        ("creative_gen.models.toy", "pip install 'creative_gen[train]'"),
        ("someones_family", "pip install 'a_missing_library'"),
    ],
)
def test_a_missing_library_is_told_with_how_to_install_it(
    module: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> types.ModuleType:
        raise ModuleNotFoundError("no", name="a_missing_library.part")

    monkeypatch.setattr("creative_gen.interface.families.import_module", fail)
    with pytest.raises(MissingExtra) as raised:
        Reference(f"{module}:anything").load()
    assert module in raised.value.message
    assert fix in raised.value.hint


def test_a_reference_to_nothing_is_a_fault_of_its_own_package() -> None:
    with pytest.raises(ModuleNotFoundError):
        Reference("creative_gen.nowhere:anything").load()
    assert "creative_gen.nowhere" not in sys.modules


def test_a_familys_own_options_come_before_the_tasks() -> None:
    generate, complete = TASKS["sketch.generate"], TASKS["sketch.complete"]
    family = Family(
        name="toy",
        summary="A toy.",
        tasks=(generate.name, complete.name),
        generator=Reference("nowhere:Nothing"),
        options={generate.name: WideOptions},
    )
    assert family.options_of(generate) is WideOptions
    assert family.options_of(complete) is complete.options

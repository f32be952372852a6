"""What imports what when a process starts, and what no file may say.

Who may import whom at all is in pyproject.toml, for import-linter.
"""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from creative_gen import models

ROOT = Path(__file__).parents[1]

HEAVY = {"jax", "keras", "llvmlite", "numba", "numpy", "onnxruntime", "tensorflow", "torch"}
TRAINING_ONLY = {"jax", "keras", "tensorflow", "torch"}

NEVER_KERAS = ["interface", "media", "kernels", "store", "engine", "server"]

SOURCES = ["*.*", "Makefile", ".ci/*"] + [
    f"{folder}/**/*"
    for folder in ("assets", "benchmarks", "creative_gen", "docs", "examples", "plugins", "tests")
]
TEXT = {".cfg", ".csv", ".html", ".in", ".js", ".json", ".md", ".py", ".svg", ".toml", ".txt", ""}

UNSAYABLE = {
    "a path of one machine": re.compile(r"(?<![\w.~$)}-])/(?:home|root|Users|work|workspace)/\w"),
    "a package registry": re.compile(
        r"\b(?:pypi|pythonhosted|npmjs|debian)\.(?:org|com)\b"
        r"|--(?:(?:extra-)?index-url|find-links|trusted-host)"
    ),
}


def modules_after(statement: str) -> set[str]:
    """The top-level packages that a fresh process has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())


def text_files() -> Iterator[Path]:
    """The repository's own text files."""
    for pattern in SOURCES:
        for path in ROOT.glob(pattern):
            if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts:
                yield path


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not modules_after("import creative_gen") & HEAVY


@pytest.mark.parametrize(
    "family", [module.name for module in pkgutil.iter_modules(models.__path__)]
)
def test_a_familys_spec_loads_nothing_that_trains(family: str) -> None:
    assert not modules_after(f"import creative_gen.models.{family}") & TRAINING_ONLY


def test_every_room_that_never_loads_keras_has_a_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (contract,) = [c for c in contracts if "keras" in c.get("forbidden_modules", ())]
    rooms = {
        f"creative_gen.{room}" for room in NEVER_KERAS if (ROOT / "creative_gen" / room).is_dir()
    }
    assert rooms <= set(contract["source_modules"])


def test_every_module_is_named_after_what_it_is_about() -> None:
    vague = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
    assert not [path for path in (ROOT / "creative_gen").rglob("*.py") if path.stem in vague]


def test_no_file_names_what_is_true_of_one_machine_only() -> None:
    said = [
        f"{path.relative_to(ROOT)}:{number}: {what}"
        for path in text_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for what, pattern in UNSAYABLE.items()
        if pattern.search(line)
    ]
    assert not said

"""What a wheel carries, and that it works wherever it is installed."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

import creative_gen
from creative_gen.store import locations

ROOT = Path(__file__).parents[1]
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
BUNDLED = {"assets": "_assets", "plugins": "_plugins"}

PLAYING = ("cli", "engine", "interface", "kernels", "media", "store")
"""The rooms that need nothing beyond what `pip install .` brings."""

FASTER = {"openvino"}
"""Modules that may be there to play faster, of an extra each; what is required plays without."""

TINY_CARD = """
name = "tiny-asset"
family = "sketch_rnn"
title = "Tiny"
description = "Carried in a wheel, and never played."
version = "1.0"
licence = "CC0-1.0"
tasks = ["sketch.generate"]
data = []
files = {}

[training]
command = "none"
"""


def files_under(folder: Path) -> set[str]:
    """The files that belong in a wheel, as paths relative to the folder."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in paths
        if not any(part == "__pycache__" or part.startswith(".") for part in path.parts)
    }


def libraries(paths: Iterable[Path]) -> set[str]:
    """The distributions whose modules the files import, under their canonical names."""
    imported: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).split(".")[0])
    distributions = packages_distributions()
    others = imported - sys.stdlib_module_names - {"creative_gen"} - FASTER
    return {canonical(distributions[name][0]) for name in others}


def canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def declared(section: str) -> set[str]:
    """The requirements in a part of setup.py, under their canonical names."""
    return {canonical(name) for name in re.findall(r'"([\w.-]+)>=', section)}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is packaged, with one more asset and one more tool plugin."""
    # Building leaves files beside the sources.
    copy = tmp_path_factory.mktemp("source")
    for name in ("setup.py", "pyproject.toml", "MANIFEST.in", "LICENSE", "README.md"):
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, copy)
    for name in ("creative_gen", *BUNDLED):
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    made = {"assets/tiny-asset/card.toml": TINY_CARD, "plugins/tiny/menu.inx": "<inx/>"}
    for name, content in made.items():
        (copy / name).parent.mkdir(parents=True)
        (copy / name).write_text(content, "utf-8")
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
    subprocess.run([*PIP, "wheel", *options, str(source)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_checkout_finds_its_own_assets() -> None:
    assert locations.builtin_assets() == ROOT / "assets"


def test_package_finds_the_assets_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_assets").mkdir()
    monkeypatch.setattr(locations, "PACKAGE", tmp_path)
    assert locations.builtin_assets() == tmp_path / "_assets"


def test_all_that_is_imported_is_required_and_what_plays_needs_no_extra() -> None:
    package, setup = ROOT / "creative_gen", (ROOT / "setup.py").read_text("utf-8")
    base = declared(setup[setup.index("install_requires") : setup.index("extras_require")])
    playing = [path for room in PLAYING for path in (package / room).rglob("*.py")]
    assert libraries(playing) <= base
    train = declared(setup[setup.index("TRAIN = ") : setup.index("JAX = ")])
    assert libraries(package.rglob("*.py")) <= base | train


@pytest.mark.slow
@pytest.mark.parametrize("folder", BUNDLED)
def test_wheel_carries_the_folder(wheel: Path, source: Path, folder: str) -> None:
    prefix = f"creative_gen/{BUNDLED[folder]}/"
    names = ZipFile(wheel).namelist()
    carried = {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
    assert carried == files_under(source / folder)


@pytest.mark.slow
def test_wheel_carries_the_whole_package_and_nothing_beside_it(wheel: Path, source: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "creative_gen",
        f"creative_gen-{creative_gen.__version__}.dist-info",
    }
    assert {f"creative_gen/{name}" for name in files_under(ROOT / "creative_gen")} <= set(names)


@pytest.mark.slow
def test_installed_wheel_lists_its_assets_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    # The dependencies of the running environment; an editable creative_gen there stays unseen,
    # because .pth files are read in this environment's own folder only.
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    pip = [*PIP, "--python", python, "install", "--no-deps"]
    subprocess.run([*pip, wheel], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    listed = subprocess.run(
        [environment / "bin" / "creative-gen", "assets", "list"],
        cwd=elsewhere,
        env=settings,
        capture_output=True,
        text=True,
    )
    assert listed.returncode == 0, listed.stderr
    assert "tiny-asset" in listed.stdout

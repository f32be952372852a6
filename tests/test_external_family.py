"""A package outside this repository adds a family by being installed, and by nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

CARD = """
name = "mirror"
family = "mirror"
title = "Mirror"
description = "Finishes a sketch with its mirror image."
version = "1.0"
licence = "CC0-1.0"
tasks = ["sketch.complete"]
data = []
settings = { gap = 5 }
files = {}

[training]
command = "none"
"""

RUN = """
import json
import creative_gen
from creative_gen.media.sketch import Sketch

result = creative_gen.open_engine().run(
    "sketch.complete", asset="mirror", count=2, side="bottom", seed=1,
    sketch=Sketch(([[10, 10], [20, 30]],), (40, 40)),
)
print(json.dumps([[stroke.tolist() for stroke in value.strokes] for value in result.values]))
"""


SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">
<polyline points="10,10 20,30" fill="none" stroke="black"/></svg>"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process that finds the installed package and an asset for it."""
    folder = tmp_path_factory.mktemp("external")
    # Building leaves files beside the sources.
    shutil.copytree(ROOT / "tests" / "external_family", folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--target", str(folder / "site")]
    subprocess.run([*pip, *options, str(folder / "source")], check=True)
    asset = folder / "assets" / "mirror"
    asset.mkdir(parents=True)
    (asset / "card.toml").write_text(CARD, "utf-8")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder / "site"), str(ROOT)]),
        "CREATIVE_GEN_ASSETS": str(folder / "assets"),
    }


def test_family_of_another_package_runs_a_task(installed: dict[str, str], tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", RUN], env=installed, cwd=tmp_path, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    given = [[10, 10], [20, 30]]
    assert json.loads(ran.stdout) == [
        [given, [[10, 70], [20, 50]]],
        [given, [[10, 80], [20, 60]]],
    ]


def test_option_of_another_packages_family_is_a_flag(
    installed: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "half.svg").write_text(SVG, "utf-8")
    command = [sys.executable, "-m", "creative_gen.cli.main", "sketch", "complete", "half.svg"]
    ran = subprocess.run(
        [*command, "--asset", "mirror", "--side", "bottom", "--count", "2", "-o", "out", "--json"],
        env=installed,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    facts = json.loads(ran.stdout)
    assert facts["asset"] == "mirror"
    assert facts["options"]["side"] == "bottom"
    assert len(list((tmp_path / "out").glob("*.svg"))) == 2


def test_family_is_unknown_where_its_package_is_not_installed(
    installed: dict[str, str], tmp_path: Path
) -> None:
    without = {**installed, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", RUN], env=without, cwd=tmp_path, capture_output=True, text=True
    )
    assert ran.returncode != 0
    assert "The model family 'mirror' is not installed." in ran.stderr

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from creative_gen.media.quickdraw_npz import npz_bytes
from tests.cli.conftest import Run


def test_list_tells_what_can_be_used(folder: Path, run: Run) -> None:
    (row,) = json.loads(run("assets", "list", "--json").stdout)
    assert row["name"] == "toy"
    assert row["state"] == "ready"
    assert row["licence"] == "CC0-1.0"
    assert row["bytes"] > 1000
    assert "sketch.classify" in row["tasks"]
    assert run("assets", "list").stdout.split() == ["toy", "ready", "A", "toy"]


def test_list_without_assets_says_how_to_get_one(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(folder / "none"))
    assert "assets import" in run("assets", "list").stdout
    assert run("assets", "list", "--json").stdout == "[]\n"


def test_info_tells_data_licence_and_hash(folder: Path, run: Run) -> None:
    facts = json.loads(run("assets", "info", "toy", "--json").stdout)
    assert facts["data"][0]["licence"] == "CC0-1.0"
    plain = run("assets", "info", "toy").stdout
    for word in ("A toy", "sketch.complete", "cat, face, alarm clock", "CC0-1.0", facts["sha256"]):
        assert word in plain


def test_evaluate_prints_figures_by_category(folder: Path, run: Run) -> None:
    random = np.random.default_rng(0)
    for category in ("cat", "alarm clock"):
        rows = [np.rint(random.normal(0, 20, (12, 3))) for _ in range(4)]
        for row in rows:
            row[:, 2] = random.random(12) < 0.2
        (folder / f"{category}.npz").write_bytes(npz_bytes({"valid": rows}))
    ran = run("evaluate", "toy", "--data", ".", "--json")
    assert ran.status == 0, ran.stderr
    figures = json.loads(ran.stdout)
    assert set(figures["categories"]) == {"cat", "alarm clock"}
    assert np.isfinite(figures["categories"]["cat"]["nats_per_point"])
    plain = run("evaluate", "toy", "--data", ".").stdout
    (line,) = [line for line in plain.splitlines() if line.startswith("alarm clock")]
    assert str(figures["categories"]["alarm clock"]["nats_per_point"]) in line.split()

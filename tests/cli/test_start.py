"""What a command loads, in a process of its own; and how that ends when nobody listens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.toy_latent_assets import write_latent
from tests.toy_pictures_assets import write_colorizer, write_upscaler

ROOT = Path(__file__).parents[2]

TRAINING = {"jax", "keras", "tensorflow", "torch"}
NEVER_TO_PLAY = TRAINING | {"matplotlib", "note_seq", "pandas", "rich", "skimage"}
NEVER_TO_DRAW = NEVER_TO_PLAY | {"soundfile", "soxr"}
NEVER_TO_LIST = NEVER_TO_DRAW | {"numba", "PIL"}
NEVER_FOR_HELP = NEVER_TO_LIST | {"numpy", "pluggy", "pydantic"}

NEVER_FOR_PICTURES = NEVER_TO_DRAW | {"llvmlite", "numba", "onnx", "pyvips", "scipy", "svgelements"}

GENERATE = ("audio", "generate", "--kind", "beep")

# Prints the top-level packages that are loaded at the end, on standard error.
COMMAND = """
import sys
from creative_gen.cli.main import main
if "--kind" in sys.argv:
    from tests.toy_sound import install
    install()
if "image" in sys.argv and "--help" not in sys.argv:
    from tests.toy_tinter import install
    install()
try:
    main(sys.argv[1:])
finally:
    print(*{name.split(".")[0] for name in sys.modules}, file=sys.stderr)
"""


def started(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        env=environment,
        text=True,
        stderr=subprocess.PIPE,
        **{"stdout": subprocess.PIPE} | options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize(
    ("arguments", "never"),
    [
        (("--help",), NEVER_FOR_HELP),
        (("--version",), NEVER_FOR_HELP),
        (("sketch", "--help"), NEVER_FOR_HELP),
        (("audio", "--help"), NEVER_FOR_HELP),
        (("image", "--help"), NEVER_FOR_HELP),
        (("sketch", "complete", "--help"), NEVER_TO_LIST),
        (("audio", "render", "--help"), NEVER_TO_LIST),
        (("audio", "continue", "--help"), NEVER_TO_LIST),
        (("image", "colorize", "--help"), NEVER_TO_LIST | NEVER_FOR_PICTURES),
        (("image", "edit", "--help"), NEVER_TO_LIST | NEVER_FOR_PICTURES),
        (("tasks",), NEVER_TO_LIST),
        (("assets", "list"), NEVER_TO_LIST | {"safetensors"}),
        (("sketch", "generate", "--count", "1", "--format", "svg"), NEVER_TO_DRAW | {"PIL"}),
        (("sketch", "complete", "half.svg", "--count", "1"), NEVER_TO_DRAW),
        (("sketch", "classify", "half.svg"), NEVER_TO_DRAW | {"PIL"}),
        (GENERATE, NEVER_TO_PLAY | {"numba", "PIL", "soxr"}),
        ((*GENERATE, "--sample-rate", "48000"), NEVER_TO_PLAY | {"numba", "PIL"}),
        (("image", "upscale", "tile.png"), NEVER_FOR_PICTURES),
        (("image", "upscale", "tile.png", "--asset", "toy-photos"), NEVER_FOR_PICTURES),
        (("image", "upscale", "photo.jpg", "tile.png"), NEVER_FOR_PICTURES),
        (("image", "colorize", "line.png", "--hints", "hints.png"), NEVER_FOR_PICTURES),
        (("image", "colorize", "line.png", "--asset", "toy-colors"), NEVER_FOR_PICTURES),
        (("image", "generate", "--asset", "toy-latent", "--count", "1"), NEVER_FOR_PICTURES),
        (("image", "edit", "line.png", "--direction", "smile"), NEVER_FOR_PICTURES),
        (("image", "classify", "line.png", "art.png"), NEVER_FOR_PICTURES),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_loads_only_what_it_needs(
    sines: Path, tints: Path, arguments: tuple[str, ...], never: set[str]
) -> None:
    write_upscaler(tints.parent / "assets")
    write_colorizer(tints.parent / "assets")
    write_latent(tints.parent / "assets")
    ran = started(*arguments)
    assert ran.returncode == 0
    assert ran.stdout
    assert not set(ran.stderr.split()) & never


def test_a_pipe_that_is_closed_ends_a_command_quietly(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = started("tasks", stdout=writing)
    finally:
        os.close(writing)
    assert ran.returncode == 1
    assert "Error" not in ran.stderr

"""What is wrong is told in a sentence with its fix; nothing is written, no traceback shown."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from creative_gen.formats import sketch
from creative_gen.store.asset import WEIGHTS
from creative_gen.store.card import CARD
from tests.cli.conftest import Ran, Run
from tests.toy_assets import TOY, toy_weights, write_toy_asset

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{}</svg>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
ZIGZAG = " ".join(f"{x % 997},{(x * 7919) % 991}" for x in range(100_000))

SKETCHES: dict[str, tuple[str, str]] = {
    "empty": ("", "empty"),
    "without shapes": (SVG.format(""), "no shapes"),
    "huge": (SVG.format(f'<polyline points="{ZIGZAG}" stroke="black"/>'), "points"),
    "too large": (SVG.format(f'<polyline points="{ZIGZAG} {ZIGZAG}" stroke="black"/>'), "points"),
    "not a number": (SVG.format('<path d="M0 0L NaN 5" stroke="black"/>'), ""),
    "infinite": (SVG.format('<path d="M0 0L 1e999 5" stroke="black"/>'), ""),
    "a use of itself": (SVG.format('<g id="a"><use href="#a"/></g>'), "inside itself"),
    "a use in a ring": (
        SVG.format('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
        "inside itself",
    ),
    "expanding entities": (
        f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]>{SVG.format("&l8;")}',
        "entities",
    ),
    "an outside entity": (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "half.svg">]>{SVG.format("&x;")}',
        "entities",
    ),
    "cut short": (SVG.format('<path d="M0 0L9 9"/>')[:-20], "cut short"),
    "another document": ("<html/>", "not an SVG drawing"),
}


class Payload:
    """Unpickled, it makes a file."""

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, ("it-ran", "w")


def assert_told(ran: Ran, status: int, *words: str) -> None:
    """The command failed with a sentence, its fix, and nothing else."""
    assert ran.status == status
    assert ran.stdout == ""
    sentence, fix, *rest = ran.stderr.splitlines()
    assert sentence.startswith("Error: ")
    assert sentence.endswith(".")
    assert fix
    assert not rest
    for word in words:
        assert word in ran.stderr


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


@pytest.mark.parametrize("name", SKETCHES)
def test_an_svg_that_cannot_be_used(folder: Path, run: Run, name: str) -> None:
    content, word = SKETCHES[name]
    (folder / "bad.svg").write_text(content, "utf-8")
    assert_told(run("sketch", "complete", "bad.svg", "-o", "out"), 2, word)
    assert left(folder) == {"half.svg", "bad.svg"}


def test_an_error_is_no_json(folder: Path, run: Run) -> None:
    (folder / "bad.svg").write_text("", "utf-8")
    assert_told(run("sketch", "classify", "bad.svg", "--json"), 2, "empty")


def test_a_pickle_that_is_not_an_array_is_not_run(folder: Path, run: Run) -> None:
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    header += b" " * (117 - len(header)) + b"\n"
    with zipfile.ZipFile(folder / "bad.npz", "w") as file:
        start = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
        file.writestr("train.npy", start + header + pickle.dumps(Payload()))
    assert_told(run("sketch", "complete", "bad.npz"), 2, "asks to run", "open")
    assert left(folder) == {"half.svg", "bad.npz"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.npz", b"PK"),
        ("bad.ndjson", b'{"drawing": [[[1, NaN], [2, 3]]]}'),
        ("bad.ndjson", b'{"drawing": "a cat"}'),
        ("bad.ndjson", b""),
    ],
)
def test_a_file_of_drawings_that_has_none(
    folder: Path, run: Run, name: str, content: bytes
) -> None:
    (folder / name).write_bytes(content)
    assert_told(run("sketch", "complete", name), 2)


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("none.svg", "none.svg"),
        ("none.npz", "none.npz"),
        ("none.ndjson", "none.ndjson"),
        ("half.svg/inside.svg", "cannot be opened"),
        ("a" * 300 + ".svg", "long"),
        ("half.jpg", "Give an .svg, .ndjson or .npz file"),
        ("half.svg#1", "is not a sketch"),
        ("none.npz#x", "is not a sketch"),
        ("folder.svg", "is a directory"),
    ],
)
def test_a_path_that_is_not_a_sketch(folder: Path, run: Run, path: str, word: str) -> None:
    (folder / "folder.svg").mkdir()
    ran = run("sketch", "complete", path)
    assert_told(ran, 1 if word == "long" else 2, word)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("sketch", "complete"), "Missing argument 'SKETCH'"),
        (("sketch", "fly"), "No such command 'fly'"),
        (("fly",), "No such command 'fly'"),
        (("sketch", "complete", "half.svg", "--wings", "2"), "No such option"),
        (("sketch", "complete", "half.svg", "--count", "0"), "1<=x<=100"),
        (("sketch", "complete", "half.svg", "--count", "101"), "1<=x<=100"),
        (("sketch", "complete", "half.svg", "--count", "many"), "not a valid integer"),
        (("sketch", "complete", "half.svg", "--temperature", "nan"), "temperature"),
        (("sketch", "complete", "half.svg", "--temperature", "2.1"), "0.0<=x<=2.0"),
        (("sketch", "complete", "half.svg", "--seed", "-1"), "0<=x<=4294967295"),
        (("sketch", "complete", "half.svg", "--frame", "gold"), "'gold' is not one of"),
        (("sketch", "complete", "half.svg", "--format", "gif"), "choose from svg"),
        (("sketch", "complete", "half.svg", "--format", ","), "choose from svg"),
        (("sketch", "complete", "half.svg", "--category", "unicorn"), "unicorn"),
        (("sketch", "complete", "half.svg", "--category", "../cat"), "../cat"),
        (("sketch", "complete", "half.svg", "--category", ""), "does not know"),
        (("sketch", "generate", "--category", "unicorn"), "cat, face, alarm clock"),
        (("sketch", "generate", "--asset", "nobody"), "assets list"),
        (("sketch", "generate", "--asset", "../toy"), "no asset '../toy'"),
        (("assets", "info", "nobody"), "no asset 'nobody'"),
        (("evaluate", "nobody", "--data", "half.svg"), "no asset 'nobody'"),
        (("evaluate", "toy", "--data", "none"), "does not exist"),
    ],
)
def test_what_there_is_not(folder: Path, run: Run, arguments: tuple[str, ...], word: str) -> None:
    assert_told(run(*arguments), 2, word)
    assert left(folder) == {"half.svg"}


@pytest.mark.parametrize("out", ["half.svg/out", "half.svg/a/b"])
def test_a_folder_that_cannot_be_written(folder: Path, run: Run, out: str) -> None:
    ran = run("sketch", "generate", "--count", 1, "-o", out)
    assert_told(ran, 1, "Nothing was written", "Not a directory", "Choose a folder")
    assert left(folder) == {"half.svg"}


def test_a_folder_in_the_place_of_a_result(folder: Path, run: Run) -> None:
    (folder / "out" / "half-2.svg").mkdir(parents=True)
    ran = run("sketch", "complete", "half.svg", "--count", 3, "-o", "out")
    assert_told(ran, 1, "Nothing was written", "Is a directory")
    assert left(folder) == {"half.svg", "out", "half-2.svg"}


@pytest.fixture
def asset(folder: Path) -> Path:
    """An asset beside "toy", to be broken."""
    return write_toy_asset(folder.parent / "assets", "broken")


GENERATE = ("sketch", "generate", "--asset", "broken", "--count", 1)


def test_an_asset_with_another_hash(asset: Path, folder: Path, run: Run) -> None:
    with (asset / WEIGHTS).open("ab") as file:
        file.write(b"\0")
    assert_told(run(*GENERATE), 1, "is not the file that its card names", "'broken' again")
    assert left(folder) == {"half.svg"}
    rows = json.loads(run("assets", "list", "--json").stdout)
    assert [(row["name"], row["state"]) for row in rows] == [("broken", "broken"), ("toy", "ready")]


def test_an_asset_with_a_malformed_card(asset: Path, run: Run) -> None:
    (asset / CARD).write_text("name = [", "utf-8")
    assert_told(run(*GENERATE), 1, "is not TOML")
    assert_told(run("assets", "info", "broken"), 1, "is not TOML")
    assert run("sketch", "generate", "--count", 1).status == 0
    assert "ready" in run("assets", "list").stdout


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"decoder/kernel_h": np.zeros((4, 4))}, "decoder/kernel"),
        ({"decoder/bias": np.full(64, np.nan)}, "not finite"),
        ({"latent/mean_bias": np.full(4, np.inf)}, "not finite"),
        ({"classifier/kernel": np.zeros((4, 2))}, "classifier/kernel"),
        ({"output/bias": None}, "output/bias"),
        ({"encoder/forward/bias": None}, "encoder/forward/bias"),
    ],
)
def test_an_asset_with_other_weights(
    folder: Path, run: Run, change: dict[str, np.ndarray | None], word: str
) -> None:
    weights = toy_weights() | {
        name: array.astype(np.float32) for name, array in change.items() if array is not None
    }
    kept = {name: array for name, array in weights.items() if change.get(name, 0) is not None}
    write_toy_asset(folder.parent / "assets", "broken", weights=kept)
    assert_told(run(*GENERATE), 1, "do not fit", word)


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"decoder_units": 8}, "do not fit"),
        ({"categories": ["cat"]}, "do not fit"),
        ({"categories": ["cat", "face", "unicorn"]}, "'alarm clock'"),
        ({"categories": [], "latent_size": 0}, "do not fit"),
        ({"decoder_cell": "hyper"}, "do not fit"),
        ({"wings": 2}, "not those of a Sketch-RNN"),
        ({"scale_factor": 0}, "not those of a Sketch-RNN"),
    ],
)
def test_an_asset_with_settings_of_another_network(
    folder: Path, run: Run, settings: dict[str, object], word: str
) -> None:
    whole = TOY.model_dump(mode="json") | settings
    write_toy_asset(folder.parent / "assets", "broken", settings=whole)
    assert_told(run(*GENERATE), 1, word)


def test_an_asset_of_a_family_that_is_not_installed(folder: Path, run: Run) -> None:
    write_toy_asset(folder.parent / "assets", "broken", family="pixel_cnn")
    assert_told(run(*GENERATE), 1, "'pixel_cnn' is not installed")


def test_a_model_that_is_not_one_is_not_imported(folder: Path, run: Run) -> None:
    assets = left(folder.parent / "assets")
    assert_told(run("assets", "import", "half.svg"), 2)
    assert_told(run("assets", "import", "none.gen.json"), 2)
    assert left(folder.parent / "assets") == assets


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OSError(28, "No space left on device"), 1, ("No space left", "try again")),
        (RuntimeError("a bug"), 1, ("RuntimeError: a bug", "CREATIVE_GEN_TRACEBACK=1")),
        (MemoryError(), 1, ("MemoryError",)),
    ],
)
def test_what_nobody_thought_of(
    folder: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    words: tuple[str, ...],
) -> None:
    def fail(path: Path, content_type: str | None) -> None:
        raise error

    monkeypatch.setattr(sketch, "read_document", fail)
    assert_told(run("sketch", "complete", "half.svg"), status, *words)


def test_cancelling_is_told(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancel(path: Path, content_type: str | None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sketch, "read_document", cancel)
    ran = run("sketch", "complete", "half.svg")
    assert ran.status == 130
    assert ran.stderr.strip() == "Cancelled."
    assert left(folder) == {"half.svg"}

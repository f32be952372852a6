from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidAsset, UnknownAsset
from creative_gen.store import finder
from creative_gen.store.asset import WEIGHTS, Asset, is_asset_name
from creative_gen.store.card import CARD, MAX_CARD_BYTES, card_toml, read_card
from tests.toy_assets import TOY, toy_weights, write_toy_asset


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of assets; there are no shipped ones."""
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(tmp_path / "own"))
    monkeypatch.setattr(finder, "builtin_assets", lambda: tmp_path / "shipped")
    return tmp_path / "own"


def replace_weights(folder: Path, content: bytes) -> None:
    """Other weights, which the card names."""
    before = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    after = hashlib.sha256(content).hexdigest()
    (folder / WEIGHTS).write_bytes(content)
    card = (folder / CARD).read_text("utf-8")
    (folder / CARD).write_text(card.replace(before, after), "utf-8")


def safetensors(kind: str, shape: list[int], data: bytes) -> bytes:
    """A file of one array, written out by hand."""
    entry = {"dtype": kind, "shape": shape, "data_offsets": [0, len(data)]}
    header = json.dumps({"array": entry}).encode()
    return struct.pack("<Q", len(header)) + header + data


def test_a_card_survives_being_written(root: Path) -> None:
    card = read_card(write_toy_asset(root) / CARD)
    (root / "again.toml").write_text(card_toml(card), "utf-8")
    assert read_card(root / "again.toml") == card


@pytest.mark.parametrize(
    ("told", "directions"),
    [(["smile", "width"], ("smile", "width")), ("smile", ()), ([1, "smile"], ("smile",)), (7, ())],
)
def test_directions_are_those_of_the_settings(
    root: Path, told: object, directions: tuple[str, ...]
) -> None:
    folder = write_toy_asset(root, settings={"directions": told})
    assert Asset(folder).directions == directions


def test_an_asset_tells_what_its_card_says(root: Path) -> None:
    kept_back = [{"name": "cat"}, {"name": "face", "offered": False}]
    folder = write_toy_asset(root, categories=kept_back)
    asset = finder.find_asset("toy")
    assert asset.name == "toy"
    assert asset.categories == ("cat",)
    assert asset.directions == ()
    assert asset.licence == "CC0-1.0"
    assert asset.size == (folder / WEIGHTS).stat().st_size
    assert asset.settings["decoder_units"] == TOY.decoder_units
    expected = toy_weights()
    assert asset.arrays().keys() == expected.keys()
    assert all(np.array_equal(array, expected[name]) for name, array in asset.arrays().items())


def test_the_hash_is_of_all_that_shapes_the_results_and_nothing_else(root: Path) -> None:
    def digest(name: str, **changes: object) -> str:
        return Asset(write_toy_asset(root / name, **changes)).sha256  # type: ignore[arg-type]

    first = digest("a")
    assert digest("b", title="Another title") == first
    others = [
        digest("c", weights=toy_weights(seed=1)),
        digest("d", settings={"max_points": 41}),
        digest("e", categories=[{"name": "cat"}]),
        digest("f", family="other"),
    ]
    assert len({first, *others}) == 5


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "malformed at 'title'"),
        ("name = ", "not TOML"),
        ("[" * 100_000, "not TOML"),
        (f"seed = {'9' * 5000}", "not TOML"),
        ("x" * (MAX_CARD_BYTES + 1), "too large"),
        (b"\xff\xfe", "not TOML"),
        (("version = ", "surprise = 1\nversion = "), "malformed at 'surprise'"),
        (('name = "toy"', 'name = "../toy"'), "malformed at 'name'"),
        (("weights.safetensors", "../weights.safetensors"), "malformed at 'files"),
        (("weights.safetensors", r"weights\n"), "malformed at 'files"),
        (("weights.safetensors", ".hidden"), "malformed at 'files"),
        (('safetensors" = "', 'safetensors" = "g'), "malformed at 'files"),
    ],
)
def test_a_card_that_is_not_one_is_refused(
    root: Path, text: str | bytes | tuple[str, str], fault: str
) -> None:
    path = write_toy_asset(root) / CARD
    if isinstance(text, tuple):
        changed = path.read_text("utf-8").replace(*text)
        assert changed != path.read_text("utf-8")
        path.write_text(changed, "utf-8")
    else:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InvalidAsset) as raised:
        finder.find_asset("toy")
    assert fault in raised.value.message
    assert "again" in raised.value.hint


def test_a_card_that_is_missing_or_a_folder_is_refused(root: Path) -> None:
    (root / "toy" / CARD).mkdir(parents=True)
    for folder in (root / "toy", root / "none"):
        with pytest.raises(InvalidAsset, match="cannot be read"):
            Asset(folder)


def test_weights_with_another_hash_are_not_loaded(root: Path) -> None:
    folder = write_toy_asset(root)
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (folder / WEIGHTS).write_bytes(content)
    with pytest.raises(InvalidAsset, match="is not the file that its card names") as raised:
        Asset(folder).arrays()
    assert "'toy' again" in raised.value.hint


def test_weights_that_are_missing_are_told(root: Path) -> None:
    folder = write_toy_asset(root)
    (folder / WEIGHTS).unlink()
    assert Asset(folder).size == 0
    with pytest.raises(InvalidAsset, match="cannot be read"):
        Asset(folder).arrays()
    with pytest.raises(InvalidAsset, match="lists no file 'other'"):
        Asset(folder).read("other")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not safetensors",
        b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.",
        safetensors("F32", [2], b"\0" * 4),
        safetensors("F99", [1], b"\0" * 4),
        safetensors("BF16", [2], b"\0" * 4),
        safetensors("F8_E4M3", [4], b"\0" * 4),
    ],
)
def test_weights_that_are_not_safetensors_are_refused(root: Path, content: bytes) -> None:
    folder = write_toy_asset(root)
    replace_weights(folder, content)
    with pytest.raises(InvalidAsset, match="are not safetensors that can be read"):
        Asset(folder).arrays()


def test_the_users_asset_comes_before_a_shipped_one(root: Path) -> None:
    shipped = write_toy_asset(root.parent / "shipped", title="Shipped")
    write_toy_asset(root.parent / "shipped", "other")
    assert finder.find_asset("toy").card.title == "Shipped"
    own = write_toy_asset(root, title="Own")
    assert finder.find_asset("toy").card.title == "Own"
    assert finder.find_assets() == {"toy": own, "other": shipped.parent / "other"}


def test_an_unknown_asset_is_told_with_those_that_there_are(root: Path) -> None:
    with pytest.raises(UnknownAsset, match="no asset 'cats'") as raised:
        finder.find_asset("cats")
    assert "Installed: none" in raised.value.hint
    write_toy_asset(root)
    with pytest.raises(UnknownAsset) as raised:
        finder.find_asset("../own/toy")
    assert "Installed: toy" in raised.value.hint


def test_a_folder_with_another_assets_card_is_refused(root: Path) -> None:
    write_toy_asset(root).rename(root / "cats")
    with pytest.raises(InvalidAsset, match="is named 'toy' by its card") as raised:
        finder.find_asset("cats")
    assert "Rename" in raised.value.hint


def test_where_the_users_assets_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", "/a")
    monkeypatch.setenv("XDG_DATA_HOME", "/b")
    monkeypatch.setenv("HOME", "/c")
    assert finder.user_assets() == Path("/a")
    monkeypatch.delenv("CREATIVE_GEN_ASSETS")
    assert finder.user_assets() == Path("/b/creative_gen/assets")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert finder.user_assets() == Path("/c/.local/share/creative_gen/assets")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("cat", True), ("alarm-clock-2", True), ("", False), ("-cat", False), ("Cat", False)]
    + [("a/b", False), ("..", False), ("cat\n", False), ("a b", False)],
)
def test_names_that_an_asset_may_have(name: str, allowed: bool) -> None:
    assert is_asset_name(name) is allowed

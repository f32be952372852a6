"""What is wrong with pictures is told with its fix; nothing is written, and no traceback shown."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from creative_gen.cli import image_writing
from creative_gen.media.image import Image
from creative_gen.media.image_files import image_bytes, read_image
from tests import toy_pictures
from tests.cli.conftest import Run
from tests.cli.test_bad_input import assert_told
from tests.toy_tinter import repeated

GIVEN = {"photo.jpg", "art.png", "tile.png", "line.png", "hints.png", "half.svg"}


def saved(picture: Pillow.Image, form: str, **facts: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, form, **facts)  # type: ignore[arg-type]
    return content.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """The beginning of a PNG of that size, without its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b""))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


ART = Pillow.fromarray(toy_pictures.clip_art(40))
TILE = Pillow.fromarray(toy_pictures.tile())
PNG = saved(ART, "PNG")
JPEG = saved(ART, "JPEG")

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", "empty"),
    "a text": (b"not a picture at all", "not a picture"),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a picture"),
    "a cut PNG": (PNG[:-40], "broken or cut short"),
    "a cut JPEG": (JPEG[: len(JPEG) // 2], "broken or cut short"),
    "a head without a picture": (PNG[:8], "broken or cut short"),
    "30,000 x 30,000 pixels": (png_of_size(30_000, 30_000), "900,000,000"),
    "no pixels": (png_of_size(0, 0), ""),
}

ODD: dict[str, bytes] = {
    "one pixel": saved(Pillow.new("RGB", (1, 1), "red"), "PNG"),
    "CMYK": saved(ART.convert("CMYK"), "JPEG"),
    "grey": saved(ART.convert("L"), "JPEG"),
    "black and white": saved(ART.convert("1"), "PNG"),
    "a palette": saved(ART.convert("P"), "PNG"),
    "a palette with a clear colour": saved(ART.convert("P"), "GIF", transparency=0),
    "grey and alpha": saved(TILE.convert("LA"), "PNG"),
    "16 bits of grey": saved(Pillow.new("I;16", (9, 7), 4000), "PNG"),
    "16 bits of colour": image_bytes(Image(toy_pictures.tile().astype(np.uint16) * 200)),
    "an animation": saved(ART, "GIF", save_all=True, append_images=[ART.rotate(90)]),
}


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")} - GIVEN


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("verb", ["upscale", "colorize"])
def test_pictures_that_cannot_be_read(tints: Path, run: Run, verb: str, name: str) -> None:
    content, word = UNREADABLE[name]
    (tints / "bad.png").write_bytes(content)
    assert_told(run("image", verb, "bad.png", "-o", "new/a.png"), 2, word)
    assert left(tints) == {"bad.png"}


@pytest.mark.parametrize("name", UNREADABLE)
def test_hints_that_cannot_be_read(tints: Path, run: Run, name: str) -> None:
    content, word = UNREADABLE[name]
    (tints / "bad.png").write_bytes(content)
    ran = run("image", "colorize", "line.png", "--hints", "bad.png", "-o", "new/a.png")
    assert_told(ran, 2, word)
    assert left(tints) == {"bad.png"}


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures_are_pictures(tints: Path, run: Run, name: str) -> None:
    (tints / "odd").write_bytes(ODD[name])
    ran = run("image", "upscale", "odd", "--scale", 3, "-o", "a.png")
    assert (ran.status, "Error" in ran.stderr) == (0, False)
    made, given = read_image(tints / "a.png").image, read_image(ODD[name]).image
    assert np.array_equal(made.pixels, repeated(given, 3).pixels)


def test_a_picture_on_its_side_is_turned_upright(tints: Path, run: Run) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    lying = Pillow.fromarray(toy_pictures.photo(20, 40))
    (tints / "lying.jpg").write_bytes(saved(lying, "JPEG", exif=exif))
    assert run("image", "upscale", "lying.jpg", "-o", "a.jpg").status == 0
    with Pillow.open(tints / "a.jpg") as made:
        assert made.size == (40, 80)
        assert made.getexif().get(0x0112, 1) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("upscale",), ("Missing argument 'IMAGE",)),
        (("colorize",), ("Missing argument 'IMAGE",)),
        (("upscale", "none.png"), ("none.png", "cannot be opened")),
        (("upscale", "tile.png", "--scale", "5"), ("'5' is not one of", "'2', '3', '4'")),
        (("upscale", "tile.png", "--scale", "two"), ("'two' is not one of",)),
        (("upscale", "tile.png", "--kind", "map"), ("does not know 'map'", "It knows photo.")),
        (("upscale", "tile.png", "--asset", "none"), ("no asset 'none'",)),
        (("colorize", "line.png", "--mode", "oil"), ("'oil' is not one of",)),
        (("colorize", "line.png", "--count", "0"), ("1<=x<=100",)),
        (("colorize", "line.png", "--count", "10000000"), ("1<=x<=100",)),
        (("colorize", "line.png", "--temperature", "2.5"), ("0.0<=x<=2.0",)),
        (("colorize", "line.png", "--hints", "none.png"), ("none.png", "cannot be opened")),
        (("colorize", "line.png", "--hints", "."), ("is a directory",)),
        (("colorize", "line.png", "--hints", "art.png"), ("no transparency", "layer")),
        (("upscale", "tile.png", "--format", "gif"), ("'gif' is not one of",)),
        (("upscale", "tile.png", "-o", "a.gif"), ("'a.gif'", "PNG, JPEG, WebP and TIFF")),
        (("upscale", "tile.png", "-o", "a.PSD"), ("'a.PSD'", ".png, .jpg, .webp or .tiff")),
        (("upscale", "tile.png", "-o", "a.png", "--format", "jpg"), ("Leave --format out",)),
        (("upscale", "tile.png", "-o", "a.jpg"), ("JPEG cannot hold transparency", "PNG")),
        (("upscale", "tile.png", "--format", "jpg"), ("JPEG cannot hold transparency",)),
        (("colorize", "tile.png", "-o", "a.jpg"), ("JPEG cannot hold transparency",)),
        (("colorize", "line.png", "--count", "4", "-o", "a.png"), ("4 pictures", "'a.png'")),
        (("upscale", "tile.png", "art.png", "-o", "a.png"), ("Several pictures", "'a.png'")),
        (("upscale", "tile.png", "art.png", "-o", "a.gif"), ("'a.gif' cannot be written",)),
        (("upscale", ".", "-o", "."), ("The results would go to the pictures",)),
    ],
)
def test_what_there_is_not(
    tints: Path, run: Run, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_told(run("image", *arguments), 2, *words)
    assert left(tints) == set()


@pytest.mark.parametrize("name", ["a.jpg", "a.webp"])
def test_formats_of_8_bits_cannot_hold_16(tints: Path, run: Run, name: str) -> None:
    (tints / "deep.png").write_bytes(image_bytes(Image(np.zeros((4, 4, 3), np.uint16))))
    ran = run("image", "upscale", "deep.png", "-o", name)
    assert_told(ran, 2, "cannot hold 16 bits", "Write PNG or TIFF")
    assert left(tints) == {"deep.png"}


def test_a_format_that_cannot_hold_so_large_a_result_is_told_before_it_is_made(
    tints: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.toy_tinter.Tinter.run", lambda self, request: 1 / 0)
    (tints / "long.png").write_bytes(image_bytes(Image(np.zeros((1, 6000, 1), np.uint8))))
    ran = run("image", "upscale", "long.png", "--scale", 3, "-o", "a.webp")
    assert_told(ran, 2, "WebP cannot hold 18,000 x 3 pixels", "PNG or TIFF")


def test_a_result_of_too_many_pixels_is_refused(
    tints: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("creative_gen.interface.image_options.MAX_PIXELS", 1000)
    assert_told(run("image", "upscale", "tile.png"), 2, "32 x 32 pixels", "1,000 pixels")
    assert left(tints) == set()


def test_hints_of_another_size_are_noted(tints: Path, run: Run) -> None:
    ran = run("image", "colorize", "tile.png", "--hints", "hints.png", "-o", "a.png")
    assert (ran.status, ran.stderr) == (0, "Note: The hints were resized to 16 x 16 pixels.\n")


@pytest.mark.parametrize("other", ["tile.png", "./tile.png", "link.png", "HARD.png"])
def test_the_given_picture_is_not_replaced(tints: Path, run: Run, other: str) -> None:
    (tints / "link.png").symlink_to("tile.png")
    (tints / "HARD.png").hardlink_to(tints / "tile.png")
    before = (tints / "tile.png").read_bytes()
    assert_told(run("image", "upscale", "tile.png", "-o", other), 2, "would replace", "with -o")
    assert_told(run("image", "upscale", "tile.png", "-o", "."), 2, "would replace")
    assert (tints / "tile.png").read_bytes() == before


def test_the_hints_are_not_replaced_either(tints: Path, run: Run) -> None:
    before = (tints / "hints.png").read_bytes()
    ran = run("image", "colorize", "line.png", "--hints", "hints.png", "-o", "hints.png")
    assert_told(ran, 2, "would replace 'hints.png'")
    (tints / "line-2.png").write_bytes(before)
    flags = ("--hints", "line-2.png", "--count", 3, "-o", ".")
    assert_told(run("image", "colorize", "line.png", *flags), 2, "would replace 'line-2.png'")
    (tints / "line-sheet.png").write_bytes(before)
    flags = ("--hints", "line-sheet.png", "--count", 3, "-o", ".")
    assert_told(run("image", "colorize", "line.png", *flags), 2, "would replace 'line-sheet.png'")
    assert left(tints) == {"line-2.png", "line-sheet.png"}
    assert (tints / "line-2.png").read_bytes() == (tints / "line-sheet.png").read_bytes() == before


def test_a_folder_without_pictures(tints: Path, run: Run) -> None:
    (tints / "none").mkdir()
    (tints / "none" / "notes.txt").write_text("no picture")
    assert_told(run("image", "upscale", "none"), 2, "no picture in 'none'", ".png")
    assert left(tints) == {"none", "notes.txt"}


def test_a_folder_of_nothing_but_broken_pictures(tints: Path, run: Run) -> None:
    (tints / "bad").mkdir()
    (tints / "bad" / "a.png").write_bytes(PNG[:60])
    ran = run("image", "upscale", "bad", "-o", "out")
    assert ran.status == 1
    assert "0 of 1 pictures done" in ran.stdout
    assert "Failed: bad/a.png: This picture is broken" in ran.stderr
    assert left(tints) == {"bad", "a.png"}


def test_what_a_format_cannot_hold_does_not_stop_a_folder(tints: Path, run: Run) -> None:
    ran = run("image", "upscale", ".", "--format", "jpg", "-o", "out")
    assert ran.status == 1
    assert ran.stderr.count("JPEG cannot hold transparency") == 2
    made = {path.name for path in (tints / "out").iterdir()}
    assert made == {"art.jpg", "line.jpg", "photo.jpg", "manifest.json"}


def test_links_to_the_folder_are_that_folder(tints: Path, run: Run) -> None:
    (tints / "link").symlink_to(tints)
    assert_told(run("image", "upscale", ".", "-o", "link"), 2, "The results would go to")


@pytest.mark.parametrize(
    ("given", "name", "word"),
    [
        ("tile.png", "art.png/a", "Not a directory"),
        ("tile.png", "art.png/a.png", "File exists"),
        (".", "art.png/a", "Not a directory"),
    ],
)
def test_a_folder_that_cannot_be_written(
    tints: Path, run: Run, given: str, name: str, word: str
) -> None:
    ran = run("image", "upscale", given, "-o", name)
    assert_told(ran, 1, "Nothing was written", word, "Choose a folder")
    assert left(tints) == set()


def test_a_folder_in_the_place_of_a_result(tints: Path, run: Run) -> None:
    (tints / "out" / "tile.png").mkdir(parents=True)
    assert_told(run("image", "upscale", "tile.png"), 1, "Nothing was written", "Is a directory")
    (tints / "out" / "line-sheet.png").mkdir()
    ran = run("image", "colorize", "line.png", "--count", 2)
    assert_told(ran, 1, "Nothing was written", "Is a directory")
    assert left(tints) == {"out", "line-sheet.png"}


def test_a_full_disk_is_told(tints: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, name: str, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(image_writing.ImageFiles, "_write", full)
    for arguments in (("tile.png",), (".",)):
        ran = run("image", "upscale", *arguments, "-o", "new")
        assert_told(ran, 1, "Nothing was written to 'new': No space left on device.")
        assert left(tints) == set()

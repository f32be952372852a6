import io
import json
import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage
from PIL import ImageCms, ImageOps

from creative_gen.media import exif, tiff_files, xmp
from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image
from creative_gen.media.image_files import check_fits, image_bytes, read_image
from creative_gen.media.raster import png_info
from tests.toy_pictures import clip_art, photo, tile

RANDOM = np.random.default_rng(0)
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PROVENANCE = {"creative_gen": json.dumps({"seed": 3, "words": "prélude & <猫>\r\n"})}
TEXT = {"Title": "A & <b> 猫", "Comment": "höchst", "creative_gen": "older"}
LOSSLESS = ["png", "tiff", "webp"]
DEPTHS = [("png", 8), ("png", 16), ("tiff", 8), ("tiff", 16), ("webp", 8)]


def picture(bits=8, channels=3, **facts):
    pixels = RANDOM.integers(0, 2**bits, (23, 37, channels)).astype(f"u{bits // 8}")
    return Image(pixels, **facts)


def camera_exif(orientation=1):
    """What a camera writes: its name, when, how large, and notes of its own."""
    block = PillowImage.Exif()
    block[0x010F], block[0x0110], block[0x0112] = "Maker", "Camera", orientation
    block[0x011A], block[0x011B], block[0x0128] = 72.0, 72.0, 2
    block[0x8769] = {
        0x9003: "2024:05:06 07:08:09",
        0xA002: 4_000,
        0xA003: 3_000,
        0x927C: b"\1\2note",
    }
    return block.tobytes().removeprefix(exif.PREFIX)


def encoded(image, file_format, **options):
    content = io.BytesIO()
    image.save(content, file_format, **options)
    return content.getvalue()


def pillow(data):
    with PillowImage.open(io.BytesIO(data)) as opened:
        opened.load()
        return opened


@pytest.mark.parametrize(("file_format", "bits"), DEPTHS)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_pixels_survive_bit_for_bit(file_format, channels, bits):
    image = picture(bits, channels)
    read = read_image(image_bytes(image, file_format))
    assert read.file_format == file_format
    assert read.notes == ()
    if file_format == "webp" and image.is_gray:
        colors = image.pixels[..., [0, 0, 0]] if channels == 1 else image.pixels[..., [0, 0, 0, 1]]
        image = image.with_pixels(colors)
    assert read.image == image


@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_is_close(channels):
    image = Image(photo()[..., :channels])
    read = read_image(image_bytes(image, "jpeg")).image
    error = read.pixels.astype(float) - image.pixels
    assert read.channels == channels
    assert np.sqrt((error**2).mean()) < 2.5
    # Every pixel has a colour of its own: no subsampling.
    assert pillow(image_bytes(Image(photo()), "jpeg")).layer[0][1:3] == (1, 1)


def test_webp_with_loss_is_smaller_and_close():
    image = Image(photo(200, 200))
    small = image_bytes(image, "webp", lossless=False)
    assert len(small) < 0.6 * len(image_bytes(image, "webp"))
    error = read_image(small).image.pixels.astype(float) - image.pixels
    assert np.sqrt((error**2).mean()) < 3


def test_the_colors_of_what_cannot_be_seen_survive():
    for file_format in LOSSLESS:
        assert (read_image(image_bytes(Image(tile()), file_format)).image.pixels == tile()).all()


@pytest.mark.parametrize(("file_format", "bits"), [*DEPTHS, ("jpeg", 8)])
def test_what_a_file_says_survives(file_format, bits):
    block = exif.described(camera_exif(), 37, 23, (300.0, 150.0))
    image = picture(bits, icc_profile=ICC, exif=block, dpi=(300.0, 150.0), text=TEXT)
    data = image_bytes(image, file_format, PROVENANCE)
    read = read_image(data).image
    assert read.icc_profile == ICC
    assert read.dpi == (300.0, 150.0)
    assert dict(read.text) == TEXT | PROVENANCE
    if file_format != "tiff":
        assert read.exif == block
    else:
        kept = PillowImage.Exif()
        kept.load(read.exif)
        assert (kept[0x010F], kept[0x0110]) == ("Maker", "Camera")
        assert kept.get_ifd(0x8769)[0x9003] == "2024:05:06 07:08:09"
    # And once more the same: nothing grows with each reading and writing.
    again = image_bytes(read, file_format)
    assert read_image(again).image.with_pixels(read.pixels) == read
    assert image_bytes(image, file_format, PROVENANCE) == data


def test_exif_says_the_size_of_the_picture_that_it_is_in():
    image = Image(photo(40, 60), exif=camera_exif(6), dpi=(300.0, 300.0))
    for file_format in ("png", "jpeg", "webp"):
        found = pillow(image_bytes(image, file_format)).getexif()
        assert found[0x0112] == 1
        assert (found[0x011A], found[0x0128]) == (300, 2)
        inner = found.get_ifd(0x8769)
        assert (inner[0xA002], inner[0xA003]) == (60, 40)
        assert inner[0x927C] == b"\1\2note"


def test_other_programs_find_the_texts():
    image = Image(photo(8, 8))
    assert pillow(image_bytes(image, "png", PROVENANCE)).text == PROVENANCE
    deep = pillow(image_bytes(image.with_bits(16), "png", PROVENANCE))
    assert deep.text == PROVENANCE
    for file_format in ("jpeg", "webp", "tiff"):
        packet = pillow(image_bytes(image, file_format, PROVENANCE)).getxmp()
        found = packet["xmpmeta"]["RDF"]["Description"]["creative_gen"]
        assert json.loads(found) == json.loads(PROVENANCE["creative_gen"])


def test_what_other_programs_wrote_in_xmp_stays():
    others = xmp.packet_with({}).replace(
        "</rdf:RDF>", '<rdf:Description xmp:Rating="5" tiff:Orientation="6"/></rdf:RDF>'
    )
    for file_format in ("PNG", "JPEG", "WEBP", "TIFF"):
        options = {"xmp": others.encode()}
        if file_format == "PNG":
            options = {"pnginfo": png_info({xmp.KEYWORD: others})}
        if file_format == "TIFF":
            options = {"tiffinfo": {700: others.encode()}}
        given = encoded(PillowImage.fromarray(photo(8, 16)), file_format, **options)
        image = read_image(given).image
        # It said that the picture lies on its side.
        assert (image.height, image.width) == (16, 8)
        made = read_image(image_bytes(image, "jpeg", PROVENANCE)).image
        assert 'xmp:Rating="5"' in made.text[xmp.KEYWORD]
        assert 'tiff:Orientation="6"' not in made.text[xmp.KEYWORD]
        assert made.text["creative_gen"] == PROVENANCE["creative_gen"]
        assert (made.height, made.width) == (16, 8)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_pictures_are_turned_upright(orientation, file_format):
    block = PillowImage.Exif()
    block[0x0112] = orientation
    options = {"exif": block if file_format == "TIFF" else block.tobytes(), "dpi": (100, 200)}
    if file_format == "WEBP":
        options = {"exif": block.tobytes(), "lossless": True}
    data = encoded(PillowImage.fromarray(clip_art(32)[:20]), file_format, **options)
    image = read_image(data).image
    expected = np.asarray(ImageOps.exif_transpose(PillowImage.open(io.BytesIO(data))))
    assert (image.pixels == expected).all()
    if file_format != "WEBP":
        assert image.dpi == ((200, 100) if orientation > 4 else (100, 200))
    # Whoever reads it next does not turn it again.
    again = ImageOps.exif_transpose(pillow(image_bytes(image, "png")))
    assert (np.asarray(again) == expected).all()


TURNS = {1: 0, 3: 2, 6: -1, 8: 1}


@pytest.mark.parametrize("orientation", TURNS)
def test_deep_pngs_are_turned_upright(orientation):
    image = picture(16, 3)
    data = bytearray(image_bytes(Image(image.pixels, exif=camera_exif()), "png"))
    place, chunk = data.index(b"eXIf"), b"eXIf" + camera_exif(orientation)
    data[place : place + len(chunk) + 4] = chunk + struct.pack(">I", zlib.crc32(chunk))
    turned = np.rot90(image.pixels, TURNS[orientation])
    assert (read_image(bytes(data)).image.pixels == turned).all()


@pytest.mark.parametrize("orientation", TURNS)
def test_deep_tiffs_are_turned_upright(orientation):
    image = picture(16, 3)
    data = tiff(image.pixels, extratags=[(274, "H", 1, orientation)], resolution=(300, 150))
    read = read_image(data).image
    assert (read.pixels == np.rot90(image.pixels, TURNS[orientation])).all()
    assert read.dpi == ((150, 300) if orientation > 4 else (300, 150))


def tiff(pixels, photometric="rgb", **options):
    content = io.BytesIO()
    options.setdefault("metadata", None)
    tifffile.imwrite(content, pixels, photometric=photometric, **options)
    return content.getvalue()


DEEP = RANDOM.integers(0, 65_536, (20, 30, 3)).astype(np.uint16)
ALPHA = RANDOM.integers(1, 65_536, (20, 30, 1)).astype(np.uint16)
HALF = np.full((20, 30, 1), 32_768, np.uint16)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (tiff(DEEP), DEEP),
        (tiff(DEEP, byteorder=">"), DEEP),
        (tiff(DEEP, bigtiff=True), DEEP),
        (tiff(DEEP, tile=(16, 16), compression="zlib", predictor=True), DEEP),
        (tiff(DEEP.transpose(2, 0, 1).copy(), planarconfig="separate"), DEEP),
        (tiff(np.dstack([DEEP, ALPHA]), extrasamples=["unassalpha"]), np.dstack([DEEP, ALPHA])),
        (tiff(np.dstack([DEEP, ALPHA]), extrasamples=["unspecified"]), DEEP),
        (tiff(DEEP[..., 0], "minisblack"), DEEP[..., :1]),
        (tiff(DEEP[..., 0], "minisblack", byteorder=">"), DEEP[..., :1]),
        (tiff(DEEP[..., 0], "miniswhite"), 65_535 - DEEP[..., :1]),
        (tiff((DEEP[..., 0] >> 8).astype(np.uint8), "miniswhite"), 255 - (DEEP[..., :1] >> 8)),
        (tiff((DEEP >> 8).astype(np.uint8), bigtiff=True), DEEP >> 8),
        (
            tiff(DEEP[..., :2], "minisblack", extrasamples=["unassalpha"], planarconfig="contig"),
            DEEP[..., :2],
        ),
    ],
)
def test_tiffs_of_others(data, expected):
    read = read_image(data)
    assert (read.image.pixels == expected).all()
    assert read.image.channels == expected.shape[2]
    assert read.notes == ()


@pytest.mark.parametrize("bits", [8, 16])
def test_alpha_is_taken_out_of_the_colors(bits):
    pixels = np.dstack([DEEP // 2, HALF])
    pixels = pixels if bits == 16 else (pixels >> 8).astype(np.uint8)
    read = read_image(tiff(pixels, extrasamples=["assocalpha"])).image
    assert (read.pixels[..., 3] == pixels[..., 3]).all()
    assert np.abs(read.pixels[..., :3] - 2.0 * pixels[..., :3]).max() <= 3


def test_many_pages_and_animations_are_said():
    first, second = (PillowImage.fromarray(photo(16, 16, seed)) for seed in (0, 1))
    for file_format, word in [
        ("GIF", "frame"),
        ("PNG", "frame"),
        ("WEBP", "frame"),
        ("TIFF", "page"),
    ]:
        options = {"save_all": True, "append_images": [second]}
        options |= {"lossless": True} if file_format == "WEBP" else {}
        read = read_image(encoded(first, file_format, **options))
        assert len(read.notes) == 1
        assert word in read.notes[0]
        assert np.abs(read.image.pixels[..., :3] - photo(16, 16).astype(int)).mean() < 30
    deep = read_image(tiff(np.stack([DEEP, DEEP])))
    assert "page" in deep.notes[0]
    assert (deep.image.pixels == DEEP).all()
    # A phone's file with previews has one picture for whoever looks at it.
    assert read_image(encoded(first, "MPO", save_all=True, append_images=[second])).notes == ()


@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
def test_cmyk_becomes_srgb(file_format):
    data = encoded(PillowImage.fromarray(photo()).convert("CMYK"), file_format)
    read = read_image(data)
    assert "CMYK" in read.notes[0]
    assert read.image.icc_profile is None
    assert np.abs(read.image.pixels.astype(int) - photo()).mean() < 3


def test_cmyk_of_sixteen_bits_becomes_srgb():
    read = read_image(tiff(np.dstack([DEEP, ALPHA]), "separated"))
    assert "CMYK" in read.notes[0]
    assert (read.image.bits, read.image.channels, read.image.icc_profile) == (16, 3, None)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_small_pixels_are_read(mode):
    for file_format in ("PNG", "GIF", "TIFF", "BMP"):
        given = PillowImage.fromarray(clip_art(32)).convert(mode)
        image = read_image(encoded(given, file_format)).image
        assert (image.pixels[..., :3] == np.asarray(given.convert("RGB"))).all()


def test_texts_after_the_pixels_are_read():
    for bits in (8, 16):
        data = image_bytes(picture(bits, 3), "png")
        chunk = b"tEXtAuthor\0Me"
        extra = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        assert dict(read_image(data[:-12] + extra + data[-12:]).image.text) == {"Author": "Me"}


def test_exif_that_imagemagick_wrote_as_text():
    digits = (exif.PREFIX + camera_exif(6)).hex()
    raw = {"Raw profile type exif": f"\nexif\n{len(digits) // 2:8}\n{digits}\n"}
    given = encoded(PillowImage.fromarray(photo(8, 16)), "PNG", pnginfo=png_info(raw))
    image = read_image(given).image
    assert (image.height, image.width) == (16, 8)
    assert dict(image.text) == {}
    assert exif.orientation(image.exif) == 1


def test_texts_that_png_does_not_allow_are_left_out():
    given = encoded(PillowImage.fromarray(photo(8, 8)), "PNG")
    chunk = b"tEXt too long" + bytes([7]) + b"\0text"
    extra = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    image = read_image(given[:33] + extra + given[33:]).image
    assert dict(image.text) == {}
    image_bytes(image, "png")


PNG = image_bytes(picture(8, 4, exif=camera_exif(), icc_profile=ICC, text=TEXT), "png")
DEEP_PNG = image_bytes(picture(16, 3, exif=camera_exif(), text=TEXT), "png")
JPEG = image_bytes(picture(exif=camera_exif(), icc_profile=ICC, text=TEXT), "jpeg")
WEBP = image_bytes(picture(8, 4, exif=camera_exif(), text=TEXT), "webp")
TIFF = image_bytes(picture(8, 3, exif=camera_exif(), text=TEXT), "tiff")
DEEP_TIFF = image_bytes(picture(16, 4, exif=camera_exif(), text=TEXT), "tiff")
GIF = encoded(PillowImage.fromarray(photo(16, 16)), "GIF")
BMP = encoded(PillowImage.fromarray(photo(16, 16)), "BMP")
FILES = [PNG, DEEP_PNG, JPEG, WEBP, TIFF, DEEP_TIFF, GIF, BMP]


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "empty"),
        (b"not a picture", "not a picture"),
        (b"%PDF-1.7", "not a picture"),
        (b"RIFF\0\0\0\0WAVE", "not a picture"),
        (b"<svg/>", "not a picture"),
        *((data[: len(data) // 2], "cut short") for data in FILES),
        *((data[:20], "cut short") for data in FILES),
        (tiff(DEEP.astype(np.float32)), "floating-point"),
        (tiff(DEEP.astype(np.float16) / 9), "floating-point"),
        (tiff(DEEP[..., 0].astype(np.uint32), "minisblack"), "32-bit"),
        (tiff(DEEP[..., 0].astype(np.int16), "minisblack"), "signed"),
        (tiff(np.dstack([DEEP, DEEP]), extrasamples=["unassalpha", 0, 0]), "channels"),
    ],
)
def test_files_that_are_no_picture_are_refused(data, match):
    with pytest.raises(MediaError, match=match) as caught:
        read_image(data)
    assert caught.value.hint


def test_paths_that_are_no_picture_are_named(tmp_path):
    for path in (tmp_path / "none.png", tmp_path):
        with pytest.raises(MediaError, match=path.name) as caught:
            read_image(path)
        assert caught.value.hint
    (tmp_path / "a.png").write_bytes(PNG)
    assert read_image(tmp_path / "a.png").image == read_image(str(tmp_path / "a.png")).image


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may read any file")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    (tmp_path / "a.png").write_bytes(PNG)
    (tmp_path / "a.png").chmod(0)
    with pytest.raises(MediaError, match=r"a\.png"):
        read_image(tmp_path / "a.png")


@pytest.mark.parametrize("data", FILES)
def test_pictures_that_are_too_large_are_refused_before_they_are_decoded(data, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", None)
    monkeypatch.setattr("creative_gen.media.deep_images.read_deep_pixels", None)
    with pytest.raises(MediaError, match=r"x \d+ pixels, and the limit is 100\.") as caught:
        read_image(data, max_pixels=100)
    assert caught.value.hint


def test_a_bomb_is_refused():
    header = struct.pack(">IIBBBBB", 60_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = PNG[:8] + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + PNG[33:]
    with pytest.raises(MediaError, match="3,000,000,000 pixels, and the limit is 150,000,000"):
        read_image(bomb)


def test_broken_metadata_loses_no_picture():
    image = Image(photo(8, 8), exif=b"II*\0\xff\xff\xff\xff", icc_profile=b"no profile")
    for file_format in ("png", "jpeg", "webp", "tiff"):
        assert read_image(image_bytes(image, file_format)).image.exif is None
    raw = {"Raw profile type exif": "no\nhexadecimal\n3\ndigits"}
    for options in ({"exif": exif.PREFIX + b"II*\0nonsense"}, {"pnginfo": png_info(raw)}):
        given = encoded(PillowImage.fromarray(photo(8, 8)), "PNG", **options)
        assert read_image(given).image == Image(photo(8, 8))


def test_exif_that_a_tiff_cannot_have_is_left_out():
    block = bytearray(camera_exif())
    # The maker's name as a number.
    struct.pack_into(">H", block, 12, 12)
    image = Image(photo(8, 8), exif=bytes(block))
    assert read_image(image_bytes(image, "tiff")).image == Image(photo(8, 8))


@pytest.mark.parametrize(
    ("file_format", "image", "match"),
    [
        ("jpeg", Image(tile()), "transparency"),
        ("jpeg", Image(tile()[..., 2:]), "transparency"),
        ("jpeg", picture(16, 3), "16 bits"),
        ("webp", picture(16, 3), "16 bits"),
        ("webp", Image(np.zeros((1, 16_384, 1), np.uint8)), "16,384"),
        ("jpeg", Image(np.zeros((65_501, 1, 1), np.uint8)), "65,501"),
        ("gif", Image(tile()), "gif"),
        ("jpeg", Image(photo(8, 8), text={"Title": "x" * 70_000}), "64 kB"),
        ("jpeg", Image(photo(8, 8), exif=camera_exif() + bytes(70_000)), "64 kB"),
    ],
)
def test_what_a_file_cannot_hold_is_refused(file_format, image, match):
    with pytest.raises(MediaError, match=match) as caught:
        image_bytes(image, file_format)
    assert caught.value.hint


def test_what_fits_can_be_known_before():
    check_fits("webp", 16_383, 10, 8, True)
    check_fits("tiff", 100_000, 10, 16, True)
    with pytest.raises(MediaError, match="JPEG cannot hold 70,000 x 10"):
        check_fits("jpeg", 10, 70_000, 8, False)


@pytest.mark.parametrize("dpi", [(0.1, 0.1), (70_000, 300), (1_000_000, 1_000_000)])
def test_dpi_are_written_or_left_out(dpi):
    for file_format in ("png", "jpeg", "webp", "tiff"):
        found = read_image(image_bytes(Image(photo(8, 8), dpi=dpi), file_format)).image.dpi
        assert found is None or found == pytest.approx(dpi, abs=0.1)
    assert read_image(image_bytes(Image(photo(8, 8), dpi=dpi), "tiff")).image.dpi == dpi


def test_a_jpeg_without_room_keeps_its_provenance():
    others = xmp.packet_with({}).replace("</rdf:RDF>", f"<!--{'x' * 65_200}--></rdf:RDF>")
    image = Image(photo(8, 8), text={xmp.KEYWORD: others})
    assert dict(read_image(image_bytes(image, "jpeg", PROVENANCE)).image.text) == PROVENANCE
    assert read_image(image_bytes(image, "png", PROVENANCE)).image.text[xmp.KEYWORD] == others


def test_a_tiff_does_not_grow_beyond_what_it_can_hold(monkeypatch):
    monkeypatch.setattr(tiff_files, "MAX_BYTES", 1_000)
    with pytest.raises(MediaError, match="4 GB"):
        image_bytes(Image(photo()), "tiff")


def test_large_pictures_are_written_in_strips(monkeypatch):
    monkeypatch.setattr(tiff_files, "_STRIP_BYTES", 1_000)
    monkeypatch.setattr("creative_gen.media.deep_images._BLOCK_BYTES", 1_000)
    for image in (picture(8, 3), picture(16, 2), picture(16, 4)):
        for file_format in ("png", "tiff"):
            assert read_image(image_bytes(image, file_format)).image == image


@given(st.sampled_from(FILES), st.integers(0), st.binary(min_size=1, max_size=4))
@settings(max_examples=200)
def test_a_damaged_file_is_read_or_refused(data, place, damage):
    # Headers are a small part of a file and most of what can go wrong.
    place %= 300 if place % 2 else len(data)
    try_reading(data[:place] + damage + data[place + len(damage) :])


@given(
    st.sampled_from([PNG[:33], JPEG[:30], TIFF[:100], WEBP[:40], GIF[:14], BMP[:54]]), st.binary()
)
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(start, data):
    try_reading(start + data)


def try_reading(data):
    try:
        read = read_image(data, max_pixels=100_000)
    except MediaError as error:
        assert error.hint
    else:
        image_bytes(read.image.with_bits(8), "png")


def test_plain_pictures_are_read_without_libvips(tmp_path):
    for number, data in enumerate([PNG, JPEG, WEBP, TIFF, GIF, BMP]):
        (tmp_path / str(number)).write_bytes(data)
    code = (
        "import sys, pathlib; from creative_gen.media.image_files import read_image, image_bytes;"
        "files = pathlib.Path(sys.argv[1]).iterdir();"
        "[image_bytes(read_image(file).image) for file in files];"
        "print([name for name in ('pyvips', 'scipy', 'PIL.ImageCms') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

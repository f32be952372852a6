import io
import pickle
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image as PillowImage

from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image, quantized
from tests.toy_pictures import photo, tile

DEEP = np.random.default_rng(0).integers(0, 65_536, (5, 7, 4)).astype(np.uint16)
MODES = ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I;16"]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("bits", [8, 16])
def test_an_image_knows_its_pixels(channels, bits):
    pixels = DEEP[..., :channels] if bits == 16 else (DEEP[..., :channels] >> 8).astype(np.uint8)
    image = Image(pixels)
    assert (image.height, image.width, image.channels, image.bits) == (5, 7, channels, bits)
    assert (image.is_gray, image.has_alpha) == (channels < 3, channels in (2, 4))
    peak = 2**bits - 1
    colors = pixels[..., :1].repeat(3, axis=2) if channels < 3 else pixels[..., :3]
    assert image.rgb().dtype == np.float32
    assert np.abs(image.rgb() - colors / peak).max() < 1e-7
    if image.has_alpha:
        assert np.abs(image.alpha() - pixels[..., -1] / peak).max() < 1e-7
    else:
        assert image.alpha() is None


def test_some_rows():
    image = Image(DEEP)
    assert (image.rgb(slice(1, 3)) == image.rgb()[1:3]).all()
    assert (image.alpha(slice(1, 3)) == image.alpha()[1:3]).all()


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [3, 4])
def test_floats_come_back_as_they_went(bits, channels):
    image = Image(DEEP[..., :channels]).with_bits(bits)
    assert Image.from_float(image.rgb(), image.alpha(), bits) == image


def test_values_are_clipped_and_rounded_to_the_nearest():
    values = np.float32([-3, -0.001, 0, 0.4 / 255, 0.6 / 255, 0.5, 1, 1.001, 7])
    assert quantized(values, 8).tolist() == [0, 0, 0, 0, 1, 128, 255, 255, 255]
    assert quantized(values, 16).tolist()[3:6] == [103, 154, 32_768]


def test_every_level_of_eight_bits_survives_sixteen():
    image = Image(np.arange(256, dtype=np.uint8)[None, :, None])
    deep = image.with_bits(16)
    assert deep.bits == 16
    assert deep.pixels[0, [0, -1], 0].tolist() == [0, 65_535]
    assert deep.with_bits(8) == image
    assert image.with_bits(8) is image


def test_sixteen_bits_are_rounded_to_the_nearest_of_eight():
    levels = np.arange(65_536, dtype=np.uint16)
    eight = Image(levels[None, :, None]).with_bits(8).pixels[0, :, 0]
    assert np.abs(levels - 257.0 * eight).max() <= 128


def test_pixels_are_a_copy_that_cannot_be_written():
    pixels = photo(4, 4)
    image = Image(pixels)
    pixels[:] = 0
    assert (image.pixels == photo(4, 4)).all()
    with pytest.raises(ValueError, match="read-only"):
        image.pixels[0] = 1
    pixels.setflags(write=False)
    assert Image(pixels).pixels is pixels


def test_equality_is_of_all_that_an_image_has():
    image = Image(photo(4, 4), b"icc", b"exif", (300, 300), {"Title": "A"})
    assert image == image.with_pixels(photo(4, 4))
    assert hash(image) == hash(image.with_pixels(photo(4, 4)))
    others = [
        Image(photo(4, 4)),
        image.with_pixels(photo(4, 4, seed=1)),
        image.with_bits(16),
        Image(photo(4, 4), b"icc", b"exif", (300, 300), {"Title": "B"}),
    ]
    assert all(image != other for other in others)
    assert image != "image"
    assert Image(np.zeros((1, 1, 3), np.uint8)) != Image(np.zeros((1, 1, 3), np.uint16))


@pytest.mark.parametrize("dpi", [(0, 300), (300, -1), (float("nan"), 300), (300, float("inf"))])
def test_dpi_that_no_file_can_say_are_refused(dpi):
    with pytest.raises(MediaError, match="to an inch") as caught:
        Image(photo(4, 4), dpi=dpi)
    assert caught.value.hint


def test_an_image_can_be_pickled():
    image = Image(tile(), b"icc", b"exif", (300, 200), {"Title": "A"})
    assert pickle.loads(pickle.dumps(image)) == image


@pytest.mark.parametrize(
    ("pixels", "match"),
    [
        (np.zeros((2, 2), np.uint8), "shape"),
        (np.zeros((2, 2, 5), np.uint8), "shape"),
        (np.zeros((2, 2, 0), np.uint8), "shape"),
        (np.zeros((0, 2, 3), np.uint8), "shape"),
        (np.zeros((2, 2, 3), np.float32), "float32"),
        (np.zeros((2, 2, 3), bool), "bool"),
        ([[[1, 2, 3]]], "int64"),
    ],
)
def test_what_is_no_picture_is_refused(pixels, match):
    with pytest.raises(MediaError, match=match) as caught:
        Image(pixels)
    assert caught.value.hint


@pytest.mark.parametrize("pixels", [photo(9, 8), tile(), photo(9, 8)[..., :1], tile()[..., 2:]])
def test_pillow_and_back(pixels):
    image = Image(pixels, b"profile", None, (72.0, 96.0))
    assert Image.from_pil(image.to_pil()) == image


def test_pillow_has_sixteen_bits_of_grey_only():
    gray, colors = Image(DEEP[..., :1]), Image(DEEP)
    assert gray.to_pil().mode == "I;16"
    assert Image.from_pil(gray.to_pil()) == gray
    assert Image.from_pil(colors.to_pil()) == colors.with_bits(8)


@pytest.mark.parametrize("mode", MODES)
def test_any_mode_of_pillow(mode):
    picture = PillowImage.fromarray(photo(20, 30))
    given = picture.convert(mode) if mode != "I;16" else Image(DEEP[..., :1]).to_pil()
    image = Image.from_pil(given)
    assert (image.width, image.height) == given.size
    assert image.channels == {"1": 1, "L": 1, "LA": 2, "RGBA": 4, "I;16": 1}.get(mode, 3)
    if mode not in ("1", "I;16"):
        shown = np.asarray(given.convert("L" if image.is_gray else "RGB"), int)
        ours = image.pixels[..., :1] if image.is_gray else image.pixels[..., :3]
        assert np.abs(ours - shown.reshape(ours.shape)).max() <= 2


@pytest.mark.parametrize("mode", ["La", "RGBa", "PA"])
def test_rare_modes_have_alpha(mode):
    source = PillowImage.fromarray(tile())
    given = source.convert("LA" if mode == "La" else "RGBA")
    if mode == "PA":
        given = source.convert("RGB").convert("P")
        given.putalpha(source.getchannel("A"))
    given = given.convert(mode)
    image = Image.from_pil(given)
    assert image.has_alpha
    assert (image.pixels[..., -1] == tile()[..., 3]).all()


def test_comments_are_text():
    for comment in ("höchst", "höchst".encode()):
        picture = PillowImage.fromarray(photo(4, 4))
        picture.info["comment"] = comment
        assert dict(Image.from_pil(picture).text) == {"Comment": "höchst"}


def test_a_transparent_color_becomes_alpha():
    for mode, transparent in [("P", 0), ("L", 0), ("RGB", (255, 0, 255))]:
        picture = PillowImage.new(mode, (2, 1), transparent)
        picture.putpixel((0, 0), 7 if mode != "RGB" else (1, 2, 3))
        picture.info["transparency"] = transparent
        assert Image.from_pil(picture).alpha().tolist() == [[1, 0]]


def test_integers_of_32_bits_are_taken_for_16_where_they_are():
    values = np.array([[0, 65_535]], np.int32)
    assert Image.from_pil(PillowImage.fromarray(values)).pixels.tolist() == [[[0], [65_535]]]
    for wrong in (values + 1, values - 1, values.astype(np.float32)):
        with pytest.raises(MediaError, match="32-bit"):
            Image.from_pil(PillowImage.fromarray(wrong))


def test_a_picture_of_pillow_is_turned_upright():
    content = io.BytesIO()
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    PillowImage.fromarray(photo(8, 16)).save(content, "PNG", exif=exif)
    assert (Image.from_pil(PillowImage.open(content)).pixels == np.rot90(photo(8, 16), -1)).all()


def test_a_broken_file_behind_a_picture_is_said():
    content = io.BytesIO()
    PillowImage.fromarray(photo(64, 64)).save(content, "PNG")
    picture = PillowImage.open(io.BytesIO(content.getvalue()[:2_000]))
    with picture, pytest.raises(MediaError, match="cut short"):
        Image.from_pil(picture)


def test_the_value_alone_loads_no_reader():
    code = (
        "import sys, creative_gen.media.image;"
        "print([name for name in ('PIL', 'pyvips', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

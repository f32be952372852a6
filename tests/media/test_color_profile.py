import struct

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageCms

from creative_gen.media import color_profile
from creative_gen.media.color_profile import srgb_from_cmyk, to_srgb
from creative_gen.media.image import Image
from tests.toy_pictures import photo, tile

D50 = np.array([0.9642, 1.0, 0.8249])
SRGB = np.array(
    [[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.7141]]
)
"""Columns are the primaries under D50, as ICC profiles give them."""

WIDE = np.array(
    [[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]]
)
GAMMA = 563 / 256


def profile(primaries=None):
    """An ICC profile (ICC.1:2001) of three primaries and a gamma, or of greys with that gamma."""

    def xyz(values):
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65_536) for v in values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(GAMMA * 256)) + bytes(2)
    tags = {b"wtpt": xyz(D50)}
    if primaries is None:
        tags[b"kTRC"] = curve
    else:
        tags |= {name: xyz(primaries[:, i]) for i, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))}
        tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    place = 128 + 4 + 12 * len(tags)
    table, contents = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">II", place + len(contents), len(content))
        contents += content
    space = b"GRAY" if primaries is None else b"RGB "
    head = struct.pack(
        ">I4sI4s4s4s", place + len(contents), bytes(4), 0x02400000, b"mntr", space, b"XYZ "
    )
    head = (head + bytes(12) + b"acsp").ljust(68, b"\0") + xyz(D50)[8:]
    return head.ljust(128, b"\0") + table + contents


def in_srgb(values):
    """From the wide primaries to sRGB in double precision; clipped."""
    linear = values**GAMMA @ WIDE.T @ np.linalg.inv(SRGB).T
    return encoded(linear.clip(0, 1))


def encoded(linear):
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


WIDE_ICC, GRAY_ICC = profile(WIDE), profile()
SRGB_ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB_ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
COLORS = np.random.default_rng(0).integers(0, 65_536, (16, 16, 4)).astype(np.uint16)


@pytest.mark.parametrize(("bits", "most"), [(8, 1.5 / 255), (16, 0.003)])
def test_colors_are_converted(bits, most):
    image = Image(COLORS, WIDE_ICC, b"exif", (300, 300), {"Title": "A"}).with_bits(bits)
    made = to_srgb(image)
    assert (made.bits, made.icc_profile, made.exif, made.dpi) == (bits, None, b"exif", (300, 300))
    assert dict(made.text) == {"Title": "A"}
    error = np.abs(made.rgb() - in_srgb(image.rgb().astype(float)))
    # Dark colours come from a few levels of the profile's gamma.
    bright = (made.rgb() > 0.1).all(axis=2)
    assert error[bright].max() < most
    assert np.median(error) < most / 4
    assert (made.pixels[..., 3] == image.pixels[..., 3]).all()


@pytest.mark.parametrize("bits", [8, 16])
def test_greys_are_converted(bits):
    levels = np.linspace(0, 65_535, 64).astype(np.uint16)[None, :, None]
    image = Image(levels, GRAY_ICC).with_bits(bits)
    made = to_srgb(image)
    assert made.channels == 1
    assert np.abs(made.rgb() - encoded(image.rgb().astype(float) ** GAMMA))[0, 4:].max() < 1.5 / 255


@pytest.mark.parametrize("bits", [8, 16])
def test_a_profile_of_another_kind_of_pixels(bits):
    neutral = Image(np.linspace(0, 65_535, 32).astype(np.uint16)[None, :, None]).with_bits(bits)
    by_gray = to_srgb(Image(neutral.pixels, GRAY_ICC))
    by_colors = to_srgb(Image(neutral.pixels, WIDE_ICC))
    assert np.abs(by_gray.rgb() - by_colors.rgb()).max() < 2 / 255
    colors = Image(COLORS).with_bits(bits)
    assert to_srgb(Image(colors.pixels, GRAY_ICC)) == colors


@pytest.mark.parametrize("icc", [None, SRGB_ICC, b"nonsense", LAB_ICC, WIDE_ICC[:140]])
@pytest.mark.parametrize("bits", [8, 16])
def test_nothing_changes_without_another_space(icc, bits):
    image = Image(tile(), icc).with_bits(bits)
    assert to_srgb(image) == Image(image.pixels)


def test_strips_make_the_same_as_a_whole(monkeypatch):
    for bits in (8, 16):
        image = Image(COLORS, WIDE_ICC).with_bits(bits)
        whole = to_srgb(image)
        monkeypatch.setattr(color_profile, "_STRIP", 40)
        assert to_srgb(image) == whole


def test_inks_without_a_profile_that_fits():
    inks = PillowImage.fromarray(photo(8, 8)).convert("CMYK")
    for icc in (None, SRGB_ICC, b"nonsense"):
        assert (np.asarray(srgb_from_cmyk(inks, icc)) == np.asarray(inks.convert("RGB"))).all()


def test_inks_by_their_profile():
    pyvips = pytest.importorskip("pyvips")
    colors = pyvips.Image.new_from_memory(photo(32, 32).tobytes(), 32, 32, 3, "uchar")
    inks = colors.copy(interpretation="srgb").icc_transform("cmyk", intent="relative")
    picture = PillowImage.frombytes("CMYK", (32, 32), inks.write_to_memory())
    back = np.asarray(srgb_from_cmyk(picture, inks.get("icc-profile-data")))
    assert np.abs(back.astype(int) - photo(32, 32)).mean() < 12
    assert np.abs(np.asarray(picture.convert("RGB")).astype(int) - photo(32, 32)).mean() > 12

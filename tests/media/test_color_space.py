import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import color

from creative_gen.media import color_space
from creative_gen.media.color_space import (
    gray_level,
    lab_to_srgb,
    lightness,
    linear_to_srgb,
    srgb_to_lab,
    srgb_to_linear,
    with_lightness,
)

CUBE = np.stack(np.meshgrid(*[np.linspace(0, 1, 17)] * 3), axis=-1).astype(np.float32)
HUES = np.arange(0, 360, 15)


def grays(levels, dtype):
    """Each level as a grey in [0, 1], float64 (levels, 3)."""
    return np.repeat(np.asarray(levels, float)[:, None], 3, axis=1) / np.iinfo(dtype).max


def light(values):
    """The sRGB curve in double precision, with the standard's own branches."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def exact_lightness(pixels):
    """L* by CIE 15 in double precision."""
    y = light(pixels / np.iinfo(pixels.dtype).max) @ [0.2126, 0.7152, 0.0722]
    return np.where(y > 216 / 24389, 116 * np.cbrt(y) - 16, 24389 / 27 * y)


def test_lab_is_that_of_scikit_image():
    # Its matrix has six digits, the standard's has four: a hundredth of a unit at most.
    assert np.abs(srgb_to_lab(CUBE) - color.rgb2lab(CUBE)).max() < 0.03


def test_the_curve_is_the_standards():
    values = np.linspace(0, 1, 4_096)
    assert np.abs(srgb_to_linear(values) - light(values)).max() < 3e-7
    assert np.abs(linear_to_srgb(light(values)) - values).max() < 3e-7


def test_lab_of_known_colors():
    known = {
        (1, 1, 1): (100, 0, 0),
        (0, 0, 0): (0, 0, 0),
        (1, 0, 0): (53.24, 80.09, 67.20),
        (0, 1, 0): (87.73, -86.18, 83.18),
        (0, 0, 1): (32.30, 79.19, -107.86),
    }
    for rgb, lab in known.items():
        assert np.abs(srgb_to_lab(np.float32(rgb)) - lab).max() < 0.03


def test_round_trip_of_colors_inside_and_outside_srgb():
    assert np.abs(lab_to_srgb(srgb_to_lab(CUBE)) - CUBE).max() < 2e-5
    outside = np.float32([[1.2, -0.1, 0.5], [-0.05, 0.3, 1.5]])
    assert np.abs(lab_to_srgb(srgb_to_lab(outside)) - outside).max() < 2e-5


@given(st.lists(st.integers(1, 3), max_size=3))
def test_any_leading_shape(shape):
    rgb = np.full((*shape, 3), 0.3, np.float32)
    assert srgb_to_lab(rgb).shape == lab_to_srgb(rgb).shape == (*shape, 3)
    assert lightness(rgb).shape == tuple(shape)
    assert srgb_to_lab(rgb).dtype == lab_to_srgb(rgb).dtype == lightness(rgb).dtype == np.float32


def test_greys_have_no_color_and_their_lightness():
    rgb = grays(range(256), np.uint8).astype(np.float32)
    assert np.abs(srgb_to_lab(rgb)[:, 1:]).max() < 2e-4
    assert np.abs(lightness(rgb) - color.rgb2lab(rgb)[:, 0]).max() < 0.001


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_level_of_a_grey_is_its_own(dtype):
    levels = np.arange(np.iinfo(dtype).max + 1).astype(dtype)
    assert (gray_level(np.repeat(levels[:, None], 3, axis=1)) == levels).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_level_of_a_color_is_the_grey_of_the_nearest_lightness(dtype):
    peak = np.iinfo(dtype).max
    pixels = np.random.default_rng(0).integers(0, peak + 1, (500, 3)).astype(dtype)
    ladder = exact_lightness(np.arange(peak + 1).astype(dtype)[:, None].repeat(3, axis=1))
    away = np.abs(exact_lightness(pixels)[:, None] - ladder)
    assert (gray_level(pixels) == away.argmin(axis=1)).all()


def colored(levels, chroma, dtype):
    """Every level in every hue: a* and b* (levels, hues, 2), and the levels (levels, hues)."""
    angles = np.radians(HUES)
    ab = chroma * np.stack([np.cos(angles), np.sin(angles)], axis=-1).astype(np.float32)
    gray = np.repeat(np.asarray(levels, dtype)[:, None], len(HUES), axis=1)
    return np.broadcast_to(ab, (*gray.shape, 2)), gray


@pytest.mark.parametrize("chroma", [0, 1, 10, 30, 80, 200])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_given_lightness_is_kept_exactly(dtype, chroma):
    step = 1 if dtype == np.uint8 else 7
    ab, gray = colored(range(0, np.iinfo(dtype).max + 1, step), chroma, dtype)
    pixels = with_lightness(ab, gray)
    assert pixels.dtype == dtype
    assert pixels.shape == (*gray.shape, 3)
    assert (gray_level(pixels) == gray).all()


@pytest.mark.parametrize(("dtype", "most"), [(np.uint8, 1.2), (np.uint16, 0.3)])
@pytest.mark.parametrize("chroma", [5, 30, 80])
def test_colors_stay_what_they_are_or_lose_chroma_only(dtype, most, chroma):
    ab, gray = colored(np.linspace(0, np.iinfo(dtype).max, 101), chroma, dtype)
    lab = color.rgb2lab(with_lightness(ab, gray) / np.iinfo(dtype).max)
    wanted = ab[..., 0] + 1j * ab[..., 1]
    found = lab[..., 1] + 1j * lab[..., 2]
    # Along the wanted hue and across it: what leaves the hue is rounding.
    turned = found * wanted.conj() / chroma
    assert np.abs(turned.imag).max() < most
    assert turned.real.max() < chroma + most
    in_srgb = is_in_srgb(lab[..., 0], ab)
    assert in_srgb.any()
    assert np.abs(found - wanted)[in_srgb].max() < most


def is_in_srgb(lightness, ab):
    """In double precision by CIE 15, with scikit-image's white and matrix."""
    y = (lightness + 16) / 116
    cones = np.stack([y + ab[..., 0] / 500, y, y - ab[..., 1] / 200], axis=-1)
    xyz = np.where(cones > 6 / 29, cones**3, (cones - 4 / 29) * 108 / 841)
    linear = (
        xyz
        * color.xyz_tristimulus_values(illuminant="D65", observer="2")
        @ np.linalg.inv(color.colorconv.xyz_from_rgb).T
    )
    return (linear > 1e-3).all(axis=-1) & (linear < 1 - 1e-3).all(axis=-1)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colors_outside_srgb_keep_as_much_chroma_as_it_has(dtype):
    ab, gray = colored(np.linspace(0, np.iinfo(dtype).max, 60)[6:-6], 150, dtype)
    lab = color.rgb2lab(with_lightness(ab, gray) / np.iinfo(dtype).max)
    more = lab.copy()
    more[..., 1:] = 1.05 * lab[..., 1:] + 0.03 * ab
    assert is_in_srgb(lab[..., 0], 0.9 * lab[..., 1:]).mean() > 0.9
    assert not is_in_srgb(more[..., 0], more[..., 1:]).any()


def test_a_color_without_a_neighbor_that_is_as_light_becomes_grey(monkeypatch):
    monkeypatch.setattr(color_space, "_neighbors_as_light", lambda exact, *_: 0 * exact)
    ab, gray = colored(range(256), 30, np.uint8)
    pixels = with_lightness(ab, gray)
    assert (gray_level(pixels) == gray).all()
    assert (pixels == gray[..., None]).all(axis=-1).any()


def test_colors_of_srgb_come_back():
    pixels = np.random.default_rng(1).integers(0, 65_536, (2_000, 3)).astype(np.uint16)
    lab = srgb_to_lab((pixels / 65_535).astype(np.float32))
    back = with_lightness(lab[:, 1:], gray_level(pixels))
    assert np.abs(back.astype(int) - pixels).max() < 200
    assert np.median(np.abs(back.astype(int) - pixels)) <= 2


def test_pixels_do_not_depend_on_how_many_there_are(monkeypatch):
    random = np.random.default_rng(2)
    ab = random.normal(0, 40, (50, 40, 2)).astype(np.float32)
    gray = random.integers(0, 256, (50, 40)).astype(np.uint8)
    whole = with_lightness(ab, gray)
    monkeypatch.setattr(color_space, "_TOGETHER", 300)
    assert (with_lightness(ab, gray) == whole).all()
    assert (with_lightness(ab[7:9, 3:5], gray[7:9, 3:5]) == whole[7:9, 3:5]).all()

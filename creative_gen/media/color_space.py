"""Colours as sRGB, as light and as CIELAB."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8] | NDArray[np.uint16]

_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float64
)
_SHARES = _TO_XYZ[1]
"""How much of the luminance each of the linear R, G and B gives."""

# The white is the matrix's own, so that a grey has a and b of zero and not of 0.01.
_WHITE = _TO_XYZ.sum(axis=1)
_TO_CONES = (_TO_XYZ / _WHITE[:, None]).astype(np.float32)
_FROM_CONES = np.linalg.inv(_TO_XYZ / _WHITE[:, None]).astype(np.float32)
_EDGE = 6 / 29
"""Where the cube root of CIELAB turns into a line, after the root (CIE 15, 8.2.1.1)."""

_TOGETHER = 1 << 15
"""Pixels that are coloured together: their numbers stay in the processor's cache."""

_HALVINGS = 9
"""Steps towards the largest chroma: it is found to a 500th."""


def srgb_to_linear(rgb: Floats) -> Floats:
    """The light of sRGB values (IEC 61966-2-1): float32 of the same shape, [0, 1] to [0, 1].

    Below 0 the straight part of the curve goes on, and above 1 the curved one.
    """
    rgb = np.asarray(rgb, np.float32)
    curved = ((np.maximum(rgb, np.float32(0.04045)) + np.float32(0.055)) / np.float32(1.055)) ** 2.4
    return np.where(rgb <= 0.04045, rgb / np.float32(12.92), curved)


def linear_to_srgb(linear: Floats) -> Floats:
    """The sRGB values of light; `srgb_to_linear` the other way round."""
    linear = np.asarray(linear, np.float32)
    root = np.maximum(linear, np.float32(0.0031308)) ** np.float32(1 / 2.4)
    curved = np.float32(1.055) * root - np.float32(0.055)
    return np.where(linear <= 0.0031308, linear * np.float32(12.92), curved)


def srgb_to_lab(rgb: Floats) -> Floats:
    """CIELAB of sRGB colours, under the D65 white that sRGB has.

    Args:
        rgb: float32 (..., 3). sRGB in [0, 1].

    Returns:
        float32 (..., 3): L* in [0, 100], a* and b* within about -108 to 99.
    """
    x, y, z = np.moveaxis(_compressed(srgb_to_linear(rgb) @ _TO_CONES.T), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lab_to_srgb(lab: Floats) -> Floats:
    """sRGB of CIELAB colours (..., 3); outside [0, 1] where sRGB has no such colour."""
    lab = np.asarray(lab, np.float32)
    y = (lab[..., 0] + 16) / np.float32(116)
    x = y + lab[..., 1] / np.float32(500)
    z = y - lab[..., 2] / np.float32(200)
    return linear_to_srgb(_expanded(np.stack([x, y, z], axis=-1)) @ _FROM_CONES.T)


def lightness(rgb: Floats) -> Floats:
    """L* of sRGB colours: float32 (..., 3) in [0, 1] to (...) in [0, 100]."""
    return 116 * _compressed(srgb_to_linear(rgb) @ _SHARES.astype(np.float32)) - 16


def _compressed(light: Floats) -> Floats:
    line = light * np.float32(1 / (3 * _EDGE**2)) + np.float32(4 / 29)
    return np.where(light > _EDGE**3, np.cbrt(light), line)


def _expanded(values: Floats) -> Floats:
    line = (values - np.float32(4 / 29)) * np.float32(3 * _EDGE**2)
    return np.where(values > _EDGE, values * values * values, line)


def gray_level(pixels: Pixels) -> Pixels:
    """The grey that each pixel is as light as.

    Args:
        pixels: uint8 or uint16 (..., 3). sRGB.

    Returns:
        The same type, (...): the level g whose grey (g, g, g) has the nearest L*. That of a
        grey is its own.
    """
    scale = _scale(pixels.dtype)
    levels = np.searchsorted(scale.edges[1:-1], _luminance(pixels, scale), side="right")
    return _as_pixels(levels, pixels)


def with_lightness(ab: Floats, gray: Pixels) -> Pixels:
    """Colours of which each has exactly the `gray_level` that is given.

    A colour that sRGB does not have at this lightness keeps its hue and loses chroma until
    sRGB has it. Where rounding moves a colour to another level, its channels are rounded
    otherwise.

    Args:
        ab: float32 (..., 2). a* and b*.
        gray: uint8 or uint16 (...). How light each pixel is to be.

    Returns:
        sRGB, the type of `gray`, (..., 3).
    """
    result = np.empty((gray.size, 3), gray.dtype)
    flat_ab, flat_gray = np.asarray(ab, np.float32).reshape(-1, 2), gray.reshape(-1)
    for start in range(0, gray.size, _TOGETHER):
        some = slice(start, start + _TOGETHER)
        result[some] = _exactly_as_light(flat_ab[some], flat_gray[some])
    return result.reshape(*gray.shape, 3)


class _Scale(NamedTuple):
    """What is known of each level of 8 or 16 bits."""

    light: NDArray[np.float64]
    """(levels,): the light of a channel, and the luminance of a grey."""

    root: Floats
    """(levels,): (L* + 16) / 116 of a grey."""

    edges: NDArray[np.float64]
    """(levels + 1,): the luminances from which on each level is the nearest."""


@cache
def _scale(dtype: np.dtype[Any]) -> _Scale:
    values = np.linspace(0, 1, int(np.iinfo(dtype).max) + 1)
    light = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    root = np.where(light > _EDGE**3, np.cbrt(light), light / (3 * _EDGE**2) + 4 / 29)
    between = (root[1:] + root[:-1]) / 2
    edges = np.where(between > _EDGE, between**3, (between - 4 / 29) * (3 * _EDGE**2))
    return _Scale(light, root.astype(np.float32), np.concatenate([[-np.inf], edges, [np.inf]]))


def _luminance(pixels: Pixels, scale: _Scale) -> NDArray[np.float64]:
    red, green, blue = (scale.light[pixels[..., channel]] for channel in range(3))
    return np.asarray(_SHARES[0] * red + _SHARES[1] * green + _SHARES[2] * blue)


def _exactly_as_light(ab: Floats, gray: Pixels) -> Pixels:
    scale = _scale(gray.dtype)
    root = scale.root[gray]
    ab = ab * _chroma_in_gamut(ab, root, scale)[:, None]
    pixels = _rounded_as_light(ab, gray, scale)
    # None was wrong among 100 million random colours; a grey is as light as itself for certain.
    wrong = ~_is_as_light(pixels, gray, scale)
    pixels[wrong] = gray[wrong, None]
    return pixels


def _linear(ab: Floats, root: Floats) -> Floats:
    """Linear RGB (3, pixels), unclipped."""
    x, z = root + ab[:, 0] / np.float32(500), root - ab[:, 1] / np.float32(200)
    return _FROM_CONES @ _expanded(np.stack([x, root, z]))


def _chroma_in_gamut(ab: Floats, root: Floats, scale: _Scale) -> Floats:
    """The largest share of the chroma, 0 to 1, that sRGB has at this lightness and hue."""
    slack = np.float32(scale.light[1] / 8)
    share = np.ones(len(ab), np.float32)
    outside = np.flatnonzero(~_is_in_gamut(_linear(ab, root), slack))
    ab, root = ab[outside], root[outside]
    low, step = np.zeros(len(outside), np.float32), np.float32(1)
    for _ in range(_HALVINGS):
        step /= 2
        linear = _linear(ab * (low + step)[:, None], root)
        low += step * _is_in_gamut(linear, slack)
    share[outside] = low
    return share


def _is_in_gamut(linear: Floats, slack: np.float32) -> NDArray[np.bool_]:
    return np.asarray((linear.min(axis=0) >= -slack) & (linear.max(axis=0) <= 1 + slack))


def _is_as_light(pixels: Pixels, gray: Pixels, scale: _Scale) -> NDArray[np.bool_]:
    luminance = _luminance(pixels, scale)
    return (scale.edges[gray] <= luminance) & (luminance < scale.edges[1:][gray])


def _rounded_as_light(ab: Floats, gray: Pixels, scale: _Scale) -> Pixels:
    """Pixels; where the nearest are too light or dark, the nearest neighbours that are not."""
    peak = len(scale.light) - 1
    exact = linear_to_srgb(_linear(ab, scale.root[gray]).clip(0, 1)).T * np.float32(peak)
    pixels = _as_pixels(exact + np.float32(0.5), gray)
    wrong = np.flatnonzero(~_is_as_light(pixels, gray, scale))
    if len(wrong):
        pixels[wrong] = _neighbors_as_light(exact[wrong], gray[wrong], scale)
    return pixels


def _neighbors_as_light(exact: Floats, gray: Pixels, scale: _Scale) -> Pixels:
    """The nearest of the 27 pixels around each that is as light, or the middle one."""
    peak = len(scale.light) - 1
    around = np.round(exact)[None].astype(np.int32) + np.arange(-1, 2)[:, None, None]
    around = around.clip(0, peak)
    light = scale.light[around] * _SHARES
    errors = (around - exact) ** 2
    lowest, highest = scale.edges[gray], scale.edges[1:][gray]
    best = np.full(len(gray), np.inf, np.float32)
    steps = np.ones((len(gray), 3), np.int8)
    for red, green, blue in product(range(3), repeat=3):
        luminance = light[red, :, 0] + light[green, :, 1] + light[blue, :, 2]
        error = errors[red, :, 0] + errors[green, :, 1] + errors[blue, :, 2]
        better = (lowest <= luminance) & (luminance < highest) & (error < best)
        best[better] = error[better]
        steps[better] = red, green, blue
    return _as_pixels(np.take_along_axis(around, steps[None], axis=0)[0], gray)


def _as_pixels(values: NDArray[Any], like: Pixels) -> Pixels:
    """The whole numbers below, of the type of other pixels."""
    return values.astype(np.uint8) if like.dtype == np.uint8 else values.astype(np.uint16)

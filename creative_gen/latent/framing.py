"""A user's picture as a network wants it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.jobs import Progress
from creative_gen.latent.area_average import area_average
from creative_gen.latent.ink import THRESHOLD, cropped, fitted, ink_of, line_width, with_lines
from creative_gen.latent.settings import FrameSettings
from creative_gen.media.color_profile import to_srgb
from creative_gen.media.image import Image

Floats = NDArray[np.float32]

LARGEST = 1024
"""Pixels of the longer side at which ink is looked for."""

FINE = 192
"""About how many pixels wide a drawing is when its lines get another width."""

TURNED = "The drawing is light on dark: its ink was taken for dark on light."
NARROW = "The picture is {} x {} pixels: the model sees it as a square with empty margins."
NOTICED = 1.2
"""How much longer one side is than the other where that is worth a note."""


@dataclass(frozen=True)
class Framed:
    """A picture for a network.

    Args:
        picture: float32 (channels, side, side) in [0, 1]; of four channels, the colours are
            multiplied by alpha.
        notes: what was done to it that the user may not expect.
    """

    picture: Floats
    notes: tuple[str, ...] = ()


def framed(image: Image, settings: FrameSettings) -> Framed:
    """What `framing` returns."""
    steps = framing(image, settings)
    while True:
        try:
            next(steps)
        except StopIteration as last:
            done: Framed = last.value
            return done


def framing(image: Image, settings: FrameSettings) -> Generator[Progress, None, Framed]:
    """Set a picture into the frame of a network; yields progress.

    A picture of the network's own size is taken as it is.

    Args:
        image: Image. Of any size, depth and colour space.
        settings: FrameSettings. Those of the network.

    Raises:
        InvalidRequest: there is nothing in the picture.
    """
    image = to_srgb(image)
    side = settings.side
    if settings.framing == "whole":
        seen, notes = yield from _whole(image, side)
        if not seen[..., 3].any():
            raise _empty("The picture is wholly transparent.")
        return Framed(_planes(seen, settings.channels), notes)
    scale = min(LARGEST / max(image.height, image.width), 1.0)
    height, width = (max(round(length * scale), 1) for length in (image.height, image.width))
    pixels = yield from _told(area_average(image, height, width))
    ink = ink_of(pixels)
    if ink is None:
        raise _empty("There is nothing drawn in the picture.")
    notes = (TURNED,) if ink.on_dark else ()
    if (image.height, image.width) == (side, side):
        picture = _planes(pixels, 1)
        return Framed(1 - picture if ink.on_dark else picture, notes)
    return Framed(1 - drawn(cropped(ink.amount), settings)[None], notes)


def drawn(amount: Floats, settings: FrameSettings) -> Floats:
    """Ink that was cut out, set into a frame (side, side), its lines as wide as they are to be.

    A few fine pixels stand for each of the frame's, until at last those are averaged.
    """
    side, room = settings.side, settings.side - 2 * settings.margin
    fine = max(round(FINE / room), 4)
    sized = fitted(amount, room * fine)
    if settings.line:
        wanted = settings.line * fine
        most = int(np.ceil(2 * wanted))
        growth = wanted - line_width(sized >= THRESHOLD, most)
        # Outlines move out by half of it, and are to end where the margin begins.
        sized = fitted(amount, max(room * fine - growth, fine))
        spare = int(np.ceil(max(growth, 0) / 2)) + 1
        inked = np.pad(sized >= THRESHOLD, spare)
        sized = with_lines(inked, line_width(inked, most), wanted).astype(np.float32)
    frame = _centred(cropped(sized), side * fine)
    means = frame.reshape(side, fine, side, fine).mean(axis=(1, 3))
    return np.asarray(np.minimum(means / max(float(means.max()), FAINTEST), 1))


FAINTEST = 0.2
"""Means of less than this, which are of the thinnest lines, are made no darker than by it."""


def _whole(image: Image, side: int) -> Generator[Progress, None, tuple[Floats, tuple[str, ...]]]:
    """All of a picture (side, side, 4) with clear margins, and what is to be said of it."""
    scale = side / max(image.height, image.width)
    height, width = (max(round(length * scale), 1) for length in (image.height, image.width))
    fitting = yield from _told(area_average(image, height, width))
    frame = np.zeros((side, side, 4), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    frame[top : top + height, left : left + width] = fitting
    sides = sorted((image.height, image.width))
    narrow = NARROW.format(image.width, image.height)
    return frame, (narrow,) if sides[1] > NOTICED * sides[0] else ()


def _planes(pixels: Floats, channels: int) -> Floats:
    """(channels, side, side) of pixels (side, side, 4), on white where there is no alpha."""
    planes = np.moveaxis(pixels, 2, 0)
    if channels == 4:
        return np.ascontiguousarray(planes)
    on_white = np.asarray(planes[:3] + (1 - planes[3]), np.float32)
    if channels == 3:
        return on_white
    weights = np.array([0.299, 0.587, 0.114], np.float32)[:, None, None]
    return np.asarray((on_white * weights).sum(axis=0, keepdims=True), np.float32)


def _centred(amount: Floats, side: int) -> Floats:
    """Ink in the middle of a square; what does not fit into it is cut off."""
    cut = amount[:side, :side]
    frame = np.zeros((side, side), np.float32)
    top, left = ((side - length) // 2 for length in cut.shape)
    frame[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    return frame


def _told(work: Generator[float, None, Floats]) -> Generator[Progress, None, Floats]:
    while True:
        try:
            yield Progress(next(work))
        except StopIteration as last:
            pixels: Floats = last.value
            return pixels


def _empty(message: str) -> InvalidRequest:
    return InvalidRequest(message, "Draw something, or give another picture.")

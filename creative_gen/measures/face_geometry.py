"""Measures drawn faces in pictures by their ink alone: how the mouth is bent, how wide the face is.

The pictures may be blurred, as a VAE's are. No network has a say: one that learnt from the same
drawings would share the errors of the model that is measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Ink = NDArray[np.float64]
Mask = NDArray[np.bool_]

DARKNESS = (0.3, 0.45, 0.6)
"""Of the darkest ink, what counts as a line: the more, the less do blurred lines touch."""

GAPS = (0, 1, 2, 3, 5)
"""Pixels by which lines are thickened on either side, to enclose a face."""

WHOLE = 0.6
"""Of what the thickest lines enclose at most: what thinner ones have to, to be preferred."""

LEAST_FACE = 0.25
"""Of the box of all ink."""

THINNEST = 0.2
"""Of the face's size: what is thinner and sticks out, such as ears and hair, is not the face."""

WITHIN = 0.7
"""Of the pixels at a line's edges, how much is paper."""

RIM = 0.9
"""Pixels inside the face's edge, beyond a line's width, that are still its outline's."""

OFF_AXIS = 0.25
"""Widths of the face that the middle of a mouth is beside its axis at most."""

HIGHEST = 0.45
"""Of the face's height, where the middle of a mouth is at the highest."""

NARROWEST = 0.11
"""Of the face's width."""

MISFIT = 0.13
"""Root mean squared distance of a mouth's ink from its parabola, by its width."""

TOUCHING = np.ones((3, 3), np.bool_)
"""Pixels touch at their corners too."""


@dataclass(frozen=True)
class Box:
    """The first and the last pixels of something."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels."""
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        """Pixels."""
        return self.bottom - self.top + 1


def mouth_curvature(picture: NDArray[np.uint8]) -> float | None:
    """How much a face smiles: the sagitta of its mouth by the mouth's width.

    The face is what its outline encloses. Of the ink in it, the mouth is the widest connected piece
    in the lower half, near the upright axis, that a parabola fits, each pixel weighted by its
    darkness.

    Args:
        picture: uint8 (height, width) or (height, width, 1). Dark lines on white, about 64 pixels.

    Returns:
        Above 0 where the corners are up, about 0.25 in a usual smile; None if there is no mouth.
    """
    ink = _ink(picture)
    found = (_widest_mouth(ink, darkness) for darkness in DARKNESS)
    return next((curvature for curvature in found if curvature is not None), None)


def face_width(picture: NDArray[np.uint8]) -> float:
    """The width of a face's outline, from line to line, by the picture's width.

    Args:
        picture: uint8 (height, width) or (height, width, 1). Dark lines on white, about 64 pixels.

    Returns:
        From 0, for a blank picture, to 1. To parts of a pixel.
    """
    ink = _ink(picture)
    lines = _lines(ink, DARKNESS[0])
    face = _face(lines)
    if face is None:
        return 0.0
    reach = round(_line_width(lines)) + 2
    left = _first_line(ink, face, reach)
    right = ink.shape[1] - 1.0 - _first_line(ink[:, ::-1], face[:, ::-1], reach)
    return float(max(right - left, 0.0) / ink.shape[1])


def _ink(picture: NDArray[np.uint8]) -> Ink:
    gray = picture[..., 0] if picture.ndim == 3 else picture
    return (255.0 - gray.astype(np.float64)) / 255.0


def _lines(ink: Ink, darkness: float) -> Mask:
    darkest = float(ink.max())
    return (ink >= darkness * darkest) & (darkest > 0.1)


def _line_width(lines: Mask) -> float:
    """Pixels, by how many of them are at one of a line's two edges, which lie within them."""
    edge = lines & ~ndimage.binary_erosion(lines)
    return 2.0 * float(lines.sum() / edge.sum()) - WITHIN


def _first_line(ink: Ink, face: Mask, reach: int) -> float:
    """Where the outline is farthest to the left: the centre of its ink there, in pixels."""
    first = np.where(face.any(axis=1), face.argmax(axis=1), face.shape[1])
    column, row = int(first.min()), int(np.median(np.flatnonzero(first == first.min())))
    begin = max(column - 1, 0)
    profile = ink[max(row - 2, 0) : row + 3, begin : column + reach].sum(axis=0)
    return begin + float(np.average(np.arange(len(profile)), weights=profile))


def _widest_mouth(ink: Ink, darkness: float) -> float | None:
    lines = _lines(ink, darkness)
    face = _face(lines)
    if face is None:
        return None
    line, box = _line_width(lines), _box(face)
    inside = lines & (ndimage.distance_transform_edt(face) > line + RIM)
    pieces, count = ndimage.label(inside, TOUCHING)
    mouths = (np.where(pieces == piece, ink, 0.0) for piece in range(1, count + 1))
    found = [_curve(mouth, box, line) for mouth in mouths]
    return max((one for one in found if one), default=(0.0, None))[1]


def _face(lines: Mask) -> Mask | None:
    """The pixels of a face, its outline included; None if there is no ink."""
    if not lines.any():
        return None
    around = _box(lines)
    faces = [_largest(_without_thin(_enclosed(lines, gap))) for gap in GAPS]
    largest = max(int(face.sum()) for face in faces)
    if largest < LEAST_FACE * around.width * around.height:
        return _largest(lines)
    return next(face for face in faces if face.sum() >= WHOLE * largest)


def _enclosed(lines: Mask, gap: int) -> Mask:
    """Lines and what they enclose, where gaps of up to 2 * gap pixels are closed."""
    wide = np.pad(lines, gap + 1)
    wide = _grown(wide, gap)
    filled = ndimage.binary_fill_holes(wide)
    shrunk = ~_grown(~filled, gap)
    return np.asarray(shrunk[gap + 1 : -gap - 1, gap + 1 : -gap - 1])


def _without_thin(mask: Mask) -> Mask:
    """What discs cover that are as wide as THINNEST and fit in."""
    if not mask.any():
        return mask
    radius = THINNEST * float(np.sqrt(mask.sum()))
    padded = np.pad(mask, 1)
    core = ndimage.distance_transform_edt(padded) > radius
    if not core.any():
        return np.zeros_like(mask)
    return np.asarray(ndimage.distance_transform_edt(~core) <= radius)[1:-1, 1:-1] & mask


def _grown(mask: Mask, radius: float) -> Mask:
    if not radius or not mask.any():
        return mask
    return np.asarray(ndimage.distance_transform_edt(~mask) <= radius)


def _largest(mask: Mask) -> Mask:
    pieces, count = ndimage.label(mask, TOUCHING)
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)[1:]
    return np.asarray(pieces == sizes.argmax() + 1) if count else mask


def _box(mask: Mask) -> Box:
    down, across = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(int(across[0]), int(down[0]), int(across[-1]), int(down[-1]))


def _curve(ink: Ink, face: Box, line: float) -> tuple[float, float] | None:
    """Width in pixels and curvature of a piece of ink if it may be a mouth."""
    y, x = np.nonzero(ink)
    weights = ink[y, x]
    width, height = float(np.ptp(x)) + 1.0 - line, float(np.ptp(y)) + 1.0 - line
    if width < max(NARROWEST * face.width, 2.0) or height > width * 1.1:
        return None
    middle_x, middle_y = np.average(x, weights=weights), np.average(y, weights=weights)
    off = abs(middle_x - (face.left + face.right) / 2.0) / face.width
    if off > OFF_AXIS or (middle_y - face.top) / face.height < HIGHEST:
        return None
    u = (x - (x.max() + x.min()) / 2.0) / (width / 2.0)
    terms = np.stack([u * u, u, np.ones_like(u)], axis=1)
    root = np.sqrt(weights)
    fit = np.linalg.lstsq(terms * root[:, None], y * root, rcond=None)[0]
    misfit = float(np.sqrt(np.average((terms @ fit - y) ** 2, weights=weights)))
    return (width, -float(fit[0]) / width) if misfit <= MISFIT * width + 0.6 else None

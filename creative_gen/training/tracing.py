"""Bitmaps to pen strokes: drawings to train on where only Quick, Draw! bitmaps are at hand.

A bitmap is enlarged and thinned to its skeleton, the skeleton's branches are joined into strokes
that run straight through crossings, and the strokes are put in an order that people use. A bitmap
tells nothing of order and direction, so they copy what is most frequent in Quick, Draw!'s own
stroke drawings: the largest stroke comes first, closed strokes start at the top left and run
counter-clockwise, open ones run rightwards and downwards, and whiskers outwards.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import (
    distance_transform_edt,
    gaussian_filter,
    gaussian_filter1d,
    label,
)
from skimage.morphology import skeletonize

from creative_gen.media.errors import MediaError
from creative_gen.media.simplify import CANVAS_SIDE, EPSILON, rdp, resample
from creative_gen.training.skeleton import (
    UPSAMPLING,
    Mask,
    Points,
    Stroke,
    distance_between,
    join,
    length_of,
    merge_junctions,
    prune,
    skeleton_of,
)

MARGIN = 2
"""Blank bitmap pixels added on each side."""
PEN_WIDTH = 1.475
"""Width of the lines in Quick, Draw!'s 28 x 28 bitmaps, in bitmap pixels (measured)."""
FILLED_RADIUS = 1.75
"""Ink farther than this from paper, in bitmap pixels, is a filled area and not a line."""
MAX_FILLED_AREA = 3.5
"""Bitmap pixels of filled ink in a drawing that is still traced."""
SMOOTHING = 0.35
"""Standard deviation, in bitmap pixels along the stroke, of what evens out the pixel grid."""
MIN_POINTS, MAX_POINTS = 15, 110
MIN_OVERLAP = 0.7
DUPLICATE_LIKENESS, DUPLICATE_LEAD = 0.66, 0.08


class TracingError(MediaError):
    """A bitmap whose lines cannot be told, or a file without such bitmaps."""


def trace(bitmap: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Trace a bitmap into the strokes that may have drawn it.

    Args:
        bitmap: uint8 (28, 28), or another square of lines as wide. White lines on black.

    Returns:
        stroke-3, float32 (points - 1, 3): dx, dy, pen_lift in canvas units, whole numbers; the
        larger side of the drawing was 255 before it was simplified. As in Quick, Draw!'s files,
        the first point is the origin and has no row: the first row is the line from it to the
        second point.

    Raises:
        TracingError: the bitmap is blank or tiny, has filled areas, needs fewer than 15 or more
            than 110 rows, or does not look like its trace.
    """
    strokes = find_strokes(bitmap)
    points = np.concatenate(strokes)
    corner, extent = points.min(axis=0), float(np.ptp(points, axis=0).max())
    if extent < 4:
        raise TracingError("The drawing is too small to trace.")
    # Traced points are a fifth of a pixel apart: fewer render as well and faster.
    fewer = [np.concatenate([s[:-1:4], s[-1:]]) for s in strokes]
    if overlap(fewer, bitmap) < MIN_OVERLAP:
        raise TracingError("The trace does not look like the bitmap.")
    scale = CANVAS_SIDE / extent
    stroke3 = _stroke3([rdp(((s - corner) * scale).astype(np.float32), EPSILON) for s in strokes])
    if not MIN_POINTS <= len(stroke3) <= MAX_POINTS:
        raise TracingError(f"The trace has {len(stroke3)} points.")
    return stroke3


def find_strokes(bitmap: NDArray[np.uint8]) -> list[Points]:
    """The strokes of a bitmap in drawing order, before they are scaled, simplified and judged.

    Args:
        bitmap: uint8 (28, 28), or another square of lines as wide. White lines on black.

    Returns:
        float64 (points, 2) a stroke: x, y in bitmap pixels; the first pixel's centre is (0, 0).
        Closed strokes end where they start.

    Raises:
        TracingError: the bitmap is blank or has filled areas.
    """
    return _arrange(_strokes(bitmap))


def trace_file(
    npz_path: str | Path, category: str, limit: int, seed: int
) -> list[NDArray[np.float32]]:
    """Trace bitmaps of one category, in random order, until `limit` good drawings are found.

    Args:
        npz_path: path. One uint8 array (count, 28, 28) or (count, 784) a category.
        category: str. The array's name.
        limit: int. Most drawings to return. Bitmaps that trace badly or show a drawing that
            another bitmap shows too are left out, so there may be fewer.
        seed: int. Of the order.

    Raises:
        TracingError: the file has no such category.
    """
    with np.load(npz_path, allow_pickle=False) as file:
        if category not in file:
            raise TracingError(
                f"There is no '{category}' in this file.", f"It has {', '.join(file)}."
            )
        bitmaps = file[category]
    side = round(float(np.sqrt(bitmaps[0].size)))
    bitmaps = distinct(bitmaps.reshape(-1, side, side))
    order = np.random.default_rng(seed).permutation(len(bitmaps))
    drawings: list[NDArray[np.float32]] = []
    for bitmap in bitmaps[order]:
        if len(drawings) >= limit:
            break
        try:
            drawings.append(trace(bitmap))
        except TracingError:
            continue
    return drawings


def distinct(bitmaps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Leave out the bolder of two bitmaps (count, side, side) that show one drawing.

    Collections hold drawings twice, rendered in two ways. Two bitmaps count as one drawing when
    each is the other's nearest by far: simple drawings, such as houses, resemble many others.
    """
    ink = bitmaps.astype(np.float32)
    lines = gaussian_filter(ink, (0, 0.7, 0.7)) - gaussian_filter(ink, (0, 2.5, 2.5))
    lines = lines.reshape(len(ink), -1)
    lines /= np.maximum(np.linalg.norm(lines, axis=1, keepdims=True), 1e-6)
    nearest = np.empty(len(lines), np.intp)
    first, second = np.full((2, len(lines)), -1.0)
    for start in range(0, len(lines), 1024):
        likeness = lines[start : start + 1024] @ lines.T
        rows = np.arange(len(likeness))
        likeness[rows, start + rows] = -1
        nearest[start + rows] = likeness.argmax(axis=1)
        first[start + rows] = likeness.max(axis=1)
        likeness[rows, nearest[start + rows]] = -1
        second[start + rows] = likeness.max(axis=1)
    own = np.arange(len(lines))
    twins = (nearest[nearest] == own) & (first > DUPLICATE_LIKENESS)
    twins &= np.maximum(first - second, (first - second)[nearest]) > DUPLICATE_LEAD
    weight = ink.sum(axis=(1, 2))
    bolder = (weight > weight[nearest]) | ((weight == weight[nearest]) & (own > nearest))
    kept: NDArray[np.uint8] = bitmaps[~(twins & bolder)]
    return kept


def _arrange(strokes: list[Stroke]) -> list[Points]:
    """Choose start points, directions and the order of strokes as people mostly do."""
    outwards = _whiskers(strokes)
    drawn = [
        _closed_from_top_left(s.points) if s.closed else _directed(s.points, i in outwards)
        for i, s in enumerate(strokes)
    ]
    size = [float(np.hypot(*np.ptp(points, axis=0))) for points in drawn]
    height = [float(points[:, 1].mean()) for points in drawn]
    waiting = set(range(len(drawn)))
    order = [max(waiting, key=lambda i: size[i])]
    waiting -= set(order)
    while waiting:
        pen = drawn[order[-1]][-1]
        cost = {i: distance_between(drawn[i][0], pen) + height[i] - 0.8 * size[i] for i in waiting}
        order.append(min(cost, key=lambda i: cost[i]))
        waiting.remove(order[-1])
    return [drawn[i] for i in order]


def overlap(strokes: list[Points], bitmap: NDArray[np.uint8]) -> float:
    """Ink that strokes, in bitmap pixels, and a bitmap share, over the ink in either: 0 to 1.

    The strokes are rendered with the pen that spends as much ink as the bitmap has, because
    bitmaps differ a little in the width of their lines.
    """
    ink = bitmap / 255
    length = sum(length_of(points) for points in strokes)
    pen = float(np.clip(ink.sum() / (length + 1.2 * len(strokes)), PEN_WIDTH, 1.5 * PEN_WIDTH))
    rendered = render(strokes, len(bitmap), pen) / 255
    return float(np.minimum(ink, rendered).sum() / np.maximum(ink, rendered).sum())


def render(strokes: list[Points], side: int, pen: float = PEN_WIDTH) -> NDArray[np.uint8]:
    """Strokes in bitmap pixels (the first pixel's centre is (0, 0)) to a bitmap (side, side)."""
    finer = 8
    image = Image.new("L", (side * finer, side * finer))
    draw = ImageDraw.Draw(image)
    radius = pen * finer / 2
    for points in strokes:
        placed = ((points + 0.5) * finer - 0.5).ravel().tolist()
        draw.line(placed, fill=255, width=round(2 * radius), joint="curve")
        for x, y in (placed[:2], placed[-2:]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(image.reduce(finer))


def _strokes(bitmap: NDArray[np.uint8]) -> list[Stroke]:
    """Strokes of a bitmap in its own pixels, in no particular order."""
    if bitmap.ndim != 2 or len(bitmap) != bitmap.shape[1] or bitmap.dtype != np.uint8:
        raise TracingError(f"Not a square uint8 bitmap: {bitmap.dtype} {bitmap.shape}.")
    if bitmap.size == 0 or bitmap.max() < 128:
        raise TracingError("The bitmap is blank.")
    mask = _mask(bitmap)
    depth: Points = distance_transform_edt(mask)
    if (depth > FILLED_RADIUS * UPSAMPLING).sum() > MAX_FILLED_AREA * UPSAMPLING**2:
        raise TracingError("The drawing has filled areas.")
    thin: Mask = skeletonize(mask)  # type: ignore[no-untyped-call]
    skeleton = skeleton_of(thin, depth)
    prune(skeleton)
    merge_junctions(skeleton)
    prune(skeleton)
    blobs, count = label(mask, structure=np.ones((3, 3)))
    length = np.zeros(count + 1)
    blob_of = [blobs[int(b.path[0, 1]), int(b.path[0, 0])] for b in skeleton.branches]
    np.add.at(length, blob_of, [length_of(b.path) for b in skeleton.branches])
    dots = [np.argwhere(blobs == i)[:, ::-1] for i in range(1, count + 1) if _is_dot(length[i])]
    skeleton.branches = [
        b for b, i in zip(skeleton.branches, blob_of, strict=True) if not _is_dot(length[i])
    ]
    strokes = [Stroke(_smooth(s), s.closed) for s in join(skeleton)]
    # Less is a speck that the rendering of a line has left.
    strokes += [_dot(pixels) for pixels in dots if len(pixels) > 0.6 * UPSAMPLING**2]
    if not strokes:
        raise TracingError("The bitmap is blank.")
    return [Stroke((s.points + 0.5) / UPSAMPLING - 0.5 - MARGIN, s.closed) for s in strokes]


def _mask(bitmap: NDArray[np.uint8]) -> Mask:
    """Where ink is, at `UPSAMPLING` times the size, without pinholes."""
    weights = _cubic_weights(len(bitmap) + 2 * MARGIN)
    padded = np.pad(bitmap.astype(np.float32), MARGIN)
    side = len(padded)
    enlarged = weights @ padded @ weights.T
    # Bitmap pixels are averages over areas: back-projection parts lines that nearly touch.
    for _ in range(6):
        enlarged = enlarged.clip(0, 255)
        averages = enlarged.reshape(side, UPSAMPLING, side, UPSAMPLING).mean(axis=(1, 3))
        enlarged += weights @ (padded - averages) @ weights.T
    mask: Mask = enlarged > 127
    paper, _ = label(~mask)
    pinholes = np.bincount(paper.ravel()) < 0.5 * UPSAMPLING**2
    pinholes[0] = False
    return np.asarray(mask | pinholes[paper])


@cache
def _cubic_weights(side: int) -> NDArray[np.float32]:
    """Keys's cubic convolution (1981, a = -1/2) as a matrix (side * UPSAMPLING, side)."""
    places = (np.arange(side * UPSAMPLING) + 0.5) / UPSAMPLING - 0.5
    d = np.abs(places[:, None] - np.arange(side))
    outer = np.where(d < 2, -0.5 * (d**3 - 5 * d**2 + 8 * d - 4), 0)
    weights = np.where(d <= 1, 1.5 * d**3 - 2.5 * d**2 + 1, outer)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def _smooth(stroke: Stroke) -> Points:
    """Gaussian smoothing along a stroke; open ends stay where they are."""
    points = resample(stroke.points.astype(np.float32)).astype(np.float64)
    if len(points) < 5:
        return points
    sigma = min(SMOOTHING * UPSAMPLING, len(points) / 6)
    if stroke.closed:
        ring = gaussian_filter1d(points[:-1], sigma, axis=0, mode="wrap")
        return np.concatenate([ring, ring[:1]])
    reach = min(len(points) - 1, int(4 * sigma))
    before = 2 * points[0] - points[reach:0:-1]
    after = 2 * points[-1] - points[-2 : -reach - 2 : -1]
    extended = gaussian_filter1d(np.concatenate([before, points, after]), sigma, axis=0)
    return np.asarray(extended[reach : reach + len(points)])


def _is_dot(length: float) -> bool:
    return length < 1.3 * UPSAMPLING


def _dot(pixels: NDArray[np.intp]) -> Stroke:
    """A blob (pixels, 2) without a line in it: a small ring, or a dash if it is no wider."""
    centre = pixels.mean(axis=0)
    pen = PEN_WIDTH * UPSAMPLING / 2
    radius = float(np.sqrt(len(pixels) / np.pi)) - pen
    if radius > 0.35 * UPSAMPLING:
        angles = np.radians(np.arange(0, 361, 60))
        circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return Stroke(centre + max(radius, 0.5 * UPSAMPLING) * circle, True)
    variances, axes = np.linalg.eigh(np.cov((pixels - centre).T) + 1e-9 * np.eye(2))
    # A bar's variance along itself is its half length squared, over three.
    half = max(float(np.sqrt(3 * variances[1])) - pen, 0.3 * UPSAMPLING) * axes[:, 1]
    return Stroke(np.stack([centre - half, centre + half]), False)


def _closed_from_top_left(points: Points) -> Points:
    ring = points[:-1]
    x, y = ring.T
    clockwise = np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)) > 0  # y points down
    ring = ring[::-1] if clockwise else ring
    ring = np.roll(ring, -int(np.argmin(ring @ (0.5, 1.0))), axis=0)
    return np.concatenate([ring, ring[:1]])


def _directed(points: Points, whisker_on_the_left: bool) -> Points:
    """An open stroke rightwards and downwards, or leftwards if it is a whisker on the left."""
    dx, dy = points[-1] - points[0]
    backwards = dx > 0 if whisker_on_the_left else dx + 0.9 * dy < 0
    return points[::-1] if backwards else points


def _whiskers(strokes: list[Stroke]) -> set[int]:
    """Short, straight, level strokes of the left half, if the right half has such ones too."""
    points = np.concatenate([s.points for s in strokes])
    middle, extent = (points.min(axis=0) + points.max(axis=0))[0] / 2, np.ptp(points, axis=0).max()
    left, right = set(), set()
    for i, stroke in enumerate(strokes):
        length = length_of(stroke.points)
        dx, dy = np.abs(stroke.points[-1] - stroke.points[0])
        straight = not stroke.closed and np.hypot(dx, dy) > 0.9 * length
        if straight and dx > dy and length < extent / 2:
            x = stroke.points[[0, -1], 0] - middle
            if x.max() < 0.1 * extent and x.mean() < 0:
                left.add(i)
            elif x.min() > -0.1 * extent:
                right.add(i)
    return left if right else set()


def _stroke3(strokes: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    positions = np.rint(np.concatenate(strokes))
    lifts = np.zeros(len(positions))
    lifts[np.cumsum([len(stroke) for stroke in strokes]) - 1] = 1
    return np.column_stack([np.diff(positions, axis=0), lifts[1:]]).astype(np.float32)

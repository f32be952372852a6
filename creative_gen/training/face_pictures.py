"""Pictures of drawn faces and what is known of each, among them one face with many mouths.

The attributes of a picture:

- `smile`: the sagitta of the mouth by its width; above 0 where the corners are up;
- `width`, `height`: of the outline by the picture's side;
- `mouth_width`: by the outline's width;
- `mouth_x`, `mouth_y`: where the middle of the mouth is, from 0 to 1 in the outline's box;
- `bent_from`: a number, the same for pictures that differ in how the mouth is bent alone; NaN for
  mouths as they were drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from creative_gen.training.face_bending import with_room, with_smile
from creative_gen.training.face_drawings import Drawing
from creative_gen.training.face_parts import Face, Points, find_face, find_outline, spaced
from creative_gen.training.near_copies import NearCopies
from creative_gen.training.picture_folders import LeftOut
from creative_gen.training.picture_sets import Example

SIDE = 64
MARGIN = 3.0
"""Pixels left free around a drawing."""

LINE = 1.6
"""Width of the lines in pixels."""

OVERSAMPLING = 12
CATEGORY = "face"


def face_pictures(
    drawings: Iterable[Drawing], bends: int, seed: int
) -> Iterator[Example | LeftOut]:
    """Render drawings that are clearly faces, each as drawn, and those to train on bent as well.

    Args:
        drawings: of both splits.
        bends: int. How many other mouths each face to train on gets, and as many when mirrored.
        seed: int. Of the mouths, whose smiles are uniform in what the face has room for.

    Yields:
        Pictures (SIDE, SIDE, 1), in the order of the drawings; and those left out: without a clear
        mouth or outline, or like an earlier one.
    """
    taken = NearCopies()
    random = np.random.default_rng(seed)
    ordered = sorted(drawings, key=lambda drawing: drawing.split == "train")
    for number, drawing in enumerate(ordered):
        face = find_face(drawing.strokes)
        if face is None:
            outlined = find_outline(drawing.strokes) is not None
            yield LeftOut("", f"without a clear {'mouth' if outlined else 'outline'}")
            continue
        first = _example(face, drawing.split)
        looks = np.repeat(first.pixels, 3, axis=2)
        if taken.has(looks):
            yield LeftOut("", "near-copies")
            continue
        taken.add(looks)
        yield first
        if drawing.split == "train":
            yield _example(mirrored(face), drawing.split)
            for basis, bent in _bent(face, bends, random):
                yield _example(bent, drawing.split, 2 * number + basis)


def into_frame(strokes: Sequence[Points]) -> list[Points]:
    """Move and scale a drawing into a picture: float64 (points, 2) in pixels of SIDE."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    free = SIDE - 2.0 * MARGIN - LINE
    scale = free / max(float((high - low).max()), 1e-9)
    return [(stroke - (low + high) / 2.0) * scale + SIDE / 2.0 for stroke in strokes]


def render(strokes: Iterable[Points]) -> NDArray[np.uint8]:
    """Draw strokes in pixels of SIDE, black on white and anti-aliased: uint8 (SIDE, SIDE)."""
    image = Image.new("L", (SIDE * OVERSAMPLING,) * 2, 255)
    pen = ImageDraw.Draw(image)
    # Odd, to be in the middle of a pixel; Pillow paints the pixels at both ends.
    width = int(LINE * OVERSAMPLING) | 1
    radius = (width - 1) / 2.0
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in np.floor(stroke * OVERSAMPLING)]
        pen.line(points, fill=0, width=width)
        # Discs make the joins and ends round, which Pillow's own joints are not.
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX))


def mirrored(face: Face) -> Face:
    """The face with left and right exchanged."""
    strokes = tuple(stroke * [-1.0, 1.0] for stroke in face.strokes)
    curve = replace(face.curve, middle=-face.curve.middle, tilt=-face.curve.tilt)
    return replace(face, strokes=strokes, curve=curve)


def measured(face: Face) -> dict[str, float]:
    """The attributes of a face, as the picture of it shows them."""
    width, height = face.size
    side = float(np.ptp(np.concatenate(face.strokes), axis=0).max())
    scale = (SIDE - 2.0 * MARGIN - LINE) / SIDE / side
    corner = face.strokes[face.outline].min(axis=0)
    x, y = (spaced(face.strokes[face.mouth], 64).mean(axis=0) - corner) / (width, height)
    return {
        "smile": face.curve.smile,
        "width": width * scale,
        "height": height * scale,
        "mouth_width": 2.0 * face.curve.half / width,
        "mouth_x": float(x),
        "mouth_y": float(y),
    }


def _bent(face: Face, bends: int, random: np.random.Generator) -> Iterator[tuple[int, Face]]:
    """The face, and the face in a mirror, with other mouths; and which of the two each is of."""
    narrow, room = with_room(face)
    for number, basis in enumerate((narrow, mirrored(narrow)) if room else ()):
        for smile in random.uniform(-room, room, bends).tolist():
            yield number, with_smile(basis, smile)


def _example(face: Face, split: str, bent_from: float = np.nan) -> Example:
    pixels = render(into_frame(face.strokes))[..., None]
    return Example(pixels, 0, split, measured(face) | {"bent_from": bent_from})

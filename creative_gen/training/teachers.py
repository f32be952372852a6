"""Drawings sampled from a published Sketch-RNN decoder, as training data for a new model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.stroke_decoder import StrokeDecoder
from creative_gen.media.errors import MediaError
from creative_gen.media.quickdraw_npz import drawing_rows
from creative_gen.media.simplify import simplify
from creative_gen.media.sketch import Sketch, stroke3_from_stroke5

BATCH = 200
FEWEST_POINTS = 12
UNLIKELY_SHARE = 0.1
"""The share of drawings, least likely a point, that is left out as a teacher's slips."""


class Teacher(Protocol):
    """A Sketch-RNN decoder and its units, such as `interop.sketch_rnn_js` reads from a file."""

    @property
    def name(self) -> str:
        """What it draws."""
        ...

    @property
    def weights(self) -> Mapping[str, NDArray[np.float32]]:
        """Unconditional decoder weights, as StrokeDecoder takes them."""
        ...

    @property
    def scale_factor(self) -> float:
        """Canvas units of one normalised unit."""
        ...

    @property
    def max_seq_len(self) -> int:
        """Most points of a drawing it learned from."""
        ...


def sample_teacher(
    model: Teacher, count: int, temperature: float, seed: int
) -> list[NDArray[np.int16]]:
    """Sample drawings as Quick, Draw! stores them.

    A drawing is left out when it does not end within the longest training drawing, keeps fewer
    than FEWEST_POINTS points once simplified, or is among the UNLIKELY_SHARE least likely a point.

    Args:
        model: the teacher.
        count: how many drawings.
        temperature: 0.65 is what sketch-rnn-js shows; higher is more varied.
        seed: 0 to 2**32 - 1. Other seeds give other drawings.

    Returns:
        `count` arrays (points, 3) of dx, dy, pen_lift; the first row is the offset from the first
        point, which is left out, as in Quick, Draw!'s own files. The larger side of each drawing
        is 255, and its strokes are simplified (Ramer-Douglas-Peucker, epsilon 2).
    """
    if count < 1:
        return []
    drawings: list[NDArray[np.int16]] = []
    scores: list[float] = []
    wanted = int(np.ceil(count / (1.0 - UNLIKELY_SHARE)))
    decoder = StrokeDecoder(model.weights)
    if decoder.condition_size:
        raise MediaError("This model needs a drawing to start from.", "Use a `.gen.json` model.")
    for first in range(0, 20 * wanted, BATCH):
        seeds = (seed << 32) + first + np.arange(BATCH, dtype=np.uint64)
        for drawing, score in _sample(model, decoder, seeds, temperature):
            drawings.append(drawing)
            scores.append(score)
        if len(drawings) >= wanted:
            break
    else:
        raise MediaError(f"{model.name} rarely ends a drawing.", "Lower the temperature.")
    likeliest = np.sort(np.argsort(scores[:wanted])[-count:])
    return [drawings[index] for index in likeliest]


def _sample(
    model: Teacher, decoder: StrokeDecoder, seeds: NDArray[np.uint64], temperature: float
) -> list[tuple[NDArray[np.int16], float]]:
    state = decoder.start(seeds)
    strokes, likelihoods = decoder.sample(state, model.max_seq_len, temperature)
    kept = []
    for stroke5, likelihood in zip(
        strokes[state.finished], likelihoods[state.finished], strict=True
    ):
        stroke3 = stroke3_from_stroke5(stroke5)
        if len(stroke3) < FEWEST_POINTS:
            continue
        drawing = _simplified(
            stroke3 * np.array([model.scale_factor, model.scale_factor, 1.0], np.float32)
        )
        if len(drawing) >= FEWEST_POINTS:
            kept.append((drawing, float(likelihood.sum() / (len(stroke3) + 1))))
    return kept


def _simplified(stroke3: NDArray[np.float32]) -> NDArray[np.int16]:
    # Quick, Draw!'s stroke-3 starts at the first point and leaves it out: it is drawn, so it
    # belongs in the bounding box, and it is left out again afterwards.
    whole = np.vstack([np.zeros((1, 3), np.float32), stroke3])
    sketch, _, _ = simplify(Sketch.from_stroke3(whole))
    rounded = tuple(np.rint(stroke) for stroke in sketch.strokes)
    return drawing_rows(Sketch(rounded, sketch.size)).astype(np.int16)

"""A trained Sketch-RNN without Keras: encodes, classifies, scores and draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from creative_gen.interface.errors import InvalidAsset
from creative_gen.interface.families import AssetFiles
from creative_gen.kernels.mixture import log_softmax
from creative_gen.kernels.stroke_decoder import Backend, StrokeDecoder
from creative_gen.kernels.stroke_encoder import encode
from creative_gen.kernels.stroke_state import DecoderState
from creative_gen.media.sketch import stroke3_from_stroke5, stroke5_from_stroke3
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.drawings import Stroke3

Float = NDArray[np.float32]

ROWS_PER_CHUNK = 3200
"""Points of all drawings together between two progress events: less than 100 ms of work."""


@dataclass(frozen=True)
class Drawn:
    """N drawings in canvas units.

    Attributes:
        drawings: the drawn rows of each.
        log_likelihood: (N,) nats a drawn point.
        ended: (N,) whether the model ended the drawing, rather than running out of points.
    """

    drawings: list[Stroke3]
    log_likelihood: NDArray[np.float64]
    ended: NDArray[np.bool_]


class Player:
    """Plays the weights of an asset.

    Args:
        asset: AssetFiles. Its settings are those of `SketchRNNConfig`.
        backend: "auto", "numba" or "numpy".

    Raises:
        InvalidAsset: the settings or the weights do not make a network.
    """

    def __init__(self, asset: AssetFiles, backend: Backend = "auto") -> None:
        hint = f"Fetch or build the asset '{asset.name}' again."
        try:
            self.config = SketchRNNConfig.model_validate(dict(asset.settings))
        except ValidationError as error:
            message = f"The settings of the asset '{asset.name}' are not those of a Sketch-RNN."
            raise InvalidAsset(message, hint) from error
        arrays = {name: np.asarray(a, np.float32) for name, a in asset.arrays().items()}
        try:
            self.decoder = StrokeDecoder(arrays, backend, self.config.decoder_cell)
            check_shapes(arrays, self.config)
        except ValueError as error:
            message = f"The weights of the asset '{asset.name}' do not fit: {error}."
            raise InvalidAsset(message, hint) from error
        self.weights: Mapping[str, Float] = arrays

    def encode(self, drawings: Sequence[Stroke3]) -> tuple[Float, Float]:
        """Mean and log variance (N, Z) of q(z | drawing)."""
        points, lengths = self.stroke5(drawings)
        return encode(self.weights, points, lengths)

    def class_log_probabilities(self, mean: Float) -> NDArray[np.float64]:
        """Log probability (N, categories) of each category, from encoded means (N, Z)."""
        logits = mean @ self.weights["classifier/kernel"] + self.weights["classifier/bias"]
        return log_softmax(logits.astype(np.float64))

    def classes(self, category: str | None, count: int) -> Float:
        """`count` rows (count, K) of a category; K = 0 where the model has none."""
        known = bool(self.config.categories) and category is not None
        return self.one_hot([category] * count) if known else np.zeros((count, 0), np.float32)

    def one_hot(self, categories: Sequence[str | None]) -> Float:
        """The rows (N, K) that stand for categories."""
        return np.eye(len(self.config.categories), dtype=np.float32)[self.indices(categories)]

    def indices(self, categories: Sequence[str | None]) -> list[int]:
        """Where categories stand in the one-hot rows and among the classifier's outputs."""
        names = list[str | None](self.config.categories)
        return [names.index(name) for name in categories]

    @property
    def has_prior(self) -> bool:
        """Whether the asset says what latent vectors a category's drawings have."""
        return "prior/mean" in self.weights

    @property
    def draws_latent(self) -> bool:
        """Whether a drawing that comes after no other has a z, drawn from the prior."""
        return self.config.conditional and not self.config.latent_dropout

    def free_condition(self, classes: Float, seeds: NDArray[np.uint64]) -> Float | None:
        """The condition (N, C) of drawings that come after no other.

        A model that was trained without z, some of the time, is given none; of any other, z is
        drawn from its prior, N(0, I), by the seed.
        """
        if not self.draws_latent:
            return self.condition(None, classes)
        rows = [
            np.random.default_rng(int(s)).standard_normal(self.config.latent_size) for s in seeds
        ]
        return self.condition(np.stack(rows).astype(np.float32), classes)

    def condition(self, z: Float | None, classes: Float) -> Float | None:
        """The decoder's constant input (N, C): z, "there is no z", the class.

        Args:
            z: (N, Z), or None to draw from the class alone.
            classes: (N, K). One-hot, or a mix of classes; K may be 0.
        """
        if not self.decoder.condition_size:
            return None
        count = len(classes)
        parts = [classes]
        if self.config.conditional:
            without = np.full((count, 1), float(z is None), np.float32)
            blank = np.zeros((count, self.config.latent_size), np.float32)
            parts = [blank if z is None else z, without, classes]
        return np.concatenate(parts, axis=1)

    def stroke5(self, drawings: Sequence[Stroke3]) -> tuple[Float, NDArray[np.int64]]:
        """Drawings as normalised, padded stroke-5 (N, T, 5), and their lengths (N,)."""
        lengths = np.array([len(drawing) for drawing in drawings], np.int64)
        longest = int(lengths.max(initial=0)) + 1
        scale = np.array([self.config.scale_factor, self.config.scale_factor, 1], np.float32)
        rows = [stroke5_from_stroke3(drawing / scale, longest) for drawing in drawings]
        return np.stack(rows), lengths

    def draw(
        self, state: DecoderState, max_points: int, temperature: float, min_points: int = 0
    ) -> Iterator[float | Drawn]:
        """Draw on from a state until all drawings have ended.

        Yields the share of `max_points` that is done, now and then, and at last the `Drawn`.
        """
        chunks: list[Float] = []
        scores: list[NDArray[np.float64]] = []
        chunk = max(1, ROWS_PER_CHUNK // max(len(state), 200))
        for done in range(0, max_points, chunk):
            points = min(chunk, max_points - done)
            stroke5, score = self.decoder.sample(state, points, temperature, min_points)
            chunks.append(stroke5)
            scores.append(score)
            if state.finished.all():
                break
            yield (done + points) / max_points
        strokes, likelihoods = np.concatenate(chunks, axis=1), np.concatenate(scores, axis=1)
        yield self._drawn(strokes, likelihoods, state.finished.copy())

    def _drawn(
        self, stroke5: Float, scores: NDArray[np.float64], ended: NDArray[np.bool_]
    ) -> Drawn:
        scale = np.array([self.config.scale_factor, self.config.scale_factor, 1], np.float32)
        drawings = [stroke3_from_stroke5(rows) * scale for rows in stroke5]
        counts = np.array([len(drawing) for drawing in drawings]) + ended
        return Drawn(drawings, scores.sum(axis=1) / counts, ended)


def check_shapes(arrays: Mapping[str, Float], config: SketchRNNConfig) -> None:
    """Raise ValueError unless the weights are those of a network with these settings."""
    units, outputs = arrays["output/kernel"].shape
    sizes = {
        "decoder_units": (units, config.decoder_units),
        "mixtures": (outputs, 6 * config.mixtures + 3),
        "condition": (len(arrays.get("initial/kernel", ())), config.condition_size),
    }
    for name, (given, wanted) in sizes.items():
        if given != wanted:
            raise ValueError(f"the settings ask for {wanted} ({name}), and there are {given}")
    if config.conditional:
        _check_encoder(arrays, config)


def _check_encoder(arrays: Mapping[str, Float], config: SketchRNNConfig) -> None:
    units, latent = config.encoder_units, config.latent_size
    shapes: dict[str, tuple[int, ...]] = {}
    for direction in ("forward", "backward"):
        shapes[f"encoder/{direction}/kernel_x"] = (5, 4 * units)
        shapes[f"encoder/{direction}/kernel_h"] = (units, 4 * units)
        shapes[f"encoder/{direction}/bias"] = (4 * units,)
    for part in ("mean", "log_variance"):
        shapes[f"latent/{part}_kernel"] = (2 * units, latent)
        shapes[f"latent/{part}_bias"] = (latent,)
    if config.categories:
        shapes["classifier/kernel"] = (latent, len(config.categories))
        shapes["classifier/bias"] = (len(config.categories),)
    if "prior/mean" in arrays:
        shapes["prior/mean"] = (len(config.categories), latent)
        shapes["prior/factor"] = (len(config.categories), latent, latent)
    for name, shape in shapes.items():
        if name not in arrays or arrays[name].shape != shape:
            raise ValueError(f"'{name}' is missing or not {shape}")
        if not np.isfinite(arrays[name]).all():
            raise ValueError(f"'{name}' has values that are not finite")

"""How loud the parts of a tone are: small networks from its features, without Keras."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.allpole import whiten
from creative_gen.kernels.row_matmul import row_matmul
from creative_gen.models.wavenet.conditioning import Tone, features
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.partials import add_up, heard_partials, waves_of
from creative_gen.models.wavenet.spectra import STEEPEST, coefficients

LAYERS = ("first", "second", "values")
UNITS = 128
"""Of the layers of rectifiers."""
CREST = 8.0
"""The gain is this many times the loudness of the residual, which then rarely leaves [-1, 1]."""
LOUDEST, SOFTEST = 0.0, -11.5
"""Bounds of a logarithm: full scale, and 100 dB below."""

Float = NDArray[np.float32]


class Envelope:
    """Two layers of rectifiers, and a layer of logarithms.

    Args:
        weights: "first/kernel" (F, U), "first/bias", "second/kernel" (U, U), "second/bias",
            "values/kernel" (U, N) and "values/bias", by name.
    """

    def __init__(self, weights: Mapping[str, Float]) -> None:
        self.weights = {name: np.asarray(array, np.float32) for name, array in weights.items()}

    def __call__(self, rows: Float) -> Float:
        """The values (n, N), not logarithms any more, of features (n, F)."""
        return np.exp(np.clip(self.outputs(rows), SOFTEST, LOUDEST)).astype(np.float32)

    def outputs(self, rows: Float) -> Float:
        """What the last layer gives (n, N)."""
        for name in LAYERS:
            rows = row_matmul(rows, self.weights[f"{name}/kernel"]) + self.weights[f"{name}/bias"]
            if name != LAYERS[-1]:
                rows = np.maximum(rows, 0)
        return rows


class Envelopes:
    """The partials and the gain of tones.

    Args:
        config: WaveNetConfig.
        weights: those of the two envelopes, "partials/..." and "gain/...".
    """

    def __init__(self, config: WaveNetConfig, weights: Mapping[str, Float]) -> None:
        self.config = config
        self.partials = Envelope(_below("partials", weights)) if config.partials else None
        self.gain = Envelope(_below("gain", weights))
        self.filter = Envelope(_below("filter", weights)) if config.filter_order else None

    def gains(self, tone: Tone, first: int, frames: int) -> Float:
        """The gain (frames * frame,) of the samples of frames from `first` on."""
        borders = self.gain(features(self.config, tone, first, frames + 1))
        return between_borders(borders[:, 0], self.config.frame)

    def loudness(self, tone: Tone, frame: int) -> float:
        """How loud (RMS) a tone is at the start of a frame."""
        told = features(self.config, tone, frame, 1)
        power = float(self.gain(told)[0, 0] / CREST) ** 2
        if self.filter is not None:
            # What a linear prediction gains is the product over 1 - k^2.
            steep = np.tanh(self.filter.outputs(told).astype(np.float64)) * STEEPEST
            power /= float(np.prod(1 - np.square(steep)))
        if self.partials is not None and tone.pitch is not None:
            heard = heard_partials(self.config, tone.pitches(np.array([0])))
            power += float(np.square(self.partials(told) * heard).sum()) / 2
        return float(np.sqrt(power))

    def whitened(self, tone: Tone, first: int, rest: Float) -> Float:
        """The errors (frames * frame,) of predicting what the partials leave, with as many samples
        as the filter's order before its first frame, `first`."""
        frame = self.config.frame
        if self.filter is None:
            return rest
        frames = (len(rest) - self.config.filter_order) // frame
        return whiten(rest, self.predictor(tone, first, frames), frame)

    def predictor(self, tone: Tone, first: int, frames: int) -> Float:
        """The coefficients (frames, filter_order) of the linear prediction in each frame."""
        assert self.filter is not None
        steep = np.tanh(self.filter.outputs(features(self.config, tone, first, frames)))
        return coefficients(steep * np.float32(STEEPEST))

    def sinusoids(self, tone: Tone, first: int, frames: int, turns: NDArray[np.floating]) -> Float:
        """The sum (frames * frame,) of the partials, given their phases (..., partials)."""
        if self.partials is None or tone.pitch is None:
            return np.zeros(frames * self.config.frame, np.float32)
        amplitudes = self.partials(features(self.config, tone, first, frames + 1))
        samples = np.arange(first * self.config.frame, (first + frames) * self.config.frame)
        heard = heard_partials(self.config, tone.pitches(samples))
        return add_up(self.config, amplitudes, waves_of(turns, heard))


def envelope_shapes(name: str, inputs: int, outputs: int) -> dict[str, tuple[int, ...]]:
    """The shapes of an envelope's weights in an asset."""
    sizes = (inputs, UNITS, UNITS, outputs)
    kernels = {f"{name}/{one}/kernel": sizes[i : i + 2] for i, one in enumerate(LAYERS)}
    return {
        **kernels,
        **{f"{name}/{one}/bias": sizes[i + 1 : i + 2] for i, one in enumerate(LAYERS)},
    }


def between_borders(values: Float, frame: int) -> Float:
    """Values (frames + 1,) at the frames' borders, in straight lines between: (frames * frame,)."""
    ramp = np.arange(frame, dtype=np.float32) / np.float32(frame)
    return np.asarray(values[:-1, None] + np.diff(values)[:, None] * ramp).reshape(-1)


def _below(name: str, weights: Mapping[str, Float]) -> dict[str, Float]:
    start = f"{name}/"
    return {key[len(start) :]: array for key, array in weights.items() if key.startswith(start)}

"""Fits the envelopes of the partials and of the gain, before the network itself is trained."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from keras import ops

from creative_gen.fitting.checkpoint import save_arrays
from creative_gen.models.wavenet.conditioning import features
from creative_gen.models.wavenet.dataset import Clips, Rows, unsourced
from creative_gen.models.wavenet.envelopes import (
    CREST,
    LAYERS,
    SOFTEST,
    UNITS,
    Envelopes,
)
from creative_gen.models.wavenet.spectra import STEEPEST, reflections

FILE = "envelopes.npz"
NOTES, MOMENTS = 4000, 24
"""Notes, drawn with replacement, and moments of each that are fitted to."""
STEPS, BATCH_SIZE, LEARNING_RATE = 4000, 512, 4e-3
UNSOURCED = 0.2
"""The share of notes whose source is not told."""
MOST = 0.999
"""What the steepest reflection is taken as, because 1 would be infinite."""
WINDOW_FRAMES = 2
"""Frames over which that loudness is measured."""


def fitted_envelopes(clips: Clips, run: Path, seed: int) -> dict[str, np.ndarray]:
    """The weights of the run's envelopes, as `Envelopes` takes them: kept, or else fitted now."""
    if (run / FILE).exists():
        return envelopes_of(run)
    weights = {}
    rng = np.random.default_rng(seed)
    config = clips.config
    if config.partials:
        rows = Rows(clips, Envelopes(config, {}))
        told, amplitudes = _moments(rows, rng, _amplitudes, pitched=True)
        # Loud partials are heard; those 60 dB below full scale count a tenth.
        weights |= _named("partials", fit(told, amplitudes, np.exp(amplitudes / 3)))
    if config.filter_order:
        told, found = _moments(Rows(clips, Envelopes(config, weights)), rng, _reflections)
        weights |= _named("filter", fit(told, found, np.ones_like(found)))
    told, loudness = _moments(Rows(clips, Envelopes(config, weights)), rng, _residual_loudness)
    weights |= _named("gain", fit(told, loudness, np.ones_like(loudness)))
    save_arrays(run / FILE, weights)
    return weights


def envelopes_of(run: Path) -> dict[str, np.ndarray]:
    """The weights of the envelopes that a run began with."""
    with np.load(run / FILE, allow_pickle=False) as arrays:
        return dict(arrays)


def fit(rows, targets, weights):
    """The layers of an `Envelope` that gives rows (n, F) their logarithms `targets` (n, N).

    The error is the mean of absolute differences, weighted by `weights` (n, N).
    """
    network = keras.Sequential(
        [
            keras.layers.Dense(UNITS, "relu", name="first"),
            keras.layers.Dense(UNITS, "relu", name="second"),
            keras.layers.Dense(
                targets.shape[1],
                name="values",
                bias_initializer=keras.initializers.Constant(float(np.median(targets))),
            ),
        ]
    )
    scale = float(weights.mean())

    def loss(both, predicted):
        wanted, weight = both[:, : targets.shape[1]], both[:, targets.shape[1] :]
        return ops.mean(ops.abs(wanted - predicted) * weight, axis=-1) / scale

    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, STEPS)
    network.compile(keras.optimizers.Adam(rate), loss)
    both = np.concatenate([targets, weights], axis=1)
    epochs = max(round(STEPS * BATCH_SIZE / len(rows)), 1)
    network.fit(rows, both, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    layers = {name: network.get_layer(name) for name in LAYERS}
    kernels = {f"{name}/kernel": np.asarray(layer.kernel) for name, layer in layers.items()}
    return kernels | {f"{name}/bias": np.asarray(layer.bias) for name, layer in layers.items()}


def _moments(rows, rng, measure, pitched=False):
    """Features (n, F) and logarithms (n, N) at random moments of random notes.

    What has not been fitted yet is not asked for by `measure`.
    """
    clips, told, values = rows.clips, [], []
    for index in rng.choice(len(clips.clips), NOTES, p=clips.weight):
        tone, last = clips.tone(int(index)), clips.last_frame(int(index))
        if pitched and tone.pitch is None:
            continue
        # Half of the moments are soon after the start, where most happens.
        where = rng.random(MOMENTS) ** rng.choice([1, 3], MOMENTS)
        frames = (last * where).astype(np.int64)
        if rng.random() < UNSOURCED:
            tone = unsourced(tone)
        told.append(features(clips.config, tone, 0, last + 1)[frames])
        values.append(measure(rows, int(index), tone, frames))
    return np.concatenate(told), np.concatenate(values)


def _amplitudes(rows, index, tone, frames):
    return rows.clips.partials(index).log_amplitudes(frames * rows.clips.config.frame)


def _reflections(rows, index, tone, frames):
    config = rows.clips.config
    rest = rows.rest(index, tone, 0, rows.clips.frames(index))
    found = reflections(rest, frames, config.frame, config.sample_rate, config.filter_order)
    return np.arctanh(found / STEEPEST * MOST).astype(np.float32)


def _residual_loudness(rows, index, tone, frames):
    frame, order = rows.clips.config.frame, rows.clips.config.filter_order
    rest = np.pad(rows.rest(index, tone, 0, rows.clips.frames(index)), (order, 0))
    rest = rows.envelopes.whitened(tone, 0, rest)
    power = np.cumsum(np.concatenate([[0.0], np.square(rest, dtype=np.float64)]))
    start = np.clip((frames - WINDOW_FRAMES // 2) * frame, 0, None)
    end = np.clip((frames + WINDOW_FRAMES // 2) * frame, 1, len(rest))
    loudness = CREST * np.sqrt((power[end] - power[start]) / (end - start))
    return np.log(np.maximum(loudness, np.exp(SOFTEST)))[:, None].astype(np.float32)


def _named(name, weights):
    return {f"{name}/{key}": array for key, array in weights.items()}

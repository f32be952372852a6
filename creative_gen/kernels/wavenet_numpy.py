"""A WaveNet's steps in NumPy: the reference, and the fallback where Numba is missing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels import logistics
from creative_gen.kernels.activation import sigmoid, tanh
from creative_gen.kernels.mixture import draw_category, log_softmax
from creative_gen.kernels.random import uniform
from creative_gen.kernels.row_matmul import ROW_BLOCK, row_matmul
from creative_gen.kernels.wavenet_codes import Codes
from creative_gen.kernels.wavenet_passage import Passage
from creative_gen.kernels.wavenet_weights import LEVELS, Weights

Float = NDArray[np.float32]
Integer = NDArray[np.int64]

PAST = 2
GROUPS = 16
DRAWS = np.arange(2, dtype=np.uint64)


class NumpyStepper:
    """Advances streams a step at a time, all streams at once; see `wavenet_numba.NumbaStepper`.

    A row is a step of a stream. The rows of a generated step are all streams; given steps are rows
    too, up to 16 neighbouring ones of a stream.
    """

    def __init__(
        self,
        weights: Weights,
        dilations: tuple[int, ...],
        codes: Codes,
        pre_emphasis: float,
        frame_samples: int,
    ) -> None:
        self.weights, self.dilations, self.codes = weights, dilations, codes
        self.pre_emphasis, self.frame_samples = np.float32(pre_emphasis), frame_samples
        self.skip = weights["layers/skip"].reshape(-1, weights["layers/skip"].shape[2])

    def advance(self, passage: Passage) -> None:
        """Read or generate a passage, in place."""
        count, length = passage.audio.shape
        if passage.given:
            for stream in range(count):
                for first in range(0, length, ROW_BLOCK):
                    times = np.arange(first, min(first + ROW_BLOCK, length))
                    self._read(passage, np.full(len(times), stream), times)
            return
        streams, y = np.arange(count), passage.state.last
        for t in range(length):
            code = self._drawn(passage, streams, np.full(count, t))
            passage.codes[:, PAST + t] = code
            y = self.codes.values[code] + self.pre_emphasis * y
            passage.audio[:, t] = y

    def _read(self, passage: Passage, streams: Integer, times: Integer) -> None:
        outputs = self._forward(passage, streams, times)
        codes = passage.codes[streams, PAST + times]
        if self.codes.mixtures:
            size = 3 * self.codes.mixtures
            likelihoods = logistics.log_probability(outputs[:, :size], codes)
        else:
            likelihoods = log_softmax(outputs.astype(np.float64))[np.arange(len(codes)), codes]
        passage.likelihoods[streams, times] = likelihoods
        if passage.outputs.shape[1]:
            passage.outputs[streams, times] = outputs[:, : passage.outputs.shape[2]]

    def _drawn(self, passage: Passage, streams: Integer, times: Integer) -> NDArray[np.int32]:
        outputs, state = self._forward(passage, streams, times), passage.state
        steps = (state.steps[streams] + times).astype(np.uint64)
        u = uniform(state.seeds[streams, None], steps[:, None], DRAWS)
        if self.codes.mixtures:
            return logistics.draw(outputs[:, : 3 * self.codes.mixtures], u, passage.temperature)
        return draw_level(outputs, u, passage.temperature)

    def _forward(self, passage: Passage, streams: Integer, times: Integer) -> Float:
        """Outputs (rows, O) of steps `times` of the streams, whose queues go on."""
        w, state = self.weights, passage.state
        steps = state.steps[streams] + times
        frames = steps // self.frame_samples - state.steps[streams] // self.frame_samples
        codes = passage.codes[streams[:, None], PAST + times[:, None] - (1, 2)]
        phases = passage.phases[streams, times]
        inputs = np.concatenate([self.codes.companded[codes], phases], axis=1)
        h = w["input/bias"] + row_matmul(inputs, w["input/kernel"])
        units, start, gated = h.shape[1], 0, []
        for layer, dilation in enumerate(self.dilations):
            past = np.empty_like(h)
            # In order, because a given step may take out what another one of them put in.
            for row, (stream, step) in enumerate(zip(streams, steps, strict=True)):
                slot = state.queue[stream, start + step % dilation]
                past[row], slot[:] = slot, h[row]
            start += dilation
            kernel = w["layers/kernel"][layer]
            sums = row_matmul(past, kernel[:units]) + row_matmul(h, kernel[units:])
            sums = sums + passage.biases[streams, frames, layer]
            gated.append(tanh(sums[:, :units]) * sigmoid(sums[:, units:]))
            h = h + w["layers/residual_bias"][layer]
            h = h + row_matmul(gated[-1], w["layers/residual"][layer])
        skip = w["skip/bias"] + row_matmul(np.concatenate(gated, axis=1), self.skip)
        head = w["head/bias"] + row_matmul(np.maximum(skip, 0), w["head/kernel"])
        return w["output/bias"] + row_matmul(np.maximum(head, 0), w["output/kernel"])


def draw_level(
    logits: Float, uniforms: NDArray[np.float64], temperature: float
) -> NDArray[np.int32]:
    """Levels (N,) from uniforms (N, 2); see `wavenet_draws.draw_level`."""
    if temperature == 0.0:
        return np.asarray(logits.argmax(axis=1), np.int32)
    grouped = log_softmax(logits.astype(np.float64) / max(temperature, 1e-9))
    grouped = grouped.reshape(len(logits), LEVELS // GROUPS, GROUPS).transpose(0, 2, 1)
    largest = grouped.max(axis=2)
    totals = largest + np.log(np.exp(grouped - largest[:, :, None]).sum(axis=2))
    group = draw_category(totals, uniforms[:, 0], 1.0)
    chosen = grouped[np.arange(len(logits)), group]
    return np.asarray(group + GROUPS * draw_category(chosen, uniforms[:, 1], 1.0), np.int32)

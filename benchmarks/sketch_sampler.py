"""CPU time of drawing Sketch-RNN sketches, one thread: `python benchmarks/sketch_sampler.py`.

A decoder of the published size (LSTM 512, 20 mixtures) with random weights draws sketches of 250
points. "float16", "int16" and "float32" are how its weights are packed: as an exported asset's, as
a sketch-rnn-js model's, and as any others. Keras draws with the same weights in an eager loop of
`LSTMCell` and `Dense` calls with the drawing itself in NumPy, as a script on Keras would.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.mixture import Mixture
from creative_gen.kernels.packing import JS_STEP
from creative_gen.kernels.stroke_decoder import Backend, StrokeDecoder
from creative_gen.kernels.stroke_numpy import draw_point

UNITS, MIXTURES, POINTS = 512, 20, 250
TEMPERATURE = 0.7

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "KERAS_BACKEND": "tensorflow",
}

Weights = dict[str, NDArray[np.float32]]


def random_weights() -> Weights:
    random = np.random.default_rng(0)
    outputs = 6 * MIXTURES + 3
    shapes = {
        "decoder/kernel_x": (5, 4 * UNITS),
        "decoder/kernel_h": (UNITS, 4 * UNITS),
        "decoder/bias": (4 * UNITS,),
        "output/kernel": (UNITS, outputs),
        "output/bias": (outputs,),
    }
    return {name: random.normal(0, 0.05, s).astype(np.float32) for name, s in shapes.items()}


def to_float16(weights: Weights) -> Weights:
    return {name: w.astype(np.float16).astype(np.float32) for name, w in weights.items()}


def to_int16(weights: Weights) -> Weights:
    steps = {name: np.rint(w.astype(np.float64) / JS_STEP) for name, w in weights.items()}
    return {name: (step * JS_STEP).astype(np.float32) for name, step in steps.items()}


def own_sampler(weights: Weights, backend: Backend) -> Callable[[int], object]:
    decoder = StrokeDecoder(weights, backend)

    def sample(count: int) -> object:
        state = decoder.start(np.arange(count))
        return decoder.sample(state, POINTS, TEMPERATURE, min_points=POINTS)

    return sample


def keras_sampler(weights: Weights) -> Callable[[int], object]:
    import keras

    cell = keras.layers.LSTMCell(UNITS)
    cell.build((None, 5))
    names = ("decoder/kernel_x", "decoder/kernel_h", "decoder/bias")
    cell.set_weights([weights[name] for name in names])
    dense = keras.layers.Dense(6 * MIXTURES + 3)
    dense.build((None, UNITS))
    dense.set_weights([weights["output/kernel"], weights["output/bias"]])
    decoder = StrokeDecoder(weights, "numpy")

    def sample(count: int) -> object:
        state, rows = decoder.start(np.arange(count)), np.arange(count)
        states = [keras.ops.zeros((count, UNITS)), keras.ops.zeros((count, UNITS))]
        for _ in range(POINTS):
            hidden, states = cell(keras.ops.convert_to_tensor(state.x), states)
            mixture = Mixture.from_output(keras.ops.convert_to_numpy(dense(hidden)))
            state.x = draw_point(mixture, state, rows, TEMPERATURE, POINTS)
            state.step += 1
        return state

    return sample


def cpu_milliseconds(sample: Callable[[int], object], count: int, runs: int) -> float:
    """Median CPU time a sketch, after one run that warms up."""
    sample(count)
    times = []
    for _ in range(runs):
        start = time.process_time()
        sample(count)
        times.append(time.process_time() - start)
    return float(np.median(times)) * 1e3 / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-keras", action="store_true", help="leave the slow Keras rows out")
    arguments = parser.parse_args()
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        # The libraries read these when they are loaded, and NumPy is loaded already.
        command = [sys.executable, *sys.argv]
        raise SystemExit(subprocess.run(command, env=os.environ | ONE_THREAD).returncode)
    weights = random_weights()
    rows: list[tuple[str, Callable[[int], object], int]] = []
    if find_spec("numba") is not None:
        rows += [
            ("creative_gen, float16", own_sampler(to_float16(weights), "numba"), 9),
            ("creative_gen, int16", own_sampler(to_int16(weights), "numba"), 9),
            ("creative_gen, float32", own_sampler(weights, "numba"), 9),
        ]
    rows.append(("creative_gen, NumPy", own_sampler(to_float16(weights), "numpy"), 3))
    if not arguments.no_keras and find_spec("keras") is not None:
        rows.append(("Keras, eager loop", keras_sampler(to_float16(weights)), 1))
    print(f"CPU ms a sketch of {POINTS} points, LSTM {UNITS}, {MIXTURES} mixtures, one thread")
    print(f"{'':24}{'alone':>9}{'batch 100':>11}{'ratio':>9}{'ratio':>7}")
    first: tuple[float, float] | None = None
    for name, sample, runs in rows:
        alone, batch = cpu_milliseconds(sample, 1, runs), cpu_milliseconds(sample, 100, runs)
        first = first or (alone, batch)
        print(
            f"{name:24}{alone:9.1f}{batch:11.2f}{alone / first[0]:8.1f}x{batch / first[1]:6.1f}x",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""Speed of WaveNet samplers on one core: `python benchmarks/wavenet_sampler.py`.

A network of the published size (30 layers, dilations 3 x 1 ... 512, 64 residual and 128 skip
channels, 256 head units, 256 mu-law levels, 1.0 million multiplications a sample) with random
weights generates sound at 16 kHz. All samplers but Keras's keep queues (Paine et al. 2016); Keras
evaluates the whole receptive field for every sample. Shown is the sound's length by CPU time, of
one thread, the best of several runs; for the batch that of all eight sounds. Each framework has a
process of its own. Then the shipped assets, and the first call of a process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.wavenet_sampler import Precision, WaveNetSampler

RATE, FRAME = 16_000, 80
DILATIONS = tuple(2**layer for layer in range(10)) * 3
RESIDUAL, SKIP, HEAD, LEVELS = 64, 128, 256, 256
BATCH = 8
ASSETS = ("notes", "drums")
BASE = "creative_gen, float32"

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "KERAS_BACKEND": "tensorflow",
}

Weights = dict[str, NDArray[np.float32]]
Sample = Callable[[int], object]
Row = tuple[str, float, float | None]


def random_weights() -> Weights:
    random = np.random.default_rng(0)
    layers = len(DILATIONS)
    shapes = {
        "input/kernel": (2, RESIDUAL),
        "input/bias": (RESIDUAL,),
        "layers/kernel": (layers, 2 * RESIDUAL, 2 * RESIDUAL),
        "layers/residual": (layers, RESIDUAL, RESIDUAL),
        "layers/residual_bias": (layers, RESIDUAL),
        "layers/skip": (layers, RESIDUAL, SKIP),
        "skip/bias": (SKIP,),
        "head/kernel": (SKIP, HEAD),
        "head/bias": (HEAD,),
        "output/kernel": (HEAD, LEVELS),
        "output/bias": (LEVELS,),
    }
    fans = {name: shape[-2] if "bias" not in name else 100 for name, shape in shapes.items()}
    return {
        name: (random.normal(size=shape) / np.sqrt(fans[name])).astype(np.float32)
        for name, shape in shapes.items()
    }


def by_layer(weights: Weights) -> Weights:
    """The same with an array a layer: taking it out of a larger one would cost time every step."""
    layers = [name for name in weights if name.startswith("layers/")]
    split = {f"{name}/{n}": array for name in layers for n, array in enumerate(weights[name])}
    return weights | split


def real_time(sample: Sample, streams: int, length: int, runs: int) -> float:
    """The sounds' length by the CPU time of the best run, after one that warms up."""
    sample(streams)
    best = np.inf
    for _ in range(runs):
        start = time.process_time()
        sample(streams)
        best = min(best, time.process_time() - start)
    return streams * length / RATE / best


def own_rows() -> Iterator[Row]:
    if find_spec("numba") is not None:
        yield own_row(BASE, "numba", "float32", 4000, 7)
        yield own_row("creative_gen, bfloat16", "numba", "bfloat16", 4000, 7)
    yield own_row("creative_gen, NumPy", "numpy", "float32", 160, 3)


def own_row(name: str, backend: str, precision: Precision, length: int, runs: int) -> Row:
    sampler = WaveNetSampler(
        random_weights(), DILATIONS, "mu_law", 0.85, backend, precision, FRAME, threads=1
    )

    def sample(streams: int) -> object:
        frames = -(-length // FRAME)
        biases = np.zeros((streams, frames, len(DILATIONS), 2 * RESIDUAL), np.float32)
        return sampler.generate(sampler.start(np.arange(streams)), length, biases)

    return name, real_time(sample, 1, length, runs), real_time(sample, BATCH, length, runs)


def jax_rows() -> Iterator[Row]:
    import jax
    from jax import lax
    from jax import numpy as jnp

    length = 1600
    w = {name: jnp.asarray(array) for name, array in by_layer(random_weights()).items()}

    def step(carry: tuple, noise: jax.Array) -> tuple:
        queues, last, t = carry
        h, total, kept = last @ w["input/kernel"] + w["input/bias"], w["skip/bias"], []
        for layer, (queue, dilation) in enumerate(zip(queues, DILATIONS, strict=True)):
            past = lax.dynamic_index_in_dim(queue, t % dilation, 0, keepdims=False)
            kept.append(lax.dynamic_update_index_in_dim(queue, h, t % dilation, 0))
            z = jnp.concatenate([past, h], axis=1) @ w[f"layers/kernel/{layer}"]
            g = jnp.tanh(z[:, :RESIDUAL]) * jax.nn.sigmoid(z[:, RESIDUAL:])
            total = total + g @ w[f"layers/skip/{layer}"]
            h = h + g @ w[f"layers/residual/{layer}"] + w[f"layers/residual_bias/{layer}"]
        head = jax.nn.relu(jax.nn.relu(total) @ w["head/kernel"] + w["head/bias"])
        logits = head @ w["output/kernel"] + w["output/bias"]
        level = jnp.argmax(logits + noise, axis=1)
        companded = (2 * level.astype(jnp.float32) + 1) / LEVELS - 1
        return (tuple(kept), jnp.stack([companded, last[:, 0]], axis=1), t + 1), level

    def generate(streams: int) -> jax.Array:
        noise = jax.random.gumbel(jax.random.key(0), (length, streams, LEVELS))
        queues = tuple(jnp.zeros((dilation, streams, RESIDUAL)) for dilation in DILATIONS)
        return lax.scan(step, (queues, jnp.zeros((streams, 2)), 0), noise)[1]

    compiled = jax.jit(generate, static_argnums=0)

    def sample(streams: int) -> object:
        return compiled(streams).block_until_ready()

    yield "JAX lax.scan", real_time(sample, 1, length, 5), real_time(sample, BATCH, length, 3)


def tensorflow_rows() -> Iterator[Row]:
    import tensorflow as tf

    w = {name: tf.constant(array) for name, array in by_layer(random_weights()).items()}

    def make(length: int, xla: bool) -> Sample:
        def body(t: tf.Tensor, last: tf.Tensor, noise: tf.Tensor, *queues: tf.Tensor) -> tuple:
            h, total, kept = last @ w["input/kernel"] + w["input/bias"], w["skip/bias"], []
            for layer, (queue, dilation) in enumerate(zip(queues, DILATIONS, strict=True)):
                place = t % dilation
                past = queue[place]
                kept.append(tf.tensor_scatter_nd_update(queue, [[place]], [h]))
                z = tf.concat([past, h], axis=1) @ w[f"layers/kernel/{layer}"]
                g = tf.tanh(z[:, :RESIDUAL]) * tf.sigmoid(z[:, RESIDUAL:])
                total = total + g @ w[f"layers/skip/{layer}"]
                h = h + g @ w[f"layers/residual/{layer}"] + w[f"layers/residual_bias/{layer}"]
            head = tf.nn.relu(tf.nn.relu(total) @ w["head/kernel"] + w["head/bias"])
            logits = head @ w["output/kernel"] + w["output/bias"]
            level = tf.argmax(logits + noise[t], axis=1, output_type=tf.int32)
            companded = (2 * tf.cast(level, tf.float32) + 1) / LEVELS - 1
            return t + 1, tf.stack([companded, last[:, 0]], axis=1), noise, *kept

        @tf.function(jit_compile=xla)
        def generate(noise: tf.Tensor) -> tf.Tensor:
            streams = noise.shape[1]
            queues = [tf.zeros((dilation, streams, RESIDUAL)) for dilation in DILATIONS]
            state = (tf.constant(0), tf.zeros((streams, 2)), noise, *queues)
            return tf.while_loop(lambda t, *_: t < length, body, state)[1]

        def sample(streams: int) -> object:
            random = np.random.default_rng(0)
            noise = random.gumbel(size=(length, streams, LEVELS)).astype(np.float32)
            return generate(tf.constant(noise)).numpy()

        return sample

    for name, length, xla in (
        ("TensorFlow, XLA loop", 800, True),
        ("TensorFlow, graph", 160, False),
    ):
        sample = make(length, xla)
        yield name, real_time(sample, 1, length, 3), real_time(sample, BATCH, length, 2)


def keras_rows() -> Iterator[Row]:
    import keras
    from keras import layers, ops

    inputs = h = keras.Input((None, 2))
    h, skips = layers.Conv1D(RESIDUAL, 1)(h), []
    for dilation in DILATIONS:
        z = layers.Conv1D(2 * RESIDUAL, 2, padding="causal", dilation_rate=dilation)(h)
        g = ops.tanh(z[..., :RESIDUAL]) * ops.sigmoid(z[..., RESIDUAL:])
        skips.append(layers.Conv1D(SKIP, 1, use_bias=False)(g))
        h = h + layers.Conv1D(RESIDUAL, 1)(g)
    head = layers.Conv1D(HEAD, 1, activation="relu")(ops.relu(layers.add(skips)))
    network = keras.Model(inputs, layers.Conv1D(LEVELS, 1)(head))
    field, samples = np.zeros((1, sum(DILATIONS) + 2, 2), np.float32), 3

    def sample(_: int) -> object:
        for _ in range(samples):
            logits = network.predict_on_batch(field)[0, -1]
        return logits

    yield "Keras, whole receptive field", real_time(sample, 1, samples, 3), None


def asset_rows() -> Iterator[Row]:
    from creative_gen.models.wavenet.conditioning import Tone
    from creative_gen.models.wavenet.player import Player
    from creative_gen.store.finder import find_asset, find_assets

    frames = 100
    for name in ASSETS:
        if name not in find_assets():
            continue
        for precision in ("float32", "bfloat16"):
            player = Player(find_asset(name), precision=precision)
            player.sampler.threads = 1
            pitched = "audio.render" in player.config.tasks

            def sample(streams: int, player: Player = player, pitched: bool = pitched) -> object:
                tones = [Tone(0, 60.0 if pitched else None, 90)] * streams
                voices = player.start(tones, list(range(streams)))
                return player.advance(voices, frames, 1.0)

            length = frames * player.config.frame
            alone, batch = (real_time(sample, streams, length, 5) for streams in (1, BATCH))
            yield f"asset {name}, {precision}", alone, batch


ROWS: dict[str, Callable[[], Iterator[Row]]] = {
    "own": own_rows,
    "jax": jax_rows,
    "tensorflow": tensorflow_rows,
    "keras": keras_rows,
    "assets": asset_rows,
}


def first_call() -> None:
    """A tenth of a second of sound, for `first_call_seconds` to measure."""
    sampler = WaveNetSampler(random_weights(), DILATIONS, "mu_law", 0.85, threads=1)
    biases = np.zeros((1, 20, len(DILATIONS), 2 * RESIDUAL), np.float32)
    sampler.generate(sampler.start(np.zeros(1, np.int64)), RATE // 10, biases)


def first_call_seconds() -> float:
    """CPU time of a process that makes its first sound; the best of five with a warm cache."""
    seconds = []
    for _ in range(6):
        before = os.times()
        subprocess.run([sys.executable, __file__, "--only", "first"], check=True)
        after = os.times()
        user = after.children_user - before.children_user
        seconds.append(user + after.children_system - before.children_system)
    return min(seconds[1:])


def print_row(name: str, alone: float, batch: float | None, base: tuple[float, float]) -> None:
    line = f"{name:30}{alone:10.5f}{base[0] / alone:11.1f}x"
    if batch is not None:
        line += f"{batch:11.4f}{base[1] / batch:11.1f}x"
    print(line, flush=True)


def print_table() -> None:
    print(f"Times real time at {RATE} Hz, CPU time of one thread; how much slower than {BASE}")
    print(f"{'':30}{'alone':>10}{'':12}{f'batch {BATCH}':>11}")
    base: tuple[float, float] | None = None
    for only in ROWS:
        if only in ("jax", "tensorflow", "keras") and find_spec(only) is None:
            continue
        ran = subprocess.run(
            [sys.executable, __file__, "--only", only],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        for line in ran.stdout.splitlines():
            name, alone, batch = line.split("\t")
            measured = float(alone), float(batch) if batch else None
            base = base or (measured[0], measured[1] or np.nan)
            print_row(name, *measured, base)
    print(
        f"First 0.1 s of sound, whole process with a warm cache: {first_call_seconds():.2f} s CPU"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[*ROWS, "first"], help=argparse.SUPPRESS)
    only = parser.parse_args().only
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        # The libraries read these when they are loaded, and NumPy is loaded already.
        command = [sys.executable, *sys.argv]
        raise SystemExit(subprocess.run(command, env=os.environ | ONE_THREAD).returncode)
    if only == "first":
        first_call()
    elif only:
        for name, alone, batch in ROWS[only]():
            print(name, alone, "" if batch is None else batch, sep="\t", flush=True)
    else:
        print_table()


if __name__ == "__main__":
    main()

"""The normalised cells, held to Magenta's definitions written out in float64, gates i, j, f, o."""

import numpy as np
import pytest
from scipy.special import expit

from creative_gen.kernels.stroke_decoder import StrokeDecoder
from creative_gen.kernels.stroke_weights import weight_shapes

SIZES = {"H": 6, "E": 4, "Z": 3, "C": 2, "O": 15}


def random_weights(cell, conditional):
    random = np.random.default_rng(0)
    sizes = SIZES | {"S": SIZES["H"] + (SIZES["E"] if cell == "hyper" else 0)}

    def size(letters):
        return int(letters) if letters.isdigit() else int(letters[:-1] or 1) * sizes[letters[-1]]

    return {
        name: random.normal(0, 0.6, [size(s) for s in shape]).astype(np.float32)
        for name, shape in weight_shapes(cell, conditional).items()
    }


def gates(array, k):
    """Gate k of i, f, g, o by its place in Magenta's i, j, f, o."""
    return np.split(array, 4, axis=-1)["ijfo".index("ifjo"[k])]


def norm(values, gamma, beta):
    return gamma * (values - values.mean()) / np.sqrt(values.var() + 1e-3) + beta


def layer_norm_lstm(w, name, sums, c):
    """`sums` are Magenta's concatenation i, j, f, o before the norm."""
    gamma, beta = w[f"{name}/gate_gamma"], w[f"{name}/gate_beta"]
    i, j, f, o = (
        norm(part, np.split(gamma, 4)[k], np.split(beta, 4)[k])
        for part, k in zip(np.split(sums, 4), (0, 2, 1, 3), strict=True)
    )
    c = c * expit(f + 1.0) + expit(i) * np.tanh(j)
    return np.tanh(norm(c, w[f"{name}/cell_gamma"], w[f"{name}/cell_beta"])) * expit(o), c


def magenta_order(array):
    """From gates i, f, g, o to i, j, f, o."""
    i, f, g, o = np.split(array, 4, axis=-1)
    return np.concatenate([i, g, f, o], axis=-1)


def layer_norm_step(w, x, z, h, c):
    inputs = np.concatenate([x, z, h])
    kernels = [w["decoder/kernel_x"], w["decoder/kernel_condition"], w["decoder/kernel_h"]]
    return layer_norm_lstm(w, "decoder", inputs @ magenta_order(np.concatenate(kernels)), c)


def hyper_step(w, x, z, total_h, total_c):
    units = SIZES["H"]
    h, c = total_h[:units], total_c[:units]
    names = ("kernel_x", "kernel_condition", "kernel_main", "kernel_h")
    inner = magenta_order(np.concatenate([w[f"hyper/{name}"] for name in names]))
    hyper_h, hyper_c = layer_norm_lstm(
        w, "hyper", np.concatenate([x, z, h, total_h[units:]]) @ inner, total_c[units:]
    )

    def hyper_norm(layer, gate, source):
        zw = hyper_h @ w[f"hyper/{source}_embedding_kernel"][gate]
        zw = zw + w[f"hyper/{source}_embedding_bias"][gate]
        result = zw @ w[f"hyper/{source}_scale_kernel"][gate] * layer
        if source == "h":
            zb = hyper_h @ w["hyper/h_shift_embedding_kernel"][gate]
            result = result + zb @ w["hyper/h_shift_kernel"][gate]
        return result

    kernel_x = np.concatenate([w["decoder/kernel_x"], w["decoder/kernel_condition"]])
    xh = np.split(np.concatenate([x, z]) @ magenta_order(kernel_x), 4)
    hh = np.split(h @ magenta_order(w["decoder/kernel_h"]), 4)
    bias = np.split(magenta_order(w["decoder/bias"]), 4)
    sums = [
        hyper_norm(xh[k], ours, "x") + hyper_norm(hh[k], ours, "h") + bias[k]
        for k, ours in enumerate((0, 2, 1, 3))
    ]
    h, c = layer_norm_lstm(w, "decoder", np.concatenate(sums), c)
    return np.concatenate([h, hyper_h]), np.concatenate([c, hyper_c])


@pytest.mark.parametrize(("cell", "step"), [("layer_norm", layer_norm_step), ("hyper", hyper_step)])
def test_states_are_magentas(cell, step, random_points):
    weights = random_weights(cell, conditional=True)
    decoder = StrokeDecoder(weights, cell=cell)
    points = random_points(3, 8)
    condition = np.random.default_rng(2).normal(size=(3, 2))
    state = decoder.start(np.arange(3), condition)
    decoder.feed(state, points)
    w = {name: array.astype(np.float64) for name, array in weights.items()}
    for row in range(3):
        initial = np.tanh(condition[row] @ w["initial/kernel"] + w["initial/bias"])
        h, c = np.split(initial, 2)
        inputs = np.concatenate([[[0, 0, 1, 0, 0]], points[row, :-1]])
        for x in inputs:
            h, c = step(w, x, condition[row], h, c)
        np.testing.assert_allclose(state.h[row], h, atol=5e-5)
        np.testing.assert_allclose(state.c[row], c, atol=5e-5)


@pytest.mark.parametrize("cell", ["layer_norm", "hyper"])
def test_drawings_are_the_same_alone_and_in_a_batch(cell):
    decoder = StrokeDecoder(random_weights(cell, conditional=False), cell=cell)
    strokes, _ = decoder.sample(decoder.start(np.arange(37)), 25, 1.0)
    alone, _ = decoder.sample(decoder.start([36]), 25, 1.0)
    assert (alone[0] == strokes[36]).all()

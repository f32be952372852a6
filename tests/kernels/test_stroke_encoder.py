import numpy as np
from scipy.special import expit

from creative_gen.kernels.stroke_encoder import encode


def encoder_weights(units=10, latent=4):
    random = np.random.default_rng(0)
    shapes = {
        f"encoder/{direction}/{name}": shape
        for direction in ("forward", "backward")
        for name, shape in [
            ("kernel_x", (5, 4 * units)),
            ("kernel_h", (units, 4 * units)),
            ("bias", (4 * units,)),
        ]
    }
    for name in ("mean", "log_variance"):
        shapes[f"latent/{name}_kernel"] = (2 * units, latent)
        shapes[f"latent/{name}_bias"] = (latent,)
    return {name: random.normal(0, 0.4, shape).astype("f") for name, shape in shapes.items()}


def last_h(weights, name, points):
    w = {key: weights[f"encoder/{name}/{key}"].astype(float) for key in ("kernel_x", "kernel_h")}
    h = c = np.zeros(len(w["kernel_h"]))
    for x in points:
        gates = x @ w["kernel_x"] + h @ w["kernel_h"] + weights[f"encoder/{name}/bias"]
        i, f, g, o = gates.reshape(4, -1)
        c = expit(f) * c + expit(i) * np.tanh(g)
        h = expit(o) * np.tanh(c)
    return h


def test_encoding_is_the_float64_networks_and_ignores_padding(random_points):
    weights, points, lengths = encoder_weights(), random_points(3, 9), np.array([9, 4, 1])
    mean, log_variance = encode(weights, points, lengths)
    for row, length in enumerate(lengths):
        real = points[row, :length].astype(float)
        h = np.r_[last_h(weights, "forward", real), last_h(weights, "backward", real[::-1])]
        for name, actual in (("mean", mean), ("log_variance", log_variance)):
            expected = h @ weights[f"latent/{name}_kernel"] + weights[f"latent/{name}_bias"]
            np.testing.assert_allclose(actual[row], expected, atol=1e-5)


def test_a_drawing_is_encoded_alike_alone_and_in_a_batch(random_points):
    weights, points, lengths = encoder_weights(), random_points(20, 9), np.arange(20) % 9 + 1
    mean, log_variance = encode(weights, points, lengths)
    alone = encode(weights, points[13:14], lengths[13:14])
    assert (alone[0][0] == mean[13]).all() and (alone[1][0] == log_variance[13]).all()

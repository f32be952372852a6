import base64
import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, log_softmax

from creative_gen.interop.sketch_rnn_js import read_sketch_rnn_js
from creative_gen.kernels.stroke_decoder import StrokeDecoder
from creative_gen.kernels.stroke_encoder import encode
from creative_gen.media.errors import MediaError

H, E, Z, M = 8, 6, 3, 2
DECODER = [(H, 6 * M + 3), (6 * M + 3,), (5, 4 * H), (H, 4 * H), (4 * H,)]
ENCODER = [(5, 4 * E), (E, 4 * E), (4 * E,)]
LATENT = [(2 * E, Z), (Z,), (2 * E, Z), (Z,), (Z, 2 * H), (2 * H,)]
VAE = [*ENCODER, *ENCODER, *LATENT, *DECODER[:2], (5 + Z, 4 * H), *DECODER[3:]]
NUMERIC = {"mode": 2, "version": 6, "max_seq_len": 98, "name": "cat", "scale_factor": 57.5}
NAMED = NUMERIC | {"mode": "gen", "r_loss": -1.2, "kl_loss": 0.2, "training_size": 70000}


def model_file(header, shapes, seed=0):
    """A model in the file's own form, and its arrays as JavaScript would see them."""
    random = np.random.default_rng(seed)
    steps = [random.integers(-2000, 2000, shape).astype("<i2") for shape in shapes]
    blobs = [base64.b64encode(array.tobytes()).decode() for array in steps]
    data = json.dumps([header, [list(shape) for shape in shapes], blobs]).encode()
    return data, [array / 32767 * 10 for array in steps]


def js_lstm(x, h, c, w_xh, w_hh, bias):
    """The cell of sketch-rnn-js: gates i, g, f, o and a forget bias of 1."""
    hidden = np.concatenate([x, h]) @ np.concatenate([w_xh, w_hh]) + bias
    i, g, f, o = np.split(hidden, 4)
    c = c * expit(f + 1.0) + np.tanh(g) * expit(i)
    return np.tanh(c) * expit(o), c


def js_pen_log_probabilities(arrays, inputs, h, c):
    """Log p (down, up, end) of the point after each input."""
    output_w, output_b, *cell = arrays
    result = []
    for x in inputs:
        h, c = js_lstm(x, h, c, *cell)
        result.append(log_softmax((h @ output_w + output_b)[:3]))
    return np.array(result)


def ended(points):
    """The drawing with an end point after it, and what the network reads before each point."""
    end = np.array([[0, 0, 0, 0, 1]])
    return np.concatenate([points, end]), np.concatenate([[[0, 0, 1, 0, 0]], points])


POINTS = np.array([[0.3, -0.2, 1, 0, 0], [0.1, 0.4, 0, 1, 0], [-0.6, 0.2, 1, 0, 0]])


@pytest.mark.parametrize("header", [NUMERIC, NAMED])
@pytest.mark.parametrize("packed", [False, True])
def test_decoder_predicts_what_javascript_does(header, packed, tmp_path):
    data, arrays = model_file(header, DECODER)
    path = tmp_path / "cat.gen.json"
    path.write_bytes(gzip.compress(data) if packed else data)
    model = read_sketch_rnn_js(path)
    assert (model.name, model.scale_factor, model.max_seq_len) == ("cat", 57.5, 98)
    assert model.header == header and not model.conditional
    points, inputs = ended(POINTS)
    expected = js_pen_log_probabilities(arrays, inputs, np.zeros(H), np.zeros(H))
    decoder = StrokeDecoder(model.weights, "numpy")
    # The end point's likelihood is the pen state alone.
    for length in range(4):
        drawing = np.concatenate([points[:length], points[3:]])
        actual = decoder.feed(decoder.start([0]), drawing[None])[0, -1]
        assert actual == pytest.approx(expected[length, 2], abs=1e-5)


def test_vae_encodes_and_decodes_what_javascript_does():
    data, arrays = model_file(NUMERIC | {"mode": 1}, VAE)
    model = read_sketch_rnn_js(data)
    assert model.conditional
    ends = []
    for cell, drawing in ((arrays[0:3], POINTS), (arrays[3:6], POINTS[::-1])):
        h = c = np.zeros(E)
        for x in drawing:
            h, c = js_lstm(x, h, c, *cell)
        ends.append(h)
    h = np.concatenate(ends)
    mean, log_variance = encode(model.weights, POINTS[None], np.array([3]))
    np.testing.assert_allclose(mean[0], h @ arrays[6] + arrays[7], atol=1e-5)
    np.testing.assert_allclose(log_variance[0], h @ arrays[8] + arrays[9], atol=1e-5)
    z = np.array([0.3, -1.0, 0.5])
    c, h = np.split(np.tanh(z @ arrays[10] + arrays[11]), 2)
    points, inputs = ended(POINTS)
    inputs = np.concatenate([inputs, np.tile(z, (4, 1))], axis=1)
    expected = js_pen_log_probabilities(arrays[12:], inputs, h, c)
    decoder = StrokeDecoder(model.weights, "numpy")
    actual = decoder.feed(decoder.start([0], z[None]), points[None])[0, -1]
    assert actual == pytest.approx(expected[3, 2], abs=1e-5)


def changed(position, value, header=NUMERIC):
    content = json.loads(model_file(header, DECODER)[0])
    content[position] = value(content[position])
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not JSON"),
        (b"\x1f\x8b\x08 cut short", "gzip"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "not a list"),
        (changed(1, lambda shapes: shapes[:-1]), "not a list"),
        (changed(0, lambda header: header | {"mode": 1}), "17 belong"),
        (changed(0, lambda header: header | {"scale_factor": float("nan")}), "scale_factor"),
        (changed(0, lambda header: header | {"max_seq_len": "many"}), "max_seq_len"),
        (changed(1, lambda shapes: [[2**40, 2**40], *shapes[1:]]), "without a shape"),
        (changed(1, lambda shapes: [[3, 3], *shapes[1:]]), "values for the shape"),
        (changed(1, lambda shapes: [shapes[0], [1, 15], *shapes[2:]]), "array of width|is"),
        (changed(2, lambda blobs: ["&&&&", *blobs[1:]]), "base64"),
        (changed(2, lambda blobs: ["AAA=AAA=", *blobs[1:]]), "base64"),
        (changed(2, lambda blobs: [7, *blobs[1:]]), "without data"),
        (model_file(NUMERIC, [(H, 14), (14,), *DECODER[2:]])[0], "output"),
        (model_file(NUMERIC, [*DECODER[:4], (4 * H + 4,)])[0], "decoder/bias"),
        (model_file(NUMERIC, [*DECODER[:4], (4 * H + 1,)])[0], "width"),
        (model_file(NUMERIC, [*DECODER[:2], (8, 4 * H), *DECODER[3:]])[0], "decoder/kernel_x"),
    ],
)
def test_bad_files_are_refused_with_a_sentence(data, sentence):
    with pytest.raises(MediaError, match=sentence) as error:
        read_sketch_rnn_js(data)
    assert error.value.hint


def test_missing_and_huge_files_are_refused(tmp_path):
    with pytest.raises(MediaError):
        read_sketch_rnn_js(tmp_path / "none.json")
    bomb = gzip.compress(b" " * (70 * 2**20), 9)
    with pytest.raises(MediaError, match="larger"):
        read_sketch_rnn_js(bomb)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_bytes_give_a_model_or_a_media_error(data):
    whole = bytearray(model_file(NUMERIC, DECODER)[0])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        read_sketch_rnn_js(bytes(whole))
    except MediaError:
        return

import subprocess
import sys
import threading

import numpy as np
import pytest

from creative_gen.kernels.stroke_decoder import StrokeDecoder
from creative_gen.kernels.stroke_numpy import NumpyStepper

JS_STEP = 10.0 / 32767.0


def rounded(weights, kind):
    """The same weights in a form that packs into 16 bits, or as they are."""
    if kind == "float16":
        return {name: w.astype(np.float16).astype(np.float32) for name, w in weights.items()}
    if kind == "int16":
        return {
            name: (np.rint(w.astype(np.float64) / JS_STEP) * JS_STEP).astype(np.float32)
            for name, w in weights.items()
        }
    return weights


@pytest.mark.parametrize("kind", ["float32", "float16", "int16"])
@pytest.mark.parametrize("units", [24, 40])
def test_likelihoods_are_the_float64_networks(
    backend, kind, units, toy_weights, float64_decoder, random_points
):
    weights = rounded(toy_weights(units), kind)
    points = random_points(3, 12)
    points[2, 7] = (0, 0, 0, 0, 1)
    decoder = StrokeDecoder(weights, backend)
    actual = decoder.feed(decoder.start(np.arange(3)), points)
    expected = [float64_decoder(weights).log_likelihoods(drawing) for drawing in points]
    expected[2][8:] = 0.0
    np.testing.assert_allclose(actual, expected, atol=2e-4, rtol=1e-5)


def test_condition_enters_the_first_state_and_every_step(
    backend, toy_weights, float64_decoder, random_points
):
    weights = toy_weights(16, condition=7)
    points = random_points(3, 9)
    condition = np.random.default_rng(3).normal(size=(3, 7))
    decoder = StrokeDecoder(weights, backend)
    actual = decoder.feed(decoder.start(np.arange(3), condition), points)
    for row, drawing, z in zip(actual, points, condition, strict=True):
        expected = float64_decoder(weights, z).log_likelihoods(drawing)
        np.testing.assert_allclose(row, expected, atol=2e-4, rtol=1e-5)


@pytest.mark.parametrize("kind", ["float32", "float16", "int16"])
def test_a_drawing_is_the_same_alone_and_in_a_batch(backend, kind, toy_weights):
    decoder = StrokeDecoder(rounded(toy_weights(32, 20), kind), backend)
    seeds = np.arange(131) * 7919
    state = decoder.start(seeds)
    strokes, likelihoods = decoder.sample(state, 30, 0.8)
    for rows in ([0], [5], [130], [3, 1], [20, 21, 22, 23, 24], list(range(60, 73))):
        some = decoder.start(seeds[rows])
        some_strokes, some_likelihoods = decoder.sample(some, 30, 0.8)
        assert (some_strokes == strokes[rows]).all()
        assert (some_likelihoods == likelihoods[rows]).all()
        assert (some.h == state.h[rows]).all() and (some.c == state.c[rows]).all()


def test_a_conditional_drawing_is_the_same_alone_and_in_a_batch(backend, toy_weights):
    decoder = StrokeDecoder(toy_weights(24, condition=9), backend)
    condition = np.random.default_rng(4).normal(size=(40, 9))
    strokes, _ = decoder.sample(decoder.start(np.arange(40), condition), 20, 1.0)
    alone, _ = decoder.sample(decoder.start([33], condition[33:34]), 20, 1.0)
    assert (alone[0] == strokes[33]).all()


def test_chunks_change_nothing(backend, toy_weights):
    decoder = StrokeDecoder(toy_weights(), backend)
    whole_state, state = decoder.start(np.arange(50)), decoder.start(np.arange(50))
    whole, whole_likelihoods = decoder.sample(whole_state, 100, 0.9)
    chunks = [decoder.sample(state, 25, 0.9) for _ in range(4)]
    assert (np.concatenate([strokes for strokes, _ in chunks], axis=1) == whole).all()
    likelihoods = np.concatenate([chunk for _, chunk in chunks], axis=1)
    assert (likelihoods == whole_likelihoods).all()
    assert (state.h == whole_state.h).all() and (state.step == whole_state.step).all()


def test_drawings_end_once(backend, toy_weights):
    decoder = StrokeDecoder(toy_weights(), backend)
    state = decoder.start(np.arange(60))
    strokes, likelihoods = decoder.sample(state, 120, 1.0)
    assert (strokes[..., 2:].sum(axis=2) == 1).all()
    ended = strokes[..., 4] == 1
    assert 0 < ended[:, -1].sum() == state.finished.sum()
    for drawing, likelihood, end, step in zip(strokes, likelihoods, ended, state.step, strict=True):
        first = int(end.argmax()) if end.any() else 120
        assert step == min(first + 1, 120)
        assert (drawing[first:] == (0, 0, 0, 0, 1)).all()
        assert (likelihood[: first + 1] != 0).all() and (likelihood[first + 1 :] == 0).all()


def test_backends_agree(toy_weights):
    pytest.importorskip("numba")
    results = []
    for backend in ("numpy", "numba"):
        decoder = StrokeDecoder(toy_weights(32, 20, seed=2), backend)
        state = decoder.start(np.arange(30))
        results.append((*decoder.sample(state, 60, 0.7), state.h, state.c))
    for numpy_result, numba_result in zip(*results, strict=True):
        np.testing.assert_allclose(numpy_result, numba_result, atol=1e-4)


def test_one_step_differs_by_rounding_alone(toy_weights, random_points):
    pytest.importorskip("numba")
    weights, points = toy_weights(32, seed=4), random_points(50, 2) * 3
    states = []
    for backend in ("numpy", "numba"):
        decoder = StrokeDecoder(weights, backend)
        state = decoder.start(np.arange(50))
        decoder.feed(state, points)
        states.append(state)
    for name in ("h", "c"):
        numpy_values, numba_values = (getattr(state, name) for state in states)
        np.testing.assert_allclose(numpy_values, numba_values, atol=2e-6)


def test_feeding_a_sample_gives_its_likelihoods_and_state(backend, toy_weights):
    decoder = StrokeDecoder(toy_weights(seed=3), backend)
    drawn, fed = decoder.start(np.arange(20)), decoder.start(np.arange(20))
    strokes, likelihoods = decoder.sample(drawn, 40, 1.0)
    np.testing.assert_allclose(decoder.feed(fed, strokes), likelihoods, atol=1e-6)
    assert (fed.h == drawn.h).all() and (fed.finished == drawn.finished).all()


def test_lengths_cut_what_is_fed(backend, toy_weights, random_points):
    decoder = StrokeDecoder(toy_weights(), backend)
    points, lengths = random_points(4, 10), np.array([10, 3, 0, 7])
    state = decoder.start(np.arange(4))
    likelihoods = decoder.feed(state, points, lengths)
    assert (state.step == lengths).all()
    for row, length in enumerate(lengths):
        alone = decoder.start([row])
        expected = decoder.feed(alone, points[row : row + 1, :length])
        assert (likelihoods[row, :length] == expected[0]).all()
        assert (likelihoods[row, length:] == 0).all()
        assert (state.c[row] == alone.c[0]).all()


def test_a_prefix_branches_into_candidates(backend, toy_weights, random_points):
    decoder = StrokeDecoder(toy_weights(), backend)
    prefix = random_points(2, 8)
    state = decoder.start([0, 0])
    decoder.feed(state, prefix)
    seeds = np.array([10, 11, 12, 10, 11, 12])
    branches = state.repeat(3, seeds)
    strokes, _ = decoder.sample(branches, 15, 1.0)
    assert (state.step == 8).all()
    alone = decoder.start([11])
    decoder.feed(alone, prefix[1:])
    expected, _ = decoder.sample(alone, 15, 1.0)
    assert (strokes[4] == expected[0]).all()
    assert len(np.unique(strokes[:3, 0, 0])) == 3
    with pytest.raises(ValueError, match="6 seeds"):
        state.repeat(3, seeds[:4])


def test_no_end_before_min_points(backend, toy_weights):
    weights = toy_weights()
    weights["output/bias"][2] = 4.0
    decoder = StrokeDecoder(weights, backend)
    state = decoder.start(np.arange(40))
    strokes, _ = decoder.sample(state, 30, 1.0, min_points=12)
    assert (strokes[:, :12, 4] == 0).all()
    assert state.finished.all() and state.step.min() == 13
    free, _ = decoder.sample(decoder.start(np.arange(40)), 30, 1.0)
    assert (free[:, :12, 4] == 1).any(axis=1).mean() > 0.9


def test_cold_drawings_are_the_likeliest(backend, toy_weights, float64_decoder):
    weights = toy_weights()
    decoder = StrokeDecoder(weights, backend)
    strokes, _ = decoder.sample(decoder.start([1, 2]), 10, 0.0)
    assert (strokes[0] == strokes[1]).all()
    reference, x = float64_decoder(weights), np.array([0.0, 0.0, 1.0, 0.0, 0.0])
    for point in strokes[0]:
        output = reference.output(x)
        pi, mu_x, mu_y = output[3:12].reshape(3, 3)
        assert point[2:].argmax() == output[:3].argmax()
        best = pi.argmax()
        np.testing.assert_allclose(point[:2], (mu_x[best], mu_y[best]), atol=1e-4)
        x = point.astype(np.float64)
    cold, _ = decoder.sample(decoder.start([1]), 10, 1e-8)
    np.testing.assert_allclose(cold[0], strokes[0], atol=2e-3)


def test_seeds_make_drawings_differ(backend, toy_weights):
    decoder = StrokeDecoder(toy_weights(), backend)
    seeds = np.array([0, 1, -1, 2**40], np.int64)
    strokes, _ = decoder.sample(decoder.start(seeds), 5, 1.0)
    assert len(np.unique(strokes[:, 0, 0])) == 4
    again, _ = decoder.sample(decoder.start(seeds), 5, 1.0)
    assert (strokes == again).all()


def test_threads_do_not_disturb_each_other(toy_weights):
    pytest.importorskip("numba")
    decoder = StrokeDecoder(toy_weights(), "numba")
    expected, _ = decoder.sample(decoder.start(np.arange(30)), 40, 1.0)
    results = []

    def work():
        results.append(decoder.sample(decoder.start(np.arange(30)), 40, 1.0)[0])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4 and all((strokes == expected).all() for strokes in results)


def test_read_only_arrays_are_accepted(backend, toy_weights, random_points):
    weights, points, lengths = toy_weights(), random_points(2, 4), np.array([4, 4])
    for array in (*weights.values(), points, lengths):
        array.flags.writeable = False
    decoder = StrokeDecoder(weights, backend)
    assert (decoder.feed(decoder.start([1, 2]), points, lengths) != 0).all()


def test_no_drawings_and_no_points(backend, toy_weights):
    decoder = StrokeDecoder(toy_weights(), backend)
    assert decoder.sample(decoder.start([]), 5)[0].shape == (0, 5, 5)
    assert decoder.sample(decoder.start([1]), 0)[0].shape == (1, 0, 5)


def test_wrong_arguments_are_named(toy_weights, random_points):
    weights = toy_weights()
    decoder = StrokeDecoder(weights, "numpy")
    state = decoder.start([1, 2])
    with pytest.raises(ValueError, match="temperature"):
        decoder.sample(state, 1, -1.0)
    with pytest.raises(ValueError, match="lengths"):
        decoder.feed(state, random_points(2, 3), [1, 4])
    with pytest.raises(ValueError, match="points are"):
        decoder.feed(state, random_points(3, 3))
    with pytest.raises(ValueError, match="condition is"):
        decoder.start([1], np.zeros((1, 4)))
    with pytest.raises(ValueError, match="no weight 'output/bias'"):
        StrokeDecoder({name: w for name, w in weights.items() if name != "output/bias"})
    with pytest.raises(ValueError, match="'decoder/bias' is"):
        StrokeDecoder(weights | {"decoder/bias": np.zeros(5)})
    with pytest.raises(ValueError, match="'decoder/kernel_x' is"):
        StrokeDecoder(weights | {"decoder/kernel_h": np.float32(1.0)})
    with pytest.raises(ValueError, match="not finite"):
        StrokeDecoder(weights | {"decoder/bias": np.full(96, np.nan)})
    with pytest.raises(ValueError, match="no compiled"):
        StrokeDecoder(weights, "numba", cell="hyper")


def test_auto_plays_with_numpy_where_numba_is_missing(monkeypatch, toy_weights):
    for module in ("stroke_numba", "processor"):
        monkeypatch.delitem(sys.modules, f"creative_gen.kernels.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert isinstance(StrokeDecoder(toy_weights(), "auto").stepper, NumpyStepper)
    with pytest.raises(ImportError):
        _ = StrokeDecoder(toy_weights(), "numba").stepper


def test_the_numpy_backend_does_not_import_numba():
    code = "import sys, creative_gen.kernels.stroke_decoder; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

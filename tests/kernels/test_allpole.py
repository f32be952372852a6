import numpy as np
import pytest

from creative_gen.kernels.allpole import colour, whiten

FRAME, ORDER = 8, 3


@pytest.fixture
def sound() -> np.ndarray:
    return np.random.default_rng(0).normal(size=ORDER + 5 * FRAME).astype(np.float32)


@pytest.fixture
def predictor() -> np.ndarray:
    return np.random.default_rng(1).uniform(-0.3, 0.3, (5, ORDER)).astype(np.float32)


def test_errors_are_what_the_prediction_misses(sound, predictor):
    errors = whiten(sound, predictor, FRAME)
    for t in range(len(errors)):
        past = sound[t : t + ORDER][::-1].astype(np.float64)
        expected = sound[t + ORDER] - predictor[t // FRAME].astype(np.float64) @ past
        assert errors[t] == pytest.approx(expected, abs=1e-6)


def test_colouring_undoes_whitening_and_goes_on_where_it_stopped(sound, predictor):
    errors = whiten(sound, predictor, FRAME)
    memory = sound[:ORDER][::-1].astype(np.float64)
    whole = colour(errors, predictor, FRAME, memory)
    np.testing.assert_allclose(whole, sound[ORDER:], atol=1e-5)
    np.testing.assert_allclose(memory, sound[: -ORDER - 1 : -1], atol=1e-5)
    memory = sound[:ORDER][::-1].astype(np.float64)
    cut = 2 * FRAME
    parts = [
        colour(errors[:cut], predictor[:2], FRAME, memory),
        colour(errors[cut:], predictor[2:], FRAME, memory),
    ]
    np.testing.assert_array_equal(np.concatenate(parts), whole)

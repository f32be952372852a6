import numpy as np
import pytest

from creative_gen.models.sketch_rnn.objective import Objective


def test_annealing_goes_from_its_start_to_one_as_in_the_paper():
    goal = Objective(kl_weight_start=0.1, kl_decay_rate=0.99)
    assert goal.annealing(0) == pytest.approx(0.1)
    assert goal.annealing(100) == pytest.approx(1 - 0.9 * np.exp(100 * np.log(0.99)))
    assert goal.annealing(10_000) == pytest.approx(1)


def test_magentas_kl_weight_is_the_weight_times_the_annealing():
    weight, start, decay = 0.5, 0.01, 0.99995
    goal = Objective(kl_weight=weight, kl_weight_start=start / weight, kl_decay_rate=decay)
    for step in (0, 1, 7000, 10**6):
        magentas = weight - (weight - start) * decay**step
        assert goal.kl_weight * goal.annealing(step) == pytest.approx(magentas)


def test_the_learning_rate_falls_along_half_a_cosine():
    goal = Objective(learning_rate=3e-3, min_learning_rate=1e-3)
    rates = [goal.learning_rate_at(0, done) for done in (0, 1 / 3, 0.5, 1)]
    assert rates == pytest.approx([3e-3, 2.5e-3, 2e-3, 1e-3])


def test_a_decay_rate_is_magentas_law_whatever_the_time():
    goal = Objective(learning_rate=1e-3, min_learning_rate=1e-5, decay_rate=0.9999)
    for step in (0, 1, 20_000):
        expected = (1e-3 - 1e-5) * 0.9999**step + 1e-5
        assert goal.learning_rate_at(step, 0.3) == goal.learning_rate_at(step, 0.9)
        assert goal.learning_rate_at(step, 0.3) == pytest.approx(expected)


def test_gradients_are_clipped_one_way():
    assert Objective(clip_norm=0, clip_value=1).clip_value == 1
    with pytest.raises(ValueError, match="set clip_norm or clip_value to 0"):
        Objective(clip_value=1)

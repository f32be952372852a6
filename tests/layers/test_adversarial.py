"""The two players' losses, against their definitions."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from keras import ops  # noqa: E402

from creative_gen.layers.adversarial import (  # noqa: E402
    frozen,
    minimax_losses,
    non_saturating_losses,
    relativistic_losses,
    smoothness_penalty,
)


def judge():
    keras.utils.set_random_seed(0)
    picture = keras.Input((6, 6, 2))
    features = keras.layers.Conv2D(5, 3, activation="softplus")(picture)
    return keras.Model(picture, keras.layers.Dense(1)(keras.layers.Flatten()(features)))


def likelihoods(logits):
    return 1 / (1 + np.exp(-logits))


def test_minimax_losses_are_the_value_of_the_game():
    rng = np.random.default_rng(5)
    real, made = rng.normal(1, 2, (7, 1)), rng.normal(-1, 2, (9, 1))
    ours, theirs = minimax_losses(real, made)
    value = np.log(likelihoods(real)).mean() + np.log(1 - likelihoods(made)).mean()
    assert float(ours) == pytest.approx(-value, rel=1e-5)
    assert float(theirs) == pytest.approx(np.log(1 - likelihoods(made)).mean(), rel=1e-5)


def test_the_non_saturating_generator_raises_log_d():
    rng = np.random.default_rng(6)
    real, made = rng.normal(1, 2, (7, 1)), rng.normal(-1, 2, (9, 1))
    ours, theirs = non_saturating_losses(real, made)
    assert float(ours) == float(minimax_losses(real, made)[0])
    assert float(theirs) == pytest.approx(-np.log(likelihoods(made)).mean(), rel=1e-5)


def test_an_undecided_discriminator_scores_log_4():
    ours, theirs = minimax_losses(np.zeros((3, 1)), np.zeros((5, 1)))
    assert float(ours) == pytest.approx(np.log(4))
    assert float(theirs) == pytest.approx(-np.log(2))


def test_losses_stay_numbers_where_the_discriminator_is_sure():
    real, made = np.full((2, 1), 500.0), np.full((2, 1), -500.0)
    assert float(minimax_losses(real, made)[0]) == pytest.approx(0)
    assert float(minimax_losses(made, real)[0]) == pytest.approx(1000)
    assert float(non_saturating_losses(real, made)[1]) == pytest.approx(500)


def test_losses_are_those_of_pairs():
    real, made = np.random.default_rng(0).normal(size=(2, 9, 1))
    ours, theirs = relativistic_losses(real, made)
    chance = 1 / (1 + np.exp(made - real))
    assert float(ours) == pytest.approx(-np.log(chance).mean(), rel=1e-5)
    assert float(theirs) == pytest.approx(-np.log(1 - chance).mean(), rel=1e-5)


def test_the_penalty_is_the_squared_norm_of_the_gradient():
    model = judge()
    pictures = np.random.default_rng(1).random((1, 6, 6, 2)).astype(np.float32)
    small = 1e-3
    changes = []
    for index in np.ndindex(6, 6, 2):
        moved = np.repeat(pictures, 2, axis=0).astype(np.float64)
        moved[0][index] += small
        moved[1][index] -= small
        up, down = np.asarray(model(moved.astype(np.float32)))
        changes.append(float(up[0] - down[0]) / (2 * small))
    expected = float(np.square(changes).sum())
    seed = keras.random.SeedGenerator(2)
    many = np.repeat(pictures, 4000, axis=0)
    found = float(smoothness_penalty(model, many, model(many), seed))
    assert found == pytest.approx(expected, rel=0.1)


def test_a_frozen_player_is_the_same_function():
    model = judge()
    pictures = np.random.default_rng(3).random((2, 6, 6, 2)).astype(np.float32)
    np.testing.assert_allclose(np.asarray(frozen(model)(pictures)), np.asarray(model(pictures)))


def test_a_frozen_player_can_be_called_as_in_training():
    keras.utils.set_random_seed(0)
    picture = keras.Input((40,))
    model = keras.Model(picture, keras.layers.Dropout(0.5, seed=1)(picture))
    ones = np.ones((3, 40), np.float32)
    np.testing.assert_array_equal(np.asarray(frozen(model)(ones)), ones)
    assert set(np.unique(np.asarray(frozen(model)(ones, training=True)))) == {0, 2}


def test_only_the_judge_learns_to_judge():
    """Trained together, each player's loss moves its own weights alone."""

    class Game(keras.Model):
        def __init__(self, generator_weight, judge_weight):
            super().__init__()
            self.shift = self.add_weight(shape=(2,), initializer="ones", name="shift")
            self.judge = judge()
            self.parts = generator_weight, judge_weight

        def call(self, pictures):
            return pictures + self.shift

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            still = ops.stop_gradient(y_pred)
            ours, _ = relativistic_losses(self.judge(x), self.judge(still))
            real = ops.stop_gradient(self.judge(x))
            _, theirs = relativistic_losses(real, frozen(self.judge)(y_pred))
            return self.parts[0] * theirs + self.parts[1] * ours

    def values(game):
        return [np.asarray(one).copy() for one in (game.shift, *game.judge.weights)]

    pictures = np.random.default_rng(4).random((4, 6, 6, 2)).astype(np.float32)
    for parts, moved in (((1.0, 0.0), "shift"), ((0.0, 1.0), "judge")):
        game = Game(*parts)
        before = values(game)
        game.compile(keras.optimizers.SGD(1.0))
        game.train_on_batch(pictures)
        shifted, *judged = (
            not np.array_equal(old, new) for old, new in zip(before, values(game), strict=True)
        )
        assert (shifted, any(judged)) == (moved == "shift", moved == "judge")

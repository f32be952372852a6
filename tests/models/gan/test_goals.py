"""The game: who learns what, when, and how strongly."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from keras import ops  # noqa: E402

from creative_gen.models.gan.config import GANConfig  # noqa: E402
from creative_gen.models.gan.goals import Game, TurnsAdam  # noqa: E402
from creative_gen.models.gan.objective import Objective  # noqa: E402
from creative_gen.models.gan.training import new_game  # noqa: E402

POINTS = GANConfig(side=1, channels=2, latent=4, generator=(16,), discriminator=(32, 32), dropout=0)


def real_points(count=256):
    """Points about (0.9, 0.9)."""
    points = np.random.default_rng(0).normal(0.9, 0.02, (count, 1, 1, 2))
    return {"picture": points.astype(np.float32)}


def values_of(layer):
    return [np.asarray(one).copy() for one in layer.trainable_variables]


def generators_gradient(game, kind):
    """The norm of the generator's gradient in a game, at another game's weights."""
    twin = Game(game.config, Objective(game=kind))
    twin.build()
    for copy, variable in zip(twin.trainable_variables, game.trainable_variables, strict=True):
        copy.assign(np.asarray(variable).copy())
    # So large a step of the discriminator must not come before the generator's loss is known.
    twin.discriminator.trainable = False
    before = values_of(twin.generator)
    twin.compile(keras.optimizers.SGD(1.0))
    twin.train_on_batch(real_points())
    moved = zip(before, values_of(twin.generator), strict=True)
    return float(np.sqrt(sum(np.square(old - new).sum() for old, new in moved)))


def confident_game():
    """A game whose discriminator alone has learnt, and tells all apart."""
    keras.utils.set_random_seed(0)
    game = new_game(POINTS, Objective())
    game.generator.leave.bias.assign([-3.0, -3.0])
    optimizer = TurnsAdam("generator", 10**6, 1e-2)
    optimizer.build(game.trainable_variables)
    game.compile(optimizer)
    for _ in range(150):
        game.train_on_batch(real_points())
    return game


def test_the_minimax_gradient_vanishes_where_the_discriminator_is_sure():
    """Goodfellow et al., 2014, section 3: log(1 - D(G(z))) saturates, -log D(G(z)) does not."""
    game = confident_game()
    latent = np.random.default_rng(1).normal(size=(500, 4)).astype(np.float32)
    fooled = np.asarray(ops.sigmoid(game.discriminator(game.generator(latent))))
    assert fooled.max() < 1e-3
    vanished = generators_gradient(game, "minimax")
    alive = generators_gradient(game, "non-saturating")
    # The one is D(made) times a derivative, and the other 1 - D(made) times the same.
    assert vanished < 2 * fooled.max() * alive
    assert alive > 0.01


def test_where_the_discriminator_is_undecided_both_pull_alike():
    keras.utils.set_random_seed(0)
    game = new_game(POINTS, Objective())
    leave = game.discriminator.leave
    leave.kernel.assign(1e-3 * np.asarray(leave.kernel))
    minimax, other = (generators_gradient(game, kind) for kind in ("minimax", "non-saturating"))
    assert minimax == pytest.approx(other, rel=0.01)


def test_metrics_are_those_of_both_players():
    keras.utils.set_random_seed(0)
    game = new_game(POINTS, Objective(game="minimax"))
    game.discriminator.leave.kernel.assign(np.zeros((32, 1)))
    game.discriminator.leave.bias.assign([2.0])
    figures = game.test_on_batch(real_points(), return_dict=True)
    said = 1 / (1 + np.exp(-2))
    value = np.log(said) + np.log(1 - said)
    assert figures["discriminator_nats"] == pytest.approx(-value, rel=1e-5)
    assert figures["generator_nats"] == pytest.approx(np.log(1 - said), rel=1e-5)
    assert figures["divergence"] == pytest.approx((np.log(4) + value) / 2, rel=1e-4)
    assert figures["accuracy"] == pytest.approx(0.5)


@pytest.mark.parametrize("every", [1, 3])
def test_the_generator_moves_at_every_third_turn(every):
    keras.utils.set_random_seed(0)
    game = new_game(POINTS, Objective(discriminator_steps=every))
    moments = [one for one in game.optimizer.variables if "generator" in one.path]
    for step in range(1, 8):
        before = values_of(game.generator), values_of(game.discriminator)
        kept = [np.asarray(one).copy() for one in moments]
        game.train_on_batch(real_points())
        generator, discriminator = (
            [not np.array_equal(old, new) for old, new in zip(olds, values_of(player), strict=True)]
            for olds, player in zip(before, (game.generator, game.discriminator), strict=True)
        )
        moved = [not np.array_equal(old, new) for old, new in zip(kept, moments, strict=True)]
        assert all(discriminator)
        expected = step % every == 0
        assert any(generator) == any(moved) == expected

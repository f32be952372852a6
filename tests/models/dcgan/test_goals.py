"""The game: what each player's loss is, and that it moves that player alone."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from keras import ops, random  # noqa: E402

from creative_gen.fitting.checkpoint import (  # noqa: E402
    Standing,
    load_checkpoint,
    save_checkpoint,
)
from creative_gen.models.dcgan.config import DCGANConfig  # noqa: E402
from creative_gen.models.dcgan.goals import EncoderTraining, Game, Start, generator_of  # noqa: E402
from creative_gen.models.dcgan.objective import Objective  # noqa: E402

TOY = DCGANConfig(
    side=8,
    channels=4,
    latent=3,
    classes=("disc", "bar"),
    widths=(3, 4),
    judge_widths=(3, 4),
    encoder_widths=(3, 4),
)
PLAIN = {"smoothness": 0.0, "augmentation": 0.0, "batch": 8}


def shaken(model, seed=0):
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.2 * rng.normal(size=variable.shape))
    return model


def new_game(config=TOY, **goal):
    keras.utils.set_random_seed(0)
    game = Game(config, Objective(**goal))
    game.build()
    return shaken(game)


def batch(count=8, seed=1):
    rng = np.random.default_rng(seed)
    pictures = rng.random((count, 8, 8, 4), np.float32)
    pictures[..., :3] *= pictures[..., 3:]
    return {"picture": pictures, "label": np.eye(2, dtype=np.float32)[np.arange(count) % 2]}


def softplus(values):
    return np.logaddexp(0, values)


def by_hand(game, seen, noise):
    """Both players' losses, with the latent vectors drawn from a state of the noise."""
    game.noise.state.assign(noise)
    latent = random.normal((len(seen["label"]), game.config.latent), seed=game.noise)
    made = game.generator(latent, seen["label"])
    real, fake = (
        np.asarray(game.discriminator((one, seen["label"])), np.float64)
        for one in (seen["picture"], made)
    )
    if game.objective.game == "relativistic":
        ours, theirs = softplus(fake - real), softplus(real - fake)
        return ours.mean(), theirs.mean(), real, fake
    return softplus(-real).mean() + softplus(fake).mean(), softplus(-fake).mean(), real, fake


@pytest.mark.parametrize("kind", ["relativistic", "non-saturating"])
def test_metrics_are_both_players_losses(kind):
    game, seen = new_game(game=kind, **PLAIN), batch()
    game.compile(keras.optimizers.SGD(0.0), run_eagerly=True)
    noise = np.asarray(game.noise.state)
    ours, theirs, real, fake = by_hand(game, seen, noise)
    game.noise.state.assign(noise)
    found = game.test_on_batch(seen, return_dict=True)
    assert found["discriminator_nats"] == pytest.approx(ours, rel=1e-5)
    assert found["generator_nats"] == pytest.approx(theirs, rel=1e-5)
    assert found["real"] == pytest.approx(real.mean(), rel=1e-4)
    assert found["made"] == pytest.approx(fake.mean(), rel=1e-4)
    assert found["loss"] == pytest.approx(ours + theirs, rel=1e-5)


@pytest.mark.parametrize("kind", ["relativistic", "non-saturating"])
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_players_gradient_is_that_of_its_own_loss(kind, player):
    """Along what a step moves, each player's own loss falls as fast as the step is long.

    So neither the other's loss nor the sum of both is what it follows.
    """
    game, seen = new_game(game=kind, **PLAIN), batch()
    game.compile(keras.optimizers.SGD(1.0), run_eagerly=True)
    noise = np.asarray(game.noise.state)
    weights = game.get_weights()
    variables = getattr(game, player).trainable_variables
    before = [np.asarray(variable, np.float64) for variable in variables]
    game.noise.state.assign(noise)
    game.train_on_batch(seen)
    moves = [np.asarray(new, np.float64) - old for new, old in zip(variables, before, strict=True)]
    length = np.sqrt(sum(np.square(move).sum() for move in moves))
    assert length > 1e-3
    losses = []
    for sign in (1, -1):
        game.set_weights(weights)
        for variable, old, move in zip(variables, before, moves, strict=True):
            variable.assign(old + sign * 2e-3 * move / length)
        losses.append(by_hand(game, seen, noise)[player == "generator"])
    slope = (losses[1] - losses[0]) / 4e-3
    assert slope == pytest.approx(length, rel=0.02)


def test_the_other_player_is_not_touched():
    """Where a player's logits do not depend on what it sees, the other has nothing to learn."""
    game, seen = new_game(**PLAIN), batch()
    leave = game.discriminator.leave
    leave.kernel.assign(np.zeros(leave.kernel.shape))
    game.compile(keras.optimizers.SGD(1.0), run_eagerly=True)
    before = [np.asarray(one).copy() for one in game.generator.trainable_variables]
    game.train_on_batch(seen)
    for old, new in zip(before, game.generator.trainable_variables, strict=True):
        np.testing.assert_array_equal(old, np.asarray(new))
    assert np.any(np.asarray(leave.kernel) != 0)


@pytest.mark.parametrize(("share", "few"), [(0.25, 2), (1.0, 8), (0.01, 1)])
def test_the_penalty_is_that_of_noise_on_both(share, few):
    """R1 and R2 by finite differences: (D(x + noise) - D(x))^2 / variance, half of it each."""
    game, seen = new_game(smoothness=3.0, augmentation=0.0, batch=8, penalised=share), batch()
    game.compile(keras.optimizers.SGD(0.0), run_eagerly=True)
    noise = np.asarray(game.noise.state)
    ours, theirs, real, fake = by_hand(game, seen, noise)
    game.noise.state.assign(noise)
    latent = random.normal((8, 3), seed=game.noise)
    made = np.asarray(game.generator(latent, seen["label"]))
    penalty = 0.0
    for pictures, logits in ((seen["picture"], real), (made, fake)):
        off = random.normal((few, 8, 8, 4), 0.0, 0.02, seed=game.noise)
        near = game.discriminator((pictures[:few] + off, seen["label"][:few]))
        penalty += np.square(np.asarray(near) - logits[:few]).mean() / 0.02**2
    game.noise.state.assign(noise)
    found = game.test_on_batch(seen, return_dict=True)
    assert penalty > 0.01
    assert found["loss"] == pytest.approx(ours + theirs + 1.5 * penalty, rel=1e-3)
    # Penalties are not what is reported of the players.
    assert found["discriminator_nats"] == pytest.approx(ours, rel=1e-4)


def test_the_penalty_is_of_the_discriminators_gradient_alone():
    """With nothing else to play for, the generator stays as it is."""
    game, seen = new_game(smoothness=1.0, augmentation=0.0, batch=8), batch()
    game.compile(keras.optimizers.SGD(1e-2), run_eagerly=True)
    noise = np.asarray(game.noise.state)
    moved = {}
    weights = game.get_weights()
    for strength in (0.0, 1.0):
        game.set_weights(weights)
        game.noise.state.assign(noise)
        game.objective = game.objective.model_copy(update={"smoothness": strength})
        game.train_on_batch(seen)
        moved[strength] = [
            [np.asarray(one).copy() for one in player.trainable_variables]
            for player in (game.generator, game.discriminator)
        ]
    (generator, judge), (same, other) = moved[0.0], moved[1.0]
    for one, again in zip(generator, same, strict=True):
        np.testing.assert_allclose(one, again, atol=1e-6)
    assert any(np.abs(a - b).max() > 1e-5 for a, b in zip(judge, other, strict=True))


def test_an_augmented_game_plays():
    game = new_game(batch=8)
    game.compile(keras.optimizers.SGD(1e-3), run_eagerly=True)
    found = game.train_on_batch(batch(), return_dict=True)
    assert all(np.isfinite(value) for value in found.values())


def test_the_beginning_is_an_autoencoders():
    """Gaussian nats of the picture, but for their constant, and those from the prior."""
    keras.utils.set_random_seed(0)
    start, seen = Start(TOY, Objective(deviation=0.5)), batch(6)
    start.build()
    shaken(start)
    start.compile(keras.optimizers.SGD(1e-3), run_eagerly=True)
    noise = np.asarray(start.noise.state)
    mean, log_variance = (
        np.asarray(part, np.float64) for part in start.encoder(seen["picture"], seen["label"])
    )
    drawn = np.asarray(random.normal((6, 3), seed=start.noise))
    latent = (mean + np.exp(log_variance / 2) * drawn).astype(np.float32)
    error = np.asarray(start.generator(latent, seen["label"]), np.float64) - seen["picture"]
    kl = (mean**2 + np.exp(log_variance) - log_variance - 1).sum(1) / 2
    start.noise.state.assign(noise)
    found = start.test_on_batch(seen, return_dict=True)
    nats = np.square(error / 0.5).sum((1, 2, 3)) / 2
    assert found["loss"] == pytest.approx((nats + kl).mean(), rel=1e-4)
    assert found["picture"] == pytest.approx(np.abs(error).mean(), rel=1e-4)
    assert found["kl"] == pytest.approx(kl.mean(), rel=1e-4)
    before = [np.asarray(one).copy() for one in start.trainable_variables]
    start.train_on_batch(seen)
    for old, new in zip(before, start.trainable_variables, strict=True):
        assert np.any(old != np.asarray(new)), new.path


def refined(**changes):
    """An encoder's training against a random generator."""
    config = TOY.model_copy(update={"refinements": 2} | changes)
    keras.utils.set_random_seed(0)
    generator = generator_of(config)
    generator.build()
    encoding = EncoderTraining(config, Objective(held=0.5), shaken(generator, 3))
    encoding.build()
    encoding.compile(keras.optimizers.SGD(1e-2), run_eagerly=True)
    return shaken(encoding, 4), generator


def test_the_encoders_goal_is_the_picture_and_the_known_vector():
    encoding, generator = refined()
    seen = batch(6)
    noise = np.asarray(encoding.noise.state)
    known = random.normal((6, 3), seed=encoding.noise)
    made = generator(known, seen["label"])
    pictures = ops.concatenate([seen["picture"], made])
    labels = np.concatenate([seen["label"]] * 2)
    latent, drawn, loss = np.zeros((12, 3), np.float32), np.zeros_like(pictures), 0.0
    for _ in range(2):
        latent = np.asarray(encoding.encoder(pictures, drawn, labels, latent))
        drawn = np.asarray(generator(latent, labels))
        error = np.abs(drawn[:6] - seen["picture"]).mean()
        distance = np.square(latent[6:] - np.asarray(known)).mean()
        loss += 10 * error + 0.3 * distance + 0.5 * np.square(latent[:6]).mean()
    encoding.noise.state.assign(noise)
    found = encoding.test_on_batch(seen, return_dict=True)
    assert found["loss"] == pytest.approx(loss / 2, rel=1e-4)
    # Of the last look.
    assert found["picture"] == pytest.approx(error, rel=1e-4)
    assert found["latent"] == pytest.approx(distance, rel=1e-4)


def test_the_encoder_learns_and_the_generator_does_not():
    encoding, generator = refined()
    kept = [np.asarray(one).copy() for one in generator.variables]
    before = [np.asarray(one).copy() for one in encoding.encoder.trainable_variables]
    assert len(encoding.trainable_variables) == len(before)
    encoding.train_on_batch(batch(6))
    for old, new in zip(kept, generator.variables, strict=True):
        np.testing.assert_array_equal(old, np.asarray(new))
    for old, new in zip(before, encoding.encoder.trainable_variables, strict=True):
        assert np.any(old != np.asarray(new)), new.path


def test_a_checkpoint_of_the_encoder_brings_back_no_older_generator(tmp_path):
    """The game may go on between two starts of the encoder's training."""
    encoding, _ = refined()
    save_checkpoint(tmp_path / "checkpoint.npz", encoding, Standing(step=3))
    later, generator = refined()
    shaken(generator, 9)
    latent, label = np.ones((1, 3), np.float32), np.array([[1, 0]], np.float32)
    expected = np.asarray(generator(latent, label))
    assert load_checkpoint(tmp_path / "checkpoint.npz", later).step == 3
    np.testing.assert_array_equal(np.asarray(later.generated(latent, label)), expected)

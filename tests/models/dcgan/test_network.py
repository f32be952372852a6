"""The players of a DCGAN and its encoder: their sizes, and what their labels change."""

import numpy as np
import pytest
from pydantic import ValidationError

keras = pytest.importorskip("keras")

from pathlib import Path  # noqa: E402

from creative_gen.models import dcgan  # noqa: E402
from creative_gen.models.dcgan.config import DCGANConfig  # noqa: E402
from creative_gen.models.dcgan.network import Discriminator, Encoder, Generator  # noqa: E402
from creative_gen.models.dcgan.objective import Objective  # noqa: E402
from creative_gen.models.dcgan.paper import PaperDiscriminator, PaperGenerator  # noqa: E402
from creative_gen.models.dcgan.recipe import read_recipe  # noqa: E402

TOY = DCGANConfig(
    side=12, latent=5, widths=(3, 4, 6), judge_widths=(3, 4, 6), encoder_widths=(3, 4)
)
CLASSES = ("disc", "bar")
RECIPES = sorted((Path(dcgan.__file__).parent / "recipes").glob("*.toml"))


def built(kind, seed=0, **changes):
    """A network whose weights are all random: also those that are 0 or 1 at first."""
    keras.utils.set_random_seed(seed)
    model = kind(TOY.model_copy(update=changes))
    model.build()
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.1 * rng.normal(size=variable.shape))
    return model


def latents(count=4):
    labels = np.eye(2, dtype=np.float32)[np.arange(count) % 2]
    return np.random.default_rng(0).normal(size=(count, 5)).astype(np.float32), labels


def pictures_of(channels=4, count=4):
    pictures = np.random.default_rng(1).random((count, 12, 12, channels), np.float32)
    if channels == 4:
        pictures[..., :3] *= pictures[..., 3:]
    return pictures


@pytest.mark.parametrize("kind", [Generator, PaperGenerator])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_generators_make_pictures(kind, channels):
    latent, labels = latents()
    generator = built(kind, channels=channels, classes=CLASSES)
    made = np.asarray(generator(latent, labels, training=False))
    assert made.shape == (4, 12, 12, channels)
    assert 0 <= made.min() < made.max() <= 1
    if channels == 4:
        assert (made[..., :3] <= made[..., 3:]).all()


@pytest.mark.parametrize("kind", [Generator, PaperGenerator])
def test_generators_know_labels_where_there_are_classes(kind):
    latent, labels = latents()
    for classes, differs in ((CLASSES, True), ((), False)):
        generator = built(kind, classes=classes)
        made, other = (
            np.asarray(generator(latent, one, training=False)) for one in (labels, 1 - labels)
        )
        assert np.any(made != other) == differs


@pytest.mark.parametrize("kind", [Discriminator, PaperDiscriminator])
def test_discriminators_judge_by_projection(kind):
    """A logit of the picture, and one more of its class, which mix as the labels do."""
    _, labels = latents()
    pictures = pictures_of()
    judge = built(kind, classes=CLASSES)
    first, second, both, neither = (
        np.asarray(judge((pictures, np.full_like(labels, 0) + np.float32(row))))
        for row in ([1, 0], [0, 1], [0.5, 0.5], [0, 0])
    )
    assert first.shape == (4,)
    assert np.abs(first - second).min() > 1e-4
    np.testing.assert_allclose(both, (first + second) / 2, atol=1e-5)
    assert np.abs(neither - both).min() > 1e-4
    free = built(kind)
    np.testing.assert_array_equal(
        np.asarray(free((pictures, labels))), np.asarray(free((pictures, 1 - labels)))
    )


def test_a_modern_player_judges_each_picture_alone():
    _, labels = latents()
    judge = built(Discriminator, classes=CLASSES)
    together = np.asarray(judge((pictures_of(), labels)))
    alone = np.asarray(judge((pictures_of()[2:3], labels[2:3])))
    np.testing.assert_allclose(together[2:3], alone, atol=1e-5)


@pytest.mark.parametrize("classes", [(), CLASSES])
def test_the_encoder_betters_what_was_found(classes):
    latent, labels = latents()
    pictures, made = pictures_of(), pictures_of()[::-1]
    encoder = built(Encoder, classes=classes)
    better = np.asarray(encoder(pictures, made, labels, latent))
    assert better.shape == latent.shape
    # What it adds is 0 where it has learnt nothing.
    encoder.leave.kernel.assign(np.zeros(encoder.leave.kernel.shape))
    encoder.leave.bias.assign(np.zeros(encoder.leave.bias.shape))
    np.testing.assert_array_equal(np.asarray(encoder(pictures, made, labels, latent)), latent)


def test_the_papers_players_follow_its_guidelines():
    """Radford et al., 2016, section 3: where batch normalisation is, and where it is not."""
    generator, judge = built(PaperGenerator), built(PaperDiscriminator)
    for player, convolutions in ((generator, generator.ups), (judge, judge.downs)):
        assert all(conv.strides == (2, 2) for conv in convolutions)
        kinds = {type(layer).__name__ for layer in player._flatten_layers(include_self=False)}
        assert not any("Pooling" in kind for kind in kinds)
    # Before all rectifiers of the generator, and not after its last layer.
    assert len(generator.norms) == len(generator.ups) == 2
    assert len(judge.norms) == len(judge.downs) - 1
    keras.utils.set_random_seed(0)
    fresh = PaperGenerator(TOY.model_copy(update={"widths": (3, 32, 64)}))
    fresh.build()
    kernels = [fresh.enter.kernel, *(up.kernel for up in fresh.ups)]
    for kernel in kernels:
        assert np.std(np.asarray(kernel)) == pytest.approx(0.02, rel=0.1)


@pytest.mark.parametrize("name", ["widths", "judge_widths", "encoder_widths"])
def test_a_side_that_cannot_be_halved_is_refused(name):
    with pytest.raises(ValidationError, match="cannot be halved 3 times: give fewer widths"):
        DCGANConfig(**TOY.model_dump() | {name: (2, 2, 2, 2)})


def test_the_game_has_its_share_of_the_time():
    assert Objective(start_share=0.3, encoder_share=0.2).game_share == pytest.approx(0.5)
    with pytest.raises(ValidationError, match="no time for the game"):
        Objective(start_share=0.6, encoder_share=0.4)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_shipped_recipes_can_be_read(path):
    recipe = read_recipe(path)
    assert recipe.network.base >= 2
    # Classes are those of the set.
    assert recipe.network.classes == ()

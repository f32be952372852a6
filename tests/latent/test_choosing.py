"""The best of several draws is the one that the classifier is surest of."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.latent_options import PictureGenerateOptions
from creative_gen.latent.choosing import chosen_draws
from creative_gen.latent.generator import LatentGenerator
from creative_gen.latent.player import LatentPlayer
from creative_gen.latent.prior import Prior

SEEDS = np.arange(5, dtype=np.uint64)


@pytest.fixture
def player(generators: dict[str, LatentGenerator]) -> LatentPlayer:
    return next(one.player for one in generators.values() if one.settings.classes)


def ended(steps: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as last:
            return last.value


def labels_of(player: LatentPlayer) -> Any:
    classes = player.settings.classes
    return player.labels([classes[seed % len(classes)] for seed in range(len(SEEDS))])


def test_one_try_is_the_prior_s_draw(player):
    labels = labels_of(player)
    drawn = ended(chosen_draws(player, SEEDS, labels, 1.0, 1))
    np.testing.assert_array_equal(drawn, Prior(player).drawn(SEEDS, labels, 1.0))


def test_more_tries_are_never_less_sure(player):
    labels = labels_of(player)
    sure = []
    for tries in (1, 2, 8):
        latent = ended(chosen_draws(player, SEEDS, labels, 1.5, tries))
        named = player.classify(player.decode(latent, labels))
        sure.append((named * labels).sum(axis=1))
    assert (sure[1] >= sure[0] - 1e-6).all() and (sure[2] >= sure[1] - 1e-6).all()
    assert sure[2].mean() > sure[0].mean()


def test_a_picture_does_not_depend_on_the_others(player):
    labels = labels_of(player)
    together = ended(chosen_draws(player, SEEDS, labels, 1.0, 4))
    alone = ended(chosen_draws(player, SEEDS[3:4], labels[3:4], 1.0, 4))
    np.testing.assert_array_equal(together[3:4], alone)


def test_several_tries_need_a_classifier(generators):
    blind = next(one for one in generators.values() if one.settings.tries == 1)
    with pytest.raises(InvalidRequest, match="tries"):
        list(blind.generate(PictureGenerateOptions(seed=1, count=1, tries=3)))

"""What is made to be measured is of the classes of what it is compared with."""

from types import SimpleNamespace

import numpy as np

from creative_gen.measures import latent_figures
from creative_gen.media.picture_set import PictureSet


def test_made_pictures_are_of_classes_as_often_as_real_ones(monkeypatch):
    def draws(_player, seeds, one_hot, _temperature, _tries):
        yield from ()
        return np.zeros((len(seeds), 2), np.float32)

    player = SimpleNamespace(
        settings=SimpleNamespace(classes=("a", "b", "c"), temperature=1.0, tries=1),
        decode=lambda latent, _labels: np.zeros((len(latent), 1, 8, 8), np.float32),
    )
    # In the order of their classes, as sets may be.
    labels = np.repeat([0, 1, 2], [600, 300, 100]).astype(np.int16)
    training, held_back = (
        PictureSet(np.zeros((len(rows), 8, 8, 1), np.uint8), rows, ("a", "b", "c"))
        for rows in (np.resize(labels, 200), labels)
    )
    monkeypatch.setattr(latent_figures, "chosen_draws", draws)
    measured = latent_figures.Measured(player, training, held_back, None, True)
    steps = measured.made()
    try:
        while True:
            next(steps)
    except StopIteration as end:
        pictures, intended = end.value
    assert len(pictures) == 200
    np.testing.assert_array_equal(np.bincount(intended), [120, 60, 20])

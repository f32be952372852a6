"""Where a user's picture lies in a latent space."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.jobs import Progress
from creative_gen.interface.progress import between
from creative_gen.latent.categories import Categories
from creative_gen.latent.framing import framing
from creative_gen.latent.player import LatentPlayer
from creative_gen.media.image import Image

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Place:
    """A point of a latent space, and what is there.

    Args:
        latent: (Z,).
        deviation: (Z,). How unsure it is.
        label: (K,). Of classes; (0,) where there are none.
        category: what it is of; None where there are no classes.
        picture: (channels, side, side). What the network was shown.
        notes: what the user is to know of how the picture was read.
    """

    latent: Floats
    deviation: Floats
    label: Floats
    category: str | None
    picture: Floats
    notes: tuple[str, ...] = ()


def placing(
    player: LatentPlayer, categories: Categories, image: Image, category: str | None
) -> Generator[Progress, None, Place]:
    """Read a picture, tell what it is of if that is not given, and find its place.

    Raises:
        InvalidRequest: there is nothing in the picture, or no such category.
    """
    known = categories.known(category)
    framed = yield from between(framing(image, player.settings), 0.0, 0.5)
    pictures = framed.picture[None]
    if known is None and categories.classes:
        known = yield from between(_told(player, categories, framed.picture), 0.5, 0.8)
    labels = player.labels([known])
    encoded = player.encode(pictures, labels)
    yield Progress(1.0)
    return Place(
        encoded.mean[0], encoded.deviation[0], labels[0], known, framed.picture, framed.notes
    )


def _told(
    player: LatentPlayer, categories: Categories, picture: Floats
) -> Generator[Progress, None, str]:
    """What the classifier says, or else the class as which the picture comes back best."""
    if player.settings.classifies:
        yield Progress(0.5)
        return categories.classes[int(player.classify(picture[None])[0].argmax())]
    errors = []
    for name in categories.classes:
        labels = player.labels([name])
        again = player.decode(player.encode(picture[None], labels).mean, labels)[0]
        errors.append(float(np.square(again - picture, dtype=np.float64).mean()))
        yield Progress(len(errors) / len(categories.classes))
    return categories.classes[int(np.argmin(errors))]

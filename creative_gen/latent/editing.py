"""What an edit starts from: a place worked out of pictures and seeds."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.jobs import Progress
from creative_gen.interface.progress import between
from creative_gen.interface.values import Value
from creative_gen.latent.categories import Categories
from creative_gen.latent.choosing import chosen_draws
from creative_gen.latent.formula import Term, parsed
from creative_gen.latent.place import Place, placing
from creative_gen.latent.player import LatentPlayer
from creative_gen.media.image import Image

Floats = NDArray[np.float32]

NAMES = ("image", "a", "b", "c", "d")
"""The pictures that a sum may be made of."""

UNUSED = "The picture '{}' was not used: it is not in '{}'."


def working_out(
    player: LatentPlayer,
    categories: Categories,
    text: str,
    inputs: Mapping[str, Value],
    category: str | None,
) -> Generator[Progress, None, Place]:
    """The place of a sum of pictures and seeds; yields progress.

    Its label is the mixture of its terms' labels with the same factors, or else the category.

    Args:
        text: str. See `formula.parsed`.
        inputs: the pictures that there are, by name.
        category: what all of it is of; told for each picture if None.

    Raises:
        InvalidRequest: the sum cannot be read, or names a picture that there is not.
    """
    terms = parsed(text)
    for term in terms:
        _check(term, inputs)
    names = list(dict.fromkeys(term.of for term in terms))
    places: dict[str | int, Place] = {}
    for index, name in enumerate(names):
        start, end = index / len(names), (index + 1) / len(names)
        if isinstance(name, int):
            drawn = _of_seed(player, categories, name, category)
            places[name] = yield from between(drawn, start, end)
        else:
            image = cast(Image, inputs[name])
            steps = placing(player, categories, image, category)
            places[name] = yield from between(steps, start, end)
        yield Progress(end)
    unused = tuple(UNUSED.format(name, text) for name in inputs if name not in places)
    whole = _sum(terms, [places[term.of] for term in terms])
    named = categories.classes[int(whole.label.argmax())] if categories.classes else None
    notes = dict.fromkeys((*(note for one in places.values() for note in one.notes), *unused))
    return replace(whole, category=named, notes=tuple(notes))


def mixed(labels: Floats, factors: NDArray[np.float64]) -> Floats:
    """The mixture (K,) of labels (N, K) by factors (N,), none of its shares below 0.

    What is taken away more than it is added does not count.
    """
    whole = (factors[:, None] * labels).sum(axis=0).clip(0, None)
    if not whole.any():
        whole = labels.mean(axis=0)
    return np.asarray(whole / max(float(whole.sum()), 1e-9), np.float32)


def _sum(terms: Sequence[Term], places: Sequence[Place]) -> Place:
    factors = np.array([term.factor for term in terms])
    latent = (factors[:, None] * [place.latent for place in places]).sum(axis=0)
    label = mixed(np.stack([place.label for place in places]), factors)
    return replace(places[0], latent=latent.astype(np.float32), label=label)


def _of_seed(
    player: LatentPlayer, categories: Categories, seed: int, category: str | None
) -> Generator[Progress, None, Place]:
    """What is generated from a seed at the asset's own temperature."""
    named = categories.drawn(category, seed)
    labels = player.labels([named])
    seeds = np.array([seed], np.uint64)
    settings = player.settings
    drawn = yield from chosen_draws(player, seeds, labels, settings.temperature, settings.tries)
    nothing = np.zeros(player.picture_shape, np.float32)
    return Place(
        drawn[0],
        np.zeros_like(drawn[0]),
        labels[0],
        named,
        nothing,
    )


def _check(term: Term, inputs: Mapping[str, Value]) -> None:
    if isinstance(term.of, int) or term.of in inputs:
        return
    if term.of == "image":
        raise InvalidRequest(
            "There is no picture to start from.",
            "Give one, or say what to start from, such as --from 7, which is a seed.",
        )
    if term.of in NAMES:
        raise InvalidRequest(
            f"There is no picture '{term.of}'.", f"Give it, such as --{term.of} picture.png."
        )
    raise InvalidRequest(
        f"'{term.of}' is no picture that a sum may name.", f"They are {', '.join(NAMES)}."
    )

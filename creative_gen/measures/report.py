"""All that is measured of made pictures, beside what the same figures are of real ones."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.jobs import Progress
from creative_gen.measures.coverage import density_coverage, precision_recall
from creative_gen.measures.distances import frechet_distance, kernel_distance
from creative_gen.measures.neighbours import TrainingPictures, copying
from creative_gen.measures.picture_features import PictureFeatures, Seen
from creative_gen.media.picture_set import PictureSet

MOST = 5000
"""How many pictures of a sort are compared at most: pairs of them take memory and time."""
MOST_NEIGHBOURS = 1000
"""For how many pictures the nearest training picture is looked for."""
SEED = 5
_DIGITS = 4

Pixels = NDArray[np.uint8]
Labels = NDArray[np.integer]
Row = dict[str, float]


@dataclass(frozen=True, eq=False)
class RealPictures:
    """Real pictures of one kind, and what sees their features.

    Args:
        training: PictureSet. What the model was trained on.
        held_back: PictureSet. Others of the same distribution.
        network: PictureFeatures. A classifier of the same size of pictures. If its classes are
            those of the sets, in their order, pictures are named too.
    """

    training: PictureSet
    held_back: PictureSet
    network: PictureFeatures


def picture_figures(
    real: RealPictures, made: Pixels, intended: Labels | None = None
) -> Generator[Progress, None, dict[str, Row]]:
    """Measure made pictures beside held-back real ones, both against training pictures.

    Args:
        real: RealPictures.
        made: uint8 (N, H, W, C), not premultiplied; as many as there are training pictures, or
            some thousands. More than 5,000 are not looked at.
        intended: (N,). The index of the class that each made one was to be; None if that is not
            known, or if the network has other classes.

    Yields:
        `Progress`.

    Returns:
        A row for "made", and one for "held back", which are not more. Where they are fewer there is
        also "as few made", so many of the made ones: `frechet` and all the shares depend on the
        number, and compare between rows of as many. Columns: `pictures`, how many; `frechet` and
        `kernel`, the distances (see `distances`); `precision`, `recall`, `density` and `coverage`
        (see `coverage`); the copying that `neighbours.copying` tells; and `named`, the share that
        the network takes for what it was to be, where that is known. Each row is compared with as
        many training pictures as it has, drawn at random, always the same.

    Raises:
        InvalidRequest: there are too few pictures.
    """
    rng = np.random.default_rng(SEED)
    known = real.network.look(_chosen(real.training.pictures, MOST, rng))
    yield Progress(0.1)
    sorts = _sorts(real.held_back, made, intended, rng)
    rows: dict[str, Row] = {}
    for name, (pictures, labels) in sorts.items():
        seen = real.network.look(pictures)
        rows[name] = {"pictures": len(pictures)} | compared(known, seen)
        if labels is not None:
            rows[name]["named"] = float((seen.classes == labels).mean())
        yield Progress(0.1 + 0.5 * len(rows) / len(sorts))
    training = TrainingPictures(real.training.pictures, real.network)
    theirs = training.nearest(_chosen(real.held_back.pictures, MOST_NEIGHBOURS, rng))
    yield Progress(0.8)
    ours = training.nearest(_chosen(made, MOST_NEIGHBOURS, rng))
    rows["made"] |= copying(ours, theirs)
    rows["held back"] |= copying(theirs, theirs)
    return {
        name: {figure: round(value, _DIGITS) for figure, value in row.items()}
        for name, row in rows.items()
    }


def _sorts(
    held_back: PictureSet, made: Pixels, intended: Labels | None, rng: np.random.Generator
) -> dict[str, tuple[Pixels, Labels | None]]:
    """Pictures in a random order, and what they are to be of, by the name of their row."""
    ours, theirs = (rng.permutation(len(pictures))[:MOST] for pictures in (made, held_back))
    theirs = theirs[: len(ours)]
    rows = {"made": ours}
    if len(ours) > len(theirs):
        rows["as few made"] = ours[: len(theirs)]
    sorts: dict[str, tuple[Pixels, Labels | None]] = {
        name: (made[chosen], None if intended is None else intended[chosen])
        for name, chosen in rows.items()
    }
    labels = None if intended is None else held_back.labels[theirs]
    return sorts | {"held back": (held_back.pictures[theirs], labels)}


def compared(known: Seen, seen: Seen) -> Row:
    """Distances and coverage of features of equally many training pictures and others."""
    count = min(len(known.features), len(seen.features))
    real, other = known.features[:count], seen.features[:count]
    return {
        "frechet": frechet_distance(real, other),
        "kernel": kernel_distance(real, other),
        **precision_recall(real, other),
        **density_coverage(real, other),
    }


def _chosen(pictures: Pixels, count: int, rng: np.random.Generator) -> Pixels:
    """So many of the pictures, or all if they are fewer, in a random order."""
    return pictures[rng.permutation(len(pictures))[:count]]

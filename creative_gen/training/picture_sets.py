"""What the recipes for sets of small pictures share: two splits that show nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from creative_gen.media.errors import MediaError
from creative_gen.media.picture_set import PictureSet, picture_set_bytes
from creative_gen.training.near_copies import NearCopies
from creative_gen.training.picture_folders import SOURCE, SPLITS, LeftOut, Pixels, Written


@dataclass(frozen=True, eq=False)
class Example:
    """A picture of a set.

    Args:
        pixels: uint8 (height, width, channels), of one shape in a set.
        label: int. The index of its class.
        split: `train` or `valid`.
        attributes: what is known of it. Defaults to nothing.
    """

    pixels: Pixels
    label: int
    split: str
    attributes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class PictureSets:
    """A set for each of SPLITS, and what was left out of both."""

    sets: Mapping[str, PictureSet]
    left_out: tuple[LeftOut, ...]

    def __str__(self) -> str:
        """Two lines of text at most."""
        counts = Counter({split: len(made) for split, made in self.sets.items()})
        return str(Written(counts, self.left_out))

    def files(self, source: str) -> dict[str, bytes]:
        """The contents of `train.npz`, `valid.npz` and SOURCE.txt, by these names.

        Args:
            source: str. Origin and licence of what the pictures were made from.
        """
        text = f"{source.strip()}\n\n{self}\n{self._classes()}"
        archives = {f"{name}.npz": picture_set_bytes(made) for name, made in self.sets.items()}
        return {**archives, SOURCE: text.encode()}

    def _classes(self) -> str:
        classes = self.sets[SPLITS[0]].classes
        counts = [np.bincount(one.labels, minlength=len(classes)) for one in self.sets.values()]
        told = zip(classes, *(count.tolist() for count in counts), strict=True)
        return "".join(f"{name}: {train} train, {valid} valid.\n" for name, train, valid in told)


def picture_sets(examples: Iterable[Example | LeftOut], classes: Sequence[str]) -> PictureSets:
    """Gather examples, of which none to train on is a copy of one to validate on.

    Left out are exact copies, of whatever split, and what in its class is nearly the same as a
    picture of the other split (`near_copies`). The pictures to validate on are all kept.

    Args:
        examples: in any order.
        classes: names by label.

    Raises:
        MediaError: a split has no pictures.
    """
    left_out: list[LeftOut] = []
    given: dict[str, list[Example]] = {split: [] for split in SPLITS}
    for example in examples:
        if isinstance(example, LeftOut):
            left_out.append(example)
        else:
            given[example.split].append(example)
    seen: set[bytes] = set()
    valid = _distinct(given["valid"], seen, left_out)
    aside = {example.label: NearCopies() for example in valid}
    for example in valid:
        aside[example.label].add(_looks(example.pixels))
    train = []
    for example in _distinct(given["train"], seen, left_out):
        if example.label in aside and aside[example.label].has(_looks(example.pixels)):
            left_out.append(LeftOut(classes[example.label], "near-copies of one kept aside"))
        else:
            train.append(example)
    found = {"train": train, "valid": valid}
    for split, kept in found.items():
        if not kept:
            raise MediaError(f"There are no pictures for '{split}'.", "Give more of them.")
    made = {split: _picture_set(kept, classes) for split, kept in found.items()}
    return PictureSets(made, tuple(left_out))


def _distinct(
    examples: Iterable[Example], seen: set[bytes], left_out: list[LeftOut]
) -> list[Example]:
    kept = []
    for example in examples:
        content = example.pixels.tobytes()
        if content in seen:
            left_out.append(LeftOut("", "exact copies"))
        else:
            kept.append(example)
        seen.add(content)
    return kept


def _looks(pixels: Pixels) -> Pixels:
    """The picture in RGB on white: uint8 (height, width, 3)."""
    if pixels.shape[2] < 4:
        return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))
    alpha = pixels[..., 3:] / 255.0
    return np.rint(255.0 + alpha * (pixels[..., :3] - 255.0)).astype(np.uint8)


def _picture_set(examples: Sequence[Example], classes: Sequence[str]) -> PictureSet:
    names = examples[0].attributes
    return PictureSet(
        np.stack([example.pixels for example in examples]),
        np.array([example.label for example in examples], np.int16),
        tuple(classes),
        {
            name: np.array([example.attributes[name] for example in examples], np.float32)
            for name in names
        },
    )

"""Quick, Draw! bitmaps, which are white on black, as drawings on paper."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.errors import MediaError
from creative_gen.training.picture_folders import SPLITS, LeftOut
from creative_gen.training.picture_sets import Example
from creative_gen.training.tracing import distinct

SIDE = 28
HINT = "Give an .npz file with a uint8 array (count, 28, 28) a class, or a .npy file for each."
PREFIX = "full_numpy_bitmap_"
"""What Google's own files have before the name of their class."""

Bitmaps = NDArray[np.uint8]


def read_bitmaps(paths: Sequence[Path]) -> dict[str, Bitmaps]:
    """The bitmaps of each class, uint8 (count, 28, 28), in the order that the files have.

    Args:
        paths: `.npz` files with an array a class, and `.npy` files named after theirs.

    Raises:
        MediaError: a file cannot be read, or holds something else.
        InvalidRequest: a class comes twice.
    """
    found: dict[str, Bitmaps] = {}
    for path in paths:
        for name, array in _arrays(path).items():
            if name in found:
                raise InvalidRequest(f"There are two arrays of '{name}'.", "Leave out one of them.")
            found[name] = _bitmaps(path, name, array)
    return found


def doodle_pictures(
    bitmaps: dict[str, Bitmaps], limit: int | None, valid: float, seed: int
) -> Iterator[Example | LeftOut]:
    """Draw the bitmaps of each class black on white, in random order.

    Args:
        bitmaps: uint8 (count, 28, 28) by class.
        limit: int. How many of a class to look at, at most. None is all.
        valid: float. The share of each class that is kept aside.
        seed: int. Of the order.

    Yields:
        Those drawings and, left out, the bolder of two that show one drawing and what is blank.
    """
    for label, (name, drawn) in enumerate(bitmaps.items()):
        order = np.random.default_rng([seed, label]).permutation(len(drawn))
        chosen = drawn[order[:limit]]
        inked = chosen[chosen.any(axis=(1, 2))]
        yield from [LeftOut(name, "blank")] * (len(chosen) - len(inked))
        kept = distinct(inked) if len(inked) > 1 else inked
        yield from [LeftOut(name, "drawings that are there in thinner lines")] * (
            len(inked) - len(kept)
        )
        aside = max(round(valid * len(kept)), 1)
        for index, bitmap in enumerate(kept):
            yield Example(255 - bitmap[..., None], label, SPLITS[index < aside])


def _arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        # NumPy leaves a file that it opens itself open when it is broken.
        with path.open("rb") as opened:
            loaded = np.load(opened, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return {path.stem.removeprefix(PREFIX): loaded}
            with loaded:
                return dict(loaded)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise MediaError(f"'{path}' is not a file of bitmaps.", HINT) from error


def _bitmaps(path: Path, name: str, array: NDArray[np.generic]) -> Bitmaps:
    shapes = (array.shape[1:] == (SIDE, SIDE), array.shape[1:] == (SIDE * SIDE,))
    if array.dtype != np.uint8 or not any(shapes) or not len(array):
        raise MediaError(f"'{name}' of '{path}' does not hold bitmaps.", HINT)
    return array.astype(np.uint8, copy=False).reshape(-1, SIDE, SIDE)

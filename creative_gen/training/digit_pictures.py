"""Labelled pictures of digits, such as MNIST's, which are white on black, as ink on paper."""

from __future__ import annotations

import gzip
import math
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError
from creative_gen.training.picture_folders import SPLITS
from creative_gen.training.picture_sets import Example

HINT = (
    "Give an .npz file with uint8 'images' (count, height, width) and their 'labels', or MNIST's "
    "two files of images and labels."
)
NAMES = (("images", "labels"), ("x_train", "y_train"))
"""Of an archive's arrays; the second are those of Keras's mnist.npz."""

UNSIGNED_BYTES = 8
"""The type of MNIST's numbers, in the third byte of its files."""

LARGEST_LABEL = 999
LARGEST = 1 << 30
"""Bytes in a file, unpacked."""

Digits = tuple[NDArray[np.uint8], NDArray[np.int64]]


def read_digits(paths: Sequence[Path]) -> Digits:
    """Images, uint8 (count, height, width), and their labels (count,).

    Args:
        paths: an `.npz` file; or a pair of idx files, gzipped or not, as MNIST comes in.

    Raises:
        MediaError: they cannot be read, or do not hold these.
    """
    if len(paths) == 1 and paths[0].suffix.lower() == ".npz":
        images, labels = _archive(paths[0])
    elif len(paths) == 2:
        images, labels = sorted((_idx(path) for path in paths), key=lambda array: -array.ndim)
    else:
        raise MediaError("Those are not a set of digits.", HINT)
    fits = images.ndim == 3 and images.dtype == np.uint8 and labels.shape == images.shape[:1]
    whole = labels.dtype.kind in "iu" and bool(images.size)
    if not fits or not whole or labels.min() < 0 or labels.max() > LARGEST_LABEL:
        raise MediaError(f"'{paths[0]}' does not hold digits.", HINT)
    return images.astype(np.uint8, copy=False), labels.astype(np.int64)


def digit_pictures(digits: Digits, valid: float, seed: int) -> Iterator[Example]:
    """Digits black on white, in random order.

    Args:
        digits: images and labels.
        valid: float. The share that is kept aside.
        seed: int. Of the order.
    """
    images, labels = digits
    order = np.random.default_rng(seed).permutation(len(images))
    aside = max(round(valid * len(images)), 1)
    for place, index in enumerate(order.tolist()):
        yield Example(255 - images[index][..., None], int(labels[index]), SPLITS[place < aside])


def _archive(path: Path) -> tuple[NDArray[np.generic], ...]:
    try:
        # NumPy leaves a file that it opens itself open when it is broken.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            names = next(names for names in NAMES if set(names) <= set(file))
            return tuple(file[name] for name in names)
    except (
        OSError,
        StopIteration,
        ValueError,
        KeyError,
        TypeError,
        EOFError,
        zipfile.BadZipFile,
    ) as error:
        raise MediaError(f"'{path}' is not an archive of digits.", HINT) from error


def _idx(path: Path) -> NDArray[np.uint8]:
    """An array of bytes: two zeros, the type, the number of axes, their lengths, the content."""
    try:
        with path.open("rb") as opened:
            packed = opened.read(2) == b"\x1f\x8b"
            opened.seek(0)
            data = (gzip.GzipFile(fileobj=opened) if packed else opened).read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise MediaError(f"'{path}' cannot be read.", HINT) from error
    axes = data[3] if len(data) > 3 and data[:3] == bytes([0, 0, UNSIGNED_BYTES]) else 0
    begin = 4 + 4 * axes
    shape = np.frombuffer(data[4:begin], ">u4").tolist() if len(data) >= begin else []
    if not axes or len(shape) != axes or len(data) != begin + math.prod(shape):
        raise MediaError(f"'{path}' is not a file of MNIST's kind, or is cut short.", HINT)
    return np.frombuffer(data[begin:], np.uint8).reshape(shape)

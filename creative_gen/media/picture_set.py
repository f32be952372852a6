"""Sets of small pictures of one size, as one NumPy archive: what picture families train on."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError

HINT = "Make one with creative-gen data, such as: creative-gen data thumbnails."
_ATTRIBUTE = "attribute."


@dataclass(frozen=True, eq=False)
class PictureSet:
    """Pictures, and what is known of each.

    Args:
        pictures: uint8 (N, height, width, channels): 1 is grey, 3 is RGB, 4 is RGB and alpha, not
            premultiplied. Drawings are dark on white.
        labels: int16 (N,). The index of each picture's class; all 0 where there is one class.
        classes: their names.
        attributes: float32 (N,) by name, such as how much a face smiles; NaN where unknown.
    """

    pictures: NDArray[np.uint8]
    labels: NDArray[np.int16]
    classes: tuple[str, ...]
    attributes: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape, dtype = self.pictures.shape, self.pictures.dtype
        if len(shape) != 4 or dtype != np.uint8 or shape[3] not in (1, 3, 4) or 0 in shape:
            raise MediaError(f"Pictures are {dtype} of the shape {shape}.", HINT)
        rows: dict[str, NDArray[Any]] = {"labels": self.labels, **self.attributes}
        wrong = [name for name, row in rows.items() if row.shape != shape[:1]]
        if wrong:
            raise MediaError(f"There are {shape[0]} pictures, but not as many {wrong[0]}.", HINT)
        if self.labels.min() < 0 or self.labels.max() >= len(self.classes):
            raise MediaError("A picture is of a class that has no name.", HINT)

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def side(self) -> int:
        """Pixels of the longer side."""
        return max(int(pixels) for pixels in self.pictures.shape[1:3])

    @property
    def channels(self) -> int:
        """1, 3 or 4."""
        return int(self.pictures.shape[3])

    def chosen(self, rows: NDArray[np.int64]) -> PictureSet:
        """Some of the pictures, in the order of `rows`."""
        attributes = {name: values[rows] for name, values in self.attributes.items()}
        return PictureSet(self.pictures[rows], self.labels[rows], self.classes, attributes)

    def some(self, count: int) -> PictureSet:
        """As many pictures as there are up to `count`, evenly over a set in any order."""
        return self.chosen(even_rows(len(self), min(count, len(self))))


def even_rows(size: int, count: int) -> NDArray[np.int64]:
    """As many rows as asked for, evenly over a set of a size; some twice if it has not as many."""
    return np.linspace(0, size, count, endpoint=False).astype(np.int64)


def read_picture_set(path: Path) -> PictureSet:
    """Read an archive.

    Raises:
        MediaError: it cannot be read, or holds no such arrays.
    """
    try:
        # NumPy leaves a file that it opens itself open when it is broken.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = dict(file)
        return PictureSet(
            arrays["pictures"],
            arrays["labels"].astype(np.int16),
            tuple(str(name) for name in arrays["classes"]),
            {
                name.removeprefix(_ATTRIBUTE): values.astype(np.float32)
                for name, values in arrays.items()
                if name.startswith(_ATTRIBUTE)
            },
        )
    except MediaError:
        raise
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise MediaError(f"'{path}' is not a set of pictures.", HINT) from error


def picture_set_bytes(pictures: PictureSet) -> bytes:
    """The archive of a set, compressed."""
    attributes = {_ATTRIBUTE + name: row for name, row in pictures.attributes.items()}
    content = io.BytesIO()
    np.savez_compressed(
        content,
        allow_pickle=False,
        pictures=pictures.pictures,
        labels=pictures.labels,
        classes=np.array(pictures.classes),
        **attributes,
    )
    return content.getvalue()

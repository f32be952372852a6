"""What the recipes for pictures share: two folders of PNG files, and what is said of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.atomic import StagedFiles, staged_files
from creative_gen.media.errors import MediaError

SPLITS = ("train", "valid")
SOURCE = "SOURCE.txt"
VALID_SHARE = 0.05
"""Of the families, not of the pictures."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Picture:
    """A picture to train on.

    Args:
        name: what its files are called, without a suffix. May hold slashes.
        family: the name that it shares with its near-duplicates: they are of one split.
        layers: uint8 (height, width, 3), or 4 with transparency, by the folder in the split; a
            picture that has only one layer is in the folder "".
        valid: whether it is kept from training. Defaults to None: as its family is.
    """

    name: str
    family: str
    layers: Mapping[str, Pixels]
    valid: bool | None = None

    @property
    def split(self) -> str:
        """`train` or `valid`."""
        return split_of(self.family) if self.valid is None else SPLITS[self.valid]


@dataclass(frozen=True)
class LeftOut:
    """A picture that is not to be trained on, why, and what there is to mend."""

    name: str
    reason: str
    problem: str = ""


@dataclass(frozen=True)
class Written:
    """How many pictures of each split there are, and those that were left out."""

    counts: Counter[str]
    left_out: tuple[LeftOut, ...]

    def __str__(self) -> str:
        """Two lines of text at most."""
        said = ", ".join(f"{self.counts[split]} {split}" for split in SPLITS)
        if not self.left_out:
            return f"{said} pictures."
        reasons = Counter(left_out.reason for left_out in self.left_out)
        why = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        return f"{said} pictures.\nLeft out {len(self.left_out)}: {why}."


def split_of(family: str) -> str:
    """The split of a family of pictures, which stays the same when others come or go."""
    digest = hashlib.sha256(family.encode()).digest()
    return SPLITS[int.from_bytes(digest[:8], "big") < VALID_SHARE * 2**64]


def write_pictures(folder: Path, pictures: Iterable[Picture | LeftOut], source: str) -> Written:
    """Write pictures to `train/` and `valid/` of a folder, and what they are to SOURCE.txt.

    All appear at once, when the last has been made; if one cannot be, none does.

    Args:
        folder: Path. Made when missing.
        pictures: what to write, one after another.
        source: str. Origin and licence, for SOURCE.txt.

    Raises:
        InvalidRequest: there are pictures in the folder already.
        MediaError: there are no pictures.
        OSError: the folder cannot be written.
    """
    _refuse_to_mix(folder)
    counts = Counter(dict.fromkeys(SPLITS, 0))
    left_out: list[LeftOut] = []
    taken: set[str] = set()
    with staged_files(folder) as staged:
        for split in SPLITS:
            staged.path(split).mkdir()
        for picture in pictures:
            if isinstance(picture, LeftOut):
                left_out.append(picture)
            else:
                _write(staged, picture, _free_name(picture.name, taken))
                counts[picture.split] += 1
        written = Written(counts, tuple(left_out))
        if not taken:
            raise MediaError(f"Nothing is left to train on: {written}", "Give another source.")
        text = f"{source.strip()}\n\n{written}\n"
        staged.path(SOURCE).write_text(text, encoding="utf-8")
        staged.publish([*SPLITS, SOURCE])
    return written


def told_source(folder: Path) -> str:
    """What SOURCE.txt in a folder says of its origin and licence, if there is one."""
    told = folder / SOURCE
    if not told.is_file():
        return f"Pictures of '{folder.resolve().name}', of unknown origin and licence."
    return told.read_text(encoding="utf-8", errors="replace")


def _refuse_to_mix(folder: Path) -> None:
    for split in SPLITS:
        if (folder / split).exists():
            raise InvalidRequest(
                f"There is '{folder / split}' already.",
                "Remove it or name another folder: the pictures of two runs are not mixed.",
            )


def _write(staged: StagedFiles, picture: Picture, name: str) -> None:
    for layer, pixels in picture.layers.items():
        folder = staged.path(picture.split) / layer
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.png").write_bytes(_png_bytes(pixels))


def _png_bytes(pixels: Pixels) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def _free_name(name: str, taken: set[str]) -> str:
    """A name for files that no other picture has, even where case does not count."""
    flat = free = name.replace("/", "--")
    number = 1
    while free.casefold() in taken:
        number += 1
        free = f"{flat}-{number}"
    taken.add(free.casefold())
    return free

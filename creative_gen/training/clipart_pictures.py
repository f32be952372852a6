"""Pictures of a folder of clip art, on white, without copies and without those held back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.errors import MediaError
from creative_gen.media.picture_folder import SUFFIXES
from creative_gen.training.near_copies import NearCopies
from creative_gen.training.picture_folders import LeftOut, Picture
from creative_gen.training.picture_pixels import covered, read_rgb

NUMBER = re.compile(r"[\d_. -]+$")
LEAST_COVERED = 0.005
"""The share of its pixels that a picture has to cover."""

SHORTEST_SIDE = 16


def read_omitted(path: Path, folder: Path) -> frozenset[str]:
    """The names in a list, one a line: of pictures that are kept for an evaluation.

    Args:
        path: Path. A text file of names relative to `folder`.
        folder: Path. Where the pictures are.

    Returns:
        The names of pictures in `folder`, as it writes them.

    Raises:
        MediaError: the list cannot be read.
        InvalidRequest: a name is of no picture in the folder: it would be trained on.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MediaError(f"'{path}' is not a list of names.", "Give a text file.") from error
    found: dict[str, list[str]] = {}
    for name in _names(folder):
        found.setdefault(_spelling(name), []).append(name)
    wanted = {_spelling(line.strip()): line.strip() for line in lines if line.strip()}
    missing = [name for spelling, name in wanted.items() if spelling not in found]
    if missing:
        raise InvalidRequest(
            f"'{folder}' does not have {len(missing)} of the {len(wanted)} pictures to leave out, "
            f"such as '{missing[0]}'.",
            "Give the folder that the names begin in, and names with their suffix.",
        )
    return frozenset(name for spelling in wanted for name in found[spelling])


def clipart_pictures(
    folder: Path, size: int, omit: Collection[str] = ()
) -> Iterator[Picture | LeftOut]:
    """Flatten all pictures in a folder and those below it, in the order of their names.

    Args:
        folder: Path. Of PNG files and others that can be read.
        size: int. Pixels of a picture's longer side at most.
        omit: names, as `read_omitted` gives them. What looks like one of them goes too.

    Yields:
        The pictures; and those left out: omitted, near-copies of an earlier one, nearly empty,
        smaller than SHORTEST_SIDE, or not readable.
    """
    kept, omitted = NearCopies(), NearCopies()
    for name in sorted(omit):
        try:
            omitted.add(read_rgb(folder / name, size))
        except MediaError as error:
            yield LeftOut(name, "to be left out, but not readable", str(error))
        else:
            yield LeftOut(name, "to be left out")
    for name in _names(folder):
        if name in omit:
            continue
        try:
            pixels = read_rgb(folder / name, size)
        except MediaError as error:
            yield LeftOut(name, "too large or broken", str(error))
            continue
        if min(pixels.shape[:2]) < SHORTEST_SIDE:
            yield LeftOut(name, "too small")
        elif covered(pixels) < LEAST_COVERED:
            yield LeftOut(name, "nearly empty")
        elif omitted.has(pixels):
            yield LeftOut(name, "like one to be left out")
        elif kept.has(pixels):
            yield LeftOut(name, "near-copies")
        else:
            kept.add(pixels)
            plain = name.rpartition(".")[0]
            yield Picture(plain, numbered_family(plain), {"": pixels})


def numbered_family(name: str) -> str:
    """The name that `a/tree_01`, `a/tree_02` ... share."""
    return NUMBER.sub("", name)


def _names(folder: Path) -> list[str]:
    """Pictures by their paths in a folder; a link to another one of them is not counted."""
    inside = folder.resolve()
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    own = (p for p in paths if not p.is_symlink() or not p.resolve().is_relative_to(inside))
    return sorted(path.relative_to(folder).as_posix() for path in own)


def _spelling(name: str) -> str:
    """Equal for all the ways to write one name: on some systems, they are one file's."""
    plain = name.replace("\\", "/").removeprefix("./")
    return unicodedata.normalize("NFC", plain).casefold()

"""Photographs of a folder, with chosen ones kept aside."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.errors import MediaError
from creative_gen.media.picture_folder import SUFFIXES
from creative_gen.training.picture_folders import LeftOut, Picture
from creative_gen.training.picture_pixels import read_rgb


def photo_pictures(
    folder: Path, size: int | None, valid: Collection[str]
) -> Iterator[Picture | LeftOut]:
    """Read the photographs of a folder, in the order of their names.

    Args:
        folder: Path.
        size: int or None. Pixels of the longer side at most; None for all that there are.
        valid: the names, without suffix, of those to keep aside. If none are given, a
            twentieth is, by its name.

    Raises:
        InvalidRequest: there is no photograph of one of the names.
    """
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    for name in valid:
        if name not in {path.stem for path in paths}:
            raise InvalidRequest(
                f"There is no photograph '{name}' in '{folder}'.",
                "Give --valid the name of a file, without its suffix.",
            )
    for path in paths:
        try:
            pixels = read_rgb(path, size)
        except MediaError as error:
            yield LeftOut(path.name, "too large or broken", str(error))
            continue
        aside = path.stem in valid if valid else None
        yield Picture(path.stem, path.stem, {"": pixels}, aside)

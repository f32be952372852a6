"""Small pictures of one size, made of the pictures of folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from creative_gen.interface.errors import InvalidRequest
from creative_gen.latent.framing import framed
from creative_gen.latent.settings import FrameSettings
from creative_gen.media.color_profile import to_srgb
from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image
from creative_gen.media.image_files import read_image
from creative_gen.media.picture_folder import SUFFIXES
from creative_gen.training.clipart_pictures import numbered_family
from creative_gen.training.picture_folders import SPLITS, LeftOut, Pixels, split_of
from creative_gen.training.picture_pixels import MAX_PIXELS, on_white
from creative_gen.training.picture_sets import Example

ANY = "picture"
"""The class of all pictures where none is named."""

Patterns = Sequence[tuple[str, str]]


def read_patterns(texts: Sequence[str]) -> Patterns:
    """Pairs of a class and the pattern of its pictures' names, from `NAME=PATTERN`.

    Raises:
        InvalidRequest: one is written differently.
    """
    pairs = [tuple(part.strip() for part in text.partition("=")[::2]) for text in texts]
    for text, (name, pattern) in zip(texts, pairs, strict=True):
        if not name or not pattern:
            raise InvalidRequest(f"'{text}' is no class.", "Write NAME=PATTERN: cat='*cat*'.")
    return [(name, pattern) for name, pattern in pairs] or [(ANY, "*")]


def classes_of(patterns: Patterns) -> tuple[str, ...]:
    """The names of classes, in the order in which they come first."""
    return tuple(dict.fromkeys(name for name, _ in patterns))


def thumbnails(
    folders: Sequence[Path], side: int, transparent: bool, patterns: Patterns
) -> Iterator[Example | LeftOut]:
    """Shrink all pictures of folders.

    Args:
        folders: with `train/` and `valid/`, as the recipes for pictures make them; or without, and
            then a picture is kept aside by its name, with all that are numbered like it.
        side: int. Pixels of each side. Pictures that are not square get empty margins.
        transparent: bool. Whether transparency is kept; otherwise all lie on white.
        patterns: pairs of a class and a pattern of its pictures' names, which are without suffix
            and have folders in them. The first that matches counts.

    Yields:
        Pictures (side, side, 4 or 3); and those left out: of no class, smaller than `side`, empty,
        or not readable.

    Raises:
        MediaError: a folder has no pictures.
    """
    classes = classes_of(patterns)
    frame = FrameSettings(side=side, channels=4 if transparent else 3, framing="whole")
    for folder in folders:
        for split, name, path in _found(folder):
            label = next((kind for kind, pattern in patterns if fnmatchcase(name, pattern)), None)
            if label is None:
                yield LeftOut(name, "of no class")
                continue
            try:
                image = to_srgb(read_image(path, MAX_PIXELS).image)
                if max(image.height, image.width) < side:
                    yield LeftOut(name, f"smaller than {side} pixels")
                else:
                    yield Example(thumbnail(image, frame), classes.index(label), split)
            except InvalidRequest:
                yield LeftOut(name, "empty")
            except MediaError as error:
                yield LeftOut(name, "too large or broken", str(error))


def thumbnail(image: Image, settings: FrameSettings) -> Pixels:
    """A picture as the network will see it: uint8 (side, side, 4) or (side, side, 3) on white.

    Args:
        image: Image. One of the frame's size is not touched.
        settings: FrameSettings. Of the frame, of 3 or 4 channels.

    Raises:
        InvalidRequest: there is nothing in the picture.
    """
    if (image.height, image.width) == (settings.side, settings.side):
        picture = image.to_pil().convert("RGBA")
        return np.asarray(picture if settings.channels == 4 else on_white(picture))
    planes = np.moveaxis(framed(image, settings).picture, 0, 2).astype(np.float64)
    if settings.channels == 4:
        planes[..., :3] /= np.maximum(planes[..., 3:], 1e-9)
        planes[planes[..., 3] < 0.5 / 255.0] = 0.0
    return np.rint(255.0 * planes.clip(0.0, 1.0)).astype(np.uint8)


def _found(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """The split, the name and the path of each picture, in the order of names."""
    splits = [split for split in SPLITS if (folder / split).is_dir()]
    found = [
        (split, path.relative_to(folder / split).with_suffix("").as_posix(), path)
        for split in splits
        for path in _pictures(folder / split)
    ]
    if not splits:
        names = [path.relative_to(folder).with_suffix("").as_posix() for path in _pictures(folder)]
        families = (split_of(numbered_family(name)) for name in names)
        found = list(zip(families, names, _pictures(folder), strict=True))
    if not found:
        raise MediaError(f"'{folder}' has no pictures.", f"It may hold {', '.join(SUFFIXES)}.")
    yield from found


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)

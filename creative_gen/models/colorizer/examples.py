"""Pictures to colour whose true colours are known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidMedia
from creative_gen.media.color_space import gray_level, lab_to_srgb, lightness, srgb_to_lab
from creative_gen.media.image import Image, quantized
from creative_gen.media.image_files import read_image
from creative_gen.media.picture_folder import VALID, measured_pictures, on_white
from creative_gen.models.colorizer.hint_sampling import fills, sample_hints

Mode = Literal["tones", "lines"]
COLORS, LINES = "colors", "lines"

Float = NDArray[np.float32]
Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class Example:
    """A picture, and how it looks in colour.

    Args:
        mode: what the picture is: grey tones or a line drawing.
        given: Image. What is to be coloured.
        true: float32 (H, W, 3). sRGB in [0, 1].
    """

    mode: Mode
    given: Image
    true: Float

    def hints(self, count: int, seed: list[int]) -> Float:
        """The hint map (H, W, 4) of some hints of the true colours, on fills for the most part."""
        lab = srgb_to_lab(self.true)
        wanted = None
        if self.mode == "lines":
            wanted = fills(lab, lightness(self.given.rgb()))
        return sample_hints(np.random.default_rng(seed), lab, count, wanted)


def example_paths(data: Path) -> list[tuple[Path, Path | None]]:
    """Coloured pictures, each with its line drawing if it has one.

    Args:
        data: Path. A folder of pictures; or one with folders "colors" and "lines" that have files
            of the same names; or one with such a folder "valid".

    Raises:
        MediaError: there are no pictures.
        InvalidMedia: a coloured picture has no line drawing.
    """
    folder = data / VALID if (data / VALID).is_dir() else data
    if not ((folder / COLORS).is_dir() and (folder / LINES).is_dir()):
        return [(path, None) for path in measured_pictures(data)]
    pairs: list[tuple[Path, Path | None]] = []
    for path in measured_pictures(folder / COLORS):
        drawing = folder / LINES / path.relative_to(folder / COLORS)
        if not drawing.is_file():
            raise InvalidMedia(
                f"'{path}' has no line drawing '{drawing}'.", "Give both the same name."
            )
        pairs.append((path, drawing))
    return pairs


def read_example(path: Path, drawing: Path | None) -> Example:
    """Read a picture, and its line drawing or the grey picture of the same lightness.

    Raises:
        MediaError: a file cannot be read.
        InvalidMedia: the two have different sizes.
    """
    true = on_white(read_image(path).image)
    if drawing is None:
        levels = gray_level(quantized(true, 8))
        return Example("tones", Image(levels[..., None]), true)
    given = on_white(read_image(drawing).image)
    if given.shape != true.shape:
        raise InvalidMedia(f"'{path}' and '{drawing}' differ in size.", "Make them again.")
    return Example("lines", Image.from_float(given), true)


def hint_image(hints: Float) -> Image:
    """A hint map as a user would paint it: strokes of colour on nothing."""
    rgb = lab_to_srgb(hint_colors(hints))
    return Image.from_float(rgb, hints[..., 3])


def hint_colors(hints: Float) -> Float:
    """The CIELAB colours (..., 3) of a hint map (..., 4); of no use where it has no hints."""
    scaled = hints[..., :3] + np.array([1, 0, 0], np.float32)
    return np.asarray(scaled * np.array([50, 110, 110], np.float32))

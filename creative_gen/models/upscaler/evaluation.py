"""Measures an upscaler as papers on super-resolution do, on any folder of pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Progress
from creative_gen.media.bicubic import resize, shrink_uint8
from creative_gen.media.fidelity import luma, psnr, ssim
from creative_gen.media.image_files import read_image
from creative_gen.media.picture_folder import measured_pictures, on_white
from creative_gen.models.upscaler.player import Player

CEILING = 60.0
"""Decibels: pictures of 8 bits that differ by less differ by their rounding."""
SSIM_WINDOW = 11

Floats = NDArray[np.float32]
Row = dict[str, float]


def evaluate(asset: AssetFiles, data: Path) -> Iterator[Progress | dict[str, Any]]:
    """PSNR and SSIM of each scale, beside those of bicubic enlargement.

    A picture is cut to a multiple of the scale, shrunk as MATLAB's `imresize` does with 8-bit
    pixels, enlarged and rounded again. Both measures are of luma (BT.601, 16 to 235) and leave out
    `scale` pixels at each edge (Dong et al., 2016, "SRCNN", 4.1, and most papers since).

    Args:
        asset: AssetFiles. What to measure.
        data: Path. A folder of pictures, or one with a folder "valid"; transparent pictures are
            put on white. Pictures too small for a scale are left out of it.

    Yields:
        `Progress`, and at last the figures. "mean" is over all pictures, a row for each scale:
        `psnr` (dB, at most 60 a picture), `ssim`, the same of bicubic enlargement, and `gain`, the
        difference in dB. "each" has a row for each picture.

    Raises:
        InvalidMedia: no picture is large enough.
    """
    player = Player(asset)
    paths = measured_pictures(data)
    scales = player.config.scales
    each: dict[str, dict[int, Row]] = {}
    for index, path in enumerate(paths):
        true = _rounded(on_white(read_image(path).image))
        rows: dict[int, Row] = {}
        for part, scale in enumerate(scales):
            yield Progress((index + part / len(scales)) / len(paths))
            if min(true.shape[:2]) // scale * scale >= 2 * scale + SSIM_WINDOW:
                rows[scale] = measure(player, true, scale)
        if rows:
            each[_name(path, data)] = rows
    if not each:
        raise InvalidMedia(f"The pictures in '{data}' are too small.", "Give larger ones.")
    yield _figures(asset, player.config.kind, each)


def measure(player: Player, true: Floats, scale: int) -> Row:
    """The figures of one picture (height, width, 3), of 8 bits in [0, 1], at a scale."""
    height, width = (side // scale * scale for side in true.shape[:2])
    whole = true[:height, :width]
    pixels = np.rint(whole * 255).astype(np.uint8)
    small = np.asarray(shrink_uint8(pixels, scale), np.float32) / np.float32(255)
    made = _likeness(_rounded(player.upscale(small, scale)), whole, scale)
    bicubic = _likeness(_rounded(resize(small, height, width)), whole, scale)
    return {
        "psnr": made[0],
        "ssim": made[1],
        "bicubic_psnr": bicubic[0],
        "bicubic_ssim": bicubic[1],
        "gain": made[0] - bicubic[0],
    }


def _likeness(made: Floats, true: Floats, shave: int) -> tuple[float, float]:
    a, b = luma(made), luma(true)
    return min(psnr(a, b, 255, shave), CEILING), ssim(a, b, 255, shave)


def _rounded(rgb: Floats) -> Floats:
    """Colours as 8 bits hold them."""
    return np.asarray(np.rint(rgb.clip(0, 1) * 255) / 255, np.float32)


def _name(path: Path, data: Path) -> str:
    return path.name if path == data else path.relative_to(data).as_posix()


def _figures(asset: AssetFiles, kind: str, each: Mapping[str, dict[int, Row]]) -> dict[str, Any]:
    scales = sorted({scale for rows in each.values() for scale in rows})
    mean = {
        f"x{scale}": _mean([rows[scale] for rows in each.values() if scale in rows])
        for scale in scales
    }
    flat = {f"{x}_{name}": row[name] for x, row in mean.items() for name in ("psnr", "gain")}
    return {
        "asset": asset.name,
        "pictures": len(each),
        "mean": mean,
        "categories": {kind: flat},
        "offered": {kind: all(row["gain"] > 0 for row in mean.values())},
        "each": {name: _columns(rows) for name, rows in each.items()},
    }


def _mean(rows: list[Row]) -> Row:
    return {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}


def _columns(rows: Mapping[int, Row]) -> Row:
    """A picture's most telling figures in one row."""
    names = ("psnr", "ssim", "gain")
    return {
        f"x{scale}_{name}": round(row[name], 3) for scale, row in rows.items() for name in names
    }

"""The exported colorizer: lightness and hints in, colours and their likelihoods out, no Keras."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from creative_gen.interface.errors import InvalidAsset
from creative_gen.interface.families import AssetFiles
from creative_gen.kernels.feed_forward import FeedForward, InvalidNetwork
from creative_gen.models.colorizer.config import ColorizerConfig
from creative_gen.models.colorizer.palettes import line_palette, tone_palette
from creative_gen.models.colorizer.spreading import spread_hints

Floats = NDArray[np.float32]

FILE = "colorizer.onnx"
INPUTS = ("lightness", "hints", "lines")
OUTPUTS = ("color", "tone_logits", "line_logits")

CELL = 4
"""Pixels of the side of a cell that has a distribution of colours."""

STRIDE = 32
"""The network's pictures have sides that are multiples of it."""


@dataclass(frozen=True)
class Prediction:
    """What the network says of a picture (h, w).

    Args:
        color: (h / 2, w / 2, 3). L*, a* and b*; L* means something for line drawings only.
        logits: (h / 4, w / 4, K). How likely each colour of the palette is, in nats.
    """

    color: Floats
    logits: Floats


class Player:
    """Plays the network of an asset.

    Args:
        asset: AssetFiles. Its settings are those of `ColorizerConfig`.
        threads: int. Defaults to the cores of this process.

    Raises:
        InvalidAsset: the settings or the file do not make a colorizer.
    """

    def __init__(self, asset: AssetFiles, threads: int | None = None) -> None:
        hint = f"Fetch or build the asset '{asset.name}' again."
        try:
            self.config = ColorizerConfig.model_validate(dict(asset.settings))
        except ValidationError as error:
            message = f"The settings of the asset '{asset.name}' are not those of a colorizer."
            raise InvalidAsset(message, hint) from error
        try:
            self.network = FeedForward(asset.read(FILE), threads)
        except InvalidNetwork as error:
            message = f"'{FILE}' of the asset '{asset.name}' cannot be played: {error}"
            raise InvalidAsset(message, hint) from error
        if set(self.network.inputs) != set(INPUTS) or set(self.network.outputs) != set(OUTPUTS):
            message = f"'{FILE}' of the asset '{asset.name}' is not the network of a colorizer."
            raise InvalidAsset(message, hint)
        self.tone_palette = tone_palette(self.config.tone_spacing)
        """(K, 2). The a* and b* that tones may have."""
        self.line_palette = line_palette(self.config.line_spacing)
        """(K, 3). The L*, a* and b* that fills may have."""

    def size_of(self, height: int, width: int) -> tuple[int, int]:
        """The height and the width, multiples of `CELL`, at which the network sees a picture."""
        scale = self.config.size / max(height, width)
        rows, columns = (max(round(side * scale / CELL), 1) * CELL for side in (height, width))
        return rows, columns

    def predict(self, lightness: Floats, hints: Floats, lines: bool) -> Prediction:
        """Look at a picture once.

        Args:
            lightness: (h, w). L*; of a line drawing, its grey from 0 to 100. Sides as of `size_of`.
            hints: (h, w, 4). (L/50 - 1, a/110, b/110, 1) where hinted, 0 elsewhere.
            lines: bool. Whether it is a line drawing.

        Returns:
            What the network says of it.
        """
        height, width = lightness.shape
        place, margins = self._placed(height, width, lines)
        # Line drawings were learnt on white squares, and tones as pictures that go on beyond.
        scaled = lightness / np.float32(50) - 1
        whole = (
            np.pad(scaled, margins, constant_values=1)
            if lines
            else np.pad(scaled, margins, mode="edge")
        )
        told = np.concatenate([hints, spread_hints(lightness, hints)], axis=-1)
        outputs = self.network.run(
            {
                "lightness": whole[None, None],
                "hints": np.moveaxis(np.pad(told, (*margins, (0, 0))), 2, 0)[None],
                "lines": np.full((1, 1), lines, np.float32),
            }
        )
        color = _cut(outputs["color"], place, 2) * np.array([50, 110, 110], np.float32)
        logits = outputs["line_logits" if lines else "tone_logits"]
        return Prediction(color + np.array([50, 0, 0], np.float32), _cut(logits, place, CELL))

    def _placed(
        self, height: int, width: int, lines: bool
    ) -> tuple[tuple[slice, slice], tuple[tuple[int, int], tuple[int, int]]]:
        """Where a picture lies in what the network sees, and the margins around it."""
        sides = height, width
        wholes = [self.config.size if lines else -(-side // STRIDE) * STRIDE for side in sides]
        starts = [
            (whole - side) // 2 // CELL * CELL for whole, side in zip(wholes, sides, strict=True)
        ]
        place = slice(starts[0], starts[0] + height), slice(starts[1], starts[1] + width)
        rows, columns = (
            (start, whole - start - side)
            for start, whole, side in zip(starts, wholes, sides, strict=True)
        )
        return place, (rows, columns)


def _cut(output: Floats, place: tuple[slice, slice], stride: int) -> Floats:
    """The picture's part (h, w, channels) of an output (1, channels, H, W)."""
    rows, columns = (slice(side.start // stride, side.stop // stride) for side in place)
    return np.moveaxis(output[0, :, rows, columns], 0, 2)

"""The exported upscaler: pictures in, larger ones out, with no Keras."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from creative_gen.interface.errors import InvalidAsset, InvalidRequest
from creative_gen.interface.families import AssetFiles
from creative_gen.kernels.feed_forward import FeedForward, InvalidNetwork
from creative_gen.models.upscaler.config import UpscalerConfig
from creative_gen.models.upscaler.tiles import inner, tiles_of

Floats = NDArray[np.float32]

TURNS = tuple((quarters, mirrored) for mirrored in (False, True) for quarters in range(4))
"""The eight ways to turn and mirror a square: counter-clockwise quarters, mirrored first or not."""


class Player:
    """Plays the networks of an asset, `x2.onnx` and so on, each loaded when it is first asked for.

    Args:
        asset: AssetFiles. Its settings are those of `UpscalerConfig`.
        threads: int. Defaults to the cores of this process.

    Raises:
        InvalidAsset: the settings are not those of an upscaler.
    """

    def __init__(self, asset: AssetFiles, threads: int | None = None) -> None:
        self.asset = asset
        self.threads = threads
        try:
            self.config = UpscalerConfig.model_validate(dict(asset.settings))
        except ValidationError as error:
            raise self._invalid("The settings are not those of an upscaler.") from error
        self.halo = self.config.halo
        self._networks: dict[int, FeedForward] = {}

    def network(self, scale: int) -> FeedForward:
        """The network of a scale.

        Raises:
            InvalidRequest: the asset has none.
            InvalidAsset: its file is not one.
        """
        if scale not in self.config.scales:
            raise InvalidRequest(
                f"The asset '{self.asset.name}' does not enlarge {scale} times.",
                f"Choose one of the scales {', '.join(map(str, self.config.scales))}.",
            )
        if scale not in self._networks:
            name = f"x{scale}.onnx"
            try:
                network = FeedForward(self.asset.read(name), self.threads)
            except InvalidNetwork as error:
                raise self._invalid(f"'{name}' cannot be played: {error}.") from error
            if (network.inputs, network.outputs) != (("picture",), ("larger",)):
                raise self._invalid(f"'{name}' does not take a picture to a larger one.")
            self._networks[scale] = network
        return self._networks[scale]

    def enlarge(self, crop: Floats, scale: int) -> Floats:
        """Enlarge a part of a picture.

        Args:
            crop: (height + 2 halo, width + 2 halo, 3). sRGB in [0, 1], with a halo around it.
            scale: int. One of the asset's.

        Returns:
            (scale * height, scale * width, 3), without the halo. Not clipped.
        """
        planes = np.moveaxis(crop, 2, 0)[None]
        larger = self.network(scale).run({"picture": planes})["larger"][0]
        if larger.shape != (3, scale * crop.shape[0], scale * crop.shape[1]):
            raise self._invalid(f"'x{scale}.onnx' makes a picture of the wrong size.")
        return inner(np.moveaxis(larger, 0, 2), scale * self.halo)

    def turns(self, crop: Floats, scale: int) -> Iterator[Floats]:
        """The eight enlargements of a part, turned and mirrored, back in place (Timofte 2016).

        Their mean is the self-ensemble of "Seven ways to improve example-based single image
        super resolution". Arguments and arrays are those of `enlarge`.
        """
        for quarters, mirrored in TURNS:
            turned = np.rot90(crop[:, ::-1] if mirrored else crop, quarters)
            larger = np.rot90(self.enlarge(turned, scale), -quarters)
            yield larger[:, ::-1] if mirrored else larger

    def upscale(self, rgb: Floats, scale: int) -> Floats:
        """Enlarge a whole picture (height, width, 3) in [0, 1], tile by tile; not clipped."""
        larger = np.empty((scale * rgb.shape[0], scale * rgb.shape[1], 3), np.float32)
        for tile in tiles_of(*rgb.shape[:2]):
            larger[tile.scaled(scale)] = self.enlarge(tile.crop(rgb, self.halo), scale)
        return larger

    def _invalid(self, message: str) -> InvalidAsset:
        name = self.asset.name
        return InvalidAsset(f"In the asset '{name}': {message}", "Fetch or build it again.")

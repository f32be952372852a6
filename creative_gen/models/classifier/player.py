"""The exported classifier: pictures in, names out, with no Keras."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from creative_gen.interface.errors import InvalidAsset
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.values import Label, Labels
from creative_gen.kernels.feed_forward import FeedForward, InvalidNetwork
from creative_gen.measures.picture_features import CLASSIFIER
from creative_gen.models.classifier.config import ClassifierConfig

Floats = NDArray[np.float32]


def config_of(asset: AssetFiles) -> ClassifierConfig:
    """The settings of an asset.

    Raises:
        InvalidAsset: they are not those of a classifier.
    """
    try:
        return ClassifierConfig.model_validate(dict(asset.settings))
    except ValidationError as error:
        raise _invalid(asset, "The settings are not those of a classifier.") from error


class Player:
    """Plays the network of an asset.

    Args:
        asset: AssetFiles. Its settings are those of `ClassifierConfig`.
        threads: int. Defaults to the cores of this process.

    Raises:
        InvalidAsset: the settings or the network are not those of a classifier.
    """

    def __init__(self, asset: AssetFiles, threads: int | None = None) -> None:
        self.asset, self.config = asset, config_of(asset)
        try:
            self.network = FeedForward(asset.read(CLASSIFIER), threads)
        except InvalidNetwork as error:
            raise _invalid(asset, f"'{CLASSIFIER}' cannot be played: {error}.") from error
        if self.network.inputs != ("picture",) or "logits" not in self.network.outputs:
            raise _invalid(asset, f"'{CLASSIFIER}' does not take a picture to logits.")

    def labels(self, picture: Floats) -> Labels:
        """All classes, the likeliest first, of a picture (channels, side, side) as it was framed.

        Raises:
            InvalidAsset: the network has other classes than the settings.
        """
        logits = self.network.run({"picture": picture[None]})["logits"][0].astype(np.float64)
        if logits.shape != (len(self.config.classes),):
            raise _invalid(self.asset, f"'{CLASSIFIER}' has other classes than the card.")
        weights = np.exp(logits - logits.max())
        chances = weights / weights.sum()
        order = np.argsort(-chances, kind="stable")
        return Labels(tuple(Label(self.config.classes[i], float(chances[i])) for i in order))


def _invalid(asset: AssetFiles, message: str) -> InvalidAsset:
    return InvalidAsset(f"In the asset '{asset.name}': {message}", "Fetch or build it again.")

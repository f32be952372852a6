"""What a picture classifier sees in pictures: the space that sets of pictures are compared in.

Heusel et al. (2017) look with Inception, a network of ImageNet; here it is a small classifier of
the same kind of pictures, an asset whose recipe is known. Distances compare with each other alone,
in features of the same asset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.families import AssetFiles
from creative_gen.kernels.feed_forward import FeedForward

CLASSIFIER = "classifier.onnx"
"""The file of an asset that classifies."""
_AT_ONCE = 256

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Seen:
    """What was seen in pictures.

    Args:
        features: float64 (N, D).
        logits: float64 (N, K).
    """

    features: Floats
    logits: Floats

    @property
    def classes(self) -> NDArray[np.int64]:
        """The index (N,) of the likeliest class of each picture."""
        return np.asarray(self.logits.argmax(axis=1), np.int64)


class PictureFeatures:
    """A classifier that is asked what it sees.

    Args:
        network: an asset with the file `classifier.onnx`, or that file's content. Its outputs are
            "logits" and "features".
        threads: int. How many may work. Defaults to the cores of this process.

    Raises:
        InvalidNetwork: the file cannot be played.
    """

    def __init__(self, network: AssetFiles | bytes, threads: int | None = None) -> None:
        content = network if isinstance(network, bytes) else network.read(CLASSIFIER)
        self.network = FeedForward(content, threads)

    def look(self, pictures: Pixels) -> Seen:
        """Look at pictures.

        Args:
            pictures: uint8 (N, side, side, channels), as in `PictureSet`, of the classifier's
                size and channels; one at least.
        """
        starts = range(0, len(pictures), _AT_ONCE)
        values = (network_values(pictures[start : start + _AT_ONCE]) for start in starts)
        seen = [self.network.run({"picture": batch}) for batch in values]
        features, logits = (
            np.concatenate([batch[name] for batch in seen]).astype(np.float64)
            for name in ("features", "logits")
        )
        return Seen(features, logits)

    def features(self, pictures: Pixels) -> Floats:
        """What it sees in pictures, float64 (N, D)."""
        return self.look(pictures).features

    def named(self, pictures: Pixels) -> NDArray[np.int64]:
        """The index (N,) of the class that it takes each picture for."""
        return self.look(pictures).classes


def network_values(pictures: Pixels) -> NDArray[np.float32]:
    """Pictures as networks take them.

    Args:
        pictures: uint8 (N, H, W, C), not premultiplied.

    Returns:
        float32 (N, C, H, W) in [0, 1]; with four channels, colours are premultiplied.
    """
    values = pictures.astype(np.float32) / np.float32(255)
    if values.shape[3] == 4:
        values[..., :3] *= values[..., 3:]
    return np.ascontiguousarray(np.moveaxis(values, 3, 1))

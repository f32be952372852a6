"""The networks of a latent space: vectors to pictures and back, and what pictures show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from creative_gen.interface.errors import InvalidAsset, InvalidRequest
from creative_gen.interface.families import AssetFiles
from creative_gen.kernels.feed_forward import FeedForward, InvalidNetwork
from creative_gen.latent.settings import LatentSettings

Floats = NDArray[np.float32]
Shapes = dict[str, tuple[int, ...]]
"""Those of a row of outputs by name."""

BATCH = 4
"""Rows that a network is given, always as many: so that what a row gives does not depend on how
many there are, whatever kernels a runtime chooses for a size."""


@dataclass(frozen=True)
class Encoded:
    """Where pictures lie.

    Args:
        mean: (N, Z). The likeliest latent vectors.
        deviation: (N, Z). Their standard deviations; where an encoder tells none, by how much its
            last refinement moved them.
    """

    mean: Floats
    deviation: Floats


class LatentPlayer:
    """Plays the networks of an asset, each loaded when it is first asked for.

    Pictures are (N, channels, side, side) in [0, 1], colours of four channels multiplied by alpha.
    Labels are (N, K): a 1 for the class, or any mixture of classes; (N, 0) where there are none.

    Args:
        asset: AssetFiles. Its settings are `LatentSettings`.
        threads: int. Defaults to the cores of this process.

    Raises:
        InvalidAsset: the settings are not those of a latent space.
    """

    def __init__(self, asset: AssetFiles, threads: int | None = None) -> None:
        self.asset, self.threads = asset, threads
        try:
            self.settings = LatentSettings.model_validate(dict(asset.settings))
        except ValidationError as error:
            raise self.invalid("The settings are not those of a latent space.") from error
        self.picture_shape = (self.settings.channels, self.settings.side, self.settings.side)
        self._networks: dict[str, FeedForward] = {}

    @cached_property
    def arrays(self) -> Mapping[str, Any]:
        """The weights by name: directions, landmarks, the prior.

        None are read where there is no encoder: all but directions are made by one.
        """
        known = self.settings.refinements or self.settings.directions
        return self.asset.arrays() if known else {}

    def labels(self, names: Sequence[str | None]) -> Floats:
        """One-hot labels (N, K) of classes; what is of None has zeros only."""
        classes = self.settings.classes
        rows = np.zeros((len(names), len(classes)), np.float32)
        for row, name in zip(rows, names, strict=True):
            if name is not None:
                row[classes.index(name)] = 1
        return rows

    def decode(self, latent: Floats, labels: Floats) -> Floats:
        """The pictures of latent vectors (N, Z)."""
        return np.concatenate([part["picture"] for part in self._decoded(latent, labels)])

    def decoding(self, latent: Floats, labels: Floats) -> Iterator[Floats]:
        """The pictures of latent vectors (N, Z), a few at a time."""
        for part in self._decoded(latent, labels):
            yield part["picture"]

    def encode(self, pictures: Floats, labels: Floats) -> Encoded:
        """The latent vectors of pictures; an encoder that refines them sees what they make.

        Raises:
            InvalidRequest: there is no encoder.
        """
        settings = self.settings
        if not settings.refinements:
            raise InvalidRequest(
                f"The asset '{self.asset.name}' makes pictures, and cannot take any.",
                "Choose another asset, or start from seeds, such as --from '0.5*7 + 0.5*8'.",
            )
        given = {"picture": pictures} | self._label(labels)
        if "made" not in self._network("encoder", {"mean"}).inputs:
            found = self._run("encoder", given, {"mean": (settings.latent,)})
            return Encoded(found["mean"], found.get("deviation", np.zeros_like(found["mean"])))
        latent = np.zeros((len(pictures), settings.latent), np.float32)
        made, moved = np.zeros_like(pictures), latent
        for _ in range(settings.refinements):
            refining = given | {"made": made, "latent": latent}
            found = self._run("encoder", refining, {"mean": (settings.latent,)})
            latent, moved = found["mean"], np.abs(found["mean"] - latent)
            made = self.decode(latent, labels)
        return Encoded(latent, moved)

    def classify(self, pictures: Floats) -> Floats:
        """How probable each class is (N, K); each row adds up to 1."""
        shapes: Shapes = {"logits": (len(self.settings.classes),)}
        logits = self._run("classifier", {"picture": pictures}, shapes)["logits"]
        odds = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)

    def invalid(self, message: str) -> InvalidAsset:
        """The error of an asset that cannot be played."""
        name = self.asset.name
        return InvalidAsset(f"In the asset '{name}': {message}", "Fetch or build it again.")

    def _decoded(self, latent: Floats, labels: Floats) -> Iterator[dict[str, Floats]]:
        given = {"latent": latent} | self._label(labels)
        return self._batches("decoder", given, {"picture": self.picture_shape})

    def _label(self, labels: Floats) -> dict[str, Floats]:
        return {"label": labels} if self.settings.classes else {}

    def _run(self, name: str, inputs: dict[str, Floats], shapes: Shapes) -> dict[str, Floats]:
        parts = list(self._batches(name, inputs, shapes))
        return {output: np.concatenate([part[output] for part in parts]) for output in parts[0]}

    def _batches(
        self, name: str, inputs: dict[str, Floats], shapes: Shapes
    ) -> Iterator[dict[str, Floats]]:
        """The outputs, `BATCH` rows at a time.

        Args:
            name: str. The network's.
            inputs: arrays (N, ...) by name.
            shapes: those of a row of outputs that the network must have, by name.
        """
        network = self._network(name, set(shapes))
        if set(network.inputs) != set(inputs):
            raise self.invalid(f"'{name}.onnx' takes {', '.join(network.inputs)}.")
        count = len(next(iter(inputs.values())))
        for start in range(0, count, BATCH):
            rows = min(count - start, BATCH)
            batch = {key: _filled(values[start : start + rows]) for key, values in inputs.items()}
            outputs = network.run(batch)
            for output, shape in shapes.items():
                if outputs[output].shape != (BATCH, *shape):
                    raise self.invalid(f"'{name}.onnx' gives a {output} of the wrong size.")
            yield {key: values[:rows] for key, values in outputs.items()}

    def _network(self, name: str, outputs: set[str]) -> FeedForward:
        if name not in self._networks:
            file = f"{name}.onnx"
            try:
                network = FeedForward(self.asset.read(file), self.threads)
            except InvalidNetwork as error:
                raise self.invalid(f"'{file}' cannot be played: {error}.") from error
            if not outputs <= set(network.outputs):
                raise self.invalid(f"'{file}' is not a {name}: it gives no {min(outputs)}.")
            self._networks[name] = network
        return self._networks[name]


def _filled(values: Floats) -> Floats:
    """The rows and, up to `BATCH`, zeros."""
    return np.pad(values, [(0, BATCH - len(values)), *[(0, 0)] * (values.ndim - 1)])

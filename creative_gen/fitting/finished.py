"""What a run of training has come to, for its export as an asset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from creative_gen.fitting.checkpoint import STATES, Arrays, seed_of
from creative_gen.interface.errors import CreativeGenError, InvalidRequest
from creative_gen.store.card import CardText

LICENCE = """The weights in this folder are licensed under {licence}.

They were made from the following data:

{data}
"""


class ExportFailed(CreativeGenError):
    """A network cannot become an asset."""

    code = "export_failed"


Config = TypeVar("Config", bound=BaseModel)


@dataclass(frozen=True)
class FinishedRun:
    """The folder of a run that has been validated at least once.

    Raises:
        InvalidRequest: the folder is not one of a run, or the run has not been validated yet.
    """

    folder: Path

    def __post_init__(self) -> None:
        for name in ("config.json", "best.npz", "checkpoint.npz"):
            if not (self.folder / name).is_file():
                raise InvalidRequest(
                    f"'{self.folder}' has no {name}.",
                    "Give the --run folder of creative-gen train.",
                )

    def config(self, kind: type[Config]) -> Config:
        """The settings of the network that was trained."""
        try:
            return kind.model_validate_json((self.folder / "config.json").read_text("utf-8"))
        except ValidationError as error:
            message = f"The run in '{self.folder}' is of another family."
            raise InvalidRequest(message, "Name the family that it was trained as.") from error

    @property
    def best_weights(self) -> Arrays:
        """The weights of the lowest validation loss."""
        with np.load(self.folder / "best.npz", allow_pickle=False) as arrays:
            return dict(arrays)

    @property
    def last_weights(self) -> Arrays:
        """The weights that the run ended with, where validation does not say what is best."""
        with np.load(self.folder / "checkpoint.npz", allow_pickle=False) as arrays:
            kept = {name: array for name, array in arrays.items() if name != "progress"}
        return {name: array for name, array in kept.items() if not name.startswith(STATES)}

    @property
    def averaged_weights(self) -> Arrays:
        """The moving average of the weights that the run ended with, where it kept one.

        Raises:
            InvalidRequest: it kept none, or was cut before the first checkpoint.
        """
        if not (self.folder / "averaged.npz").is_file():
            raise InvalidRequest(
                f"'{self.folder}' has no averaged.npz.", "Go on with the run for some minutes."
            )
        with np.load(self.folder / "averaged.npz", allow_pickle=False) as arrays:
            return dict(arrays)

    @property
    def minutes(self) -> float:
        """How long it was trained."""
        with np.load(self.folder / "checkpoint.npz", allow_pickle=False) as arrays:
            return round(float(arrays["progress"][0]) / 60, 1)

    @property
    def seed(self) -> int | None:
        """The seed it began with, if that is noted."""
        return seed_of(self.folder)


def recipe_card(card: CardText | None, recipe: Path) -> CardText:
    """The card's text of a recipe.

    Raises:
        InvalidRequest: the recipe has none.
    """
    if card is None:
        raise InvalidRequest(
            f"The recipe {recipe} does not say what the card is to say.",
            "Add a [card] with title, description, version, licence and [[card.data]].",
        )
    return card


def licence_text(card: CardText) -> str:
    """What goes into an asset's LICENSE."""
    lines = [f"- {one.name}: {one.licence}. {one.attribution.rstrip('.')}." for one in card.data]
    return LICENCE.format(licence=card.licence, data="\n".join(lines))

"""What the options of a task are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MAX_SEED = 2**32 - 1


class Options(BaseModel):
    """Base of every task's options. A field has a type, a default, bounds and a description.

    A family may add options of its own by deriving from the task's class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def check(self, inputs: Mapping[str, Any]) -> None:
        """Refuse what no field can refuse alone: what does not fit the other options or the inputs.

        Args:
            inputs: the task's inputs by name, each of the declared medium.

        Raises:
            InvalidRequest: with the sentence and the fix.
        """


class SeededOptions(Options):
    """Options of a task that draws at random."""

    seed: int | None = Field(
        None,
        ge=0,
        le=MAX_SEED,
        description="The same seed gives the same result. Drawn at random, and told, by default.",
    )

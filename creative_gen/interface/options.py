"""What the options of a task are made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

MAX_SEED = 2**32 - 1


class Options(BaseModel):
    """Base of every task's options. A field has a type, a default, bounds and a description.

    A family may add options of its own by deriving from the task's class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


class SeededOptions(Options):
    """Options of a task that draws at random."""

    seed: int | None = Field(
        None,
        ge=0,
        le=MAX_SEED,
        description="The same seed gives the same result. Drawn at random, and told, by default.",
    )

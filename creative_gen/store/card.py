"""An asset's card: what the model is, what it learnt from, and how good it is."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from creative_gen.interface.errors import InvalidAsset

CARD = "card.toml"
MAX_CARD_BYTES = 1 << 20

FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A file in the asset's own folder."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DataSource(_Part):
    """Data the model learnt from."""

    name: str
    licence: str
    attribution: str
    url: str = ""
    used: str = Field("", description="How much of it, and what for.")


class Training(_Part):
    """How the model was made."""

    command: str
    seed: int | None = None
    minutes: float | None = None
    note: str = ""


class CardText(_Part):
    """What a person has to say of an asset; a training recipe says it."""

    title: str
    description: str
    version: str
    licence: str = Field(description="Of the weights, as an SPDX expression.")
    first_for: tuple[str, ...] = Field(
        (), description="Tasks it is chosen for when nothing is said of what it is to be about."
    )
    data: tuple[DataSource, ...]


class Category(_Part):
    """A class the asset knows."""

    name: str
    offered: bool = Field(True, description="Whether its drawings were found recognisable.")
    figures: dict[str, float] = {}


class Card(CardText):
    """The content of `card.toml`."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    family: str
    tasks: tuple[str, ...] = Field(min_length=1)
    training: Training
    settings: dict[str, Any] = {}
    categories: tuple[Category, ...] = ()
    metrics: dict[str, Any] = {}
    files: dict[FileName, Sha256] = Field(
        description="SHA-256 of every file that shapes the results."
    )


def read_card(path: Path) -> Card:
    """Read and check a card; one that was read before only if it has been written since.

    Raises:
        InvalidAsset: it is missing, malformed, or names a file outside its folder.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise _invalid(path, f"cannot be read: {error.strerror}") from error
    if found.st_size > MAX_CARD_BYTES:
        raise _invalid(path, "is too large to be one")
    return _read_card(path, (found.st_ino, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=256)
def _read_card(path: Path, version: tuple[int, ...]) -> Card:
    """Read and check what a card is in one version. A server reads all cards for every job."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _invalid(path, f"cannot be read: {error.strerror}") from error
    except (RecursionError, ValueError) as error:
        raise _invalid(path, f"is not TOML: {error}") from error
    try:
        return Card.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _invalid(path, f"is malformed at '{where}': {first['msg']}") from error


def _invalid(path: Path, fault: str) -> InvalidAsset:
    return InvalidAsset(f"The card {path} {fault}.", "Fetch or build the asset again.")


def card_toml(card: Card) -> str:
    """The text of a card's file."""
    # Here, because only making an asset needs it.
    import tomli_w

    return tomli_w.dumps(card.model_dump(mode="json", exclude_none=True, exclude_defaults=True))

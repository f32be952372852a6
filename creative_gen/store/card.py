"""An asset's card: what the model is, what it learnt from, and how good it is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from creative_gen.interface.errors import InvalidAsset

CARD = "card.toml"
MAX_CARD_BYTES = 1 << 20
_SHA256 = r"^[0-9a-f]{64}$"
_FILE = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


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


class Category(_Part):
    """A class the asset knows."""

    name: str
    offered: bool = Field(True, description="Whether its drawings were found recognisable.")
    figures: dict[str, float] = {}


class Card(_Part):
    """The content of `card.toml`."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    family: str
    title: str
    description: str
    version: str
    licence: str = Field(description="Of the weights, as an SPDX expression.")
    tasks: tuple[str, ...] = Field(min_length=1)
    data: tuple[DataSource, ...]
    training: Training
    settings: dict[str, Any] = {}
    categories: tuple[Category, ...] = ()
    metrics: dict[str, Any] = {}
    files: dict[str, str] = Field(description="SHA-256 of every file that shapes the results.")


def read_card(path: Path) -> Card:
    """Read and check a card.

    Raises:
        InvalidAsset: it is missing, malformed, or names a file outside its folder.
    """
    hint = "Fetch or build the asset again."
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise InvalidAsset(f"The card {path} is too large to be one.", hint)
        card = Card.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise InvalidAsset(f"The card {path} cannot be read: {error.strerror}.", hint) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidAsset(f"The card {path} is not TOML: {error}.", hint) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidAsset(f"The card {path} is malformed at '{where}': {first['msg']}.", hint)
    _check_files(card, path)
    return card


def _check_files(card: Card, path: Path) -> None:
    for name, digest in card.files.items():
        if not re.match(_FILE, name) or not re.match(_SHA256, digest):
            raise InvalidAsset(
                f"The card {path} lists '{name}' with a name or hash that is not one.",
                "Fetch or build the asset again.",
            )


def card_toml(card: Card) -> str:
    """The text of a card's file."""
    # Here, because only making an asset needs it.
    import tomli_w

    return tomli_w.dumps(card.model_dump(mode="json", exclude_none=True, exclude_defaults=True))

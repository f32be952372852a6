"""A trained model on disk, checked before it is used."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from creative_gen.interface.errors import InvalidAsset
from creative_gen.store.card import CARD, Card, read_card

WEIGHTS = "weights.safetensors"


class Asset:
    """A folder with a card and the files that the card lists.

    Args:
        folder: Path. Its card is read at once, its other files when they are asked for.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card: Card = read_card(folder / CARD)

    @property
    def name(self) -> str:
        """The name that commands take."""
        return self.card.name

    @property
    def settings(self) -> Mapping[str, Any]:
        """The network's configuration."""
        return self.card.settings

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories whose drawings are recognisable."""
        return tuple(category.name for category in self.card.categories if category.offered)

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions of its latent space that have a name, such as "smile"; often none."""
        told = self.card.settings.get("directions")
        # Settings are the family's: another's may mean something else by that name.
        names = told if isinstance(told, list | tuple) else ()
        return tuple(name for name in names if isinstance(name, str))

    @property
    def licence(self) -> str:
        """The licences of the data it learnt from."""
        return "; ".join(dict.fromkeys(source.licence for source in self.card.data))

    @property
    def size(self) -> int:
        """Bytes of all listed files; those that are missing count nothing."""
        files = (self.folder / name for name in self.card.files)
        return sum(file.stat().st_size for file in files if file.is_file())

    @cached_property
    def sha256(self) -> str:
        """Hash of what shapes its results: family, settings, categories and the files' hashes."""
        card = self.card
        shaping = [card.family, card.settings, self.categories, card.files]
        return hashlib.sha256(json.dumps(shaping, sort_keys=True, default=str).encode()).hexdigest()

    def read(self, name: str) -> bytes:
        """A listed file, checked against the card.

        Raises:
            InvalidAsset: it is not listed, cannot be read, or is not what the card says.
        """
        expected = self.card.files.get(name)
        hint = f"Fetch or build the asset '{self.name}' again."
        if expected is None:
            raise InvalidAsset(f"The asset '{self.name}' lists no file '{name}'.", hint)
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            message = f"'{name}' of the asset '{self.name}' cannot be read: {error.strerror}."
            raise InvalidAsset(message, hint) from error
        if hashlib.sha256(content).hexdigest() != expected:
            raise InvalidAsset(
                f"'{name}' of the asset '{self.name}' is not the file that its card names.", hint
            )
        return content

    def arrays(self) -> dict[str, Any]:
        """The weights by name, NumPy arrays. Loading them runs no code from the file.

        Raises:
            InvalidAsset: the file cannot be read, is not the card's, or is not safetensors.
        """
        # Here, because a card can be read without NumPy.
        from safetensors import SafetensorError
        from safetensors.numpy import load

        content = self.read(WEIGHTS)
        try:
            return load(content)
        # A KeyError is what it raises for a kind of number that NumPy does not have.
        except (SafetensorError, KeyError) as error:
            raise InvalidAsset(
                f"The weights of the asset '{self.name}' are not safetensors that can be read.",
                f"Fetch or build the asset '{self.name}' again.",
            ) from error


def is_asset_name(name: str) -> bool:
    """Whether an asset may have that name."""
    return re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) is not None

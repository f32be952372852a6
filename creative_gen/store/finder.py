"""Where assets are, and which there are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from creative_gen.interface.errors import InvalidAsset, UnknownAsset
from creative_gen.store.asset import Asset
from creative_gen.store.card import CARD
from creative_gen.store.locations import builtin_assets, system_data

VARIABLE = "CREATIVE_GEN_ASSETS"


def user_assets() -> Path:
    """Where this user's own assets are: $CREATIVE_GEN_ASSETS, or in the system's data folder.

    $CREATIVE_GEN_DATA does not move them: it is for what the server and the tools write.
    """
    named = os.environ.get(VARIABLE)
    return Path(named) if named else system_data() / "assets"


def asset_folders() -> Iterator[Path]:
    """Every folder with a card: the user's first, so that they can replace shipped ones."""
    for root in (user_assets(), builtin_assets()):
        if root.is_dir():
            yield from sorted(folder.parent for folder in root.glob(f"*/{CARD}"))


def find_assets() -> dict[str, Path]:
    """The folder of each asset by name, which is the folder's name. No card is read."""
    folders: dict[str, Path] = {}
    for folder in asset_folders():
        folders.setdefault(folder.name, folder)
    return folders


def find_asset(name: str) -> Asset:
    """The asset of that name.

    Raises:
        UnknownAsset: there is none.
        InvalidAsset: its card is malformed, or is that of another asset.
    """
    folders = find_assets()
    if name not in folders:
        known = ", ".join(folders) or "none"
        raise UnknownAsset(
            f"There is no asset '{name}'.", f"See: creative-gen assets list. Installed: {known}."
        )
    return asset_in(folders[name])


def asset_in(folder: Path) -> Asset:
    """The asset in a folder, which has its name.

    Raises:
        InvalidAsset: its card is malformed, or is that of another asset.
    """
    asset = Asset(folder)
    if asset.name != folder.name:
        raise InvalidAsset(
            f"The asset in {folder} is named '{asset.name}' by its card.",
            f"Rename the folder to '{asset.name}'.",
        )
    return asset

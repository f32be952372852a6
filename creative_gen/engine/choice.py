"""Chooses the asset for a request that names none, and refuses what no asset knows."""

from __future__ import annotations

from collections.abc import Sequence

from creative_gen.interface.errors import InvalidRequest
from creative_gen.store.asset import Asset


def best_asset(assets: Sequence[Asset], task: str, category: str | None) -> Asset | None:
    """The asset for a category, or for any.

    One that offers the category comes first, then one that was trained on it, then a model of
    one thing that is named after it ("alarm-clock" for "alarm clock"). Among equals, the asset
    whose card says that it is the first for the task, then the one that offers the most
    categories, then the one that knows the most, then the first by name.
    """
    return min(assets, key=lambda asset: _rank(asset, task, category), default=None)


def knows(asset: Asset, category: str) -> bool:
    """Whether an asset may be asked for a category.

    One without categories, such as a model of one thing, may take a name: its family decides.
    """
    return not _known(asset) or category in _known(asset)


def unknown_category(category: str, chosen: Asset, assets: Sequence[Asset]) -> InvalidRequest:
    """The error for a category that the chosen asset does not know; what all of them know."""
    told = [f"It knows {', '.join(_known(chosen))}."]
    for asset in assets:
        if asset.name != chosen.name and _known(asset):
            told.append(f"'{asset.name}' knows {', '.join(_known(asset))}.")
    message = f"The asset '{chosen.name}' does not know '{category}'."
    return InvalidRequest(message, " ".join(told))


def _known(asset: Asset) -> list[str]:
    """The categories that it was trained on, those among them that are not offered too."""
    return [category.name for category in asset.card.categories]


def _rank(asset: Asset, task: str, category: str | None) -> tuple[int, bool, int, int, str]:
    knows = (
        category in asset.categories,
        category in _known(asset),
        category is not None and asset.name == category.replace(" ", "-"),
        True,
    )
    counts = -len(asset.categories), -len(asset.card.categories)
    return knows.index(True), task not in asset.card.first_for, *counts, asset.name

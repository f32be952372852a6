"""Chooses the asset for a request that names none."""

from __future__ import annotations

from collections.abc import Sequence

from creative_gen.store.asset import Asset


def best_asset(assets: Sequence[Asset], category: str | None) -> Asset | None:
    """The asset for a category, or for any.

    One that offers the category comes first, then one that was trained on it, then a model of
    one thing that is named after it ("alarm-clock" for "alarm clock"). Among equals, the asset
    that offers the most categories, then the one that knows the most, then the first by name.
    """
    return min(assets, key=lambda asset: _rank(asset, category), default=None)


def _rank(asset: Asset, category: str | None) -> tuple[int, int, int, str]:
    knows = (
        category in asset.categories,
        category in [known.name for known in asset.card.categories],
        category is not None and asset.name == category.replace(" ", "-"),
        True,
    )
    counts = -len(asset.categories), -len(asset.card.categories)
    return knows.index(True), *counts, asset.name

"""What can be asked for, as the worker tells it."""

from __future__ import annotations

from typing import Any

from creative_gen.engine.engine import Engine
from creative_gen.interface.tasks import TASKS
from creative_gen.interface.wire import capability
from creative_gen.store.asset import Asset


def described(engine: Engine) -> dict[str, Any]:
    """The tasks that some asset does, and the assets, as in docs/wire.md."""
    assets: dict[str, Asset] = {}
    tasks = []
    for task in TASKS.values():
        found = engine.assets_for(task)
        assets |= {asset.name: asset for asset in found}
        own = {asset.name: engine.options_of(task, asset) for asset in found}
        if found:
            tasks.append(capability(task, task.options, own))
    return {"tasks": tasks, "assets": [_asset(one) for _, one in sorted(assets.items())]}


def _asset(asset: Asset) -> dict[str, Any]:
    card = asset.card
    return {
        "name": asset.name,
        "title": card.title,
        "description": card.description,
        "family": card.family,
        "tasks": list(card.tasks),
        "categories": list(asset.categories),
        "directions": list(asset.directions),
        "data_licence": asset.licence,
        "bytes": asset.size,
    }

"""Makes an asset of a training run: weights, settings, and a card with measured quality."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from safetensors.numpy import save

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import Exported, Family
from creative_gen.interface.jobs import Progress
from creative_gen.media.atomic import write_files
from creative_gen.store.asset import WEIGHTS, Asset, is_asset_name
from creative_gen.store.card import CARD, Card, Training, card_toml

Figures = dict[str, Any]


def asset_files(
    family: Family,
    exported: Exported,
    name: str,
    command: str,
    data: Sequence[Path],
    note: str = "",
) -> Iterator[Progress | dict[str, bytes]]:
    """Measure an exported network and write its card.

    Args:
        family: Family. What the network is.
        exported: Exported. The network and what is known of it.
        name: str. The asset's name.
        command: str. The command that trained it, for the card.
        data: what to measure it on; a category's figures are those of the first that has it.
        note: str. What else is to be known of the training.

    Yields:
        `Progress`, and at last the asset's files by name.

    Raises:
        InvalidRequest: the name cannot be one of an asset.
    """
    if not is_asset_name(name):
        raise InvalidRequest(
            f"'{name}' cannot be the name of an asset.", "Use small letters, digits and hyphens."
        )
    shaping = dict(exported.networks)
    if exported.weights:
        shaping[WEIGHTS] = save(dict(exported.weights))
    card = _card(
        family,
        exported,
        name,
        Training(command=command, seed=exported.seed, minutes=exported.minutes, note=note),
        shaping,
    )
    files = shaping | {"LICENSE": exported.licence_text.encode()}
    measured: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), files | {CARD: card_toml(card).encode()})
        asset = Asset(Path(folder))
        for index, path in enumerate(data):
            yield Progress(index / len(data))
            measured[_title(path)] = _figures(family, asset, path)
    yield files | {CARD: card_toml(with_figures(card, measured)).encode()}


def with_figures(card: Card, measured: Mapping[str, Figures]) -> Card:
    """The card with what was measured, by the name of the data, and the categories it offers."""
    by_category: dict[str, dict[str, float]] = {}
    offered: dict[str, bool] = {}
    for figures in measured.values():
        by_category = figures["categories"] | by_category
        offered = figures["offered"] | offered
    categories = tuple(
        category.model_copy(
            update={
                "figures": by_category.get(category.name, {}),
                "offered": offered.get(category.name, False),
            }
        )
        for category in card.categories
    )
    means = {source: figures["mean"] for source, figures in measured.items()}
    return card.model_copy(update={"categories": categories, "metrics": means})


def _card(
    family: Family,
    exported: Exported,
    name: str,
    training: Training,
    shaping: Mapping[str, bytes],
) -> Card:
    return Card.model_validate(
        exported.card.model_dump()
        | {
            "name": name,
            "family": family.name,
            "tasks": exported.tasks,
            "settings": exported.settings,
            "categories": [{"name": category} for category in exported.categories],
            "training": training,
            "files": {name: hashlib.sha256(file).hexdigest() for name, file in shaping.items()},
        }
    )


def _title(data: Path) -> str:
    """What the card calls data: a folder's name, or a file's with that of its folder."""
    path = data.resolve()
    return path.name if path.is_dir() else f"{path.parent.name}/{path.name}"


def _figures(family: Family, asset: Asset, data: Path) -> Figures:
    if family.evaluation is None:
        raise InvalidRequest(f"{family.name} has no measure.", "Leave --data out.")
    *_, figures = family.evaluation.load()(asset, data)
    return dict(figures)

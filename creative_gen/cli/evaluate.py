"""`creative-gen evaluate`: measure an asset on data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from creative_gen.cli.progress import progress_bar
from creative_gen.engine.registry import Registry
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.jobs import Progress
from creative_gen.interface.wire import dumped
from creative_gen.store.finder import find_asset


@click.command()
@click.argument("asset")
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(asset: str, data: Path, as_json: bool) -> None:
    """Measure ASSET on DATA that it has not learnt from."""
    figures = measured(asset, data)
    if as_json:
        click.echo(dumped(figures), nl=False)
        return
    names = list(next(iter(figures["categories"].values())))
    click.echo(f"{'':18}" + "".join(f"{name[-14:]:>16}" for name in names))
    for category, values in figures["categories"].items():
        click.echo(f"{category:18}" + "".join(f"{values[name]:16.3f}" for name in names))


def measured(name: str, data: Path) -> dict[str, Any]:
    """The figures of an asset on data."""
    asset = find_asset(name)
    family = Registry().family(asset.card.family)
    if family.evaluation is None:
        raise InvalidRequest(f"{family.name} has no measure.", "Choose another asset.")
    figures: dict[str, Any] = {}
    with progress_bar(f"Measuring {name}") as bar:
        for step in family.evaluation.load()(asset, data):
            if isinstance(step, Progress):
                bar(step.fraction)
            else:
                figures = step
    return figures

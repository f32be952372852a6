"""`creative-gen evaluate`: measure an asset on data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    for line in _lines(figures):
        click.echo(line)


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


def _lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """Figures by name, a line each; groups of the same figures as a table, a row each."""
    for name, value in figures.items():
        if not isinstance(value, Mapping):
            yield f"{name:42}{value}"
        elif value and all(isinstance(row, Mapping) for row in value.values()):
            yield from _table(name, value)
        else:
            yield from _lines({f"{name} {key}": figure for key, figure in value.items()})


def _table(name: str, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    width = max(map(len, (name, *rows))) + 2
    yield f"{name:{width}}" + "  ".join(columns)
    for key, row in rows.items():
        yield f"{key:{width}}" + "  ".join(f"{row.get(one, '')!s:>{len(one)}}" for one in columns)

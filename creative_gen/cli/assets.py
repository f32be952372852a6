"""`creative-gen assets`: list, explain and import trained models."""

from __future__ import annotations

from pathlib import Path

import click

from creative_gen.engine.registry import Registry
from creative_gen.interface.errors import CreativeGenError
from creative_gen.interface.wire import dumped
from creative_gen.store.finder import find_asset, find_assets, user_assets


@click.group()
def assets() -> None:
    """List, explain and import trained models."""


@assets.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_assets(as_json: bool) -> None:
    """List the installed assets."""
    registry = Registry()
    rows = [_row(name, registry) for name in sorted(find_assets())]
    if as_json:
        click.echo(dumped(rows), nl=False)
        return
    for row in rows:
        click.echo(f"{row['name']:24}{row['state']:8}{row['title']}")
    if not rows:
        click.echo("There are no assets. Import one: creative-gen assets import FILE")


@assets.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the whole card as JSON.")
def info(name: str, as_json: bool) -> None:
    """Explain the asset NAME: its tasks, its data and licence, its measured quality."""
    asset = find_asset(name)
    if as_json:
        click.echo(dumped(asset.card.model_dump() | {"sha256": asset.sha256}), nl=False)
        return
    card = asset.card
    click.echo(f"{card.title} ({card.name} {card.version}, {asset.size / 1e6:.1f} MB)")
    click.echo(f"\n{card.description}\n\nTasks:      {', '.join(card.tasks)}")
    if asset.categories:
        click.echo(f"Categories: {', '.join(asset.categories)}")
    click.echo(f"Weights:    {card.licence}\nTrained on:")
    for source in card.data:
        click.echo(f"  {source.name}: {source.licence}. {source.attribution}")
    click.echo(f"Made with:  {card.training.command}\nHash:       {asset.sha256}")


@assets.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", help="The asset's name.  [default: the model's own]")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of assets.  [default: your own, see docs/assets.md]",
)
@click.option("--licence", default="unknown", help="The licence of the weights, if you know it.")
@click.option("--replace", is_flag=True, help="Replace an asset of the same name.")
def import_asset(
    file: Path, name: str | None, into: Path | None, licence: str, replace: bool
) -> None:
    """Import a published sketch-rnn-js model (.gen.json or .vae.json, also .gz) as an asset."""
    # Here, because `assets list` needs no NumPy.
    from creative_gen.cli.output import asset_folder, write_result
    from creative_gen.interop.sketch_rnn_asset import imported_files

    asset_name, files = imported_files(file, name, licence)
    folder = asset_folder(into or user_assets(), asset_name, replace)
    write_result(folder, files)
    click.echo(f"Imported '{asset_name}' into {folder}.")


def _row(name: str, registry: Registry) -> dict[str, object]:
    """What the list says of an asset; a broken one is listed with what is wrong."""
    try:
        asset = find_asset(name)
        registry.family(asset.card.family)
        for file in asset.card.files:
            asset.read(file)
    except CreativeGenError as error:
        return {"name": name, "state": "broken", "title": error.message, "tasks": []}
    card = asset.card
    return {
        "name": name,
        "state": "ready",
        "title": card.title,
        "tasks": list(card.tasks),
        "licence": asset.licence,
        "bytes": asset.size,
        "sha256": asset.sha256,
    }

"""`creative-gen export`: make an asset of a training run."""

from __future__ import annotations

from pathlib import Path

import click

from creative_gen.cli.output import asset_folder, write_result
from creative_gen.cli.progress import progress_bar
from creative_gen.engine.registry import Registry
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.jobs import Progress
from creative_gen.store.finder import user_assets
from creative_gen.training.export import asset_files


@click.command()
@click.argument("family")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
)
@click.option("--name", required=True, help="The asset's name.")
@click.option(
    "--data",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="What to measure it on, for the card. May be given more than once.",
)
@click.option(
    "--train-data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The --data of the training: fits what a new drawing of each category may look like.",
)
@click.option("--command", default="", help="The training command that the card names.")
@click.option("--note", default="", help="What else the card says of the training.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of assets.  [default: your own, see docs/assets.md]",
)
@click.option("--replace", is_flag=True, help="Replace an asset of the same name.")
def export(
    family: str,
    run: Path,
    recipe: Path,
    name: str,
    data: tuple[Path, ...],
    train_data: Path | None,
    command: str,
    note: str,
    into: Path | None,
    replace: bool,
) -> None:
    """Make an asset of the training run RUN of a model of FAMILY, and measure it."""
    chosen = Registry().family(family)
    if chosen.export is None:
        raise InvalidRequest(f"{family} cannot be exported.", "Choose another family.")
    folder = asset_folder(into or user_assets(), name, replace)
    exported = chosen.export.load()(recipe, run, train_data)
    with progress_bar(f"Measuring {name}") as bar:
        for step in asset_files(chosen, exported, name, command, data, note):
            if isinstance(step, Progress):
                bar(step.fraction)
            else:
                write_result(folder, step)
    click.echo(f"Exported '{name}' into {folder}.")

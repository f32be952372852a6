"""`creative-gen tasks`: what can be asked for."""

from __future__ import annotations

import click

from creative_gen.engine.engine import Engine
from creative_gen.interface.tasks import TASKS
from creative_gen.interface.wire import capability, dumped


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print inputs, options and assets as JSON.")
def tasks(as_json: bool) -> None:
    """List what can be asked for, and which assets do it."""
    engine = Engine()
    found = {
        task: {asset.name: engine.options_of(task, asset) for asset in engine.assets_for(task)}
        for task in TASKS.values()
    }
    if as_json:
        document = {
            "tasks": [capability(task, task.options, assets) for task, assets in found.items()]
        }
        click.echo(dumped(document), nl=False)
        return
    for task, assets in found.items():
        click.echo(f"{task.name:20}{task.summary}\n{'':20}assets: {', '.join(assets) or 'none'}")

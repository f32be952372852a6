"""`creative-gen serve`: the local server that tools and the studio ask."""

from __future__ import annotations

import os
import webbrowser

import click

from creative_gen.interface.tasks import task_named

TOKEN = "CREATIVE_GEN_TOKEN"
WARM = "sketch.complete,image.colorize,image.upscale,audio.render"
MEGABYTE = 1 << 20


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.  [default: 0]"
)
@click.option("--open", "opens", is_flag=True, help="Open the studio in the browser.")
@click.option(
    "--memory",
    type=click.IntRange(min=256),
    default=1536,
    help="Megabytes that models may take together; those used longest ago are forgotten, but one "
    "is always kept.  [default: 1536]",
)
@click.option(
    "--history-size",
    type=click.IntRange(min=16),
    default=2048,
    help="Megabytes of what was made that are kept; the oldest goes first.  [default: 2048]",
)
@click.option(
    "--warm",
    default=WARM,
    help=f"Tasks whose models are loaded at once, with commas; none for none.  [default: {WARM}]",
)
@click.option("--token", default="", help="What clients have to show.  [default: a new one]")
def serve(port: int, opens: bool, memory: int, history_size: int, warm: str, token: str) -> None:
    """Serve tools and the studio, on this machine only, until Ctrl-C."""
    names = [name.strip() for name in warm.split(",") if name.strip()] if warm != "none" else []
    tasks = tuple(task_named(name).name for name in names)
    # Here, because the web framework is loaded.
    from creative_gen.server.limits import Limits
    from creative_gen.server.serving import Settings
    from creative_gen.server.serving import serve as run

    limits = Limits(memory_bytes=memory * MEGABYTE, history_bytes=history_size * MEGABYTE)
    token = token or os.environ.get(TOKEN, "")

    def tell(address: str) -> None:
        click.echo(f"The studio is at {address}\nCtrl-C stops the server.")
        if opens:
            webbrowser.open(address)

    run(Settings(port, token, tasks, limits), tell)
    click.echo("Stopped.")

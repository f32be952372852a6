"""`creative-gen plugins`: put the plugins where artists' tools look for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from creative_gen import __version__
from creative_gen.interface.wire import dumped
from creative_gen.tools.finding import Finding
from creative_gen.tools.installing import Done, install, uninstall
from creative_gen.tools.plugin import find_plugin, find_plugins
from creative_gen.tools.plugin_health import check_plugin
from creative_gen.tools.record import read_record
from creative_gen.tools.server_health import check_disk, check_models, check_server

_SIGNS = {"ok": "ok", "note": "--", "broken": "!!"}


@click.group()
def plugins() -> None:
    """Put the plugins where artists' tools look for them."""


@plugins.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_plugins(as_json: bool) -> None:
    """List the tools that there are plugins for."""
    rows = []
    for name, plugin in find_plugins().items():
        record = read_record(name)
        rows.append(
            {
                "name": name,
                "title": plugin.description.title,
                "summary": plugin.description.summary,
                "installed": record.version if record else None,
                "folders": [str(folder) for folder in record.targets] if record else [],
            }
        )
    if as_json:
        click.echo(dumped(rows), nl=False)
        return
    for row in rows:
        state = "installed" if row["installed"] else "-"
        click.echo(f"{row['name']:12}{state:12}{row['title']}: {row['summary']}")


@plugins.command("install")
@click.argument("tool")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="The tool's folder, where it is not a usual one.",
)
def install_plugin(tool: str, folder: Path | None) -> None:
    """Install the plugin for TOOL, or bring it up to date."""
    plugin = find_plugin(tool)
    _say(install(plugin, __version__, folder))
    if plugin.description.afterwards:
        click.echo(plugin.description.afterwards)


@plugins.command("uninstall")
@click.argument("tool")
def uninstall_plugin(tool: str) -> None:
    """Take away what `install` wrote for TOOL, and set back what it switched on."""
    _say(uninstall(find_plugin(tool)))


@plugins.command()
@click.argument("tool", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(tool: str | None, as_json: bool) -> int:
    """Find out why something does not work, and how to mend it; of TOOL alone, or of all."""
    findings = list(_findings(tool))
    if as_json:
        click.echo(dumped([asdict(finding) for finding in findings]), nl=False)
    else:
        for finding in findings:
            fix = f" {finding.fix}" if finding.fix else ""
            click.echo(f"{_SIGNS[finding.state]} {finding.check}: {finding.message}{fix}")
    return int(any(finding.state == "broken" for finding in findings))


def _findings(tool: str | None) -> Iterator[Finding]:
    chosen = [find_plugin(tool)] if tool else list(find_plugins().values())
    yield from check_disk()
    yield from check_models()
    yield from check_server(__version__)
    for plugin in chosen:
        yield from check_plugin(plugin)


def _say(done: Done) -> None:
    for sentence in done.said:
        click.echo(sentence)
    for path in done.kept:
        click.echo(f"Kept '{path}', because creative_gen did not write it so.")

"""Whether the server can be reached, and what it can do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from creative_gen.interface.errors import CreativeGenError
from creative_gen.interface.tasks import TASKS
from creative_gen.store.finder import find_asset, find_assets
from creative_gen.store.locations import DATA
from creative_gen.tools.client import client_module
from creative_gen.tools.finding import Finding
from creative_gen.tools.record import records_folder

ROOM = 500_000_000
"""Bytes that should be free for the history and results."""


def check_server(version: str) -> Iterator[Finding]:
    """Look at the server as a plugin does: its file, its token, its version, a job.

    Args:
        version: str. Of this creative_gen.
    """
    module = client_module()
    try:
        with module.connect("doctor") as client:
            health = client.health()
            yield from _check_version(health, version)
            capabilities = client.capabilities()
            yield Finding("server", "ok", f"The server answers at {client.server['url']}.")
            yield _check_worker(client, capabilities)
    except module.CreativeGenError as error:
        stopped = error.code == "server_not_running"
        yield Finding("server", "note" if stopped else "broken", error.message, error.hint)


def check_models() -> Iterator[Finding]:
    """Look at the installed assets: whether each can be read, and which tasks have none."""
    tasks: set[str] = set()
    names = sorted(find_assets())
    for name in names:
        try:
            asset = find_asset(name)
            for file in asset.card.files:
                asset.read(file)
            tasks |= set(asset.card.tasks)
        except CreativeGenError as error:
            yield Finding("models", "broken", f"Asset '{name}': {error.message}", error.hint)
    without = [task for task in TASKS if task not in tasks]
    if without:
        yield Finding(
            "models",
            "note",
            f"There is no model for {', '.join(without)}.",
            "See docs/assets.md and docs/training.md for how to get one.",
        )
    if tasks:
        done = len(set(TASKS) & tasks)
        yield Finding("models", "ok", f"{len(names)} models for {done} of {len(TASKS)} tasks.")


def check_disk() -> Iterator[Finding]:
    """Look at the folders that the server writes: rights, and room for results."""
    module = client_module()
    for folder in (Path(module.runtime_folder()), records_folder().parent):
        yield _check_folder(folder)
    there = _existing(records_folder().parent)
    free = shutil.disk_usage(there).free
    if free < ROOM:
        yield Finding(
            "disk",
            "broken",
            f"Only {free / 1e6:.0f} MB are free where results are kept, '{there}'.",
            f"Make room, or name another disk with {DATA}.",
        )
    else:
        yield Finding("disk", "ok", f"{free / 1e9:.1f} GB are free for results.")


def _check_version(health: dict[str, Any], version: str) -> Iterator[Finding]:
    if health["version"] != version:
        yield Finding(
            "server",
            "broken",
            f"The running server is creative_gen {health['version']}, this is {version}.",
            "Stop it, and start it again: creative-gen serve",
        )


def _check_worker(client: Any, capabilities: dict[str, Any]) -> Finding:
    """Have the smallest job made: it shows that the worker process runs."""
    made = {"sketch.generate": {"count": 1, "tries": 1}, "image.generate": {"count": 1}}
    there = {task["name"] for task in capabilities["tasks"] if task["assets"]}
    task = next((task for task in made if task in there), None)
    if task is None:
        return Finding("worker", "note", "There is no model to try a job with.")
    try:
        client.submit(task, options=made[task]).result(60)
    except client_module().CreativeGenError as error:
        return Finding("worker", "broken", f"A job failed: {error.message}", error.hint)
    return Finding("worker", "ok", f"A job was made ({task}).")


def _check_folder(folder: Path) -> Finding:
    there = _existing(folder)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Finding("folders", "ok", f"'{folder}' can be written.")
    return Finding(
        "folders",
        "broken",
        f"'{folder}' cannot be written.",
        f"Make '{there}' a folder of your own: chown and chmod u+rwx.",
    )


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that there is."""
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())

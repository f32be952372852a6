"""Writes the results of a command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from creative_gen.interface.errors import InvalidRequest, OutputFailed
from creative_gen.media.atomic import write_files
from creative_gen.store.card import CARD

if TYPE_CHECKING:
    from creative_gen.interface.jobs import Result

MANIFEST = "manifest.json"
"""In a folder of results: what they are of, and which files were written."""


def write_result(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files or none.

    Raises:
        OutputFailed: the folder cannot be written.
    """
    with writing_to(folder):
        write_files(folder, files)


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn what the system says while a folder is written into an error that names it."""
    try:
        yield
    except OSError as error:
        raise OutputFailed(
            f"Nothing was written to '{folder}': {error.strerror or error}.",
            "Choose a folder that you may write to.",
        ) from error


def said_of(result: Result) -> list[str]:
    """What the model says of a result in words, and how to make it again; lines."""
    said: dict[str, dict[str, None]] = {}
    for output in result.outputs:
        for name, detail in output.details.items():
            if isinstance(detail, str):
                said.setdefault(name.replace("_", " ").capitalize(), {})[detail] = None
    lines = [f"{name}: {', '.join(details)}" for name, details in said.items()]
    seed = result.options.get("seed")
    begin = "Asset" if seed is None else f"Seed {seed}, asset"
    return [*lines, f"{begin} '{result.asset}'."]


def asset_folder(root: Path, name: str, replace: bool) -> Path:
    """The folder for an asset.

    Raises:
        InvalidRequest: there is an asset already, and it is not to be replaced.
    """
    folder = root / name
    if (folder / CARD).exists() and not replace:
        raise InvalidRequest(
            f"There is an asset in '{folder}' already.", "Give another --name, or --replace it."
        )
    return folder

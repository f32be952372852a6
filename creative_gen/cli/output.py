"""Writes the results of a command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from creative_gen.interface.errors import InvalidRequest, OutputFailed
from creative_gen.media.atomic import write_files
from creative_gen.store.card import CARD


def write_result(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files or none.

    Raises:
        OutputFailed: the folder cannot be written.
    """
    try:
        write_files(folder, files)
    except OSError as error:
        raise OutputFailed(
            f"Nothing was written to '{folder}': {error.strerror or error}.",
            "Choose a folder that you may write to.",
        ) from error


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

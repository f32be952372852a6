"""Writes the results of a command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from creative_gen.interface.errors import OutputFailed
from creative_gen.media.atomic import write_files


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

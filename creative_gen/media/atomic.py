"""Writes files so that a reader sees a whole one or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files beside their names, and rename them when all of them are there.

    Args:
        folder: Path. Made when missing.
        files: contents by file name.

    Raises:
        OSError: the folder or a file cannot be written; nothing is left of this call.
    """
    folder.mkdir(parents=True, exist_ok=True)
    beside = {name: folder / f".{name}.{os.getpid()}.partial" for name in files}
    try:
        for name, content in files.items():
            beside[name].write_bytes(content)
        for name, path in beside.items():
            path.replace(folder / name)
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)

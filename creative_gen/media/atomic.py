"""Writes files so that a reader sees a whole one or none."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from errno import EISDIR
from os import strerror
from pathlib import Path


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files beside their names, and rename them, in their order, when all are there.

    Args:
        folder: Path. Made when missing.
        files: contents by file name.

    Raises:
        OSError: the folder or a file cannot be written; nothing is left of this call.
    """
    with ExitStack() as undo:
        _make_folder(folder, undo)
        _refuse_folders(folder, files)
        with tempfile.TemporaryDirectory(prefix=".creative-gen-", dir=folder) as beside:
            for name, content in files.items():
                Path(beside, name).write_bytes(content)
            for name in files:
                Path(beside, name).replace(folder / name)
        undo.pop_all()


def _make_folder(folder: Path, undo: ExitStack) -> None:
    """Make a folder and those above it; `undo` removes what was made."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        undo.callback(_remove_if_empty, path)
    folder.mkdir(exist_ok=True)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _refuse_folders(folder: Path, files: Mapping[str, bytes]) -> None:
    """Fail before the first file is renamed where a later one cannot be."""
    for name in files:
        if (folder / name).is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR), str(folder / name))

"""Writes files so that a reader sees a whole one or none."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from errno import EISDIR
from os import strerror
from pathlib import Path


class StagedFiles:
    """Files that are written beside their names, for as long as that takes.

    Args:
        folder: Path. Where they are to be.
        beside: Path. Where they are written.
    """

    def __init__(self, folder: Path, beside: Path) -> None:
        self.folder = folder
        self._beside = beside

    def path(self, name: str) -> Path:
        """Where to write the file that is to have that name.

        Raises:
            IsADirectoryError: there is a folder of that name.
        """
        if (self.folder / name).is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR), str(self.folder / name))
        return self._beside / name

    def publish(self, names: Iterable[str]) -> None:
        """Give files their names, in this order; files that have these names are replaced.

        Raises:
            OSError: one of them cannot have its name; it and those after it have not got theirs.
        """
        paths = {name: self.path(name) for name in names}
        for name, path in paths.items():
            path.replace(self.folder / name)


@contextmanager
def staged_files(folder: Path) -> Iterator[StagedFiles]:
    """A place for files that take long to write; what is not published in the block is removed.

    Args:
        folder: Path. Made when missing; removed again if the block raises and it is empty.

    Raises:
        OSError: the folder cannot be written.
    """
    with ExitStack() as undo:
        _make_folder(folder, undo)
        with tempfile.TemporaryDirectory(prefix=".creative-gen-", dir=folder) as beside:
            yield StagedFiles(folder, Path(beside))
        undo.pop_all()


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files beside their names, and rename them, in their order, when all are there.

    Args:
        folder: Path. Made when missing.
        files: contents by file name.

    Raises:
        OSError: the folder or a file cannot be written; nothing is left of this call.
    """
    with staged_files(folder) as staged:
        for name, content in files.items():
            staged.path(name).write_bytes(content)
        staged.publish(files)


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

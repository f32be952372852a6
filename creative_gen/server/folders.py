"""Folders that only the user can look into: what is running, and what was made."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from creative_gen.interface.errors import CreativeGenError


class UnusableFolder(CreativeGenError):
    """A folder cannot be made, written, or trusted."""

    code = "unusable_folder"


def private_folder(path: Path, variable: str) -> Path:
    """Make a folder that only the user can look into, or check that it is one.

    Args:
        path: Path. Where.
        variable: str. The environment variable that names another, for the hint.

    Raises:
        UnusableFolder: it cannot be made or written, or others may have put things there.
    """
    path = path.absolute()
    hint = f"Name another folder with {variable}, or mend this one."
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
    except OSError as error:
        raise UnusableFolder(
            f"The folder '{path}' cannot be made: {error.strerror}.", hint
        ) from error
    fault = _fault(found)
    if fault:
        raise UnusableFolder(f"The folder '{path}' {fault}.", hint)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise UnusableFolder(f"The folder '{path}' cannot be written.", hint)
    return path


def _fault(found: os.stat_result) -> str:
    if not stat.S_ISDIR(found.st_mode):
        return "is a file or a link, not a folder"
    # Windows gives what is below the user's own folders to that user alone.
    if sys.platform != "win32":
        if found.st_uid != os.getuid():
            return "belongs to another user"
        if stat.S_IMODE(found.st_mode) & 0o077:
            return "can be entered by other users (chmod 700 mends that)"
    return ""

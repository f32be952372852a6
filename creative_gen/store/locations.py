"""Where things are: what comes with creative_gen, and what is this user's own."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]

DATA = "CREATIVE_GEN_DATA"
RUNTIME = "CREATIVE_GEN_RUNTIME_DIR"


def builtin_assets() -> Path:
    """The folder of the shipped assets: in the package of a wheel, beside it in a checkout."""
    bundled = PACKAGE / "_assets"
    return bundled if bundled.is_dir() else PACKAGE.parent / "assets"


def user_data() -> Path:
    """The folder of what is made here: the history, and what was installed where.

    $CREATIVE_GEN_DATA, or `system_data`. It may not be there.
    """
    named = os.environ.get(DATA)
    return Path(named) if named else system_data()


def system_data() -> Path:
    """The folder that the system gives creative_gen for this user's data. It may not be there."""
    xdg = os.environ.get("XDG_DATA_HOME")
    if xdg:
        return Path(xdg) / "creative_gen"
    if sys.platform == "win32":
        return _local() / "data"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "creative_gen"
    return Path.home() / ".local" / "share" / "creative_gen"


def user_runtime() -> Path:
    """The folder of what runs now, such as `server.json`; see docs/wire.md. It may not be there."""
    named, xdg = os.environ.get(RUNTIME), os.environ.get("XDG_RUNTIME_DIR")
    if named:
        return Path(named)
    if xdg:
        return Path(xdg) / "creative_gen"
    if sys.platform == "win32":
        return _local() / "runtime"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "creative_gen"
    return Path(tempfile.gettempdir()) / f"creative_gen-{os.getuid()}"


def _local() -> Path:
    """Of Windows: what stays on this machine."""
    local = os.environ.get("LOCALAPPDATA")
    return (Path(local) if local else Path.home() / "AppData" / "Local") / "creative_gen"

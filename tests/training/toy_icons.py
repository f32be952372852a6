"""A set of icons drawn for the tests, as Iconify publishes sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

OUTLINE = '<circle cx="10" cy="10" r="7" fill="none" stroke="#000" stroke-width="1.5"/>'
BLACK = '<rect x="3" y="3" width="14" height="14"/>'
RED = '<circle cx="10" cy="10" r="7" fill="#d03020"/>'
GRAY = '<circle cx="10" cy="10" r="7" fill="#999"/>'
NONE = '<circle cx="10" cy="10" r="7" fill="none"/>'

BODIES = {
    "ball": RED + OUTLINE,
    "ball-dark-skin-tone": RED + OUTLINE,
    "ball-light-skin-tone": RED + OUTLINE,
    "flag-of-nowhere": RED + OUTLINE,
    "gray-ball": GRAY + OUTLINE,
    "on-black": BLACK + RED + OUTLINE,
    "plain": RED,
    "traffic-light": '<path fill="#20a040" stroke="#000" d="M6 2h8v16h-8z"/>',
    "void": NONE,
}
INFO = {"name": "Toys", "author": {"name": "A. Toymaker"}, "license": {"title": "CC0 1.0"}}


def write_icons(folder: Path, prefix: str = "toy", info: Any = INFO) -> Path:
    """Write `icons.json` to a folder, and `info.json` unless `info` is None."""
    folder.mkdir(parents=True, exist_ok=True)
    icons: dict[str, Any] = {name: {"body": body} for name, body in BODIES.items()}
    icons["old-ball"] = {"body": RED, "hidden": True}
    icons["tall"] = {"body": '<path fill="#00f" d="M0 0h20v40h-20z"/>', "height": 40}
    content = {"prefix": prefix, "icons": icons, "width": 20, "height": 20}
    (folder / "icons.json").write_text(json.dumps(content), encoding="utf-8")
    if info:
        (folder / "info.json").write_text(json.dumps(info), encoding="utf-8")
    return folder / "icons.json"

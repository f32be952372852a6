"""Where the assets are that come with creative_gen."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def builtin_assets() -> Path:
    """The folder of the shipped assets: in the package of a wheel, beside it in a checkout."""
    bundled = PACKAGE / "_assets"
    return bundled if bundled.is_dir() else PACKAGE.parent / "assets"

"""Names of files that every system can write."""

from __future__ import annotations

import re


def file_stem(name: str) -> str:
    """A name for files: without separators and what cannot be written as UTF-8."""
    return re.sub(r"[^\w.-]+", "-", name)

"""Labels have no files: they are told as they are; see `interface.wire.json_of_labels`."""

from __future__ import annotations

FORMATS: tuple[str, ...] = ()

"""Where a reader takes its bytes from."""

from __future__ import annotations

from pathlib import Path

from creative_gen.media.errors import MediaError


def read_bytes(source: bytes | str | Path, limit: int) -> bytes:
    """The bytes of `source`, or of the file at that path, up to `limit` bytes.

    Raises:
        MediaError: the file cannot be opened, or there are more bytes than `limit`.
    """
    data = source if isinstance(source, bytes) else _file_bytes(source, limit)
    if len(data) > limit:
        raise MediaError(
            f"This file is larger than {limit / 1e6:g} MB.", "Use a smaller file or split it."
        )
    return data


def _file_bytes(path: str | Path, limit: int) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise MediaError(f"The file {str(path)!r} cannot be opened.", "Check the path.") from error

"""What files are called on the wire."""

from __future__ import annotations

CONTENT_TYPES: dict[str, str] = {
    "svg": "image/svg+xml",
    "ndjson": "application/x-ndjson",
    "npz": "application/x-npz",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "mid": "audio/midi",
}
"""The content type of each format. A format is called as the suffix of its files."""

_OTHER_NAMES = {
    "application/ndjson": "ndjson",
    "application/zip": "npz",
    "application/x-zip-compressed": "npz",
    "audio/mid": "mid",
    "audio/vnd.wave": "wav",
    "audio/wave": "wav",
    "audio/x-flac": "flac",
    "audio/x-midi": "mid",
    "audio/x-wav": "wav",
    "image/jpg": "jpg",
    "image/x-bmp": "bmp",
    "image/x-ms-bmp": "bmp",
}

_FORMATS = {name: file_format for file_format, name in CONTENT_TYPES.items()} | _OTHER_NAMES


def format_of(content_type: str) -> str | None:
    """The format that a content type means, its parameters aside; None if it is not known."""
    return _FORMATS.get(content_type.partition(";")[0].strip().lower())

from __future__ import annotations

import pytest

from creative_gen.formats.content_types import CONTENT_TYPES, format_of
from creative_gen.formats.medium import formats_of


@pytest.mark.parametrize("file_format", CONTENT_TYPES)
def test_each_format_has_a_name_of_its_own(file_format: str) -> None:
    assert format_of(CONTENT_TYPES[file_format]) == file_format


@pytest.mark.parametrize(
    ("content_type", "file_format"),
    [
        ("image/PNG; charset=binary", "png"),
        ("audio/x-wav", "wav"),
        ("application/octet-stream", None),
        ("", None),
    ],
)
def test_names_are_read_as_senders_write_them(content_type: str, file_format: str | None) -> None:
    assert format_of(content_type) == file_format


@pytest.mark.parametrize("medium", ["sketch", "image", "audio", "music", "labels"])
def test_what_can_be_written_has_a_name(medium: str) -> None:
    assert set(formats_of(medium)) <= set(CONTENT_TYPES)  # type: ignore[arg-type]

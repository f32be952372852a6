"""Writes Ogg Vorbis files: small ones, for players; they do not hold the samples exactly."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import soundfile

from creative_gen.media.audio import BLOCK, Audio
from creative_gen.media.errors import MediaError

MAX_COMMENT_BYTES = 1_000_000

_SERIAL = 1
_PAGE = struct.Struct("<4sBBqIIIB")
_SERIAL_AT, _CHECKSUM_AT = 14, 22
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def ogg_bytes(audio: Audio, comment: str = "") -> bytes:
    """A whole Ogg Vorbis file; the same bytes for the same sound and comment.

    Args:
        audio: Audio.
        comment: str. Such as the provenance in JSON. Defaults to none.

    Raises:
        MediaError: Vorbis does not take the sample rate or the channels, or the comment is too long
            or has a null character.
    """
    if "\0" in comment or len(comment.encode()) > MAX_COMMENT_BYTES:
        raise MediaError(
            "The comment of a sound file is too long or has a null character.", "Shorten it."
        )
    content = io.BytesIO()
    try:
        with soundfile.SoundFile(
            content, "w", audio.sample_rate, audio.channels, "VORBIS", format="OGG"
        ) as file:
            if comment:
                file.comment = comment
            # libsndfile's encoder keeps what it is given on its stack.
            for start in range(0, audio.frames, BLOCK):
                file.write(np.ascontiguousarray(audio.samples[:, start : start + BLOCK].T))
    except soundfile.SoundFileError as error:
        raise MediaError(
            f"Ogg Vorbis cannot hold {audio.channels} channels of {audio.sample_rate} Hz.",
            "Write WAV or FLAC.",
        ) from error
    return _with_one_serial(content.getvalue())


def _with_one_serial(data: bytes) -> bytes:
    """The stream under the same number always, where libsndfile draws one (RFC 3533, 6)."""
    whole, place = bytearray(data), 0
    while place < len(whole):
        segments = _PAGE.unpack_from(whole, place)[-1]
        lacing = whole[place + _PAGE.size : place + _PAGE.size + segments]
        end = place + _PAGE.size + segments + sum(lacing)
        struct.pack_into("<I", whole, place + _SERIAL_AT, _SERIAL)
        struct.pack_into("<I", whole, place + _CHECKSUM_AT, 0)
        struct.pack_into("<I", whole, place + _CHECKSUM_AT, page_checksum(whole[place:end]))
        place = end
    return bytes(whole)


def page_checksum(page: bytes | bytearray) -> int:
    """CRC-32 of the polynomial 0x04c11db7, from 0 on, the highest bit first (RFC 3533, 6).

    That of zlib goes through each byte from its lowest bit, and inverts before and after.
    """
    mirrored = ~zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) & 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)

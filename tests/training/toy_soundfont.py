"""A SoundFont of one looped sine wave, made here: 440 Hz at key 69, in one instrument and kit."""

from __future__ import annotations

import struct

import numpy as np

RATE = 48_000
PERIODS = 440
"""Of a second of 440 Hz: the loop closes."""


def soundfont_bytes() -> bytes:
    """SoundFont 2.01, section 4 and 7: presets (bank 0 and 128) of an instrument of a sample."""
    wave = np.sin(2 * np.pi * PERIODS * np.arange(RATE + 200) / RATE)
    samples = np.rint(wave * 16000).astype("<i2").tobytes() + bytes(2 * 46)
    info = chunk("ifil", struct.pack("<HH", 2, 1)) + text("isng", "EMU8000") + text("INAM", "Toy")
    header = struct.pack("<20sIIIIIBbHH", b"sine", 0, RATE + 200, 8, RATE + 8, RATE, 69, 0, 0, 1)
    last_header = struct.pack("<20sIIIIIBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0)
    modulators, nothing = bytes(10), struct.pack("<HH", 0, 0)
    loop = struct.pack("<4H", 54, 1, 53, 0)
    data = (
        chunk("phdr", preset("Sine", 0, 0) + preset("Kit", 128, 1) + preset("EOP", 0, 2))
        + chunk("pbag", struct.pack("<6H", 0, 0, 1, 0, 2, 0))
        + chunk("pmod", modulators)
        + chunk("pgen", struct.pack("<4H", 41, 0, 41, 0) + nothing)
        + chunk("inst", struct.pack("<20sH20sH", b"Sine", 0, b"EOI", 1))
        + chunk("ibag", struct.pack("<4H", 0, 0, 2, 0))
        + chunk("imod", modulators)
        + chunk("igen", loop + nothing)
        + chunk("shdr", header + last_header)
    )
    body = b"sfbk" + chunk("LIST", b"INFO" + info)
    body += chunk("LIST", b"sdta" + chunk("smpl", samples)) + chunk("LIST", b"pdta" + data)
    return chunk("RIFF", body)


def preset(name: str, bank: int, bag: int) -> bytes:
    return struct.pack("<20sHHHIII", name.encode(), 0, bank, bag, 0, 0, 0)


def text(name: str, content: str) -> bytes:
    padded = content.encode() + b"\0"
    return chunk(name, padded + bytes(len(padded) % 2))


def chunk(name: str, content: bytes) -> bytes:
    return name.encode() + struct.pack("<I", len(content)) + content

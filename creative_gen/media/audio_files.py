"""Reads and writes sound files: WAV, FLAC and Ogg in, WAV and FLAC out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from creative_gen.media.audio import BLOCK, Audio, checked_channels, checked_sample_rate
from creative_gen.media.errors import MediaError
from creative_gen.media.riff import WavStream, comment_of_wav, is_cut_short
from creative_gen.media.source import read_bytes

FileFormat = Literal["wav", "flac"]
Subtype = Literal["16", "24", "float"]
"""Integers of 16 or 24 bits, or 32-bit floats."""

MAX_FILE_BYTES = 400_000_000
MAX_SAMPLES = 100_000_000
"""Samples, all channels together, of a file that is read: 19 minutes of a CD."""

MAX_COMMENT_BYTES = 1_000_000

_READABLE = (b"RIFF", b"RF64", b"fLaC", b"OggS")
_HINT = "Give a WAV, FLAC or Ogg Vorbis file."
_SAMPLE_BYTES = {"16": 2, "24": 3, "float": 4}


def read_audio(source: bytes | str | Path) -> Audio:
    """Read a sound file: WAV, FLAC or Ogg, of any channels and rate that `Audio` has.

    16-bit and 24-bit integers keep every bit: written again with that subtype they are the
    same integers.

    Raises:
        MediaError: the file cannot be opened, is not sound, is empty, cut short or too
            large, or has NaN, too many channels or a sample rate out of range.
    """
    data = read_bytes(source, MAX_FILE_BYTES)
    _check_bytes(data)
    with _sound(data) as file:
        checked_channels(file.channels)
        rate = checked_sample_rate(file.samplerate)
        if file.frames * file.channels > MAX_SAMPLES:
            raise MediaError(
                f"This sound has more than {MAX_SAMPLES:,} samples.", "Cut out the part you need."
            )
        samples = file.read(dtype="float32", always_2d=True)
        _check_length(len(samples), file.frames)
    channels = np.ascontiguousarray(samples.T)
    channels.setflags(write=False)
    return Audio(channels, rate)


def read_provenance(source: bytes | str | Path) -> str:
    """The comment of a sound file, where `AudioWriter` puts the provenance; empty if none.

    Raises:
        MediaError: the file cannot be opened or is not sound.
    """
    data = read_bytes(source, MAX_FILE_BYTES)
    if data.startswith((b"RIFF", b"RF64")):
        return comment_of_wav(io.BytesIO(data))
    with _sound(data) as file:
        return str(file.comment)


def audio_bytes(
    audio: Audio, file_format: FileFormat = "wav", subtype: Subtype = "24", comment: str = ""
) -> bytes:
    """A whole sound file; the same bytes for the same sound and comment."""
    content = io.BytesIO()
    with AudioWriter(
        content, audio.sample_rate, audio.channels, file_format, subtype, comment
    ) as writer:
        writer.write(audio.samples)
    return content.getvalue()


class AudioWriter:
    """Writes a sound file block by block; a context manager that closes it.

    Integers are rounded to nearest without dither, so samples that were read from such a
    file come out as they went in and silence stays silence. The error of 16 bits is below
    what a model adds; who needs less writes 24.

    Args:
        target: path or binary stream. A stream stays open; it must be able to seek for
            FLAC, and need not for WAV, whose header then gives its length as unknown.
        sample_rate: int. In Hz.
        channels: int. Defaults to 1.
        file_format: "wav" or "flac". Defaults to "wav".
        subtype: "16", "24" or, in WAV only, "float". Defaults to "24".
        comment: str. Such as the provenance in JSON. Written before the samples.

    Raises:
        MediaError: the format has no such subtype or rate, or the comment is too long or
            has a null character.
        OSError: the file cannot be written.
    """

    def __init__(
        self,
        target: str | Path | BinaryIO,
        sample_rate: int,
        channels: int = 1,
        file_format: FileFormat = "wav",
        subtype: Subtype = "24",
        comment: str = "",
    ) -> None:
        """Check that the format can hold the sound, and write its header."""
        self.channels = checked_channels(channels)
        self.frames = 0
        self._subtype = subtype
        rate = checked_sample_rate(sample_rate)
        _check_format(file_format, subtype, rate, comment)
        with ExitStack() as closing:
            if isinstance(target, str | Path):
                target = closing.enter_context(open(target, "wb"))
            self._wav: WavStream | None = None
            self._flac: soundfile.SoundFile | None = None
            if file_format == "wav":
                self._wav = WavStream(target, rate, channels, _SAMPLE_BYTES[subtype], comment)
                closing.callback(self._wav.close)
            else:
                self._flac = _flac_file(target, rate, channels, subtype, comment)
                closing.callback(self._flac.close)
            self._closing = closing.pop_all()

    def write(self, samples: NDArray[np.float32]) -> None:
        """Write samples (channels, frames); what leaves [-1, 1] is clipped in integers.

        Raises:
            MediaError: another shape, samples that are not finite, or a WAV file that
                would get too large.
        """
        if samples.ndim != 2 or len(samples) != self.channels:
            raise MediaError(
                f"This sound file has {self.channels} channels, and the samples the shape "
                f"{samples.shape}.",
                "Give an array of shape (channels, frames).",
            )
        for start in range(0, samples.shape[1], BLOCK):
            self._write_block(samples[:, start : start + BLOCK].T)

    def _write_block(self, block: NDArray[np.float32]) -> None:
        if not np.isfinite(block).all():
            raise MediaError("A sample is not a finite number.", "Remove NaN and infinity.")
        if self._wav:
            self._wav.write(_little_endian(block, self._subtype))
        if self._flac:
            self._flac.write(_left_aligned(_integers(block, int(self._subtype)), self._subtype))
        self.frames += len(block)

    def close(self) -> None:
        """Finish the file; also one that is shorter than was planned is then whole."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@contextmanager
def _sound(data: bytes) -> Iterator[soundfile.SoundFile]:
    """The opened sound; what libsndfile finds wrong is a `MediaError`."""
    if not data.startswith(_READABLE):
        raise MediaError("This is not a sound file that can be read.", _HINT)
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            yield file
    except soundfile.SoundFileError as error:
        raise MediaError("This sound file is broken or cut short.", _HINT) from error


def _check_bytes(data: bytes) -> None:
    if not data:
        raise MediaError("This sound file is empty.", _HINT)
    wav = data.startswith(b"RIFF")
    ogg = data.startswith(b"OggS")
    if (wav and is_cut_short(io.BytesIO(data))) or (ogg and _ogg_is_cut_short(data)):
        raise _cut_short()


def _ogg_is_cut_short(data: bytes) -> bool:
    """Whether the last page is not whole, or is not marked as the last (RFC 3533, 6)."""
    page = data[data.rfind(b"OggS") :]
    if len(page) < 27:
        return True
    lacing = page[27 : 27 + page[26]]
    is_last = bool(page[5] & 4)
    return not is_last or len(page) < 27 + page[26] + sum(lacing)


def _check_length(frames: int, declared: int) -> None:
    if frames < declared:
        raise _cut_short()
    if not frames:
        raise MediaError("This sound file has no samples.", "Give one with sound in it.")


def _cut_short() -> MediaError:
    return MediaError("This sound file is cut short.", "Save or copy it again.")


def _check_format(file_format: str, subtype: str, rate: int, comment: str) -> None:
    if file_format not in ("wav", "flac") or subtype not in _SAMPLE_BYTES:
        raise MediaError(
            f"Sound cannot be written as {file_format} with subtype {subtype}.",
            "Use wav or flac, and 16, 24 or float.",
        )
    if file_format == "flac" and subtype == "float":
        raise MediaError("FLAC files hold integers only.", "Use 24 bits, or WAV.")
    if file_format == "flac" and rate > 65_535 and rate % 10:
        # RFC 9639, 9.1.2: a frame's header has 16 bits for it, in Hz or in tens of Hz.
        raise MediaError(f"FLAC has no sample rate of {rate} Hz.", "Use WAV or another rate.")
    if "\0" in comment or len(comment.encode("utf-8")) > MAX_COMMENT_BYTES:
        raise MediaError(
            "The comment of a sound file is too long or has a null character.", "Shorten it."
        )


def _flac_file(
    target: BinaryIO, rate: int, channels: int, subtype: str, comment: str
) -> soundfile.SoundFile:
    if not target.seekable():
        raise MediaError("FLAC cannot be written to a pipe.", "Use WAV.")
    file = soundfile.SoundFile(target, "w", rate, channels, f"PCM_{subtype}", format="FLAC")
    if comment:
        file.comment = comment
    return file


def _integers(block: NDArray[np.float32], bits: int) -> NDArray[np.int32]:
    scale = 1 << (bits - 1)
    return np.clip(np.rint(block.astype(np.float64) * scale), -scale, scale - 1).astype(np.int32)


def _little_endian(block: NDArray[np.float32], subtype: str) -> bytes:
    if subtype == "float":
        return block.astype("<f4").tobytes()
    integers = _integers(block, int(subtype)).astype("<i4", order="C")
    as_bytes = integers.view(np.uint8).reshape(-1, 4)
    return as_bytes[:, : _SAMPLE_BYTES[subtype]].tobytes()


def _left_aligned(integers: NDArray[np.int32], subtype: str) -> NDArray[np.int32]:
    """What libsndfile takes 16 or 24 bits from: the upper bits of 32."""
    return np.ascontiguousarray(integers << (32 - int(subtype)))

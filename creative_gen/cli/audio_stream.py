"""One sound that is written while it is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from creative_gen.cli.audio_place import SoundFormat
from creative_gen.cli.interrupts import uninterrupted
from creative_gen.interface.values import BLOCK
from creative_gen.media.audio import Audio

if TYPE_CHECKING:
    from creative_gen.media.resample import Resampler


class AudioStream:
    """Resamples and writes a sound block by block.

    Args:
        target: path or binary stream. See `media.audio_files.AudioWriter`.
        form: SoundFormat. How to write it.
        first: Audio. Has the sample rate and the channels of all that follows; not written yet.
        comment: str. Written before the samples.
    """

    def __init__(
        self, target: Path | BinaryIO, form: SoundFormat, first: Audio, comment: str
    ) -> None:
        # Here, because libsndfile is loaded, and a command's help needs none.
        from creative_gen.media.audio_files import AudioWriter

        self.sample_rate = form.sample_rate or first.sample_rate
        self.taken = 0
        self._resampler = _resampler(first, self.sample_rate)
        with uninterrupted():
            self._writer: AudioWriter | None = AudioWriter(
                target, self.sample_rate, first.channels, form.file_format, form.subtype, comment
            )
        self._frames = 0

    @property
    def seconds(self) -> float:
        """How much has been written."""
        return self._frames / self.sample_rate

    def take(self, audio: Audio, start: int = 0) -> None:
        """Write what comes next: a sound, from one of its frames on."""
        for place in range(start, audio.frames, BLOCK):
            block = audio.samples[:, place : place + BLOCK]
            # A file is never left in the middle of a block, nor the count of what it has.
            with uninterrupted():
                self._write(self._resampler.process(block) if self._resampler else block)
                self.taken += block.shape[1]

    def end(self) -> None:
        """Write what the resampler has held back, and finish the file."""
        with uninterrupted():
            if self._resampler:
                self._write(self._resampler.flush())
            self.close()

    def close(self) -> None:
        """Finish the file as it is."""
        writer, self._writer, self._resampler = self._writer, None, None
        if writer:
            writer.close()

    def _write(self, samples: NDArray[np.float32]) -> None:
        if self._writer:
            self._writer.write(samples)
            self._frames += samples.shape[1]


def _resampler(audio: Audio, sample_rate: int) -> Resampler | None:
    if audio.sample_rate == sample_rate:
        return None
    # Here, because it is seldom needed, and loads soxr.
    from creative_gen.media.resample import Resampler

    return Resampler(audio.sample_rate, sample_rate, audio.channels)

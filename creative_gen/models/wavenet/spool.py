"""A sound that grows on disk, so that a long one takes no memory."""

from __future__ import annotations

import tempfile

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.audio import Audio


class Spool:
    """Collects the samples of a sound in a temporary file that vanishes with it.

    Args:
        channels: int.
        sample_rate: int. In Hz.
    """

    def __init__(self, channels: int, sample_rate: int) -> None:
        self.channels, self.sample_rate = channels, sample_rate
        self.frames = 0
        # The memory map of `audio` keeps the file, which has no name, until it is let go.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115

    def __del__(self) -> None:
        """Close the file of a sound that nobody asked for, because its job was cancelled."""
        self._file.close()

    def add(self, samples: NDArray[np.float32]) -> None:
        """Append samples (channels, frames)."""
        self._file.write(np.ascontiguousarray(samples.T, np.float32).tobytes())
        self.frames += samples.shape[1]

    def audio(self) -> Audio:
        """The whole sound, read from the file as it is looked at."""
        self._file.flush()
        if not self.frames:
            return Audio(np.zeros((self.channels, 0), np.float32), self.sample_rate)
        shape = (self.frames, self.channels)
        interleaved = np.memmap(self._file, np.float32, "r", shape=shape)
        self._file.close()
        return Audio(interleaved.T, self.sample_rate)

"""Changes the sample rate of a sound, whole or as it is made."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from creative_gen.media.audio import Audio, checked_channels, checked_sample_rate


class Resampler:
    """Resamples a sound that comes in blocks, with the SoX resampler at its highest quality.

    However the sound is cut into blocks, the output is the same bit for bit. It is aligned
    with the input, and has round(frames * to_rate / from_rate) frames in all; what the
    filter needs to see ahead is held back until it comes.

    Args:
        from_rate: int. Of what goes in, in Hz.
        to_rate: int. Of what comes out, in Hz. When it is `from_rate`, what goes in comes
            out, unchanged and at once.
        channels: int. Defaults to 1.

    Raises:
        MediaError: a sample rate or number of channels out of range.
    """

    def __init__(self, from_rate: int, to_rate: int, channels: int = 1) -> None:
        """Make the filter."""
        rates = checked_sample_rate(from_rate), checked_sample_rate(to_rate)
        self._channels = checked_channels(channels)
        self._stream = None
        if rates[0] != rates[1]:
            self._stream = soxr.ResampleStream(*rates, channels, "float32", "VHQ")

    def process(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take samples (channels, frames), and give those (channels, frames) that are ready."""
        if self._stream is None:
            return samples
        block = np.ascontiguousarray(samples.T, np.float32)
        return np.ascontiguousarray(self._stream.resample_chunk(block).T)

    def flush(self) -> NDArray[np.float32]:
        """Give what was held back, (channels, frames), when no more samples come."""
        rest = np.zeros((0, self._channels), np.float32)
        if self._stream is not None:
            rest = self._stream.resample_chunk(rest, last=True)
        return np.ascontiguousarray(rest.T)


def resampled(audio: Audio, sample_rate: int) -> Audio:
    """The sound at another sample rate; itself if it has that rate.

    Raises:
        MediaError: a sample rate out of range.
    """
    if sample_rate == audio.sample_rate:
        return audio
    resampler = Resampler(audio.sample_rate, sample_rate, audio.channels)
    parts = [resampler.process(audio.samples), resampler.flush()]
    return Audio(np.concatenate(parts, axis=1), sample_rate)

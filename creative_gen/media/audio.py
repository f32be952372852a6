"""A sound: its samples and their rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from creative_gen.media.errors import MediaError

MIN_SAMPLE_RATE = 1_000
MAX_SAMPLE_RATE = 384_000
MAX_CHANNELS = 8

BLOCK = 1 << 18
"""Frames looked at together, so that a sound kept in a file is never all in memory."""


@dataclass(frozen=True, eq=False)
class Audio:
    """A sound of one or more channels.

    Args:
        samples: float32 (channels, frames). Full scale is [-1, 1]; a sound read from a
            float file may leave it, and files of integers clip what does. Copied, unless
            it is a read-only float32 array, such as a memory map of a long sound.
        sample_rate: int. In Hz, from `MIN_SAMPLE_RATE` to `MAX_SAMPLE_RATE`.

    Raises:
        MediaError: another shape, more than `MAX_CHANNELS` channels, samples that are not
            finite numbers, or a sample rate out of range.
    """

    samples: NDArray[np.float32]
    sample_rate: int

    def __post_init__(self) -> None:
        """Check the rate and the samples, and keep them read-only."""
        object.__setattr__(self, "sample_rate", checked_sample_rate(self.sample_rate))
        object.__setattr__(self, "samples", _checked_samples(self.samples))

    def __eq__(self, other: object) -> bool:
        """Two sounds are equal when every sample and the rate are."""
        if not isinstance(other, Audio):
            return NotImplemented
        return self.sample_rate == other.sample_rate and np.array_equal(self.samples, other.samples)

    def __hash__(self) -> int:
        """A hash of the rate and the shape."""
        return hash((self.sample_rate, self.samples.shape))

    @property
    def channels(self) -> int:
        """The number of channels."""
        return len(self.samples)

    @property
    def frames(self) -> int:
        """The number of samples in each channel."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """How long the sound is."""
        return self.frames / self.sample_rate

    def mono(self) -> Audio:
        """The mean of the channels, as a sound of one channel."""
        if self.channels == 1:
            return self
        return Audio(self.samples.mean(axis=0, keepdims=True, dtype=np.float64), self.sample_rate)


def checked_sample_rate(rate: int) -> int:
    """The rate as an int.

    Raises:
        MediaError: it is not a whole number from `MIN_SAMPLE_RATE` to `MAX_SAMPLE_RATE`.
    """
    if not (MIN_SAMPLE_RATE <= rate <= MAX_SAMPLE_RATE and rate == int(rate)):
        raise MediaError(
            f"A sample rate of {rate} Hz cannot be used.",
            f"Use {MIN_SAMPLE_RATE:,} to {MAX_SAMPLE_RATE:,} Hz.",
        )
    return int(rate)


def checked_channels(channels: int) -> int:
    """The number of channels.

    Raises:
        MediaError: it is not from 1 to `MAX_CHANNELS`.
    """
    if not 1 <= channels <= MAX_CHANNELS:
        raise MediaError(
            f"A sound cannot have {channels} channels.",
            f"Use 1 to {MAX_CHANNELS}, mixed down in a sound editor if need be.",
        )
    return channels


def _checked_samples(samples: ArrayLike) -> NDArray[np.float32]:
    array = _read_only(samples)
    if array.ndim != 2:
        raise MediaError(
            f"A sound has channels and frames, not the shape {array.shape}.",
            "Give an array of shape (channels, frames).",
        )
    checked_channels(len(array))
    for start in range(0, array.shape[1], BLOCK):
        if not np.isfinite(array[:, start : start + BLOCK]).all():
            raise MediaError(
                "This sound has a sample that is not a finite number.",
                "Remove NaN and infinite samples.",
            )
    return array


def _read_only(samples: ArrayLike) -> NDArray[np.float32]:
    given = isinstance(samples, np.ndarray) and samples.dtype == np.float32
    if given and not samples.flags.writeable:  # type: ignore[union-attr]
        return samples  # type: ignore[return-value]
    try:
        with np.errstate(over="ignore"):
            array = np.array(samples, dtype=np.float32)
    except (TypeError, ValueError, OverflowError) as error:
        raise MediaError(
            "A sound is made of numbers, and this one has something else.",
            "Give channels of the same length, made of numbers.",
        ) from error
    array.setflags(write=False)
    return array

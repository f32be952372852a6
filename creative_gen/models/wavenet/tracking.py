"""The partials of a recorded note: how loud they are, and where their phases run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PERIODS = 4
"""Periods of the pitch in a window: a neighbouring partial is then at a zero of its spectrum."""
SHORTEST, LONGEST = 0.03, 0.1
"""Seconds of a window at least and at most."""
PHASE_SECONDS = 0.05
"""Between these times phases run in straight lines."""
PHASE_STEPS = 32
"""Phases are rounded to this part of a turn."""
FLOOR = 1e-5
"""The least amplitude."""

Float = NDArray[np.float32]


@dataclass(frozen=True)
class Partials:
    """The partials of a note.

    Args:
        hop: int. Samples between two rows of `amplitudes`.
        amplitudes: (rows, partials). In full scale, at least `FLOOR`.
        phase_hop: int. Samples between two rows of `drift`.
        drift: (rows, partials). How far each phase is from k times the nominal one, in turns.
        hertz: float. The nominal frequency.
        sample_rate: int.
    """

    hop: int
    amplitudes: Float
    phase_hop: int
    drift: Float
    hertz: float
    sample_rate: int

    def turns(self, first: int, count: int) -> NDArray[np.float64]:
        """The phases (count, partials) of samples from `first` on, in turns."""
        samples = np.arange(first, first + count)
        place = np.minimum(samples / self.phase_hop, len(self.drift) - 1)
        row = np.minimum(place.astype(np.int64), max(len(self.drift) - 2, 0))
        share = (place - row)[:, None]
        after = self.drift[np.minimum(row + 1, len(self.drift) - 1)]
        drift = self.drift[row] * (1 - share) + after * share
        k = np.arange(1, self.drift.shape[1] + 1)
        return np.asarray(drift + np.outer(samples * (self.hertz / self.sample_rate), k))

    def log_amplitudes(self, samples: NDArray[np.int64]) -> Float:
        """The logarithms of the amplitudes (samples, partials) at some samples."""
        row = np.minimum(samples // self.hop, len(self.amplitudes) - 1)
        return np.log(self.amplitudes[row]).astype(np.float32)


def track_partials(
    samples: NDArray[np.floating], hertz: float, sample_rate: int, count: int, hop: int
) -> Partials:
    """Follow the first `count` partials of a note.

    A windowed Fourier sum at each multiple of the nominal frequency, every `hop` samples. Before
    the note there is nothing, so windows that reach there count what they have.

    Args:
        samples: (N,). One note, which begins at the first sample.
        hertz: float. Its nominal frequency.
        sample_rate: int. In Hz.
        count: int. Of partials.
        hop: int. In samples.
    """
    seconds = float(np.clip(PERIODS / hertz, SHORTEST, LONGEST))
    half = round(seconds * sample_rate / 2)
    rows = len(samples) // hop + 2
    padded = np.zeros(half + rows * hop + half, np.float32)
    padded[half : half + len(samples)] = samples
    there = np.zeros_like(padded)
    there[half : half + len(samples)] = 1.0
    window = np.hanning(2 * half + 1)[:-1].astype(np.float32)
    starts = np.arange(rows) * hop
    k = np.arange(1, count + 1)
    lags = np.arange(-half, half)
    waves = np.exp(-2j * np.pi * hertz / sample_rate * np.outer(lags, k)).astype(np.complex64)
    view = np.lib.stride_tricks.sliding_window_view(padded, 2 * half)[starts]
    mass = np.lib.stride_tricks.sliding_window_view(there, 2 * half)[starts] @ window
    sums = (view * window) @ waves
    amplitudes = 2 * np.abs(sums) / np.maximum(mass, 1e-3 * window.sum())[:, None]
    # From the window's middle to the nominal phase of that moment.
    nominal = np.outer(starts * (hertz / sample_rate), k)
    drift = np.unwrap(np.angle(sums) / (2 * np.pi) - nominal, period=1.0, axis=0)
    step = max(round(PHASE_SECONDS * sample_rate / hop), 1)
    return Partials(
        hop=hop,
        amplitudes=np.maximum(amplitudes, FLOOR).astype(np.float32),
        phase_hop=step * hop,
        drift=(np.rint(drift[::step] * PHASE_STEPS) / PHASE_STEPS).astype(np.float32),
        hertz=hertz,
        sample_rate=sample_rate,
    )


def phase_bits_per_sample(partials: int, sample_rate: int) -> float:
    """What telling the phases costs in bits a sample, a byte for each."""
    return 8 * partials / (PHASE_SECONDS * sample_rate)

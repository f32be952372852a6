"""The phase of a recorded note's fundamental, which the network is told while it learns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BAND = 0.35
"""How far around the fundamental is listened, as a share of its frequency."""
FLOOR = 1e-3
"""Below this share of the note's largest fundamental the phase runs on by itself."""


def fundamental_turns(
    samples: NDArray[np.floating], hertz: float, sample_rate: int
) -> NDArray[np.float32]:
    """The phase of the fundamental at every sample, in turns modulo 1.

    The analytic signal of the band around the note's nominal frequency, by one Fourier transform.
    Where the fundamental has died away, the nominal frequency goes on from where it was.

    Args:
        samples: (N,). One note.
        hertz: float. Its nominal frequency.
        sample_rate: int. In Hz.
    """
    count = len(samples)
    size = 2 ** int(np.ceil(np.log2(count + sample_rate // 10)))
    spectrum = np.fft.fft(samples, size)
    distance = np.abs(np.fft.fftfreq(size, 1 / sample_rate) / hertz - 1) / BAND
    window = np.where(distance < 1, np.square(np.cos(np.pi / 2 * np.minimum(distance, 1))), 0.0)
    analytic = np.fft.ifft(spectrum * window)[:count]
    nominal = np.arange(count) * hertz / sample_rate
    # Against the nominal phase the angle moves slowly, so that it can be held.
    slow = analytic * np.exp(-2j * np.pi * nominal)
    heard = np.abs(slow) > FLOOR * np.abs(slow).max(initial=1e-12)
    last = np.maximum.accumulate(np.where(heard, np.arange(count), 0))
    first = int(np.argmax(heard))
    held = np.where(np.arange(count) < first, first, last)
    turns = nominal + np.angle(slow[held]) / (2 * np.pi)
    return np.asarray(np.mod(turns, 1.0), np.float32)

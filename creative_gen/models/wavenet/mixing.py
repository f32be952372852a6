"""Adds voices up, and keeps the sum within full scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

CEILING = 0.98
"""The largest sample that leaves the limiter."""
RELEASE_SECONDS = 0.2
"""How long the limiter takes to give back 6 dB, about."""


class Limiter:
    """A limiter that looks one block ahead: quiet sounds leave it as they came.

    The gain goes in straight lines from block to block, down before a peak and slowly up after it.
    Samples leave one block late; feeding them in any portions gives the same result.

    Args:
        sample_rate: int. In Hz.
        block: int. Samples that share a gain; 5 ms by default at 16 kHz.
    """

    def __init__(self, sample_rate: int, block: int = 80) -> None:
        self.block = block
        self.recovery = 2.0 ** (block / (RELEASE_SECONDS * sample_rate))
        self._waiting = np.zeros(0, np.float32)
        self._gain = 1.0
        self._node = 1.0

    def process(self, samples: Float) -> Float:
        """Take more samples (any number,), and give those that are ready."""
        return self._limited(np.concatenate([self._waiting, samples]), ended=False)

    def flush(self) -> Float:
        """The rest, after the last samples."""
        count = len(self._waiting)
        padded = np.concatenate([self._waiting, np.zeros(-count % self.block, np.float32)])
        self._waiting = np.zeros(0, np.float32)
        return self._limited(padded, ended=True)[:count]

    def _limited(self, samples: Float, ended: bool) -> Float:
        blocks = len(samples) // self.block
        ready = blocks if ended else max(blocks - 1, 0)
        self._waiting = np.zeros(0, np.float32) if ended else samples[ready * self.block :]
        whole = samples[: blocks * self.block].reshape(blocks, self.block)
        peaks = np.abs(whole).max(axis=1, initial=0.0).astype(np.float64)
        wanted = np.minimum(CEILING / np.maximum(peaks, 1e-9), 1.0)
        # The very first block may be loud, too.
        nodes = [min([self._node, *wanted[:1]])]
        for index in range(ready):
            gain = min(wanted[index], self._gain * self.recovery, 1.0)
            ahead = wanted[index + 1] if index + 1 < blocks else 1.0
            # At the border the smaller gain of the two blocks holds, so that neither exceeds its.
            self._gain = gain
            nodes.append(min(gain, ahead))
        self._node = nodes[-1]
        ramp = (np.arange(self.block) + 1) / self.block
        lines = [a + (b - a) * ramp for a, b in zip(nodes, nodes[1:], strict=False)]
        gains = np.array(lines).reshape(ready, self.block)
        return np.asarray(whole[:ready] * gains, np.float32).reshape(-1)

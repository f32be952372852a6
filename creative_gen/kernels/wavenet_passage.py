"""A passage of sound that a WaveNet reads or generates, with all that it is told on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.wavenet_state import WaveNetState

Float = NDArray[np.float32]


@dataclass(frozen=True)
class Passage:
    """T steps of N streams; F frames of conditions cover them.

    Attributes:
        state: of the N streams. A stepper advances `queue`; the rest is the sampler's.
        codes: (N, 2 + T) int32. `state.past`, then the passage: given, or to be generated.
        given: whether the passage is given.
        biases: (N, F, L, 2R).
        phases: (N, T, I - 2).
        temperature: at which to generate.
        audio: (N, T), to be generated.
        likelihoods: (N, T) float64, of what is given, in nats; to be written.
        outputs: (N, T, O), to be written; (N, 0, O) if nobody asks.
    """

    state: WaveNetState
    codes: NDArray[np.int32]
    given: bool
    biases: Float
    phases: Float
    temperature: float
    audio: Float
    likelihoods: NDArray[np.float64]
    outputs: Float

    def __len__(self) -> int:
        """Return the number of streams, N."""
        return len(self.state)

    @property
    def length(self) -> int:
        """The number of steps, T."""
        return int(self.audio.shape[1])

    def part(self, streams: slice) -> Passage:
        """Some of the streams; the arrays are views."""
        state = WaveNetState(*(value[streams] for value in vars(self.state).values()))
        return replace(
            self,
            state=state,
            codes=self.codes[streams],
            biases=self.biases[streams],
            phases=self.phases[streams],
            audio=self.audio[streams],
            likelihoods=self.likelihoods[streams],
            outputs=self.outputs[streams],
        )


class Stepper(Protocol):
    """What a backend does."""

    def advance(self, passage: Passage) -> None:
        """Read or generate a passage, in place."""
        ...

"""How far a note's pitch is from the wanted one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def cents_off(samples: NDArray[np.float32], rate: int, pitch: float) -> float | None:
    """The median of a note's pitch above the wanted one, in cents.

    Args:
        samples: (frames,), the part of the note that has a pitch.
        rate: Hz.
        pitch: MIDI note number. Found are pitches within 3 semitones of it.

    Returns:
        Cents; None if no frame has such a pitch.
    """
    import librosa

    wanted = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    found, voiced, _ = librosa.pyin(
        samples,
        fmin=wanted * 2.0**-0.25,
        fmax=wanted * 2.0**0.25,
        sr=rate,
        frame_length=2 ** int(np.ceil(np.log2(8 * rate / wanted))),
        hop_length=rate // 100,
        resolution=0.02,
        max_transition_rate=8.0,
    )
    if not voiced.any():
        return None
    return float(np.median(1200.0 * np.log2(found[voiced] / wanted)))

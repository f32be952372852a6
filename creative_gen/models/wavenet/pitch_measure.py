"""How well a note came out: how far its pitch is from the wanted one, and whether it is a note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

PERIODS = 16
"""Periods of the wanted pitch in a frame of pYIN, or more: of 8, pure tones seem 4 cents high."""
FINEST = 40
"""Samples of a period, or more, at which pYIN is not off by whole cents."""
ATTACK = 0.05
"""Seconds after which a note has its pitch."""
LONGEST = 1.5
"""Seconds of a note that are listened to, at most."""
DIED = -40.0
"""dB below a note's loudest 10 ms at which it has died away."""
SHORTEST_PERIODS = 16
"""Periods that a pitch can be heard from."""
SILENT_PEAK = -50.0
"""dBFS, below which a note is silent."""
SILENT_RMS = -30.0
"""dB below the real note's level, below which a note is silent too."""
FULL_SCALE = 0.999
CLIPPED = 1e-3
"""The share of samples at full scale above which a note is clipped."""
VOICED = 0.5
"""The share of frames with a pitch below which a note is noise."""
Sound = NDArray[np.floating]
Fault = Literal["silent", "clipped", "noise"]


@dataclass(frozen=True)
class NoteMeasure:
    """What was found of a note.

    Args:
        cents: the median of its pitch above the wanted one; None where that is undefined: it is
            silent or noise, or dies or is let go before SHORTEST_PERIODS periods.
        fault: what is wrong with it, if anything.
    """

    cents: float | None
    fault: Fault | None


def measure_note(
    samples: Sound, rate: int, pitch: float, release: int | None, reference: Sound | None = None
) -> NoteMeasure:
    """Measure a note.

    Args:
        samples: (frames,), in [-1, 1]. A note that begins at once.
        rate: Hz.
        pitch: MIDI note number that is wanted.
        release: the sample at which its key is let go, if it is.
        reference: the real note, as loud as this one should be.
    """
    peak = float(np.abs(samples).max(initial=0.0))
    level = _decibels(np.sqrt(np.mean(np.square(samples)))) if len(samples) else -np.inf
    least = -np.inf
    if reference is not None:
        least = _decibels(np.sqrt(np.mean(np.square(reference)))) + SILENT_RMS
    if _decibels(peak) < SILENT_PEAK or level < least:
        return NoteMeasure(None, "silent")
    clipped = float(np.mean(np.abs(samples) >= FULL_SCALE)) > CLIPPED
    held = sustained(samples, rate, release)
    if len(held) * hertz(pitch) < SHORTEST_PERIODS * rate:
        return NoteMeasure(None, "clipped" if clipped else None)
    cents, voiced = cents_by_frame(held, rate, pitch, semitones=14.0, resolution=0.05)
    if voiced.mean() < VOICED:
        return NoteMeasure(None, "clipped" if clipped else "noise")
    return NoteMeasure(float(np.median(cents[voiced])), "clipped" if clipped else None)


def sustained(samples: Sound, rate: int, release: int | None) -> Sound:
    """The part of a note after its attack and before its release, while it is not yet faint."""
    start = round(ATTACK * rate)
    frame = rate // 100
    whole = samples[: len(samples) // frame * frame].reshape(-1, frame)
    level = np.sqrt(np.mean(np.square(whole, dtype=np.float64), axis=1))
    heard = np.flatnonzero(level > level.max(initial=0.0) * 10.0 ** (DIED / 20.0))
    end = min((int(heard[-1]) + 1) * frame if len(heard) else 0, round(LONGEST * rate))
    return samples[start : end if release is None else min(end, release)]


def cents_off(samples: Sound, rate: int, pitch: float) -> float | None:
    """The median of a sound's pitch above the wanted one, if within 3 semitones, to 2 cents."""
    cents, voiced = cents_by_frame(samples, rate, pitch, semitones=3.0, resolution=0.02)
    return float(np.median(cents[voiced])) if voiced.any() else None


def cents_by_frame(
    samples: Sound, rate: int, pitch: float, semitones: float, resolution: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """pYIN (Mauch & Dixon 2014) every 20 ms.

    Args:
        samples: (frames,), with a pitch all through.
        rate: Hz.
        pitch: MIDI note number that is wanted.
        semitones: how far around it is looked for another.
        resolution: in semitones.

    Returns:
        Cents above the wanted pitch in each frame, and whether it has a pitch.
    """
    import librosa
    import soxr

    wanted = hertz(pitch)
    times = max(1, int(np.ceil(FINEST * wanted / rate)))
    finer = soxr.resample(np.asarray(samples, np.float32), 1, times, quality="VHQ")
    found, voiced, _ = librosa.pyin(
        finer,
        fmin=wanted * 2.0 ** (-semitones / 12.0),
        fmax=wanted * 2.0 ** (semitones / 12.0),
        sr=rate * times,
        frame_length=2 ** int(np.ceil(np.log2(PERIODS * rate * times / wanted))),
        hop_length=rate * times // 50,
        resolution=resolution,
        max_transition_rate=8.0,
        fill_na=None,
    )
    return 1200.0 * np.log2(found / wanted), voiced


def hertz(pitch: float) -> float:
    """The frequency of a MIDI note number."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def _decibels(amplitude: float) -> float:
    return float(20.0 * np.log10(amplitude)) if amplitude > 0 else -np.inf

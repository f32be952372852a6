"""Names the kind of a drum hit: an independent judge of generated ones, trained on real ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.clip_set import ClipSet

BANDS = 40
FFT, HOP = 512, 80
FLOOR = -70.0
"""dB below the hit's loudest band, under which nothing is heard."""
EDGES = (0.0, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between which a band's level is averaged: finest at the onset."""
FALLS = (-10.0, -20.0, -40.0)
"""dB that a hit's level falls by in times that are measured."""
PRIOR_VARIANCE = 0.01
"""Of the weights of standardised features."""
TINY = 1e-9
Float = NDArray[np.float64]


def hit_features(samples: NDArray[np.floating], sample_rate: int) -> Float:
    """What a hit sounds like, whatever its level.

    Args:
        samples: (frames,). A hit that begins at once; heard until the last of EDGES.
        sample_rate: Hz, 16,000 or more.

    Returns:
        (F,): mel band levels in dB (mel scale to 8 kHz), averaged between EDGES, then the
        logarithms of the seconds until the level has fallen by FALLS for good.
    """
    import librosa

    frames = round(EDGES[-1] * sample_rate)
    heard = np.zeros(frames, np.float32)
    heard[: min(len(samples), frames)] = samples[:frames]
    heard /= max(float(np.abs(heard).max()), TINY)
    hop = HOP * sample_rate // 16_000
    power = librosa.feature.melspectrogram(
        y=heard,
        sr=sample_rate,
        n_fft=FFT * sample_rate // 16_000,
        hop_length=hop,
        n_mels=BANDS,
        fmin=30.0,
        fmax=8000.0,
    )
    power = power.astype(np.float64) + TINY
    level = np.maximum(10.0 * np.log10(power / power.max()), FLOOR)
    bounds = [round(edge * sample_rate / hop) for edge in EDGES]
    spans = [level[:, a:b].mean(axis=1) for a, b in zip(bounds, bounds[1:], strict=False)]
    total = 10.0 * np.log10(power.sum(axis=0) / power.sum(axis=0).max())
    ends = [np.flatnonzero(total > fall)[-1] + 1 for fall in FALLS]
    return np.concatenate([*spans, 20.0 * np.log10(np.array(ends) * hop / sample_rate)])


@dataclass(frozen=True)
class KindClassifier:
    """Logistic regression on `hit_features`, strongly regularised: real hits are of few sources.

    Args:
        kinds: the names it tells apart.
        model: scikit-learn's pipeline.
    """

    kinds: tuple[str, ...]
    model: Any

    @classmethod
    def fit(cls, clips: ClipSet) -> KindClassifier:
        """Train on real hits, each kind as important as any other."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        model = make_pipeline(
            StandardScaler(),
            LogisticRegression(C=PRIOR_VARIANCE, class_weight="balanced", max_iter=1000),
        )
        hits = (clips.clip(n) / 32768.0 for n in range(len(clips)))
        model.fit(_rows(hits, clips.sample_rate), [clips.kinds[kind] for kind in clips.kind])
        return cls(clips.kinds, model)

    def names(self, hits: Iterable[NDArray[np.floating]], sample_rate: int) -> list[str]:
        """The kind that each hit sounds like."""
        rows = _rows(hits, sample_rate)
        return [str(name) for name in self.model.predict(rows)] if len(rows) else []


def _rows(hits: Iterable[NDArray[np.floating]], sample_rate: int) -> Float:
    return np.array([hit_features(hit, sample_rate) for hit in hits])


def kind_accuracy(classifier: KindClassifier, clips: ClipSet) -> dict[str, float]:
    """The share of a set's hits, by kind, that are given their own name."""
    hits = (clips.clip(n) / 32768.0 for n in range(len(clips)))
    named = np.array(classifier.names(hits, clips.sample_rate))
    return {
        name: float(np.mean(named[clips.kind == kind] == name))
        for kind, name in enumerate(clips.kinds)
        if (clips.kind == kind).any()
    }

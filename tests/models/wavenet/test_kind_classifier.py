"""The judge of drum hits, on kinds that these tests make."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from creative_gen.media.clip_set import NEVER, NO_PITCH, ClipSet
from creative_gen.models.wavenet.kind_classifier import (
    KindClassifier,
    hit_features,
    kind_accuracy,
)

RATE = 16_000
KINDS = ("thump", "tick", "crash")


def hit(kind: str, seed: int) -> NDArray[np.float64]:
    """A low sine, a short click of noise or a long one, each a little different."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(0.9 * RATE)) / RATE
    noise = np.diff(rng.normal(0, 0.3, len(time) + 1))
    decay = {"thump": 12.0, "tick": 60.0, "crash": 3.0}[kind] * rng.uniform(0.8, 1.2)
    sine = np.sin(2 * np.pi * rng.uniform(50, 80) * time)
    sound = (sine if kind == "thump" else noise) * np.exp(-decay * time)
    return sound * rng.uniform(0.1, 0.9) / np.abs(sound).max()


def hits(seeds: range) -> ClipSet:
    pairs = [(kind, seed) for kind in range(len(KINDS)) for seed in seeds]
    sounds = [np.rint(hit(KINDS[kind], seed) * 32767).astype(np.int16) for kind, seed in pairs]
    count = len(pairs)
    return ClipSet(
        sample_rate=RATE,
        kinds=KINDS,
        samples=np.concatenate(sounds),
        offsets=np.cumsum([0, *map(len, sounds)]),
        kind=np.array([kind for kind, _ in pairs]),
        pitch=np.full(count, NO_PITCH, np.float32),
        velocity=np.full(count, 100),
        release=np.full(count, NEVER),
        source=("toy",) * count,
    )


@pytest.fixture(scope="module")
def judge() -> KindClassifier:
    return KindClassifier.fit(hits(range(6)))


def test_other_hits_of_a_kind_are_named(judge: KindClassifier) -> None:
    assert kind_accuracy(judge, hits(range(100, 104))) == dict.fromkeys(KINDS, 1.0)


def test_names_are_of_the_kinds(judge: KindClassifier) -> None:
    sounds = [hit("tick", 50), hit("thump", 51)]
    assert judge.names(sounds, RATE) == ["tick", "thump"]
    assert judge.names([], RATE) == []


def test_features_do_not_depend_on_level_or_what_follows() -> None:
    sound = hit("crash", 3)
    features = hit_features(sound, RATE)
    assert hit_features(sound * 0.01, RATE) == pytest.approx(features, abs=1e-3)
    longer = np.concatenate([sound, np.zeros(RATE)])
    assert np.array_equal(hit_features(longer, RATE), features)


def test_silence_has_features() -> None:
    assert np.isfinite(hit_features(np.zeros(100), RATE)).all()

"""How clips are cut and gathered."""

from __future__ import annotations

import io

import numpy as np
import pytest

from creative_gen.media.clip_set import NEVER, NO_PITCH, clip_set_bytes
from creative_gen.training.clip_recipe import (
    SAMPLE_RATE,
    Clip,
    onset,
    resampled,
    split_sets,
    trimmed,
)


def decay(seconds: float, per_second: float) -> np.ndarray:
    """A square wave that falls by so many decibels a second from full scale."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sign = np.where(np.arange(len(time)) % 16 < 8, 1.0, -1.0)
    return (sign * 10 ** (-per_second * time / 20)).astype(np.float32)


def test_a_clip_is_cut_where_it_stays_below_the_floor() -> None:
    kept = trimmed(decay(3.0, 60.0), -60.0, 0.25)
    assert len(kept) == pytest.approx(SAMPLE_RATE, abs=2)
    assert kept[-1] == 0.0
    assert np.array_equal(kept[:-32], decay(3.0, 60.0)[: len(kept) - 32])


def test_a_short_clip_keeps_its_least_length() -> None:
    assert len(trimmed(decay(1.0, 6000.0), -60.0, 0.25)) == SAMPLE_RATE // 4
    assert len(trimmed(np.zeros(100, np.float32), -60.0, 0.25)) == 100


def test_the_onset_is_found_40_decibels_below_the_peak() -> None:
    sound = np.concatenate([np.full(500, 0.004), decay(0.1, 10.0) * 0.5]).astype(np.float32)
    assert onset(sound) == 500


def test_resampling_keeps_the_frequency() -> None:
    sine = np.sin(2 * np.pi * 1000 * np.arange(44_100) / 44_100).astype(np.float32)
    kept = resampled(sine, 44_100)
    assert len(kept) == SAMPLE_RATE
    wanted = np.sin(2 * np.pi * 1000 * np.arange(SAMPLE_RATE) / SAMPLE_RATE)
    assert np.abs(kept - wanted)[200:-200].max() < 1e-4


def test_clips_go_to_their_sets_in_order() -> None:
    def clip(kind: str, value: float, count: int) -> Clip:
        samples = np.full(count, value, np.float32)
        return Clip(samples, kind, NO_PITCH, 100, NEVER, f"{kind} {count}")

    made = [
        ("train", clip("snare", 0.5, 3)),
        ("test", clip("kick", -2.0, 2)),
        ("valid", clip("kick", 0.25, 2)),
        ("train", clip("kick", 1.0, 1)),
    ]
    sets = split_sets(made, ["kick", "snare"])
    train = sets["train"]
    assert train.samples.tolist() == [16384] * 3 + [32767]
    assert train.offsets.tolist() == [0, 3, 4]
    assert train.kind.tolist() == [1, 0]
    assert train.source == ("snare 3", "kick 1")
    assert sets["test"].samples.tolist() == [-32768, -32768]
    again = split_sets(made, ["kick", "snare"])
    assert clip_set_bytes(train) == clip_set_bytes(again["train"])
    with np.load(io.BytesIO(clip_set_bytes(sets["valid"]))) as archive:
        assert archive["sample_rate"] == SAMPLE_RATE

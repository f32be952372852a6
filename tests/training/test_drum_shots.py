"""The drums recipe, with bursts of noise in place of a SoundFont's kits and recordings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from creative_gen.media.clip_set import NEVER, NO_PITCH
from creative_gen.media.errors import MediaError
from creative_gen.training import drum_shots
from creative_gen.training.clip_recipe import SAMPLE_RATE, Clip
from creative_gen.training.drum_shots import ENOUGH, drum_clips
from creative_gen.training.drum_sources import DRUMS, Drum
from creative_gen.training.fluidsynth import RENDER_RATE, Note

NAMES = ("bd_808", "bd_klub", "sn_soft", "loop_other")
TOYS = (
    Drum("kick", ((0, 36), (3, 36)), ("bd_*",), frozenset(((3, 36),)), frozenset(("bd_klub",))),
    Drum("snare", ((0, 38), (0, 40)), ("sn_*",), frozenset(("sn_soft",)), frozenset(((0, 40),))),
)


def burst(seed: int, seconds: float, rate: int) -> NDArray[np.float32]:
    """20 ms of nearly nothing, then noise of a second's decay."""
    frames, before = round(seconds * rate), rate // 50
    noise = np.random.default_rng(seed).uniform(-1, 1, frames)
    noise[:before] *= 1e-4
    noise[before : before + 9] = 1.0
    fall = np.exp(-3 * np.maximum(np.arange(frames) - before, 0) / rate)
    return (0.1 * noise * fall).astype(np.float32)


def strike(
    notes: Sequence[Note], kit: int, seconds: float, soundfont: Path, drums: bool = False
) -> list[NDArray[np.float32]]:
    assert drums
    return [burst(kit * 128 + note.pitch, seconds, RENDER_RATE) for note in notes]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Clip]]:
    folder = tmp_path_factory.mktemp("drums")
    for seed, name in enumerate(NAMES):
        soundfile.write(folder / f"{name}.flac", burst(seed, 0.3, 44_100), 44_100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drum_shots, "play_notes", strike)
        patch.setattr(drum_shots, "DRUMS", TOYS)
        return list(drum_clips(Path("toy.sf2"), folder))


def source_of(clip: Clip) -> str:
    return clip.source.rsplit(" x", 1)[0]


def test_no_source_is_of_two_drums_and_what_is_held_out_exists() -> None:
    for one, other in combinations(DRUMS, 2):
        assert not set(one.hits) & set(other.hits)
    for drum in DRUMS:
        held_out = drum.valid | drum.test
        for source in held_out:
            assert drum.takes(source) if isinstance(source, str) else source in drum.hits
            takers = [other.kind for other in DRUMS if other.takes(str(source))]
            assert takers in ([], [drum.kind])
        assert drum.test
        assert not drum.valid & drum.test
        assert any(drum.split_of(hit) == "train" for hit in drum.hits)


def test_no_source_is_in_two_splits(clips: list[tuple[str, Clip]]) -> None:
    splits: dict[str, set[str]] = {}
    for split, clip in clips:
        splits.setdefault(source_of(clip), set()).add(split)
    assert all(len(found) == 1 for found in splits.values())
    assert {source: found.pop() for source, found in splits.items()} == {
        "toy kit 0 key 36": "train",
        "toy kit 3 key 36": "valid",
        "bd_808": "train",
        "bd_klub": "test",
        "toy kit 0 key 38": "train",
        "toy kit 0 key 40": "test",
        "sn_soft": "valid",
    }


def test_every_kind_has_enough_clips_to_learn_from(clips: list[tuple[str, Clip]]) -> None:
    learned = [clip.kind for split, clip in clips if split == "train"]
    for drum in TOYS:
        assert learned.count(drum.kind) >= ENOUGH


def test_hits_begin_at_once_and_peak_at_their_velocity(clips: list[tuple[str, Clip]]) -> None:
    for _, clip in clips:
        level = np.abs(clip.samples)
        assert level.max() == pytest.approx(0.8 * clip.velocity / 127, rel=1e-3)
        assert np.flatnonzero(level > 0.1 * level.max())[0] <= SAMPLE_RATE // 1000
        assert len(level) <= 1.6 * SAMPLE_RATE
        assert level[-1] < 1e-3
        assert (clip.pitch, clip.release) == (NO_PITCH, NEVER)
    soft = {clip.velocity for _, clip in clips if source_of(clip) == "sn_soft"}
    assert soft == {60}


def test_speeds_are_even_around_the_hit_s_own(clips: list[tuple[str, Clip]]) -> None:
    for split, least in (("train", 0.84), ("test", 0.94)):
        name = {"train": "bd_808", "test": "bd_klub"}[split]
        hits = [clip for _, clip in clips if source_of(clip) == name]
        speeds = [float(clip.source.rsplit(" x", 1)[1]) for clip in hits]
        assert min(speeds) == least
        assert 1.0 in speeds
        lengths = [len(clip.samples) * speed for clip, speed in zip(hits, speeds, strict=True)]
        assert np.ptp(lengths) < 0.01 * max(lengths)


def test_a_folder_without_a_drum_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drum_shots, "play_notes", strike)
    monkeypatch.setattr(drum_shots, "DRUMS", TOYS)
    with pytest.raises(MediaError, match="no recordings of a kick.*bd_"):
        next(drum_clips(Path("toy.sf2"), tmp_path))
    assert next(drum_clips(Path("toy.sf2"), None))[1].kind == "kick"


def test_a_kit_without_a_drum_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def strike_nothing(notes: Sequence[Note], *_: object, **__: object) -> list[object]:
        return [np.zeros(100, np.float32) for _ in notes]

    monkeypatch.setattr(drum_shots, "play_notes", strike_nothing)
    with pytest.raises(MediaError, match="toy kit 0 key 35 is silent"):
        next(drum_clips(Path("toy.sf2"), None))

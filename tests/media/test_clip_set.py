from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative_gen.media.clip_set import NEVER, NO_PITCH, ClipSet, clip_set_bytes, read_clip_set
from creative_gen.media.errors import MediaError

CLIPS = ClipSet(
    sample_rate=16_000,
    kinds=("marimba", "snare"),
    samples=np.arange(-4, 5, dtype=np.int16),
    offsets=np.array([0, 2, 5, 9]),
    kind=np.array([0, 1, 0]),
    pitch=np.array([60, NO_PITCH, 61.5], np.float32),
    velocity=np.array([100, 30, 127]),
    release=np.array([1, NEVER, 3]),
    source=("a.mid", "b.wav", "é"),
)
BROKEN = {
    "offsets": [[0, 2, 2, 9], [0, 5, 2, 9], [1, 2, 5, 9], [0, 2, 5, 8], [0, 2, 9], [], 9],
    "kind": [[0, 2, 0], [0, -1, 0], [0, 1], [0, 1, 0, 1], 0, [[0, 1, 0]]],
    "samples": [np.zeros((9, 1))],
    "pitch": [[60, 61]],
    "velocity": [[100]],
    "release": [[1, 2, 3, 4]],
    "source": [("a",)],
    "sample_rate": [0, -16_000],
}


def read(folder, data):
    path = folder / "clips.npz"
    path.write_bytes(data)
    return read_clip_set(path)


def test_a_set_survives_and_is_the_same_bytes_again(tmp_path):
    data = clip_set_bytes(CLIPS)
    again = read(tmp_path, data)
    assert clip_set_bytes(again) == data
    assert (again.sample_rate, again.kinds, again.source) == (16_000, CLIPS.kinds, CLIPS.source)
    for name in ("samples", "offsets", "kind", "pitch", "velocity", "release"):
        column, wanted = getattr(again, name), getattr(CLIPS, name)
        assert column.dtype == wanted.dtype
        assert np.array_equal(column, wanted)


def test_a_clip_is_its_part_of_the_samples(tmp_path):
    clips = read(tmp_path, clip_set_bytes(CLIPS))
    assert len(clips) == 3
    assert [clips.clip(n).tolist() for n in range(3)] == [[-4, -3], [-2, -1, 0], [1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BROKEN.items() for value in values]
)
def test_columns_that_do_not_fit_together_are_refused(tmp_path, name, value):
    kept = getattr(CLIPS, name)
    wrong = np.array(value, kept.dtype) if isinstance(kept, np.ndarray) else value
    with pytest.raises(MediaError, match="do not fit") as caught:
        read(tmp_path, clip_set_bytes(replace(CLIPS, **{name: wrong})))
    assert caught.value.hint


def test_a_set_of_no_clips_is_refused(tmp_path):
    none = {name: np.array([], np.int64) for name in ("kind", "velocity", "release")}
    empty = replace(CLIPS, pitch=np.array([], np.float32), source=(), **none)
    for offsets in ([], [0]):
        with pytest.raises(MediaError):
            read(tmp_path, clip_set_bytes(replace(empty, offsets=np.array(offsets, np.int64))))


@pytest.mark.parametrize(
    "change",
    [
        {"samples": np.zeros(9, np.float32)},
        {"kind": np.zeros(3, np.float64)},
        {"pitch": np.zeros(3, np.complex64)},
    ],
)
def test_columns_of_another_type_are_refused(tmp_path, change):
    with pytest.raises(MediaError, match="not a set of clips"):
        read(tmp_path, clip_set_bytes(replace(CLIPS, **change)))


def test_pickles_are_not_opened(tmp_path):
    np.savez(tmp_path / "p.npz", samples=np.array([{}, None], object))
    with pytest.raises(MediaError, match="not a set of clips"):
        read_clip_set(tmp_path / "p.npz")


@pytest.mark.parametrize("data", [b"", b"PK", b"text", clip_set_bytes(CLIPS)[:-40]])
def test_other_files_are_refused(tmp_path, data):
    with pytest.raises(MediaError) as caught:
        read(tmp_path, data)
    assert caught.value.hint


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MediaError, match="none"):
        read_clip_set(tmp_path / "none.npz")


@given(st.integers(0), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused(tmp_path_factory, place, damage):
    data = clip_set_bytes(CLIPS)
    place %= len(data)
    try:
        clips = read(
            tmp_path_factory.mktemp("damaged"), data[:place] + damage + data[place + len(damage) :]
        )
    except MediaError:
        return
    assert sum(len(clips.clip(n)) for n in range(len(clips))) == len(clips.samples)

from __future__ import annotations

import gc

import numpy as np

from creative_gen.models.wavenet.spool import Spool


def test_a_sound_is_its_parts_in_order() -> None:
    samples = np.random.default_rng(0).normal(size=(2, 1000)).astype(np.float32)
    spool = Spool(2, 44_100)
    for part in np.split(samples, [10, 10, 700], axis=1):
        spool.add(part)
    assert spool.frames == 1000
    audio = spool.audio()
    assert audio.sample_rate == 44_100
    assert np.array_equal(audio.samples, samples)


def test_a_sound_stays_when_its_spool_is_gone() -> None:
    spool = Spool(1, 8000)
    spool.add(np.ones((1, 5), np.float32))
    audio = spool.audio()
    del spool
    gc.collect()
    assert audio.samples.tolist() == [[1, 1, 1, 1, 1]]
    assert isinstance(audio.samples.base, np.memmap)


def test_nothing_is_a_sound_of_no_frames() -> None:
    audio = Spool(3, 8000).audio()
    assert audio.samples.shape == (3, 0)


def test_a_sound_that_nobody_asks_for_leaves_no_file_open() -> None:
    spool = Spool(1, 8000)
    spool.add(np.ones((1, 5), np.float32))
    # Where warnings are errors, an open file that is forgotten is one.
    del spool
    gc.collect()

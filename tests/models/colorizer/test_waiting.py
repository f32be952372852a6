from __future__ import annotations

import time

import pytest

from creative_gen.interface.jobs import Progress
from creative_gen.models.colorizer.waiting import PAUSE, patiently


def test_progress_is_told_until_the_work_is_done():
    steps = patiently(lambda: time.sleep(5.5 * PAUSE) or "done", 0.3)
    told = []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as end:
            assert end.value == "done"
            break
    assert told and set(told) == {Progress(0.3)}


def test_errors_of_the_work_are_its_own():
    with pytest.raises(KeyError, match="lost"):
        list(patiently(lambda: {}["lost"]))

from __future__ import annotations

import numpy as np
import pytest

from creative_gen.interface.audio_options import (
    LONGEST,
    ContinueOptions,
    GenerateOptions,
    RenderOptions,
    SoundOptions,
)
from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.errors import MediaError
from tests.toy_sound_files import note_sequence


@pytest.mark.parametrize("seconds", [0.0, 599.0, 600.0])
def test_up_to_the_limit_may_be_made(seconds: float) -> None:
    SoundOptions().refuse_longer(seconds)


@pytest.mark.parametrize(("seconds", "needed"), [(600.01, 601), (700, 700), (LONGEST, 14_400)])
def test_more_is_refused_and_the_fix_allows_it(seconds: float, needed: int) -> None:
    with pytest.raises(InvalidRequest, match="the limit is 600") as raised:
        SoundOptions().refuse_longer(seconds)
    assert raised.value.hint == f"If you mean it: --max-seconds {needed}."
    SoundOptions(max_seconds=needed).refuse_longer(seconds)


@pytest.mark.parametrize("seconds", [LONGEST + 1, 1e30, float("inf"), float("nan")])
def test_absurd_lengths_are_refused_whatever_the_limit(seconds: float) -> None:
    with pytest.raises(InvalidRequest) as raised:
        SoundOptions(max_seconds=LONGEST).refuse_longer(seconds)
    assert "Ask for less" in raised.value.hint


def test_the_length_of_a_piece_is_that_of_its_last_note() -> None:
    RenderOptions().check({"notes": note_sequence((60, 0, 600), (62, 0, 3))})
    with pytest.raises(InvalidRequest, match="601 seconds"):
        RenderOptions().check({"notes": note_sequence((60, 0, 601), (62, 0, 3))})


@pytest.mark.parametrize("notes", [[], [(60, 0, 0)], [(60, 0, np.nan)], [(60, 0, 1e9)]])
def test_notes_that_cannot_be_played_are_refused(notes: list[tuple[int, float, float]]) -> None:
    with pytest.raises(MediaError):
        RenderOptions().check({"notes": note_sequence(*notes)})


def test_the_length_that_is_asked_for_counts() -> None:
    GenerateOptions().check({})
    GenerateOptions(seconds=5, max_seconds=5).check({})
    ContinueOptions(seconds=5, max_seconds=5).check({})
    for kind in (GenerateOptions, ContinueOptions):
        with pytest.raises(InvalidRequest, match="6 seconds"):
            kind(seconds=6, max_seconds=5).check({})

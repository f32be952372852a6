"""The audio tasks, through the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from creative_gen import open_engine
from creative_gen.engine.engine import Engine
from creative_gen.interface.errors import InvalidAsset, InvalidRequest
from creative_gen.interface.jobs import Chunk, Output, Progress
from creative_gen.media.audio import Audio
from creative_gen.models.wavenet import generator as generator_module
from creative_gen.models.wavenet.mixing import CEILING
from tests.toy_sound_files import midi_bytes, note_sequence
from tests.toy_sounds import TOY_DRUMS, TOY_NOTES, toy_sound_weights, write_toy_sounds

RATE = 16_000


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("assets")


@pytest.fixture(scope="module")
def engine(root: Path) -> Any:
    write_toy_sounds(root)
    write_toy_sounds(root, "toy-drums", TOY_DRUMS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREATIVE_GEN_ASSETS", str(root))
        yield open_engine()


def outputs(engine: Engine, task: str, **options: Any) -> tuple[Output, ...]:
    return engine.run(task, **{"asset": "toy-notes", "seed": 5} | options).outputs


def samples(output: Output) -> np.ndarray:
    assert isinstance(output.value, Audio)
    return output.value.samples


def test_notes_are_rendered_with_remarks(engine: Engine) -> None:
    notes = note_sequence((60, 0.0, 0.2), (30, 0.1, 0.4))
    (output,) = outputs(engine, "audio.render", notes=notes)
    assert output.details == {
        "seed": 5,
        "temperature": 1.0,
        "instruments": "marimba for piano",
        "moved_by_octaves": "notes beyond an instrument's range: 1 of marimba",
    }
    sound = samples(output)
    assert sound.shape[0] == 1
    assert 0.4 * RATE <= sound.shape[1] < 2 * RATE
    assert np.abs(sound).max() > 0.01


def test_one_instrument_can_be_chosen(engine: Engine) -> None:
    notes = note_sequence((40, 0.0, 0.2))
    (output,) = outputs(engine, "audio.render", notes=notes, instrument="bass")
    assert output.details["instruments"] == "bass"
    with pytest.raises(InvalidRequest, match="'kazoo'"):
        outputs(engine, "audio.render", notes=notes, instrument="kazoo")


def test_gain_is_in_decibels_and_loud_music_is_limited(engine: Engine) -> None:
    notes = note_sequence((60, 0.0, 0.2))
    plain, soft, loud = (
        samples(*outputs(engine, "audio.render", notes=notes, gain=gain)) for gain in (0, -20, 40)
    )
    np.testing.assert_allclose(soft, plain / 10, atol=1e-7)
    assert 0.9 < np.abs(loud).max() <= np.float32(CEILING)


def test_a_note_struck_again_sounds_the_same(engine: Engine) -> None:
    notes = note_sequence((60, 0.0, 0.1), (60, 2.0, 2.1))
    sound = samples(*outputs(engine, "audio.render", notes=notes))[0]
    again = sound[2 * RATE :]
    assert np.array_equal(sound[: len(again)], again)


def test_the_temperature_is_the_assets_own_by_default(engine: Engine, root: Path) -> None:
    calm = TOY_NOTES.model_copy(update={"temperature": 0.3})
    write_toy_sounds(root, "calm", calm)
    notes = note_sequence((60, 0.0, 0.1))
    own = outputs(engine, "audio.render", notes=notes, asset="calm")
    assert own[0].details["temperature"] == 0.3
    assert own == outputs(engine, "audio.render", notes=notes, asset="calm", temperature=0.3)
    other = outputs(engine, "audio.render", notes=notes, asset="calm", temperature=1.0)
    assert not np.array_equal(samples(*own), samples(*other))


def test_kinds_take_turns_where_none_is_given(engine: Engine) -> None:
    made = outputs(engine, "audio.generate", count=4, seconds=0.05)
    assert [output.details["kind"] for output in made] == ["flute", "marimba", "bass", "flute"]
    assert [output.details["seed"] for output in made] == [5, 6, 7, 8]
    # The C nearest to the middle of each range; between two of them, the higher.
    assert [output.details["pitch"] for output in made] == [72, 72, 36, 72]


def test_only_what_is_offered_is_played_unasked(engine: Engine, root: Path) -> None:
    offered = [{"name": kind, "offered": kind == "bass"} for kind in TOY_NOTES.kinds]
    write_toy_sounds(root, "one-good", categories=offered)
    made = outputs(engine, "audio.generate", asset="one-good", count=3, seconds=0.05)
    assert {output.details["kind"] for output in made} == {"bass"}


def test_an_asset_that_offers_what_it_was_not_trained_on_is_refused(
    engine: Engine, root: Path
) -> None:
    write_toy_sounds(root, "boaster", categories=[{"name": "theremin"}])
    with pytest.raises(InvalidAsset, match="offers 'theremin'"):
        outputs(engine, "audio.generate", asset="boaster")


def test_sounds_last_as_long_as_asked(engine: Engine) -> None:
    for seconds in (0.001, 0.05, 0.25, 3.0):
        made = outputs(engine, "audio.generate", kind="bass", seconds=seconds, count=2)
        assert [samples(one).shape for one in made] == [(1, round(seconds * RATE))] * 2
    # It dies away long before three seconds; shorter ones are faded.
    assert not samples(made[0])[0, 2 * RATE :].any()
    short = samples(outputs(engine, "audio.generate", kind="bass", seconds=0.05)[0])[0]
    assert np.abs(short).max() > 0.01 and short[-1] == 0


def test_by_itself_a_sound_ends_when_it_has_died_away(engine: Engine) -> None:
    for asset in ("toy-notes", "toy-drums"):
        (made,) = outputs(engine, "audio.generate", asset=asset)
        assert 0.2 * RATE <= samples(made).shape[1] < 2 * RATE


def test_a_sound_that_does_not_die_away_is_faded_at_last(
    engine: Engine, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = toy_sound_weights(TOY_NOTES)
    weights["gain/values/bias"] += 7
    write_toy_sounds(root, "drone", weights=weights)
    monkeypatch.setattr(generator_module, "LONGEST_SECONDS", 0.75)
    (made,) = outputs(engine, "audio.generate", asset="drone")
    sound = samples(made)[0]
    assert len(sound) == 0.75 * RATE
    assert np.abs(sound[-400:-200]).max() > 0.01 and sound[-1] == 0


def test_a_pitch_beyond_the_range_is_moved_and_told(engine: Engine) -> None:
    for pitch, played in ((64.5, 64.5), (100.0, 76.0), (20.0, 56.0)):
        (made,) = outputs(engine, "audio.generate", kind="marimba", pitch=pitch, seconds=0.02)
        assert made.details["pitch"] == played
    (hit,) = outputs(engine, "audio.generate", asset="toy-drums", pitch=60.0, seconds=0.02)
    assert "pitch" not in hit.details


def test_batches_change_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"count": 5, "seconds": 0.15, "asset": "toy-drums"}
    whole = outputs(engine, "audio.generate", **options)
    monkeypatch.setattr(generator_module, "BATCH", 2)
    assert outputs(engine, "audio.generate", **options) == whole


def test_progress_never_falls_from_batch_to_batch(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator_module, "BATCH", 2)
    asset = engine.asset_for(generator_task(), "toy-drums")
    options = engine.options_of(generator_task(), asset)(count=5, seconds=0.12, seed=1)
    steps = engine.generator(asset).generate(options)  # type: ignore[attr-defined]
    fractions = [step.fraction for step in steps if isinstance(step, Progress)]
    assert fractions == sorted(fractions) and fractions[-1] == 1


def generator_task() -> Any:
    from creative_gen.interface.tasks import TASKS

    return TASKS["audio.generate"]


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16_000, 1), (44_100, 2), (96_000, 6)])
@pytest.mark.parametrize("asset", ["toy-notes", "toy-drums"])
def test_the_given_samples_are_kept_bit_for_bit(
    engine: Engine, asset: str, rate: int, channels: int
) -> None:
    random = np.random.default_rng(0)
    given = Audio(random.normal(0, 0.1, (channels, rate // 10)).astype(np.float32), rate)
    made = outputs(engine, "audio.continue", asset=asset, audio=given, seconds=0.1, count=2)
    for index, output in enumerate(made):
        sound = samples(output)
        assert sound.shape == (channels, rate // 10 + rate // 10)
        assert sound[:, : given.frames].tobytes() == given.samples.tobytes()
        assert output.details["given_frames"] == given.frames
        assert output.details["seed"] == 5 + index
        assert output.details["kind"] in (*TOY_NOTES.kinds, *TOY_DRUMS.kinds)


def test_a_sound_without_samples_cannot_be_continued(engine: Engine) -> None:
    empty = Audio(np.zeros((1, 0), np.float32), RATE)
    with pytest.raises(InvalidRequest, match="empty"):
        outputs(engine, "audio.continue", audio=empty)


def test_chunks_come_before_the_piece_is_done(engine: Engine) -> None:
    notes = note_sequence(*((60 + index % 12, index, index + 0.5) for index in range(12)))
    events = list(engine.stream("audio.render", asset="toy-notes", notes=notes, seed=1))
    kinds = ["chunk" if isinstance(event, Chunk) else "" for event in events]
    assert kinds.index("chunk") < 10
    assert kinds.count("chunk") > 4


def test_only_drums_is_an_error_with_the_fix(engine: Engine) -> None:
    notes = note_sequence((38, 0.0, 0.2))
    notes.notes[0].is_drum = True
    with pytest.raises(InvalidRequest, match="only drums"):
        outputs(engine, "audio.render", notes=notes)


def test_programs_choose_the_instruments(engine: Engine) -> None:
    from creative_gen.media.music import read_midi

    notes = read_midi(midi_bytes([(72, 0, 96)], program=73))
    (output,) = outputs(engine, "audio.render", notes=notes)
    assert output.details["instruments"] == "flute for flute"

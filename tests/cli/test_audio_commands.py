from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from creative_gen import open_engine
from creative_gen.interface.wire import provenance
from creative_gen.media.audio_files import read_audio, read_provenance
from creative_gen.media.resample import resampled
from tests.cli.conftest import Run
from tests.toy_sound import RATE, sine, write_sine_asset
from tests.toy_sound_files import midi_bytes, wav_bytes

GENERATE = ("audio", "generate", "--kind", "boop", "--seed", 3)


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def in_24_bits(samples: np.ndarray) -> np.ndarray:
    return np.rint(samples.astype(np.float64) * 2**23) / 2**23


def test_sounds_are_written_into_a_folder_with_a_manifest(sines: Path, run: Run) -> None:
    ran = run(*GENERATE, "--count", 3, "-o", "drums")
    assert (ran.status, ran.stderr) == (0, "")
    assert "3 sounds in drums: 0.25 s to 0.35 s, 16000 Hz" in ran.stdout
    assert "Kind: boop\nSeed 3, asset 'sines'." in ran.stdout
    names = ["boop-1.wav", "boop-2.wav", "boop-3.wav"]
    assert sorted(written(sines / "drums")) == [*names, "manifest.json"]
    for number, name in enumerate(names):
        info = soundfile.info(sines / "drums" / name)
        assert (info.subtype, info.samplerate, info.channels) == ("PCM_24", RATE, 1)
        expected = sine(57.03 + number / 100, 0.25 + 0.05 * number)
        found = read_audio(sines / "drums" / name).samples[0]
        assert np.array_equal(found, in_24_bits(expected))
    facts = json.loads((sines / "drums" / "manifest.json").read_text("utf-8"))
    assert [one["file"] for one in facts["outputs"]] == names
    assert [one["seed"] for one in facts["outputs"]] == [3, 4, 5]


@pytest.mark.parametrize(
    ("name", "flags", "form", "subtype"),
    [
        ("a.wav", (), "WAV", "PCM_24"),
        ("a.wav", ("--bits", "16"), "WAV", "PCM_16"),
        ("A.WAV", ("--bits", "float"), "WAV", "FLOAT"),
        ("a.flac", ("--format", "flac"), "FLAC", "PCM_24"),
        ("new/folder/a.flac", ("--bits", "16"), "FLAC", "PCM_16"),
    ],
)
def test_one_sound_is_a_file_of_the_name_that_is_asked_for(
    sines: Path, run: Run, name: str, flags: tuple[str, ...], form: str, subtype: str
) -> None:
    ran = run(*GENERATE, *flags, "-o", name)
    assert (ran.status, ran.stderr) == (0, "")
    assert f"1 sound in {name}: 0.25 s, 16000 Hz" in ran.stdout
    info = soundfile.info(sines / name)
    assert (info.format, info.subtype) == (form, subtype)
    assert [path.name for path in (sines / name).parent.iterdir() if path.suffix != ".svg"] == [
        Path(name).name
    ]


def test_every_file_says_how_it_was_made(sines: Path, run: Run) -> None:
    for form in ("wav", "flac"):
        run(*GENERATE, "--count", 2, "--format", form, "-o", "drums")
        made = json.loads(read_provenance(sines / "drums" / f"boop-2.{form}"))
        facts = made["creative_gen"]
        result = open_engine().run(facts["task"], asset=facts["asset"], **facts["options"])
        assert provenance(result, result.outputs[1]) == made
        assert facts["output"] == {"seed": 4, "kind": "boop"}
        assert facts["data_licence"] == "CC0-1.0"


def test_chunks_and_whole_outputs_are_written_alike(sines: Path, run: Run) -> None:
    write_sine_asset(sines.parent / "assets", "odd", block=333)
    write_sine_asset(sines.parent / "assets", "silent", chunked=False)
    command = ("audio", "generate", "--count", 2, "--seed", 5, "--sample-rate", 44_100)
    samples = []
    for asset in ("sines", "odd", "silent"):
        assert run(*command, "--asset", asset, "--bits", "float", "-o", asset).status == 0
        samples.append([read_audio(sines / asset / f"sound-{n}.wav").samples for n in (1, 2)])
    assert all(np.array_equal(one, samples[0][0]) for one, _ in samples)
    assert all(np.array_equal(two, samples[0][1]) for _, two in samples)
    whole = open_engine().run("audio.generate", count=2, seed=5, asset="odd").values[0]
    assert np.array_equal(samples[0][0], resampled(whole, 44_100).samples)  # type: ignore[arg-type]


def test_the_same_command_writes_the_same_bytes(sines: Path, run: Run) -> None:
    for out in ("a", "b"):
        assert run(*GENERATE, "--count", 2, "--picture", "-o", out).status == 0
    assert len(written(sines / "a")) == 5
    assert written(sines / "a") == written(sines / "b")


def test_render_plays_the_notes(sines: Path, run: Run) -> None:
    (sines / "tune.mid").write_bytes(midi_bytes([(69, 0, 480), (76, 480, 960)]))
    ran = run("audio", "render", "tune.mid", "--instrument", "beep", "--seed", 1, "-o", "tune.wav")
    assert (ran.status, ran.stderr) == (0, "")
    assert "1 sound in tune.wav: 1.00 s" in ran.stdout
    assert "Played as: sines\nSeed 1, asset 'sines'." in ran.stdout
    played = read_audio(sines / "tune.wav").samples[0]
    expected = np.concatenate([sine(69, 0.5, level=0.1), sine(76, 0.5, level=0.1)])
    assert np.array_equal(played, in_24_bits(expected))


@pytest.mark.parametrize(
    ("dtype", "rate", "channels", "subtype"),
    [
        ("int16", 44_100, 2, "PCM_16"),
        ("int32", 48_000, 1, "PCM_24"),
        ("float32", 384_000, 8, "FLOAT"),
    ],
)
def test_the_given_samples_stay_as_they_are(
    sines: Path, run: Run, dtype: str, rate: int, channels: int, subtype: str
) -> None:
    random = np.random.default_rng(0)
    if dtype == "float32":
        given = random.uniform(-1, 1, (2000, channels)).astype(np.float32)
    else:
        top = 2 ** (15 if dtype == "int16" else 23)
        given = random.integers(-top, top, (2000, channels)).astype(dtype)
        given[:2] = [[-top] * channels, [top - 1] * channels]
    (sines / "hit.wav").write_bytes(wav_bytes(given, rate))
    ran = run("audio", "continue", "hit.wav", "--seconds", 0.1, "--seed", 1, "-o", "tail.wav")
    assert (ran.status, ran.stderr) == (0, "")
    info = soundfile.info(sines / "tail.wav")
    assert (info.samplerate, info.channels, info.subtype) == (rate, channels, subtype)
    assert info.frames == 2000 + rate // 10
    data = wav_bytes(given, rate).partition(b"data")[2][4:]
    written_data = (sines / "tail.wav").read_bytes()[-(2000 + rate // 10) * len(data) // 2000 :]
    assert written_data.startswith(data)


def test_ways_to_go_on_are_named_after_the_sound(sines: Path, run: Run) -> None:
    (sines / "a hit.wav").write_bytes(wav_bytes(np.ones((9, 1), np.int16)))
    assert run("audio", "continue", "a hit.wav", "--count", 2, "-o", "tails").status == 0
    names = ["a-hit-1.wav", "a-hit-2.wav", "manifest.json"]
    assert sorted(written(sines / "tails")) == names


def test_another_rate_and_other_bits_may_be_asked_for(sines: Path, run: Run) -> None:
    (sines / "hit.wav").write_bytes(wav_bytes(np.ones((900, 1), np.int16), 44_100))
    flags = ("--sample-rate", 22_050, "--bits", "24", "--seconds", 0.2)
    assert run("audio", "continue", "hit.wav", *flags, "-o", "tail.flac").status == 0
    info = soundfile.info(sines / "tail.flac")
    assert (info.samplerate, info.subtype) == (22_050, "PCM_24")
    assert info.frames == (900 + 44_100 // 5) / 2


@pytest.mark.parametrize(("output", "name"), [("a.wav", "a.png"), ("out", "boop-1.png")])
def test_a_picture_is_put_beside_the_sound(sines: Path, run: Run, output: str, name: str) -> None:
    ran = run(*GENERATE, "--picture", "--json", "-o", output)
    assert (ran.status, ran.stderr) == (0, "")
    assert name in json.loads(ran.stdout)["files"]
    path = (sines / output).parent / name if output.endswith("wav") else sines / output / name
    with Image.open(path) as picture:
        assert min(picture.size) > 100
        assert json.loads(picture.info["creative_gen"])["task"] == "audio.generate"


def test_json_prints_the_manifest_and_nothing_else(sines: Path, run: Run) -> None:
    ran = run(*GENERATE, "--json", "-o", "out")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == (sines / "out" / "manifest.json").read_text("utf-8")
    alone = json.loads(run(*GENERATE, "--json", "-o", "a.wav").stdout)
    assert alone["files"] == ["a.wav"]
    assert not (sines / "manifest.json").exists()


def test_a_file_that_is_there_is_replaced(sines: Path, run: Run) -> None:
    (sines / "a.wav").write_bytes(b"an older one")
    assert run(*GENERATE, "-o", "a.wav").status == 0
    assert read_audio(sines / "a.wav").seconds == 0.25


def test_the_asset_that_knows_the_kind_is_chosen(sines: Path, run: Run) -> None:
    write_sine_asset(sines.parent / "assets", "drums", kinds=["kick", "snare", "tom"])
    chosen = []
    for kind in ("snare", "boop"):
        ran = run("audio", "generate", "--kind", kind, "-o", "out", "--json")
        chosen.append(json.loads(ran.stdout)["asset"])
    assert chosen == ["drums", "sines"]
    (sines / "tune.mid").write_bytes(midi_bytes([(69, 0, 480)]))
    ran = run("audio", "render", "tune.mid", "--instrument", "boop", "-o", "a.wav", "--json")
    assert json.loads(ran.stdout)["asset"] == "sines"


def test_sounds_whose_kind_is_open_are_called_sounds(sines: Path, run: Run) -> None:
    run("audio", "generate", "-o", "out")
    assert (sines / "out" / "sound-1.wav").exists()

import io
import struct
import subprocess
import sys
import wave

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from creative_gen.media import audio_files
from creative_gen.media.audio import Audio
from creative_gen.media.audio_files import AudioWriter, audio_bytes, read_audio, read_provenance
from creative_gen.media.errors import MediaError

RATE = 22_050
NOISE = np.random.default_rng(0).uniform(-1, 1, (2, 999)).astype(np.float32)
FORMATS = [("wav", "16"), ("wav", "24"), ("wav", "float"), ("flac", "16"), ("flac", "24")]
LONG_COMMENT = '{"seed": 3, "words": "' + "prélude 猫 " * 20_000 + '"}'


def grid(bits, channels=2, frames=999):
    """Samples that integers of so many bits hold, both ends of the range among them."""
    whole = 1 << (bits - 1)
    values = np.random.default_rng(bits).integers(-whole, whole, (channels, frames))
    values[0, :3] = -whole, whole - 1, 0
    return (values / whole).astype(np.float32)


def encoded(samples, rate=RATE, **options):
    content = io.BytesIO()
    soundfile.write(content, np.asarray(samples).T, rate, **options)
    return content.getvalue()


@pytest.mark.parametrize(("file_format", "subtype"), FORMATS)
@pytest.mark.parametrize("channels", [1, 2, 8])
def test_samples_on_the_grid_survive_bit_for_bit(file_format, subtype, channels):
    sound = Audio(grid(16 if subtype == "16" else 24, channels), RATE)
    data = audio_bytes(sound, file_format, subtype)
    assert read_audio(data) == sound
    known = soundfile.info(io.BytesIO(data))
    wanted = {"16": "PCM_16", "24": "PCM_24", "float": "FLOAT"}[subtype]
    assert (known.format, known.subtype) == (file_format.upper(), wanted)


@pytest.mark.parametrize(("file_format", "subtype"), [f for f in FORMATS if f[1] != "float"])
def test_other_samples_are_rounded_to_the_nearest_and_clipped(file_format, subtype):
    step = 2.0 ** (1 - int(subtype))
    read = read_audio(audio_bytes(Audio(NOISE, RATE), file_format, subtype)).samples
    assert np.abs(read - NOISE).max() <= step / 2 * 1.0001
    loud = Audio([[2.0, -2.0, 1.0]], RATE)
    clipped = read_audio(audio_bytes(loud, file_format, subtype)).samples
    assert clipped.tolist() == [[1 - step, -1.0, 1 - step]]


def test_floats_keep_what_leaves_full_scale():
    loud = Audio([[2.0, -3.5]], RATE)
    assert read_audio(audio_bytes(loud, "wav", "float")) == loud


def test_the_standard_librarys_reader_agrees():
    with wave.open(io.BytesIO(audio_bytes(Audio(grid(16), RATE), "wav", "16", "note"))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 2, 2)
        integers = np.frombuffer(file.readframes(2_000), "<i2").reshape(-1, 2).T
    assert (integers == grid(16) * 32_768).all()


@pytest.mark.parametrize(("file_format", "subtype"), FORMATS)
def test_blocks_make_the_same_bytes_as_a_whole(tmp_path, file_format, subtype):
    path = tmp_path / "blocks"
    with AudioWriter(path, RATE, 2, file_format, subtype, "text") as writer:
        for start in range(0, 999, 100):
            writer.write(NOISE[:, start : start + 100])
    assert writer.frames == 999
    assert path.read_bytes() == audio_bytes(Audio(NOISE, RATE), file_format, subtype, "text")


def test_large_sounds_are_written_in_blocks(monkeypatch):
    whole = audio_bytes(Audio(NOISE, RATE))
    monkeypatch.setattr(audio_files, "BLOCK", 7)
    assert audio_bytes(Audio(NOISE, RATE)) == whole


@pytest.mark.parametrize(("file_format", "subtype"), FORMATS)
@pytest.mark.parametrize("comment", ["", "odd", "even", LONG_COMMENT])
def test_the_comment_survives_and_comes_before_the_samples(file_format, subtype, comment):
    data = audio_bytes(Audio(NOISE, RATE), file_format, subtype, comment)
    assert read_provenance(data) == comment
    assert read_audio(data).frames == 999
    if comment:
        assert data.index(comment[:10].encode()) < 1_000


def test_other_programs_see_a_short_comment_and_who_wrote_the_file():
    with soundfile.SoundFile(io.BytesIO(audio_bytes(Audio(NOISE, RATE), comment="hello"))) as file:
        assert (file.comment, file.software) == ("hello", "creative_gen")


def test_a_comment_that_others_wrote_is_read(tmp_path):
    path = tmp_path / "other.wav"
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as file:
        file.title = "Title"
        file.comment = "theirs"
        file.write(np.zeros(10))
    assert read_provenance(path) == "theirs"
    assert read_provenance(encoded(NOISE, format="WAV")) == ""
    assert read_provenance(encoded(NOISE, format="OGG")) == ""


class Pipe(io.BytesIO):
    def seekable(self):
        return False

    def seek(self, *_):
        raise OSError("a pipe cannot seek")

    tell = seek


@pytest.mark.parametrize("subtype", ["16", "24", "float"])
def test_a_wav_goes_through_a_pipe_and_may_be_cut(subtype):
    pipe = Pipe()
    sound = Audio(grid(16, 1), RATE)
    with AudioWriter(pipe, RATE, 1, "wav", subtype, "text") as writer:
        writer.write(sound.samples)
    data = pipe.getvalue()
    assert read_audio(data) == sound
    assert soundfile.info(io.BytesIO(data)).frames == 999
    assert read_provenance(data) == "text"
    with wave.open(io.BytesIO(audio_bytes(sound, subtype="16"))) as file:
        assert file.getnframes() == 999
    cut = read_audio(data[:-400]).samples
    assert 0 < cut.shape[1] < 999
    assert (cut == sound.samples[:, : cut.shape[1]]).all()


def test_a_file_stopped_in_the_middle_is_whole(tmp_path):
    path = tmp_path / "part.wav"
    with pytest.raises(KeyboardInterrupt), AudioWriter(path, RATE, 2, subtype="16") as writer:
        writer.write(grid(16))
        raise KeyboardInterrupt
    assert (read_audio(path).samples == grid(16)).all()


def test_a_stream_stays_open_and_may_start_with_something_else():
    content = io.BytesIO(b"before")
    content.seek(0, 2)
    with AudioWriter(content, RATE, 2) as writer:
        writer.write(NOISE)
    assert content.getvalue() == b"before" + audio_bytes(Audio(NOISE, RATE))


def test_a_flac_cannot_go_through_a_pipe():
    with pytest.raises(MediaError, match="pipe"):
        AudioWriter(Pipe(), RATE, 1, "flac")


@pytest.mark.parametrize("rate", [1_000, 44_101, 65_540, 384_000])
@pytest.mark.parametrize("file_format", ["wav", "flac"])
def test_any_sample_rate_is_written(rate, file_format):
    assert read_audio(audio_bytes(Audio(grid(24, 1, 50), rate), file_format)).sample_rate == rate


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ((66_661, 1, "flac"), "rate"),
        ((RATE, 1, "flac", "float"), "integers"),
        ((RATE, 1, "mp3"), "mp3"),
        ((RATE, 1, "wav", "8"), "subtype"),
        ((RATE, 9), "channels"),
        ((500, 1), "rate"),
        ((RATE, 1, "wav", "16", "nul\0"), "comment"),
        ((RATE, 1, "wav", "16", "x" * 2_000_000), "comment"),
    ],
)
def test_what_a_file_cannot_hold_is_refused(tmp_path, arguments, match):
    with pytest.raises(MediaError, match=match) as caught:
        AudioWriter(tmp_path / "none", *arguments)
    assert caught.value.hint
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("block", [np.zeros((2, 5)), np.zeros(5), np.full((1, 5), np.nan)])
def test_samples_that_do_not_fit_are_refused(block):
    with AudioWriter(io.BytesIO(), RATE) as writer, pytest.raises(MediaError):
        writer.write(block.astype(np.float32))


def test_a_wav_does_not_grow_beyond_what_it_can_hold(monkeypatch):
    monkeypatch.setattr("creative_gen.media.riff._ENDLESS", 1_000)
    with AudioWriter(io.BytesIO(), RATE) as writer, pytest.raises(MediaError, match="2 GB"):
        writer.write(np.zeros((1, 400), np.float32))


@pytest.mark.parametrize(
    "options",
    [
        {"format": "WAV", "subtype": "PCM_U8"},
        {"format": "WAV", "subtype": "PCM_32"},
        {"format": "WAV", "subtype": "DOUBLE"},
        {"format": "WAV", "subtype": "ULAW"},
        {"format": "WAVEX", "subtype": "PCM_24"},
        {"format": "RF64", "subtype": "PCM_16"},
        {"format": "OGG", "subtype": "VORBIS"},
    ],
)
def test_files_of_others_are_read(options):
    sine = 0.5 * np.sin(np.arange(4_000) / 9)[None]
    read = read_audio(encoded(sine, 16_000, **options))
    assert (read.sample_rate, read.samples.shape) == (16_000, sine.shape)
    assert np.abs(read.samples - sine).max() < 0.05


def test_eight_channels_at_the_highest_rate_are_read(tmp_path):
    path = tmp_path / "large.wav"
    path.write_bytes(encoded(np.zeros((8, 100)), 384_000, format="WAV"))
    assert read_audio(path).samples.shape == (8, 100)


def wav_of(content, chunk=b"data", channels=1, rate=RATE):
    layout = struct.pack("<HHIIHH", 3, channels, rate, rate * 4 * channels, 4 * channels, 32)
    chunks = b"fmt " + struct.pack("<I", 16) + layout + chunk
    return b"RIFF" + struct.pack("<I", 99) + b"WAVE" + chunks + content


NAN = struct.pack("<If", 4, np.nan)
SILENCE = struct.pack("<I", 400) + bytes(400)
OGG = encoded(NOISE, format="OGG", subtype="VORBIS")
FLAC = audio_bytes(Audio(NOISE, RATE), "flac")
WAV = audio_bytes(Audio(NOISE, RATE), "wav", "24", "x")


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "empty"),
        (b"not a sound", "not a sound"),
        (b"MThd\0\0\0\6", "not a sound"),
        (wav_of(struct.pack("<I", 0)), "no samples"),
        (wav_of(NAN), "finite"),
        (wav_of(SILENCE, channels=9), "9 channels"),
        (wav_of(SILENCE, rate=500), "500 Hz"),
        (wav_of(SILENCE, rate=768_000), "768000 Hz"),
        (wav_of(SILENCE, chunk=b"junk"), "cut short"),
        (b"RIFF", "cut short"),
        (b"RIFF" + bytes(100), "cut short"),
        (b"fLaC", "broken"),
        (b"OggS", "cut short"),
        (WAV[:-1], "cut short"),
        (WAV[:100], "cut short"),
        (FLAC[:-1], "cut short"),
        (FLAC[:2_000], "cut short"),
        (OGG[:-1], "cut short"),
        (OGG[: len(OGG) // 2], "cut short"),
    ],
)
def test_files_that_are_no_sound_are_refused(data, match):
    with pytest.raises(MediaError, match=match) as caught:
        read_audio(data)
    assert caught.value.hint


def test_a_missing_file_is_named(tmp_path):
    for read in (read_audio, read_provenance):
        with pytest.raises(MediaError, match=r"none\.wav"):
            read(tmp_path / "none.wav")


def test_sounds_that_are_too_long_are_refused(monkeypatch):
    monkeypatch.setattr(audio_files, "MAX_SAMPLES", 1_000)
    for file in (WAV, FLAC, OGG):
        with pytest.raises(MediaError, match="more than 1,000 samples"):
            read_audio(file)


@given(st.sampled_from([WAV, FLAC, OGG]), st.integers(0), st.binary(min_size=1, max_size=4))
@settings(max_examples=200)
def test_a_damaged_file_is_read_or_refused(data, place, damage):
    # Headers are a small part of a file and most of what can go wrong.
    place %= 200 if place % 2 else len(data)
    try_reading(data[:place] + damage + data[place + len(damage) :])


@given(st.sampled_from([b"RIFF\0\0\0\0WAVE", b"RF64", b"fLaC", b"OggS", WAV[:60]]), st.binary())
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(start, data):
    try_reading(start + data)


def try_reading(data):
    for read in (read_audio, read_provenance):
        try:
            read(data)
        except MediaError as error:
            assert error.hint


def test_the_value_alone_loads_no_reader():
    code = (
        "import sys, creative_gen.media.audio;"
        "print([name for name in ('soundfile', 'soxr', 'note_seq', 'PIL') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

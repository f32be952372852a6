"""A value goes through a file and back, and the file says how it was made."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from creative_gen.formats.content_types import CONTENT_TYPES
from creative_gen.formats.medium import checked_format, encode, formats_of, read_document, stem
from creative_gen.interface.errors import InvalidMedia, InvalidRequest
from creative_gen.interface.image_options import UpscaleOptions
from creative_gen.interface.jobs import Output, Request, Result
from creative_gen.interface.values import Value
from creative_gen.interface.wire import provenance
from creative_gen.media.audio import Audio
from creative_gen.media.audio_files import audio_bytes, read_provenance
from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image
from creative_gen.media.image_files import image_bytes
from creative_gen.media.quickdraw_npz import drawing_rows, npz_bytes
from creative_gen.media.sketch import Sketch
from creative_gen.media.svg_reader import read_svg
from creative_gen.media.svg_writer import write_svg
from tests.toy_pictures import hints, line_drawing, photo
from tests.toy_sound_files import midi_bytes

LINE = Sketch((np.float32([[1, 2], [30, 4.5], [6, 70]]),), (80.0, 80.0))
SOUND = Audio(np.sin(np.arange(4000, dtype=np.float32) / 9)[None] * 0.5, 8000)


def result_of(value: Value, **options: object) -> Result:
    return Result(
        outputs=(Output(value, {"seed": 12, "category": "café & cat"}),),
        task="sketch.complete",
        asset="toy",
        asset_sha256="00" * 32,
        licence="CC0-1.0",
        inputs={"sketch": "11" * 32},
        options={"seed": 7, "category": None, **options},
        version="0",
    )


def written(
    medium: Any, value: Value, folder: Path, file_format: str, document: Any = None
) -> Path:
    result = result_of(value)
    path = folder / f"made.{file_format}"
    path.write_bytes(encode(medium, result, result.outputs[0], document, file_format))
    return path


def facts_of(value: Value) -> dict[str, Any]:
    result = result_of(value)
    return provenance(result, result.outputs[0])


def test_a_sketch_goes_through_svg_bit_for_bit(tmp_path: Path) -> None:
    path = written("sketch", LINE, tmp_path, "svg")
    assert read_document("sketch", path).value == LINE
    told = re.search(r"<metadata>(.*)</metadata>", path.read_text())
    assert told
    assert json.loads(told[1].replace("&amp;", "&")) == facts_of(LINE)


@pytest.mark.parametrize("file_format", formats_of("image"))
def test_a_picture_goes_through_each_format(tmp_path: Path, file_format: str) -> None:
    picture = Image(line_drawing())
    document: Any = read_document("image", written("image", picture, tmp_path, file_format))
    given = picture.rgb() * 255
    read = document.value.rgb() * 255
    assert np.abs(read - given).mean() < (3 if file_format == "jpg" else 1e-3)
    assert json.loads(document.value.text["creative_gen"]) == facts_of(picture)


def test_a_photograph_is_a_small_webp(tmp_path: Path) -> None:
    picture = Image(photo())
    path = written("image", picture, tmp_path, "webp")
    assert path.stat().st_size < 0.7 * len(image_bytes(picture, "webp", lossless=True))


@pytest.mark.parametrize("file_format", formats_of("audio"))
def test_a_sound_goes_through_each_format(tmp_path: Path, file_format: str) -> None:
    path = written("audio", SOUND, tmp_path, file_format)
    read: Any = read_document("audio", path)
    assert read.value.sample_rate == SOUND.sample_rate
    error = np.abs(read.value.samples - SOUND.samples).max()
    assert error < (0.05 if file_format == "ogg" else 2**-23)
    assert json.loads(read_provenance(path)) == facts_of(SOUND)


@pytest.mark.parametrize(("subtype", "exact"), [("16", 2), ("24", 3), ("float", 4)])
def test_a_sound_that_is_gone_on_from_keeps_its_samples(
    tmp_path: Path, subtype: Any, exact: int
) -> None:
    given = tmp_path / "given.wav"
    given.write_bytes(audio_bytes(SOUND, "wav", subtype))
    document: Any = read_document("audio", given)
    made = written("audio", document.value, tmp_path, "wav", document).read_bytes()
    data = exact * SOUND.frames
    assert made[-data:] == given.read_bytes()[-data:]


def test_floats_become_integers_in_flac(tmp_path: Path) -> None:
    given = tmp_path / "given.wav"
    given.write_bytes(audio_bytes(SOUND, "wav", "float"))
    made = written("audio", SOUND, tmp_path, "flac", read_document("audio", given))
    read: Any = read_document("audio", made)
    assert read.subtype == "24"


def test_notes_go_through_midi(tmp_path: Path) -> None:
    given = tmp_path / "given.mid"
    given.write_bytes(midi_bytes([(60, 0, 480), (64, 480, 960)]))
    notes: Any = read_document("music", given).value
    again: Any = read_document("music", written("music", notes, tmp_path, "mid")).value
    assert [note.pitch for note in again.notes] == [note.pitch for note in notes.notes] == [60, 64]
    text = json.dumps(facts_of(notes), sort_keys=True, ensure_ascii=False).encode()
    assert text in (tmp_path / "made.mid").read_bytes()


def test_a_completion_is_the_artists_own_drawing_with_strokes_added(tmp_path: Path) -> None:
    source = b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><!-- mine -->'
    source += b'<path d="M1 2L30 4.5" fill="none" stroke="#123456"/></svg>'
    given = tmp_path / "half a cat.svg"
    given.write_bytes(source)
    document: Any = read_document("sketch", given)
    whole = Sketch((*document.sketch.strokes, *LINE.strokes), document.sketch.size)
    made = written("sketch", whole, tmp_path, "svg", document).read_bytes()
    end = source.rindex(b"</svg>")
    assert made.startswith(source[:end])
    assert made.endswith(source[end:])
    assert read_svg(made).sketch.points == whole.points
    assert stem("sketch", result_of(whole), document) == "half-a-cat"


@pytest.mark.parametrize(
    ("medium", "options", "named"),
    [
        ("sketch", {"category": "alarm clock"}, "alarm-clock"),
        ("sketch", {}, "sketch"),
        ("image", {"category": "a/b"}, "a-b"),
        ("image", {}, "toy"),
        ("audio", {"kind": "snare"}, "snare"),
        ("audio", {}, "sound"),
        ("music", {}, "notes"),
    ],
)
def test_results_of_no_file_are_named_after_what_they_are(
    medium: Any, options: dict[str, object], named: str
) -> None:
    assert stem(medium, result_of(LINE, **options)) == named


BLOBS = {
    "svg": write_svg(LINE),
    "ndjson": b'{"word": "cat", "drawing": [[[0, 5, 9], [1, 2, 3]]]}\n',
    "npz": npz_bytes({"train": [drawing_rows(LINE)]}),
}


@pytest.mark.parametrize("file_format", BLOBS)
@pytest.mark.parametrize("content_type", ["its own", "", "application/octet-stream"])
def test_a_sketch_without_a_name_is_known_by_its_content(
    tmp_path: Path, file_format: str, content_type: str
) -> None:
    blob = tmp_path / ("0f" * 32)
    blob.write_bytes(BLOBS[file_format])
    told = CONTENT_TYPES[file_format] if content_type == "its own" else content_type
    read: Any = read_document("sketch", blob, told).value
    assert read.points == 3


@pytest.mark.parametrize("medium", ["sketch", "image", "audio", "music"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x89PNG\r\n\x1a\n", b"RIFF0000WAVE", b"<"])
def test_what_is_something_else_is_refused_without_naming_a_path(
    tmp_path: Path, medium: Any, content: bytes
) -> None:
    blob = tmp_path / ("0f" * 32)
    blob.write_bytes(content)
    with pytest.raises((MediaError, InvalidMedia)) as refused:
        read_document(medium, blob, "application/octet-stream")
    error = refused.value
    assert error.message and error.hint
    assert blob.name not in f"{error.message} {error.hint}"


def test_the_default_format_is_the_first() -> None:
    assert checked_format("sketch", None) == "svg"
    assert checked_format("image", None) == "png"
    assert checked_format("audio", None) == "wav"
    assert checked_format("labels", None) is None


@pytest.mark.parametrize("medium", ["sketch", "image", "audio", "music", "labels"])
def test_another_format_is_refused(medium: Any) -> None:
    with pytest.raises(InvalidRequest, match="cannot be written as 'exe'"):
        checked_format(medium, "exe")


def test_a_format_that_cannot_hold_the_result_is_refused_before_it_is_made() -> None:
    request = Request("image.upscale", {"image": Image(hints())}, UpscaleOptions(scale=2))
    with pytest.raises(MediaError, match="JPEG cannot hold transparency"):
        checked_format("image", "jpg", request)
    assert checked_format("image", "png", request) == "png"

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from creative_gen.interface import values
from creative_gen.interface.values import Label, Labels, as_value, digest, medium_of
from creative_gen.media.audio import Audio
from creative_gen.media.image import Image
from creative_gen.media.sketch import Sketch
from tests.toy_sound_files import note_sequence

SKETCH = Sketch((np.array([[0, 0], [1, 2]]), np.array([[3, 4]])), (10, 10))


def test_the_same_content_has_the_same_digest() -> None:
    again = Sketch(([[0, 0], [1, 2]], [[3, 4]]), (10, 10))
    assert digest(SKETCH) == digest(again)


def test_other_points_strokes_or_frames_have_another_digest() -> None:
    others = [
        Sketch(([[0, 0], [1, 2.5]], [[3, 4]]), (10, 10)),
        Sketch(([[0, 0], [1, 2], [3, 4]],), (10, 10)),
        Sketch(([[0, 0]], [[1, 2], [3, 4]]), (10, 10)),
        Sketch(SKETCH.strokes, (10, 11)),
    ]
    assert len({digest(one) for one in [SKETCH, *others]}) == 5


def test_labels_have_a_digest_of_names_and_probabilities() -> None:
    values = [Labels((Label("cat", 0.5),)), Labels((Label("cat", 0.6),)), Labels(())]
    assert len({digest(value) for value in values}) == 3


SOUND = Audio(np.array([[0.0, 0.5, -1.0], [0.25, 0.0, 1.0]], np.float32), 48_000)


def test_a_sound_has_a_digest_of_its_rate_shape_and_samples() -> None:
    content = b"(48000, (2, 3))" + SOUND.samples.astype("<f4").tobytes()
    assert digest(SOUND) == hashlib.sha256(content).hexdigest()
    others = [
        Audio(SOUND.samples, 44_100),
        Audio(SOUND.samples.reshape(1, 6), 48_000),
        Audio(SOUND.samples[::-1], 48_000),
    ]
    assert len({digest(one) for one in [SOUND, *others]}) == 4


def test_a_sound_in_a_file_has_the_digest_of_one_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, (2, 1000)).astype(np.float32)
    whole = digest(Audio(samples, 16_000))
    (tmp_path / "samples").write_bytes(samples.tobytes())
    mapped = np.memmap(tmp_path / "samples", np.float32, "r", shape=(2, 1000))
    monkeypatch.setattr(values, "BLOCK", 300)
    sound = Audio(mapped, 16_000)
    assert isinstance(sound.samples, np.memmap)
    assert digest(sound) == whole


def test_notes_have_a_digest_of_their_content() -> None:
    notes = [[(60, 0.0, 1.0)], [(60, 0.0, 1.0)], [(61, 0.0, 1.0)], [(60, 0.0, 1.5)], []]
    digests = [digest(note_sequence(*some)) for some in notes]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4


LEVELS = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
PICTURE = Image(LEVELS)


def test_a_picture_has_a_digest_of_its_shape_bits_pixels_and_profile() -> None:
    content = b"((2, 4, 3), 8)" + LEVELS.tobytes()
    assert digest(PICTURE) == hashlib.sha256(content).hexdigest()
    others = [
        Image(LEVELS[::-1]),
        Image(LEVELS.reshape(4, 2, 3)),
        Image(LEVELS.astype(np.uint16)),
        Image(LEVELS, icc_profile=b"a profile"),
    ]
    assert len({digest(one) for one in [PICTURE, *others]}) == 5


def test_what_else_a_file_says_of_a_picture_is_not_in_its_digest() -> None:
    assert digest(Image(LEVELS, dpi=(72.0, 72.0), text={"Author": "nobody"})) == digest(PICTURE)


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_a_picture_has_the_same_digest_in_any_blocks(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = np.random.default_rng(0).integers(0, 2**16, (10, 7, 1)).astype(np.uint16)
    content = b"((10, 7, 1), 16)" + pixels.astype("<u2").tobytes()
    monkeypatch.setattr(values, "ROWS", rows)
    assert digest(Image(pixels)) == hashlib.sha256(content).hexdigest()


def test_a_picture_of_pillow_is_taken_as_one_of_ours() -> None:
    taken = as_value(Pillow.fromarray(LEVELS))
    assert taken == PICTURE
    assert as_value(PICTURE) is PICTURE
    assert as_value("a.png") == "a.png"


@pytest.mark.parametrize(
    ("value", "medium"),
    [
        (SKETCH, "sketch"),
        (Labels(()), "labels"),
        (SOUND, "audio"),
        (PICTURE, "image"),
        (LEVELS, None),
        (note_sequence(), "music"),
        (None, None),
        ("a.wav", None),
        (SOUND.samples, None),
        (note_sequence().notes, None),
    ],
)
def test_every_value_has_a_medium(value: object, medium: str | None) -> None:
    assert medium_of(value) == medium

from pathlib import Path

import numpy as np
import pytest

from creative_gen.media.errors import MediaError
from creative_gen.media.ndjson import QuickDrawing, write_ndjson
from creative_gen.media.quickdraw_npz import drawing_rows, write_npz
from creative_gen.media.sketch import Sketch
from creative_gen.training.face_drawings import read_drawings
from tests.toy_faces import face


def sketch(smile: float) -> Sketch:
    strokes = tuple((stroke + 130.0).astype(np.float32) for stroke in face(smile))
    return Sketch(strokes, (256.0, 256.0))


def test_npz_files_have_splits_of_their_own(tmp_path: Path) -> None:
    rows = {s: [drawing_rows(sketch(0.1 * i))] for i, s in enumerate(("test", "train", "valid"))}
    write_npz(tmp_path / "face.npz", rows)
    read = list(read_drawings([tmp_path / "face.npz"]))
    assert [drawing.split for drawing in read] == ["train", "valid"]
    assert len(read[0].strokes) == 5
    for drawn, given in zip(read[0].strokes, face(0.1), strict=True):
        assert np.allclose(drawn - drawn[0], given - given[0], atol=1e-3)


def test_recognized_drawings_of_ndjson_files_are_split_by_their_key(tmp_path: Path) -> None:
    given = [
        QuickDrawing(sketch(0.1), "face", recognized=index % 2 == 0, key_id=f"key {index}")
        for index in range(400)
    ]
    write_ndjson(tmp_path / "face.ndjson", given)
    splits = [drawing.split for drawing in read_drawings([tmp_path / "face.ndjson"])]
    assert len(splits) == 200
    assert 2 <= splits.count("valid") <= 20
    write_ndjson(tmp_path / "less.ndjson", given[100:])
    less = [drawing.split for drawing in read_drawings([tmp_path / "less.ndjson"])]
    assert less == splits[50:]


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "face.svg").write_text("<svg/>")
    with pytest.raises(MediaError, match=r"face\.svg"):
        list(read_drawings([tmp_path / "face.svg"]))

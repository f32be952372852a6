import numpy as np
import pytest

from creative_gen.training.face_drawings import Drawing
from creative_gen.training.face_parts import find_face
from creative_gen.training.face_pictures import (
    LINE,
    MARGIN,
    SIDE,
    face_pictures,
    into_frame,
    measured,
    mirrored,
    render,
)
from creative_gen.training.picture_folders import LeftOut
from creative_gen.training.picture_sets import Example
from tests.toy_faces import face, outline


def examples(drawings: list[Drawing], bends: int = 3, seed: int = 0) -> list[Example]:
    made = face_pictures(drawings, bends, seed)
    return [one for one in made if isinstance(one, Example)]


def drawings(split: str, *smiles: float) -> list[Drawing]:
    widths = np.linspace(160.0, 240.0, len(smiles))
    drawn = zip(smiles, widths.tolist(), strict=True)
    return [Drawing(tuple(face(smile, width)), split) for smile, width in drawn]


def test_drawings_fill_the_frame_but_for_the_margin() -> None:
    gray = render(into_frame([outline(200.0, 120.0)]))
    assert gray.shape == (SIDE, SIDE)
    columns, rows = np.flatnonzero(gray.min(axis=0) < 250), np.flatnonzero(gray.min(axis=1) < 250)
    assert (columns[0], columns[-1]) == (MARGIN, SIDE - MARGIN - 1)
    assert rows[0] + rows[-1] == SIDE - 1


def test_lines_are_as_wide_as_they_are_said_to_be() -> None:
    gray = render([np.array([[10.0, 20.3], [54.0, 20.3]])])
    ink = (255.0 - gray[:, 20:44]).sum(axis=0) / 255.0
    assert np.allclose(ink, LINE, atol=0.1)
    centre = ((255.0 - gray[:, 32]) * (np.arange(SIDE) + 0.5)).sum() / (255.0 - gray[:, 32]).sum()
    assert centre == pytest.approx(20.3, abs=0.1)


def test_attributes_are_measured_in_the_picture() -> None:
    found = find_face(face(0.2, width=200.0, height=240.0, x=20.0))
    assert found is not None
    attributes = measured(found)
    free = (SIDE - 2 * MARGIN - LINE) / SIDE
    assert attributes["smile"] == pytest.approx(0.2, abs=5e-3)
    assert attributes["height"] == pytest.approx(free)
    assert attributes["width"] == pytest.approx(free * 200 / 240, rel=5e-3)
    assert attributes["mouth_width"] == pytest.approx(0.4, rel=5e-3)
    assert attributes["mouth_x"] == pytest.approx(0.6, abs=5e-3)
    assert attributes["mouth_y"] == pytest.approx(0.75, abs=0.01)


def test_a_mirrored_face_is_measured_as_drawn() -> None:
    found = find_face(face(0.2, x=20.0, tilt=4.0))
    assert found is not None
    other = mirrored(found)
    again = find_face(other.strokes)
    assert again is not None
    assert other.curve.tilt == pytest.approx(again.curve.tilt, abs=1e-6)
    assert measured(other)["mouth_x"] == pytest.approx(1.0 - measured(found)["mouth_x"])
    gray = [render(into_frame(one.strokes)).astype(np.int64) for one in (found, other)]
    assert np.abs(gray[0] - gray[1][:, ::-1]).mean() < 3.0


def test_faces_to_train_on_are_bent_and_mirrored() -> None:
    made = examples([*drawings("train", 0.1, 0.3), *drawings("valid", 0.4)])
    assert [one.split for one in made].count("train") == 2 * 2 * (1 + 3)
    assert [one.split for one in made].count("valid") == 1
    assert {one.pixels.shape for one in made} == {(SIDE, SIDE, 1)}
    smiles = [one.attributes["smile"] for one in made if one.split == "train"]
    assert min(smiles) < -0.1
    assert len({round(smile, 6) for smile in smiles}) == 2 * (1 + 2 * 3)


def test_faces_bent_from_one_differ_in_their_mouths_alone() -> None:
    made = examples(drawings("train", 0.1, 0.3))
    known = [one for one in made if not np.isnan(one.attributes["bent_from"])]
    groups = {one.attributes["bent_from"] for one in known}
    assert (len(made), len(known), len(groups)) == (16, 12, 4)
    for group in groups:
        alike = [one for one in known if one.attributes["bent_from"] == group]
        same = [one.attributes | {"smile": 0.0} for one in alike]
        assert all(one == pytest.approx(same[0], abs=0.02) for one in same)
        assert len({one.attributes["smile"] for one in alike}) == 3
        changed = np.ptp([one.pixels for one in alike], axis=0)[..., 0] > 64
        assert 0 < changed.mean() < 0.1


def test_smiles_do_not_depend_on_what_else_is_in_the_face() -> None:
    smiles = np.linspace(0.05, 0.4, 12).tolist()
    made = examples(drawings("train", *smiles), bends=15)
    values = {name: [one.attributes[name] for one in made] for name in ("smile", "width")}
    drawn = np.corrcoef(smiles, np.linspace(160.0, 240.0, 12))[0, 1]
    assert drawn > 0.99
    assert abs(np.corrcoef(values["smile"], values["width"])[0, 1]) < 0.25
    assert abs(np.mean(values["smile"])) < 0.06


def test_the_seed_decides_on_the_mouths() -> None:
    given = drawings("train", 0.2)
    first, again, other = (examples(given, seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first, other, strict=True))


def test_what_is_left_out_is_told() -> None:
    plain = drawings("train", 0.2)[0]
    given = [
        Drawing(plain.strokes[:-1], "train"),
        Drawing(plain.strokes[1:], "train"),
        plain,
        Drawing(plain.strokes, "valid"),
    ]
    made = list(face_pictures(given, 0, 0))
    reasons = [one.reason for one in made if isinstance(one, LeftOut)]
    assert reasons == ["without a clear mouth", "without a clear outline", "near-copies"]
    assert [one.split for one in made if isinstance(one, Example)] == ["valid"]

import numpy as np
import pytest

from creative_gen.training.face_parts import (
    find_face,
    find_mouth,
    find_outline,
    fit_parabola,
    spaced,
)
from tests.toy_faces import Face, Points, eye, face, mouth, nose, outline

ARROW = np.array([[300.0, -100.0], [400.0, -150.0]])


def d_shaped() -> Points:
    """An open mouth: a straight lip and a round one, in one stroke."""
    return np.concatenate([mouth(0.5), mouth(0.0, y=48.0)[::-1], mouth(0.5)[:1]])


def without_mouth() -> Face:
    return face()[:-1]


def test_points_are_at_equal_distances_along_a_stroke() -> None:
    bent = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 0.0], [3.0, 5.0]])
    points = spaced(bent, 9)
    assert np.array_equal(points[[0, -1]], bent[[0, -1]])
    assert np.allclose(np.abs(np.diff(points, axis=0)).sum(axis=1), 1.0)


@pytest.mark.parametrize("smile", [-0.4, -0.1, 0.0, 0.2, 0.5])
@pytest.mark.parametrize("tilt", [-6.0, 0.0, 10.0])
def test_a_parabola_is_told_by_its_smile_and_tilt(smile: float, tilt: float) -> None:
    curve = fit_parabola(mouth(smile, width=60.0, x=7.0, tilt=tilt))
    assert curve.smile == pytest.approx(smile, abs=2e-3)
    assert curve.tilt == pytest.approx(tilt, abs=0.2)
    assert (curve.middle, curve.half) == (pytest.approx(7.0), pytest.approx(30.0))
    assert curve.misfit < 0.1


def test_smiles_do_not_depend_on_the_scale_or_the_place() -> None:
    drawn = mouth(0.3, tilt=4.0)
    assert fit_parabola(drawn * 0.1 + 50.0).smile == pytest.approx(fit_parabola(drawn).smile)


def test_the_parts_of_a_face() -> None:
    found = find_face(face(0.3, width=180.0, height=230.0))
    assert found is not None
    assert (found.outline, found.mouth) == (0, 4)
    assert found.size == (pytest.approx(180.0, abs=1.0), pytest.approx(230.0, abs=1.0))
    assert found.curve.smile == pytest.approx(0.3, abs=5e-3)
    assert found.parts_of_mouth == []


def test_teeth_are_parts_of_the_mouth_and_noses_are_not() -> None:
    tooth = np.array([[-5.0, 55.0], [-5.0, 75.0]])
    found = find_face([*face(0.3), tooth])
    assert found is not None
    assert found.parts_of_mouth == [5]


@pytest.mark.parametrize(
    "strokes",
    [
        [],
        [np.zeros((1, 2))],
        face()[1:],
        [outline()[:40], *face()[1:]],
        [*face(), ARROW * 3],
        [outline(40.0, 240.0), mouth(0.2, width=20.0)],
    ],
    ids=["nothing", "a dot", "no outline", "half of one", "a small one", "a narrow one"],
)
def test_what_has_no_outline_is_no_face(strokes: Face) -> None:
    assert find_outline(strokes) is None
    assert find_face(strokes) is None


@pytest.mark.parametrize(
    "last",
    [
        nose(),
        eye(0.0) + [0.0, 100.0],
        mouth(0.2, y=-60.0),
        mouth(0.2, width=40.0, x=60.0),
        mouth(0.2, width=16.0),
        mouth(0.2, width=240.0),
        mouth(0.2)[:, ::-1],
        d_shaped(),
        np.array([[-40.0, 60.0], [-20.0, 90.0], [0.0, 50.0], [20.0, 95.0], [40.0, 60.0]]),
        np.array([[0.0, 70.0]]),
    ],
    ids=["nose", "eye", "brow", "cheek", "tiny", "wide", "upright", "open", "zigzag", "dot"],
)
def test_what_is_no_mouth(last: Points) -> None:
    assert find_mouth([*without_mouth(), last], 0) is None
    assert find_face([*without_mouth(), last]) is None


def test_a_flat_mouth_may_be_gone_over_twice() -> None:
    there = mouth(0.02)
    back = np.concatenate([there, there[::-1] + [0.0, 3.0]])
    assert find_mouth([*without_mouth(), back], 0) == 4


def test_the_widest_stroke_is_the_mouth() -> None:
    dimple = mouth(0.2, width=30.0, y=85.0)
    found = find_face([*without_mouth(), dimple, mouth(0.1)])
    assert found is not None
    assert found.mouth == 5


def test_two_lips_are_not_a_clear_mouth() -> None:
    assert find_face([*face(0.3), mouth(0.0, y=50.0)]) is None


def test_hair_may_be_larger_than_the_outline() -> None:
    hair = np.array([[-120.0, 130.0], [-125.0, -130.0], [125.0, -130.0], [120.0, 130.0]])
    assert find_outline([hair, *face()]) == 1

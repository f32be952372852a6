from collections.abc import Sequence

import numpy as np
import pytest

from creative_gen.training.face_bending import SMILES, narrowed, with_room, with_smile
from creative_gen.training.face_parts import Face, Points, find_face, spaced
from tests.toy_faces import face, mouth


def found(strokes: Sequence[Points]) -> Face:
    one = find_face(strokes)
    assert one is not None
    return one


@pytest.mark.parametrize("before", [-0.2, 0.0, 0.3])
@pytest.mark.parametrize("after", [-0.45, -0.1, 0.0, 0.2, 0.45])
def test_only_the_mouth_is_bent(before: float, after: float) -> None:
    given = found(face(before, tilt=5.0))
    bent = with_smile(given, after)
    # Its ends are steeper: as many points at equal distances are elsewhere along x.
    assert bent.curve.smile == pytest.approx(after, abs=0.01)
    assert bent.curve.half == pytest.approx(given.curve.half)
    assert bent.curve.tilt == pytest.approx(5.0, abs=0.5)
    means = [spaced(one.strokes[4], 200)[:, 1].mean() for one in (given, bent)]
    assert means[0] == pytest.approx(means[1], abs=3.0)
    for index in range(4):
        assert np.array_equal(bent.strokes[index], given.strokes[index])


def test_a_mouth_of_the_same_smile_is_the_same() -> None:
    given = found(face(0.3))
    same = with_smile(given, given.curve.smile).strokes[4]
    assert np.allclose(same, spaced(given.strokes[4], len(same)), atol=0.01)


def test_a_pointed_smile_becomes_a_pointed_frown() -> None:
    pointed = np.array([[-40.0, 45.0], [0.0, 75.0], [40.0, 45.0]])
    given = found([*face()[:-1], pointed])
    turned = with_smile(given, -given.curve.smile).strokes[4]
    peak = turned[turned[:, 1].argmin()]
    assert abs(peak[0]) < 2.0
    left, right = turned[turned[:, 0] < 0], turned[turned[:, 0] > 0]
    for side, slope in ((left, -0.75), (right, 0.75)):
        assert np.allclose(np.diff(side[:, 1]) / np.diff(side[:, 0]), slope, atol=0.02)


def test_a_straight_mouth_can_be_bent() -> None:
    line = np.array([[-40.0, 60.0], [40.0, 60.0]])
    bent = with_smile(found([*face()[:-1], line]), 0.3)
    assert bent.curve.smile == pytest.approx(0.3, abs=0.01)


def test_teeth_move_with_the_mouth() -> None:
    tooth = np.array([[0.0, 60.0], [0.0, 70.0]])
    given = found([*face(0.3), tooth])
    bent = with_smile(given, -0.3)
    moved = bent.strokes[5][0, 1] - tooth[0, 1]
    at_middle = [one.strokes[4][np.abs(one.strokes[4][:, 0]).argmin(), 1] for one in (given, bent)]
    assert moved == pytest.approx(at_middle[1] - at_middle[0], abs=1.5)


def test_a_face_with_room_has_all_of_it() -> None:
    same, room = with_room(found(face(0.3, width=220.0, height=260.0)))
    assert room == SMILES[0]
    assert same.curve.half == pytest.approx(40.0)


def test_a_wide_mouth_is_narrowed() -> None:
    wide = found([*face()[:-1], mouth(0.2, width=140.0)])
    narrow, room = with_room(wide)
    assert 70.0 < 2 * narrow.curve.half < 140.0
    assert room >= 0.3
    assert narrowed(wide, 0.5).curve.smile == pytest.approx(wide.curve.smile)


def test_bent_mouths_stay_in_the_outline_and_off_the_nose() -> None:
    given = found([*face()[:-1], mouth(0.1, width=100.0, y=36.0)])
    narrow, room = with_room(given)
    assert 0.0 < room < SMILES[0]
    nose = spaced(given.strokes[3], 100)
    for smile in (room, -room):
        bent = with_smile(narrow, smile).strokes[4]
        assert (((bent / [100.0, 120.0]) ** 2).sum(axis=1) < 1.0).all()
        assert np.hypot(*(bent[:, None] - nose).transpose(2, 0, 1)).min() > 7.9


def test_a_mouth_below_a_long_line_has_no_room() -> None:
    moustache = np.array([[-30.0, 58.0], [200.0, 58.0]])
    plain = found(face(0.0))
    crowded = Face((*plain.strokes, moustache), plain.outline, plain.mouth, plain.curve)
    assert with_room(crowded)[1] == 0.0

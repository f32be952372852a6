import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from creative_gen.measures.face_geometry import face_width, mouth_curvature
from creative_gen.training.face_parts import find_face
from creative_gen.training.face_pictures import SIDE, into_frame, measured, render
from tests.toy_faces import Face, face, outline

Gray = NDArray[np.uint8]


def drawn(strokes: Face) -> Gray:
    return render(into_frame(strokes))


def blurred(gray: Gray, sigma: float) -> Gray:
    return np.rint(gaussian_filter(gray.astype(np.float64), sigma)).astype(np.uint8)


def random_face(seed: int) -> Face:
    """Of random proportions; the mouth may be off the axis, tilted and anything from sad to gay."""
    random = np.random.default_rng(seed)
    tilt, place = random.uniform(-6, 6), {"y": random.uniform(50, 70), "x": random.uniform(-12, 12)}
    sizes = random.uniform(160, 240), random.uniform(200, 260)
    mouth_width = random.uniform(40, 75)
    smile = random.uniform(-0.4, 0.4)
    return face(smile, *sizes, width_of_mouth=mouth_width, tilt=tilt, **place)


@pytest.mark.parametrize(("sigma", "error"), [(0.0, 0.03), (0.7, 0.05), (1.1, 0.1)])
def test_measures_agree_with_the_strokes(sigma: float, error: float) -> None:
    faces = [random_face(seed) for seed in range(60)]
    pictures = [blurred(drawn(strokes), sigma) for strokes in faces]
    known = [measured(found) for found in map(find_face, faces) if found]
    assert len(known) == len(faces)
    smiles = [mouth_curvature(picture) for picture in pictures]
    told = np.array([(a, b["smile"]) for a, b in zip(smiles, known, strict=True) if a is not None])
    assert len(told) >= 0.95 * len(faces)
    assert np.corrcoef(told.T)[0, 1] > 0.97
    assert np.median(np.abs(told[:, 0] - told[:, 1])) < error
    widths = [face_width(picture) for picture in pictures]
    assert widths == pytest.approx([one["width"] for one in known], abs=1.0 / SIDE)


def test_faint_drawings_are_measured_as_dark_ones() -> None:
    dark = drawn(face(0.3))
    faint = 255 - (255 - dark) // 3
    assert mouth_curvature(faint) == pytest.approx(mouth_curvature(dark), abs=0.02)
    assert face_width(faint) == pytest.approx(face_width(dark), abs=1e-3)


def test_curvature_follows_the_mouth_and_the_width_does_not() -> None:
    smiles = np.linspace(-0.35, 0.35, 9).tolist()
    pictures = [blurred(drawn(face(smile, width_of_mouth=60.0)), 0.6) for smile in smiles]
    found = [mouth_curvature(picture) for picture in pictures]
    assert None not in found
    assert (np.diff(np.array(found, np.float64)) > 0).all()
    widths = [face_width(picture) for picture in pictures]
    assert max(widths) < 1.002 * min(widths)


def test_ears_and_hair_are_not_the_width() -> None:
    plain = face(0.2, width=150.0)
    ear = np.array([[70.0, -20.0], [88.0, -30.0], [92.0, 5.0], [72.0, 12.0]])
    hair = np.array([[-60.0, -90.0], [-110.0, -40.0], [-118.0, 118.0]])
    width = face_width(drawn([*plain, ear, ear * [-1.0, 1.0], hair]))
    found = find_face([*plain, ear, hair])
    assert found is not None
    assert width == pytest.approx(measured(found)["width"], abs=0.06)


def test_outlines_may_have_a_gap() -> None:
    whole = face(0.3)
    open_one = [whole[0][2:-2], *whole[1:]]
    assert face_width(drawn(open_one)) == pytest.approx(face_width(drawn(whole)), abs=0.03)
    known = mouth_curvature(drawn(whole))
    assert known is not None
    assert mouth_curvature(drawn(open_one)) == pytest.approx(known, abs=0.02)


def test_a_face_without_a_mouth_has_no_curvature() -> None:
    assert mouth_curvature(drawn(face()[:-1])) is None
    assert mouth_curvature(drawn([outline()])) is None


def test_blank_pictures() -> None:
    white = np.full((SIDE, SIDE, 1), 255, np.uint8)
    assert mouth_curvature(white) is None
    assert face_width(white) == 0.0
    assert face_width(np.zeros_like(white)) <= 1.0
    assert mouth_curvature(np.zeros_like(white)) is None


def test_noise_is_measured_without_a_fault() -> None:
    for seed in range(5):
        noise = np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE), np.uint8)
        assert 0.0 <= face_width(noise) <= 1.0
        smile = mouth_curvature(noise)
        assert smile is None or abs(smile) < 2.0

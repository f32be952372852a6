"""What is said of a smile, of faces whose mouths are drawn as the latent vector says."""

from types import SimpleNamespace

import numpy as np
import pytest

from creative_gen.media.picture_set import PictureSet
from creative_gen.models.vae.smiling import smile_figures
from creative_gen.training.face_pictures import into_frame, render
from tests.toy_faces import face, outline


class Painter:
    """Plays a latent space of one unit, the smile; wide faces have a unit of 1 more than others."""

    def __init__(self, bent, wider=0.0):
        self.asset = SimpleNamespace(arrays=lambda: {"direction.smile": np.float32([1])})
        self.bent, self.wider = bent, wider

    def encode(self, pictures, _labels):
        return SimpleNamespace(mean=np.zeros((len(pictures), 1), np.float32))

    def decode(self, latent, _labels):
        rows = [self.painted(float(amount)) for (amount,) in latent]
        return np.stack(rows)[:, None].astype(np.float32) / 255

    def painted(self, amount):
        width = 180 * (1 + self.wider * amount)
        return render(into_frame(face(self.bent(amount), width, 220.0, width_of_mouth=60.0)))


def faces(count=2, blank=0):
    """Drawn faces, and blank outlines, which have no mouth."""
    drawn = [render(into_frame(face(0.2, 180.0, 220.0))) for _ in range(count)]
    drawn += [render(into_frame([outline(180.0, 220.0)])) for _ in range(blank)]
    labels = np.zeros(count + blank, np.int16)
    return PictureSet(np.stack(drawn)[..., None], labels, ("face",))


def test_mouths_that_rise_at_every_step_are_counted():
    found = smile_figures(Painter(lambda amount: 0.05 + 0.1 * amount), faces(3))
    assert (found["faces"], found["unmeasured"], found["no mouth found"]) == (3, 0, 0)
    assert (found["rising"], found["risen"]) == (1, 1)
    assert found["curvature least"] == pytest.approx(-0.15, abs=0.05)
    assert found["curvature most"] == pytest.approx(0.25, abs=0.05)
    assert found["width change"] < 0.02


def test_a_step_back_is_no_rise_though_the_last_is_higher():
    bends = {-2: -0.2, -1: 0.1, 0: 0.0, 1: 0.2, 2: 0.3}
    found = smile_figures(Painter(lambda amount: bends[round(amount)]), faces())
    assert (found["rising"], found["risen"]) == (0, 1)
    found = smile_figures(Painter(lambda amount: -0.1 * amount), faces())
    assert (found["rising"], found["risen"]) == (0, 0)


def test_a_face_that_widens_is_told():
    found = smile_figures(Painter(lambda amount: 0.05 + 0.1 * amount, wider=0.05), faces())
    assert found["width change"] > 0.1


def test_drawings_without_a_mouth_are_left_out():
    painter = Painter(lambda amount: 0.05 + 0.1 * amount)
    found = smile_figures(painter, faces(2, blank=1))
    assert (found["faces"], found["unmeasured"], found["rising"]) == (2, 1, 1)
    assert smile_figures(painter, faces(0, blank=2)) == {"faces": 0, "unmeasured": 2}

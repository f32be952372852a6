from __future__ import annotations

import numpy as np

from creative_gen.interface.values import Label, Labels, digest
from creative_gen.media.sketch import Sketch

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

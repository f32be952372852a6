from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from creative_gen.formats.sketch_json import json_of_sketch, sketch_of_json
from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import Sketch


def test_a_sketch_goes_through_json_bit_for_bit() -> None:
    random = np.random.default_rng(3)
    strokes = tuple(random.normal(0, 1e3, (n, 2)).astype(np.float32) for n in (1, 2, 50))
    sketch = Sketch(strokes, (640.5, 480.0))
    assert sketch_of_json(json.loads(json.dumps(json_of_sketch(sketch)))) == sketch


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"strokes": []},
        {"strokes": [], "size": [1, 1], "more": 1},
        {"strokes": {}, "size": [1, 1]},
        {"strokes": [[[0, 0]]], "size": "11"},
        {"strokes": [[[0, 0]]], "size": [0, 1]},
        {"strokes": [[[0, 0]]], "size": [1, 1, 1]},
        {"strokes": [[[0, 0, 0]]], "size": [1, 1]},
        {"strokes": [[]], "size": [1, 1]},
        {"strokes": [[[0, float("nan")]]], "size": [1, 1]},
        {"strokes": [[[0, 1e30]]], "size": [1, 1]},
        {"strokes": [[[0, None]]], "size": [1, 1]},
        {"strokes": [[[[[0]]]]], "size": [1, 1]},
        {"strokes": [1], "size": [1, 1]},
    ],
)
def test_what_is_no_sketch_is_refused(document: Any) -> None:
    with pytest.raises(MediaError) as refused:
        sketch_of_json(document)
    assert refused.value.hint

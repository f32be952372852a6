import base64
import json

import numpy as np
import pytest

from creative_gen.interop.sketch_rnn_js import read_sketch_rnn_js
from creative_gen.media.errors import MediaError
from creative_gen.training.teachers import FEWEST_POINTS, sample_teacher

H, M = 16, 2


def model_file(path, end_bias):
    """A small sketch-rnn-js decoder whose drawings wander, and end by `end_bias`."""
    random = np.random.default_rng(0)
    shapes = [(H, 6 * M + 3), (6 * M + 3,), (5, 4 * H), (H, 4 * H), (4 * H,)]
    arrays = [random.normal(0, 0.5, shape) for shape in shapes]
    arrays[1][2] = end_bias
    steps = [np.rint(np.clip(array, -9, 9) * 3276.7).astype("<i2") for array in arrays]
    header = {"mode": 2, "version": 6, "max_seq_len": 60, "name": "toy", "scale_factor": 40.0}
    blobs = [base64.b64encode(array.tobytes()).decode() for array in steps]
    path.write_text(json.dumps([header, [list(shape) for shape in shapes], blobs]))
    return read_sketch_rnn_js(path)


def test_drawings_are_in_quick_draws_form(tmp_path):
    model = model_file(tmp_path / "toy.gen.json", -3.0)
    drawings = sample_teacher(model, 40, 1.0, 7)
    assert len(drawings) == 40
    for drawing in drawings:
        assert drawing.dtype == np.int16 and drawing.shape[1] == 3
        assert FEWEST_POINTS <= len(drawing) <= 60
        positions = np.vstack([[0, 0], np.cumsum(drawing[:, :2], axis=0)])
        assert abs(np.ptp(positions, axis=0).max() - 255) <= 1
        assert set(np.unique(drawing[:, 2])) <= {0, 1} and drawing[-1, 2] == 1


def test_seeds_choose_the_drawings(tmp_path):
    model = model_file(tmp_path / "toy.gen.json", -3.0)
    first, again, other = (sample_teacher(model, 5, 0.8, seed) for seed in (1, 1, 2))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert not any(a.shape == b.shape and (a == b).all() for a in first for b in other)


def test_a_teacher_that_never_ends_is_refused(tmp_path):
    with pytest.raises(MediaError, match="rarely ends"):
        sample_teacher(model_file(tmp_path / "toy.gen.json", -9.0), 5, 0.3, 1)

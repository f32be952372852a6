"""The recurrent layers: their equations, what dropout spares, and how their weights start."""

import numpy as np
import pytest
from scipy.special import expit

keras = pytest.importorskip("keras")

from creative_gen.layers.cells import CELLS  # noqa: E402

T, B, FEATURES, CONDITION, UNITS = 6, 3, 5, 2, 4


def make(kind, **options):
    cell = CELLS[kind](UNITS, **options, **CELLS[kind].options(3, 2))
    cell.build((T, B, FEATURES))
    return cell


def randomise(cell, seed=0):
    random = np.random.default_rng(seed)
    for variable in cell.trainable_variables:
        variable.assign(random.normal(0, 0.5, variable.shape).astype("f"))


def values(tensor):
    return np.asarray(tensor)


def by_path(cell):
    return {variable.path.split("/", 1)[1]: variable for variable in cell.trainable_variables}


def inputs(*shape, seed=1):
    return np.random.default_rng(seed).normal(0, 1, shape).astype("f")


def test_the_lstm_is_the_textbooks():
    cell = make("lstm", condition_size=CONDITION)
    randomise(cell)
    x, condition, h, c = inputs(T, B, FEATURES), inputs(B, CONDITION), *inputs(2, B, UNITS)
    outputs, (last_h, last_c) = cell(x, condition=condition, initial_state=(h, c))
    w = {variable.name: values(variable).astype(float) for variable in cell.trainable_variables}
    expected = []
    for t in range(T):
        gates = x[t] @ w["kernel_x"] + h @ w["kernel_h"] + condition @ w["kernel_condition"]
        i, f, g, o = np.split(gates + w["bias"], 4, axis=1)
        c = expit(f) * c + expit(i) * np.tanh(g)
        h = expit(o) * np.tanh(c)
        expected.append(h)
    np.testing.assert_allclose(values(outputs), expected, atol=1e-6)
    np.testing.assert_allclose(values(last_h), h, atol=1e-6)
    np.testing.assert_allclose(values(last_c), c, atol=1e-6)


@pytest.mark.parametrize("kind", CELLS)
def test_a_condition_is_an_input_of_every_step(kind):
    cell = make(kind, condition_size=CONDITION)
    randomise(cell)
    joined = CELLS[kind](UNITS, **CELLS[kind].options(3, 2))
    joined.build((T, B, FEATURES + CONDITION))
    given = by_path(cell)
    for path, variable in by_path(joined).items():
        parts = [given[path]]
        if path.endswith("kernel_x"):
            parts.append(given[path.replace("kernel_x", "kernel_condition")])
        variable.assign(np.concatenate([values(part) for part in parts]))
    x, condition = inputs(T, B, FEATURES), inputs(B, CONDITION)
    repeated = np.repeat(condition[None], T, axis=0)
    outputs, _ = cell(x, condition=condition)
    expected, _ = joined(np.concatenate([x, repeated], axis=-1))
    np.testing.assert_allclose(values(outputs), values(expected), atol=1e-5)


@pytest.mark.parametrize("kind", CELLS)
def test_dropout_never_erases_the_memory(kind):
    cell = make(kind, recurrent_dropout=1 - 1e-9)
    for variable in cell.trainable_variables:
        variable.assign(np.zeros(variable.shape, "f"))
    c = np.full((B, cell.state_size), 0.7, "f")
    x = inputs(T, B, FEATURES)
    _, (_, last_c) = cell(x, initial_state=(np.zeros_like(c), c), training=True)
    forget = expit(0.0 if kind == "lstm" else 1.0)
    np.testing.assert_allclose(values(last_c)[:, :UNITS], 0.7 * forget**T, rtol=1e-4)


@pytest.mark.parametrize("kind", CELLS)
def test_dropout_keeps_the_expected_candidate_and_is_off_when_playing(kind):
    cell = make(kind, recurrent_dropout=0.5)
    randomise(cell)
    x = inputs(1, 4000, FEATURES)[:, :1] * np.ones((1, 4000, 1), "f")
    plain = values(cell(x)[1][1])[:, :UNITS]
    dropped = values(cell(x, training=True)[1][1])[:, :UNITS]
    # From no memory, c is sigmoid(i) tanh(g): half of the values 0 and the others twice as large.
    assert np.all(np.isclose(dropped, 0) | np.isclose(dropped, 2 * plain, atol=1e-5))
    np.testing.assert_allclose(np.isclose(dropped, 0).mean(axis=0), 0.5, atol=0.05)
    np.testing.assert_allclose(plain, np.broadcast_to(plain[0], plain.shape), atol=1e-6)


def test_gates_of_a_normalised_cell_do_not_feel_the_size_of_its_inputs():
    cell = make("layer_norm")
    randomise(cell)
    x = inputs(1, B, FEATURES)
    np.testing.assert_allclose(values(cell(100 * x)[0]), values(cell(1e4 * x)[0]), atol=1e-4)


@pytest.mark.parametrize("kind", CELLS)
def test_recurrent_kernels_start_orthogonal_gate_by_gate(kind):
    for gate in np.split(values(make(kind).kernel_h), 4, axis=1):
        np.testing.assert_allclose(gate @ gate.T, np.eye(UNITS), atol=1e-5)


def test_a_new_lstm_remembers():
    i, f, g, o = np.split(values(make("lstm").bias), 4)
    assert (f == 1).all() and not np.concatenate([i, g, o]).any()


def test_a_new_hyper_lstm_scales_by_a_tenth_and_shifts_by_nothing():
    cell = make("hyper")
    scale_x, scale_h, shift = (values(part) for part in cell.small.controls(inputs(B, 3)))
    np.testing.assert_allclose(scale_x, np.full((B, 4 * UNITS), 0.1), rtol=1e-5)
    np.testing.assert_allclose(scale_h, np.full((B, 4 * UNITS), 0.1), rtol=1e-5)
    np.testing.assert_allclose(shift, np.zeros((B, 4 * UNITS)))


def test_a_hyper_lstm_has_the_small_cells_state_too():
    cell = make("hyper")
    outputs, (h, c) = cell(inputs(T, B, FEATURES))
    assert outputs.shape == (T, B, UNITS) and h.shape == c.shape == (B, UNITS + 3)

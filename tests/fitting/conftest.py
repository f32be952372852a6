"""A small model, and sessions that train it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from creative_gen.fitting.session import Budget, Session

keras = pytest.importorskip("keras")

MINUTES = 60.0


def _model(units: int = 3, learning_rate: float = 0.01) -> Any:
    """A layer with dropout, whose random state is a part of the run."""
    layers = [keras.layers.Dense(units, name="first"), keras.layers.Dropout(0.5)]
    model = keras.Sequential([*layers, keras.layers.Dense(1, name="last")], name="toy")
    model.build((None, 2))
    optimizer = keras.optimizers.Adam(learning_rate)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer, loss="mse")
    return model


@pytest.fixture
def toy_model() -> Callable[..., Any]:
    """Function that makes a compiled model of two layers."""
    return _model


@pytest.fixture
def toy_session() -> Callable[..., Session]:
    """Function that makes a session of a toy model; it is told what it reports."""

    def make(run: Path, reports: list[Any] | None = None, **budget: Any) -> Session:
        report = (lambda progress: None) if reports is None else reports.append
        return Session(
            _model(), run, Budget(**{"minutes": MINUTES} | budget), lambda step, done: 0.01, report
        )

    return make

"""Weights of a training run on disk: archives of arrays, which load without running code."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest

Arrays = dict[str, NDArray[Any]]

SEED = "seed.txt"
STATES = ("optimizer/", "state/")
"""What the names begin with of all in a checkpoint that is no weight."""


@dataclass
class Standing:
    """How far a run has come: seconds of training, steps, and the lowest validation loss."""

    seconds: float = 0.0
    step: int = 0
    best: float = float("inf")


def weights_of(model: keras.Model) -> Arrays:
    """The trainable weights by their paths."""
    return {
        variable.path.split("/", 1)[-1]: np.asarray(variable)
        for variable in model.trainable_variables
    }


def load_weights(model: keras.Model, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Set the trainable weights from arrays by path.

    Raises:
        InvalidRequest: an array is missing or of another shape.
    """
    for variable in model.trainable_variables:
        path = variable.path.split("/", 1)[-1]
        if path not in arrays or arrays[path].shape != tuple(variable.shape):
            message = f"There is no weight '{path}' of the shape {tuple(variable.shape)}."
            raise InvalidRequest(message, "Use the settings that the weights were trained with.")
        variable.assign(arrays[path])


def save_arrays(path: Path, arrays: Arrays) -> None:
    """Write an archive of arrays beside the old one, then replace it: a cut run loses nothing."""
    beside = path.with_suffix(".partial")
    with beside.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def keep_seed(run: Path, seed: int) -> None:
    """Note the seed that a run began with.

    Raises:
        InvalidRequest: it began with another one.
    """
    begun = seed_of(run)
    if begun is None:
        (run / SEED).write_text(f"{seed}\n")
    elif begun != seed:
        raise InvalidRequest(
            f"The run in '{run}' began with the seed {begun}, not {seed}.",
            f"Give --seed {begun}, or another folder for the run.",
        )


def seed_of(run: Path) -> int | None:
    """The seed that a run began with, if it is noted."""
    path = run / SEED
    return int(path.read_text()) if path.exists() else None


def save_checkpoint(path: Path, model: keras.Model, standing: Standing) -> None:
    """Write everything that a run needs to go on."""
    arrays = weights_of(model)
    for name, variable in _other_variables(model).items():
        arrays[name] = np.asarray(variable)
    arrays["progress"] = np.array(astuple(standing))
    save_arrays(path, arrays)


def load_checkpoint(path: Path, model: keras.Model) -> Standing:
    """Set a compiled model to what was saved, and say how far it had come.

    Raises:
        InvalidRequest: the file cannot be read, or is of another network.
    """
    try:
        # Opened here, because NumPy leaves a file open that it cannot read.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = dict(archive)
    except (EOFError, OSError, ValueError, zipfile.BadZipFile) as error:
        message = f"The checkpoint {path} cannot be read."
        raise InvalidRequest(message, "Delete it to start from the beginning.") from error
    load_weights(model, arrays)
    for name, variable in _other_variables(model).items():
        # A checkpoint of an earlier version has no states.
        if name in arrays:
            variable.assign(arrays[name].astype(variable.dtype))
    seconds, step, best = (float(value) for value in arrays["progress"])
    return Standing(seconds, int(step), best)


def _other_variables(model: keras.Model) -> dict[str, Any]:
    """Optimizer moments, random states and the step count, in the order they were made."""
    moments = {f"optimizer/{i}": v for i, v in enumerate(model.optimizer.variables)}
    states = {f"state/{i}": v for i, v in enumerate(model.non_trainable_variables)}
    return moments | states

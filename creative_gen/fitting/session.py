"""One run of training: keeps the time, the records and the checkpoints of a Keras model."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel

from creative_gen.fitting.checkpoint import (
    Standing,
    load_checkpoint,
    save_arrays,
    save_checkpoint,
    weights_of,
)
from creative_gen.interface.errors import CreativeGenError, InvalidRequest

REPORT_STEPS = 50
VALIDATE_SECONDS = 300.0
CHECKPOINT_SECONDS = 180.0
LONGEST_STEP_SECONDS = 60.0
"""What a step may take from a run's minutes: a suspended computer takes no more."""

Config = TypeVar("Config", bound=BaseModel)


class TrainingFailed(CreativeGenError):
    """A run cannot go on."""

    code = "training_failed"


@dataclass(frozen=True)
class TrainingProgress:
    """How a run stands.

    Args:
        step: int. Steps taken, over every start of the run.
        minutes: float. Minutes of training, likewise.
        done: float. The share of the run that has passed, in [0, 1].
        learning_rate: float.
        training: metrics by name, over the steps since the last report; none right after a start.
        validation: metrics by name, when they have just been measured; or else none.
    """

    step: int
    minutes: float
    done: float
    learning_rate: float
    training: Mapping[str, float] = field(default_factory=dict)
    validation: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        """One line of text."""
        head = f"step {self.step}, {self.minutes:.1f} minutes, {self.done:.0%}"
        parts = {"training": self.training, "validation": self.validation}
        return "; ".join([head, *(f"{name}: {_line(m)}" for name, m in parts.items() if m)])


def _line(metrics: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in metrics.items())


@dataclass(frozen=True)
class Budget:
    """How long a run is: minutes, and steps if they are limited too."""

    minutes: float
    steps: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.minutes < math.inf or (self.steps is not None and self.steps < 1):
            raise InvalidRequest("A run needs a time to train.", "Give minutes above 0.")

    def done(self, standing: Standing) -> float:
        """The share of the run that has passed, in [0, 1]."""
        steps = standing.step / self.steps if self.steps else 0.0
        return min(max(standing.seconds / (60 * self.minutes), steps), 1.0)


class Session:
    """One start of a run: takes up its checkpoint, and keeps the time and the records.

    Args:
        model: keras.Model. Built, and compiled with an optimizer that is built.
        run: Path. The run's folder.
        budget: Budget. How long the run is, earlier starts included.
        learning_rate_at: callable. Takes the step and the share of the run that has passed.
        report: callable. Takes `TrainingProgress`, every 50 steps and every validation.
    """

    def __init__(self, model, run, budget, learning_rate_at, report):
        self.model, self.run, self.budget, self.report = model, run, budget, report
        self.learning_rate_at = learning_rate_at
        self.standing = Standing()
        self.means = RunningMeans()
        if (run / "checkpoint.npz").exists():
            self.standing = load_checkpoint(run / "checkpoint.npz", model)

    def train(self, batches, validation):
        """Train until the budget is spent; validate and save now and then, and at the end."""
        validated = saved = time.monotonic()
        self._tell()
        while self.budget.done(self.standing) < 1:
            self.step(batches)
            if self.standing.step % REPORT_STEPS == 0:
                self._tell(self.means.take())
            if time.monotonic() - validated > VALIDATE_SECONDS:
                self.validate(validation)
                validated = time.monotonic()
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = time.monotonic()
        self.validate(validation)
        self.save()

    def step(self, batches):
        """Train on the next batch."""
        started = time.monotonic()
        standing = self.standing
        done = self.budget.done(standing)
        self.model.optimizer.learning_rate = self.learning_rate_at(standing.step, done)
        logs = self.model.train_on_batch(next(batches), return_dict=True)
        if not np.isfinite(logs["loss"]):
            self._fail("The loss")
        self.means.add(self.model.metrics)
        standing.step += 1
        standing.seconds += min(time.monotonic() - started, LONGEST_STEP_SECONDS)

    def validate(self, validation):
        """Measure on the validation batches, log it, and keep the best weights.

        Where the optimizer keeps a moving average of the weights, that is what is measured.
        """
        measured = RunningMeans()
        training = self.means.take()
        with self._averaged():
            for batch in validation:
                self.model.test_on_batch(batch)
                measured.add(self.model.metrics)
            metrics = measured.take()
            self._log(training, metrics)
            self._tell(training, metrics)
            if metrics["loss"] < self.standing.best:
                self.standing.best = metrics["loss"]
                save_arrays(self.run / "best.npz", self._sound_weights())

    def save(self):
        """Write everything that is needed to go on, and the weights' average if there is one."""
        self._sound_weights()
        save_checkpoint(self.run / "checkpoint.npz", self.model, self.standing)
        if self.model.optimizer.use_ema:
            with self._averaged():
                save_arrays(self.run / "averaged.npz", weights_of(self.model))

    @contextmanager
    def _averaged(self):
        """The moving average of the weights in their place, where the optimizer keeps one."""
        optimizer, variables = self.model.optimizer, self.model.trainable_variables
        if not optimizer.use_ema or self.standing.step == 0:
            yield
            return
        kept = [np.asarray(variable).copy() for variable in variables]
        optimizer.finalize_variable_values(variables)
        # On JAX they would be the average's own arrays, which are gone after the next batch.
        for variable in variables:
            variable.assign(np.asarray(variable).copy())
        try:
            yield
        finally:
            for variable, values in zip(variables, kept, strict=True):
                variable.assign(values)

    def _sound_weights(self):
        # A finite loss can still have gradients that are not.
        weights = weights_of(self.model)
        if not all(np.isfinite(array).all() for array in weights.values()):
            self._fail("A weight")
        return weights

    def _fail(self, what):
        raise TrainingFailed(
            f"{what} is no longer a number after {self.standing.step} steps.",
            "Start again from the last checkpoint with a lower learning_rate or clip_norm.",
        )

    def _tell(self, training=None, validation=None):
        standing, done = self.standing, self.budget.done(self.standing)
        self.report(
            TrainingProgress(
                step=standing.step,
                minutes=standing.seconds / 60,
                done=done,
                learning_rate=self.learning_rate_at(standing.step, done),
                training=training or {},
                validation=validation or {},
            )
        )

    def _log(self, training, validation):
        line = {"step": self.standing.step, "minutes": round(self.standing.seconds / 60, 2)}
        line |= {name: round(value, 4) for name, value in validation.items()}
        line |= {f"train_{name}": round(value, 4) for name, value in training.items()}
        with (self.run / "log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")


def train_as_asked(request, train, recipe):
    """Do what `creative-gen train` asks for.

    Args:
        request: TrainingRequest.
        train: callable. A family's training; takes the recipe, the paths of the data and the run,
            minutes, a seed, and `report`.
        recipe: what `train` takes first.
    """
    train(
        recipe,
        request.data,
        request.run,
        request.minutes,
        request.seed,
        report=lambda progress: request.report(str(progress)),
    )


class RunningMeans:
    """Means over many batches of metrics that Keras resets before each."""

    def __init__(self):
        self.sums = {}

    def add(self, metrics):
        """Count the metrics (`keras.metrics.Mean`) of one batch."""
        for metric in metrics:
            total, count = self.sums.get(metric.name, (0.0, 0.0))
            self.sums[metric.name] = total + float(metric.total), count + float(metric.count)

    def take(self):
        """The means by name, leaving none."""
        sums, self.sums = self.sums, {}
        return {name: total / count for name, (total, count) in sums.items() if count}


def run_configuration(
    wanted: Config, run: Path, measured: Mapping[str, object] | None = None
) -> Config:
    """The network's settings: those that the run began with, or else those of the recipe.

    Args:
        wanted: the settings of the recipe, and those of the data that a run cannot change, such as
            its classes.
        run: Path. The run's folder; made when missing.
        measured: settings that the recipe does not give, because they are measured on the data.

    Raises:
        InvalidRequest: the run began with another network.
    """
    measured = measured or {}
    path = run / "config.json"
    if not path.exists():
        run.mkdir(parents=True, exist_ok=True)
        config = wanted.model_copy(update=measured)
        path.write_text(config.model_dump_json(indent=2))
        return config
    try:
        config = type(wanted).model_validate_json(path.read_text())
    except (OSError, ValueError) as error:
        message = f"The settings of the run in '{run}' cannot be read."
        raise InvalidRequest(message, "Give another folder for the run.") from error
    changed = [
        name
        for name in type(wanted).model_fields
        if name not in measured and getattr(wanted, name) != getattr(config, name)
    ]
    if changed:
        raise InvalidRequest(
            f"The run in '{run}' has another network than the recipe: {', '.join(changed)}.",
            "Give another folder for the run, or the recipe and the data that it began with.",
        )
    return config

"""Trains a Sketch-RNN for a given number of minutes; a killed run goes on where it stopped."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import keras
import numpy as np

from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.dataset import training_batches, validation_batches
from creative_gen.models.sketch_rnn.network import SketchRNN
from creative_gen.models.sketch_rnn.recipe import Recipe

STEPS_PER_EPOCH = 50
VALIDATE_SECONDS = 300
CHECKPOINT_SECONDS = 180


def train(
    recipe: Recipe, data: Path, run: Path, minutes: float, seed: int = 0, report=print
) -> None:
    """Train until `minutes` of training have passed in all, over every start of this run.

    Writes to the folder `run`: `config.json`, `checkpoint.npz` (everything that is needed to go
    on), `best.npz` (the weights of the lowest validation loss) and `log.jsonl`, a line a
    validation.

    Args:
        recipe: Recipe. The network, the objective and the sources.
        data: Path. The folder that the sources' paths are relative to.
        run: Path. The folder of this run; made when missing.
        minutes: float. How long to train; the learning rate falls over that time.
        seed: int. Seeds weights, batches and noise.
        report: callable. Takes a line of text a validation.
    """
    keras.utils.set_random_seed(seed)
    run.mkdir(parents=True, exist_ok=True)
    training, validation = recipe.load(data, "train"), recipe.load(data, "valid")
    config = _configuration(recipe, run, training.offsets_std())
    model = SketchRNN(config, recipe.objective)
    model.build()
    goal = recipe.objective
    optimizer = keras.optimizers.Adam(
        goal.learning_rate, global_clipnorm=goal.clip_norm, clipvalue=goal.clip_value
    )
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer)
    session = Session(model, run, minutes, report)
    session.resume()
    session.validation = list(validation_batches(validation, config.scale_factor, goal.batch_size))
    # Another stream of batches after each start, so that a resumed run sees fresh ones.
    batches = training_batches(training, config.scale_factor, goal, seed + session.step)
    if not session.over:
        model.fit(
            batches,
            epochs=1_000_000,
            steps_per_epoch=STEPS_PER_EPOCH,
            callbacks=[session],
            shuffle=False,
            verbose=0,
        )
    session.finish()


class Session(keras.callbacks.Callback):
    """Keeps the time, the learning rate and the checkpoints of a run."""

    def __init__(self, network: SketchRNN, run: Path, minutes: float, report):
        super().__init__()
        self.network, self.run_folder, self.report = network, run, report
        self.budget = minutes * 60
        self.elapsed, self.step, self.best = 0.0, 0, float("inf")
        self.validation: list = []
        self.last_validated = self.last_saved = self.tick = time.monotonic()

    @property
    def over(self) -> bool:
        """Whether the run has had its minutes."""
        return self.elapsed >= self.budget

    def on_epoch_begin(self, epoch, logs=None):
        """Set the learning rate for the next steps."""
        goal = self.network.objective
        done = min(self.elapsed / self.budget, 1.0)
        self.network.optimizer.learning_rate = goal.learning_rate_at(self.step, done)

    def on_train_batch_end(self, batch, logs=None):
        """Count the time that has passed."""
        now = time.monotonic()
        self.elapsed, self.tick, self.step = self.elapsed + now - self.tick, now, self.step + 1
        if self.over:
            self.network.stop_training = True

    def on_epoch_end(self, epoch, logs=None):
        """Save and validate when it is time to."""
        if not np.isfinite(logs["loss"]):
            raise FloatingPointError(
                f"The loss is no longer a number after {self.step} steps; "
                f"the last good weights are in {self.run_folder / 'checkpoint.npz'}."
            )
        if time.monotonic() - self.last_validated > VALIDATE_SECONDS:
            self.validate(logs)
        if time.monotonic() - self.last_saved > CHECKPOINT_SECONDS:
            self.save()
        self.tick = time.monotonic()

    def finish(self) -> None:
        """Validate and save what the run ends with."""
        self.validate({})
        self.save()

    def validate(self, logs) -> None:
        """Measure on the validation drawings, log it, and keep the best weights."""
        measured = self.network.evaluate(
            (batch for batch in self.validation), verbose=0, return_dict=True
        )
        line = {"step": self.step, "minutes": round(self.elapsed / 60, 2)}
        line |= {name: round(float(value), 4) for name, value in measured.items()}
        line |= {f"train_{name}": round(float(value), 4) for name, value in (logs or {}).items()}
        with (self.run_folder / "log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")
        self.report(json.dumps(line))
        if measured["loss"] < self.best:
            self.best = float(measured["loss"])
            save_arrays(self.run_folder / "best.npz", weights_of(self.network))
        self.last_validated = time.monotonic()

    def save(self) -> None:
        """Write everything that is needed to go on."""
        arrays = weights_of(self.network)
        for index, variable in enumerate(self.network.optimizer.variables):
            arrays[f"optimizer/{index}"] = keras.ops.convert_to_numpy(variable)
        arrays["progress"] = np.array([self.elapsed, self.step, self.best])
        save_arrays(self.run_folder / "checkpoint.npz", arrays)
        self.last_saved = time.monotonic()

    def resume(self) -> None:
        """Take up the checkpoint of an earlier start, if there is one."""
        path = self.run_folder / "checkpoint.npz"
        if not path.exists():
            return
        with np.load(path) as arrays:
            load_weights(self.network, arrays)
            for index, variable in enumerate(self.network.optimizer.variables):
                variable.assign(arrays[f"optimizer/{index}"])
            self.elapsed, step, self.best = (float(value) for value in arrays["progress"])
        self.step = int(step)
        self.network.steps_seen.assign(step)
        self.report(f"Going on from step {self.step}, {self.elapsed / 60:.1f} minutes in.")


def weights_of(model: SketchRNN) -> dict[str, np.ndarray]:
    """The trainable weights by their paths."""
    return {
        variable.path.split("/", 1)[-1]: keras.ops.convert_to_numpy(variable)
        for variable in model.trainable_variables
    }


def load_weights(model: SketchRNN, arrays) -> None:
    """Set the trainable weights from arrays by path."""
    for variable in model.trainable_variables:
        variable.assign(arrays[variable.path.split("/", 1)[-1]])


def save_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write an archive of arrays beside the old one, then replace it: a cut run loses nothing."""
    beside = path.with_suffix(".partial")
    with beside.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    os.replace(beside, path)


def _configuration(recipe: Recipe, run: Path, scale_factor: float) -> SketchRNNConfig:
    path = run / "config.json"
    if path.exists():
        return SketchRNNConfig.model_validate_json(path.read_text())
    config = recipe.network.model_copy(update={"scale_factor": scale_factor})
    path.write_text(config.model_dump_json(indent=2))
    return config

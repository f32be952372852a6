"""Two players on a plane: `python benchmarks/gan_players.py [--picture FILE] [--log FILE]`.

Both games of the original GAN, on one core in about four minutes:

1. Theory. For two Gaussians d standard deviations apart: the value of the game at the optimal
   discriminator p / (p + q) by integration, -log 4 + 2 JSD, and the value that a trained
   discriminator reaches.
2. Gradients. How strongly each game pulls a generator, while a discriminator learns that all that
   it makes is made: the minimax game's gradient vanishes.
3. Players. A generator learns a ring of eight Gaussians by each game, in runs of several seeds.
   Shown are the modes that it makes (at least a tenth of their share), how many of its points are
   good (within 4 standard deviations of a mode), and both players' losses at the end, in nats.
   At the equilibrium the discriminator loses log 4 = 1.386 nats.

The log has a line of JSON every 25 steps; the picture, which needs matplotlib, shows the first run
of each game.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from numpy.typing import NDArray

from creative_gen.layers.adversarial import minimax_losses
from creative_gen.models.gan.config import GANConfig
from creative_gen.models.gan.goals import Game, TurnsAdam
from creative_gen.models.gan.network import Discriminator
from creative_gen.models.gan.objective import Objective
from creative_gen.models.gan.theory import (
    EQUILIBRIUM,
    game_value,
    jensen_shannon,
    optimal_logits,
)
from creative_gen.models.gan.training import new_game

GAMES = "minimax", "non-saturating"
MODES, RADIUS, DEVIATION = 8, 0.35, 0.015
"""The ring lies in the unit square, as colours do."""
PLANE = GANConfig(
    side=1, channels=2, latent=16, generator=(128, 128), discriminator=(128, 128), dropout=0
)
BATCH, STEPS, SEEDS, EVERY = 256, 4000, 3, 25
SAMPLES = 2000

Floats = NDArray[np.float32]
Row = dict[str, Any]


def centres() -> NDArray[np.float64]:
    """The middles (8, 2) of the modes."""
    angles = 2 * np.pi * np.arange(MODES) / MODES
    return 0.5 + RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def ring(count: int, rng: np.random.Generator) -> Floats:
    """Points (count, 1, 1, 2): pictures of one pixel with two channels."""
    points = centres()[rng.integers(MODES, size=count)]
    points = points + rng.normal(0, DEVIATION, points.shape)
    return points.astype(np.float32)[:, None, None]


def played(game: Game, rng: np.random.Generator, steps: int) -> Iterator[Row]:
    """Train, and yield the metrics now and then."""
    goal = game.objective
    for step in range(steps):
        game.optimizer.learning_rate = goal.learning_rate_at(step, step / steps)
        losses = game.train_on_batch({"picture": ring(goal.batch, rng)}, return_dict=True)
        if (step + 1) % EVERY == 0:
            yield {"step": step + 1} | {name: float(value) for name, value in losses.items()}


def made(game: Game, count: int, seed: int = 0) -> Floats:
    """Points (count, 2) that the generator makes."""
    latent = np.random.default_rng(seed).normal(size=(count, game.config.latent))
    return np.asarray(game.generator(latent.astype(np.float32)))[:, 0, 0]


def covered(points: Floats) -> tuple[int, float]:
    """The modes that are made, and the share of good points."""
    distances = np.linalg.norm(points[:, None] - centres(), axis=2)
    good = distances.min(1) < 4 * DEVIATION
    counts = np.bincount(distances.argmin(1)[good], minlength=MODES)
    return int((counts >= len(points) / MODES / 10).sum()), float(good.mean())


class Judge(keras.Model):
    """A discriminator of points of a line, from "real" and "made" (N, 1, 1, 1)."""

    def __init__(self) -> None:
        super().__init__()
        config = GANConfig(side=1, channels=1, discriminator=(64, 64), dropout=0)
        self.discriminator = Discriminator(config)
        self.discriminator.build()

    def call(self, batch: dict[str, Any]) -> tuple[Any, Any]:
        return self.discriminator(batch["real"]), self.discriminator(batch["made"])

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return minimax_losses(*y_pred)[0]


def show_theory() -> None:
    print("Gaussians apart   V at p/(p+q)   -log 4 + 2 JSD   V of a trained discriminator")
    rng = np.random.default_rng(0)
    line = np.linspace(-12, 16, 20_001)
    cell = float(line[1] - line[0])
    for apart in (0.0, 0.5, 1.0, 2.0, 4.0):
        p, q = (np.exp(-((line - mean) ** 2) / 2) / np.sqrt(2 * np.pi) for mean in (0.0, apart))
        best = game_value(optimal_logits(p, q), p, q, cell)
        bound = EQUILIBRIUM + 2 * jensen_shannon(p, q, cell)
        keras.utils.set_random_seed(0)
        judge = Judge()
        judge.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, 600)))
        for _ in range(600):
            points = rng.normal(size=(2, 512, 1, 1, 1)).astype(np.float32)
            judge.train_on_batch({"real": points[0], "made": points[1] + np.float32(apart)})
        logits = judge.discriminator(line.astype(np.float32)[:, None, None, None])
        reached = game_value(np.asarray(logits, np.float64)[:, 0], p, q, cell)
        print(f"{apart:10.1f} sd   {best:12.4f}   {bound:14.4f}   {reached:14.4f}")


def gradient_norm(game: Game, name: str, batch: dict[str, Floats]) -> float:
    """The norm of the generator's gradient in a game, from the weights of another."""
    twin = Game(game.config, Objective(game=name))
    twin.build()
    for copy, variable in zip(twin.trainable_variables, game.trainable_variables, strict=True):
        copy.assign(np.asarray(variable).copy())
    # So large a step of the discriminator must not come before the generator's loss is known.
    twin.discriminator.trainable = False
    before = [np.asarray(one).copy() for one in twin.generator.trainable_variables]
    # One step of rate 1 moves by the gradient.
    twin.compile(keras.optimizers.SGD(1.0))
    twin.train_on_batch(batch)
    moved = zip(before, twin.generator.trainable_variables, strict=True)
    return float(np.sqrt(sum(np.square(old - np.asarray(new)).sum() for old, new in moved)))


def show_gradients() -> None:
    print("\nD's steps   mean D(made)   minimax's gradient   non-saturating's")
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    game = new_game(PLANE, Objective(batch=BATCH))
    # Nothing that it makes is near the ring.
    game.generator.leave.bias.assign([-5.0, -5.0])
    optimizer = TurnsAdam("generator", 10**6, 1e-3)
    optimizer.build(game.trainable_variables)
    game.compile(optimizer)
    batch = {"picture": ring(BATCH, rng)}
    for steps in (0, 25, 100, 400, 1600):
        while int(game.optimizer.iterations) < steps:
            game.train_on_batch({"picture": ring(BATCH, rng)})
        points = made(game, SAMPLES)[:, None, None]
        fooled = float(keras.ops.mean(keras.ops.sigmoid(game.discriminator(points))))
        minimax, other = (gradient_norm(game, name, batch) for name in GAMES)
        print(f"{steps:9}   {fooled:12.2e}   {minimax:18.2e}   {other:16.2e}")


def show_players(seeds: int, steps: int) -> dict[str, tuple[list[Row], Floats]]:
    """Print what each game comes to, and return the first runs' logs and points by game."""
    print("\ngame             seed   modes   good points   D's nats   G's nats")
    first: dict[str, tuple[list[Row], Floats]] = {}
    for name in GAMES:
        for seed in range(seeds):
            keras.utils.set_random_seed(seed)
            game = new_game(PLANE, Objective(game=name, batch=BATCH, learning_rate=1e-3))
            log = list(played(game, np.random.default_rng(seed), steps))
            points = made(game, SAMPLES)
            modes, good = covered(points)
            ours, theirs = (
                np.mean([row[f"{player}_nats"] for row in log[-20:]])
                for player in ("discriminator", "generator")
            )
            print(
                f"{name:15}  {seed:4}   {modes:5}   {good:11.0%}   {ours:8.3f}   {theirs:8.3f}",
                flush=True,
            )
            first.setdefault(name, (log, points))
    return first


def draw(runs: dict[str, tuple[list[Row], Floats]], path: Path) -> None:
    """Both players' losses over training, and what is made in the end beside the ring."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 6), layout="constrained")
    axes = figure.subplots(2, 2, width_ratios=(2, 1))
    real = ring(SAMPLES, np.random.default_rng(0))[:, 0, 0]
    for (losses, plane), (name, (log, points)) in zip(axes, runs.items(), strict=True):
        steps = [row["step"] for row in log]
        for player, color in (("discriminator", "#c2410c"), ("generator", "#1d4ed8")):
            values = [row[f"{player}_nats"] for row in log]
            losses.plot(steps, values, color=color, label=player, linewidth=1)
        losses.axhline(np.log(4), color="#9ca3af", linestyle="--", linewidth=1, label="log 4")
        losses.set(
            title=f"{name}: losses of both players, nats", xlim=(0, steps[-1]), ylim=(-1.2, 2.2)
        )
        losses.legend(loc="best", ncols=3, fontsize=8)
        plane.scatter(*real.T, s=2, color="#d1d5db")
        plane.scatter(*points.T, s=2, color="#1d4ed8")
        plane.set(title="made (blue), real (grey)", xlim=(0, 1), ylim=(0, 1), aspect="equal")
        plane.set(xticks=[], yticks=[])
    figure.savefig(path, dpi=100)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw losses and points")
    parser.add_argument("--log", type=Path, metavar="FILE", help="write the first runs' losses")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="runs of each game")
    parser.add_argument("--steps", type=int, default=STEPS, help="of each run")
    arguments = parser.parse_args()
    show_theory()
    show_gradients()
    runs = show_players(arguments.seeds, arguments.steps)
    if arguments.log:
        rows = [{"game": name} | row for name, (log, _) in runs.items() for row in log]
        arguments.log.write_text("".join(json.dumps(row) + "\n" for row in rows))
    if arguments.picture:
        draw(runs, arguments.picture)


if __name__ == "__main__":
    main()

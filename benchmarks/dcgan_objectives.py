"""The modern objective of a DCGAN beside the paper's recipe, on the same data for as many steps.

    python benchmarks/dcgan_objectives.py --data data --steps 1000 --seeds 5 --runs runs/objectives

Prints, for each seed, the Frechet and kernel distances of 2,000 made pictures from the training
pictures, precision, recall, density and coverage, and whether the generator has collapsed. A run
that is stopped goes on.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from creative_gen.fitting.finished import FinishedRun
from creative_gen.measures.latent_figures import judge_of
from creative_gen.measures.picture_features import PictureFeatures
from creative_gen.measures.report import compared
from creative_gen.media.picture_set import read_picture_set
from creative_gen.models.dcgan.config import DCGANConfig
from creative_gen.models.dcgan.finished_run import settings
from creative_gen.models.dcgan.recipe import read_recipe
from creative_gen.models.dcgan.training import train, trained_generator

RECIPES = Path(__file__).parents[1] / "creative_gen" / "models" / "dcgan" / "recipes"
MADE = 2000
COLLAPSED = 0.5
"""Of the real pictures' mean distance from each other in features, what made ones have at most."""


def spread(features):
    """The mean distance of features (N, D) from their mean."""
    return float(np.linalg.norm(features - features.mean(axis=0), axis=1).mean())


def made_pictures(config, goal, run, labels):
    """Pictures uint8 (N, H, W, C) of classes (N,)."""
    generator, rng = trained_generator(config, goal, run), np.random.default_rng(0)
    pictures = []
    for part in np.array_split(labels, max(len(labels) // 200, 1)):
        latent = rng.standard_normal((len(part), config.latent), np.float32)
        one_hot = np.eye(max(len(config.classes), 1), dtype=np.float32)[part]
        pictures.append(np.array(generator(latent, one_hot, training=False)))
    values = np.concatenate(pictures)
    if values.shape[3] == 4:
        values[..., :3] /= np.maximum(values[..., 3:], 1e-3)
    return np.rint(255 * values.clip(0, 1)).astype(np.uint8)


def measured(name, seed, arguments):
    """The figures of one run, and how many weights it has."""
    recipe = read_recipe(RECIPES / f"{name}.toml")
    goal = recipe.objective.model_copy(update={"encoder_share": 0.0})
    recipe = recipe.model_copy(update={"objective": goal})
    run = arguments.runs / f"{name}-{seed}"
    train(recipe, arguments.data, run, 600.0, seed, lambda _: None, arguments.steps)
    config = FinishedRun(run).config(DCGANConfig)
    training = read_picture_set(arguments.data / recipe.folder / "train.npz")
    judge = PictureFeatures(judge_of(settings(config, recipe, refined=False))[0])
    order = np.random.default_rng(1).permutation(len(training))[:MADE]
    known = judge.look(training.pictures[order])
    seen = judge.look(made_pictures(config, goal, run, training.labels[order]))
    weights = FinishedRun(run).last_weights
    return {
        "weights": sum(array.size for array in weights.values()),
        "minutes": FinishedRun(run).minutes,
        **compared(known, seen),
        "named": float((seen.classes == training.labels[order]).mean()),
        "spread": spread(seen.features) / spread(known.features),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    rows: dict[str, list[dict[str, float]]] = {"tiles": [], "paper": []}
    for seed in range(arguments.seeds):
        for name, found in rows.items():
            found.append(measured(name, seed, arguments))
            told = {key: round(value, 3) for key, value in found[-1].items()}
            print(json.dumps({"recipe": name, "seed": seed} | told), flush=True)
    means = {name: np.mean([row["frechet"] for row in found]) for name, found in rows.items()}
    sound = sum(row["spread"] > COLLAPSED for row in rows["tiles"])
    print(f"Frechet distance, mean: modern {means['tiles']:.3f}, paper {means['paper']:.3f}")
    print(f"The modern one is {1 - means['tiles'] / means['paper']:.0%} lower.")
    print(f"Not collapsed: {sound} of {arguments.seeds}.")


if __name__ == "__main__":
    main()

"""Measures a Sketch-RNN asset on drawings it has not learnt from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Progress
from creative_gen.kernels.stroke_state import DecoderState
from creative_gen.media.quickdraw_npz import read_npz
from creative_gen.media.simplify import CANVAS_SIDE
from creative_gen.models.sketch_rnn.drawings import Stroke3, extent, to_canvas
from creative_gen.models.sketch_rnn.labelled import is_labelled, labelled
from creative_gen.models.sketch_rnn.player import Drawn, Player

KEPT_SHARE = 0.4
"""The part of a drawing's points that is given when its completion is measured."""

TEMPERATURE = 0.4
"""The default temperature of completing and generating, at which both are measured."""

GENERATED = 50
"""New drawings of each category that are measured."""

RECOGNISABLE = 0.6
"""A category is offered when this share of its new drawings, and of completed ones relative to
whole real ones, is recognised by the asset's own classifier."""

SPLITS = ("valid", "test", "train")


def evaluate(asset: AssetFiles, data: Path) -> Iterator[Progress | dict[str, Any]]:
    """Likelihood, classification and completion, in each category and in all.

    Args:
        asset: AssetFiles. What to measure.
        data: Path. A Sketch-RNN `.npz` file whose name is the category's (its split "valid" is
            taken, or else "test", or else "train"), an archive of many labelled categories
            (`labelled.read_labelled`), or a folder of such files.

    Yields:
        `Progress`, and at last the figures. `nats_per_point` is (the sum of -log p over the
        offsets and pen states of the real points, and the end) / points + 2 ln(scale factor), on
        drawings whose larger side is 255; `nats_per_point_as_stored` is the same in the units of
        the file. L_R and L_KL are normalised as in the paper, by N_max and N_z.
    """
    player = Player(asset)
    drawings = read_categories(data, player)
    figures: dict[str, dict[str, float]] = {}
    for index, (category, stored) in enumerate(drawings.items()):
        yield Progress(index / len(drawings))
        figures[category] = measure(player, category, stored)
    counts = {name: values["drawings"] for name, values in figures.items()}
    yield {
        "asset": asset.name,
        "drawings": sum(counts.values()),
        "mean": mean_figures(figures, dict.fromkeys(counts, 1.0)),
        "mean_over_drawings": mean_figures(figures, counts),
        "categories": figures,
        "offered": {name: recognisable(values) for name, values in figures.items()},
    }


def recognisable(figures: Mapping[str, float]) -> bool:
    """Whether a category's drawings are recognised often enough to offer it."""
    names = ("generated_top1", "completed_relative")
    return all(figures.get(name, 0.0) >= RECOGNISABLE for name in names)


def read_categories(data: Path, player: Player) -> dict[str, list[Stroke3]]:
    """The drawings of each category that the asset knows, as they are stored."""
    files = sorted(data.glob("*.npz")) if data.is_dir() else [data]
    known = player.config.categories
    found: dict[str, list[Stroke3]] = {}
    for file in files:
        for category, drawings in _stored(file, known):
            fitting = [rows for rows in drawings if 2 <= len(rows) <= player.config.max_points]
            if fitting and category in found:
                raise InvalidMedia(
                    f"'{data}' has drawings of '{category}' twice, the second in '{file.name}'.",
                    "Give one file.",
                )
            if fitting:
                found[category] = fitting
    if not found:
        raise InvalidMedia(
            f"'{data}' has no drawings of a category that this asset knows.",
            f"Name the .npz files after their categories: {', '.join(known) or 'any'}.",
        )
    return found


def _stored(file: Path, known: Sequence[str]) -> Iterator[tuple[str, list[Stroke3]]]:
    """The categories in a file that the asset knows; every category if it knows none by name."""
    if is_labelled(file):
        yield from labelled(file, known)
        return
    category = file.stem.replace("-", " ").replace("_", " ")
    if not known or category in known:
        splits = read_npz(file)
        yield category, next((splits[name] for name in SPLITS if splits.get(name)), [])


def measure(player: Player, category: str, stored: Sequence[Stroke3]) -> dict[str, float]:
    """All figures of one category."""
    drawings = [to_canvas(drawing) for drawing in stored]
    growth = 2 * np.log([extent(drawing) / CANVAS_SIDE for drawing in stored])
    figures: dict[str, float] = {"drawings": float(len(drawings))}
    if not player.draws_latent:
        figures |= _likelihood(player, category, drawings, None, growth, "_without_z")
    if not player.config.conditional:
        return _rounded(figures)
    mean, log_variance = player.encode(drawings)
    noise = np.random.default_rng(0).standard_normal(mean.shape)
    z = (mean + np.exp(log_variance / 2) * noise).astype(np.float32)
    figures |= _likelihood(player, category, drawings, z, growth, "")
    kl = -0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)).sum(axis=1).mean()
    figures |= {"L_KL": float(kl) / player.config.latent_size}
    if player.config.categories:
        figures |= _recognition(player, category, drawings, mean)
    return _rounded(figures)


def _likelihood(
    player: Player,
    category: str,
    drawings: Sequence[Stroke3],
    z: NDArray[np.float32] | None,
    growth: NDArray[np.float64],
    suffix: str,
) -> dict[str, float]:
    points, lengths = player.stroke5(drawings)
    classes = player.classes(category, len(drawings))
    state = player.decoder.start(np.zeros(len(drawings), np.int64), player.condition(z, classes))
    nll = -player.decoder.feed(state, points, lengths + 1).sum(axis=1)
    per_point = nll / lengths + 2 * np.log(player.config.scale_factor)
    return {
        f"nats_per_point{suffix}": float(per_point.mean()),
        f"nats_per_point_as_stored{suffix}": float((per_point + growth).mean()),
        f"L_R{suffix}": float(nll.mean()) / player.config.max_points,
    }


def _recognition(
    player: Player, category: str, drawings: Sequence[Stroke3], mean: NDArray[np.float32]
) -> dict[str, float]:
    index = player.config.categories.index(category)

    def recognised(means: NDArray[np.float32]) -> float:
        return float((player.class_log_probabilities(means).argmax(axis=1) == index).mean())

    halves = [drawing[: (len(drawing) + 1) // 2] for drawing in drawings]
    parts = [drawing[: max(1, int(KEPT_SHARE * len(drawing)))] for drawing in drawings]
    completed = complete(player, category, parts)
    whole = recognised(mean)
    finished = recognised(player.encode(completed)[0])
    return {
        "top1": whole,
        "top1_half": recognised(player.encode(halves)[0]),
        "completed_top1": finished,
        "generated_top1": recognised(player.encode(generate(player, category))[0]),
        "completed_relative": finished / whole if whole else 0.0,
    }


def complete(player: Player, category: str, parts: Sequence[Stroke3]) -> list[Stroke3]:
    """One completion of each part: the first that is drawn, none is chosen."""
    points, lengths = player.stroke5(parts)
    seeds = np.arange(len(parts), dtype=np.uint64)
    condition = player.free_condition(player.classes(category, len(parts)), seeds)
    state = player.decoder.start(seeds, condition)
    player.decoder.feed(state, points, lengths)
    rows = zip(parts, _drawn(player, state), strict=True)
    return [np.concatenate([part, added])[: player.config.max_points] for part, added in rows]


def generate(player: Player, category: str) -> list[Stroke3]:
    """New drawings of a category, none of them chosen."""
    seeds = np.arange(GENERATED, dtype=np.uint64)
    classes = player.classes(category, GENERATED)
    return _drawn(player, player.decoder.start(seeds, player.free_condition(classes, seeds)))


def _drawn(player: Player, state: DecoderState) -> list[Stroke3]:
    # At least one point, because nothing cannot be encoded.
    for step in player.draw(state, player.config.max_points, TEMPERATURE, min_points=1):
        if isinstance(step, Drawn):
            return step.drawings
    raise RuntimeError("drawing ended without a drawing")


def mean_figures(
    figures: dict[str, dict[str, float]], weights: dict[str, float]
) -> dict[str, float]:
    """The weighted mean over categories of every figure but the counts."""
    total = sum(weights.values())
    names = [name for name in next(iter(figures.values())) if name != "drawings"]
    return _rounded(
        {
            name: sum(values[name] * weights[key] for key, values in figures.items()) / total
            for name in names
        }
    )


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}

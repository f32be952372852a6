"""Sketch-RNN: draws, completes, reconstructs, interpolates and classifies pen sketches."""

from __future__ import annotations

from collections.abc import Callable

from creative_gen.interface.families import Family, Reference
from creative_gen.interface.hooks import hookimpl

FAMILY = Family(
    name="sketch_rnn",
    summary="Pen sketches, stroke by stroke (Ha and Eck, 2017).",
    tasks=(
        "sketch.complete",
        "sketch.reconstruct",
        "sketch.interpolate",
        "sketch.generate",
        "sketch.classify",
    ),
    generator=Reference(f"{__name__}.generator:SketchRNNGenerator"),
    evaluation=Reference(f"{__name__}.evaluation:evaluate"),
    training=Reference(f"{__name__}.training:train_recipe"),
    export=Reference(f"{__name__}.finished_run:export_run"),
)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    """Announce the family."""
    register(FAMILY)

"""`creative-gen data`: prepare training data."""

from __future__ import annotations

from pathlib import Path

import click

from creative_gen.cli.output import write_result
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import Reference
from creative_gen.media.quickdraw_npz import npz_bytes


@click.group()
def data() -> None:
    """Prepare training data."""


@data.command()
@click.argument("model", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--count", type=click.IntRange(1), default=2600, help="Drawings to train on.")
@click.option("--valid", type=click.IntRange(0), default=60, help="More of them, kept aside.")
@click.option(
    "--varied",
    type=click.FloatRange(0, 1),
    default=0.4,
    help="The share sampled at temperature 0.85, not 0.65.",
)
@click.option("--seed", type=click.IntRange(0, 2**31), default=1)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def teachers(model: Path, count: int, valid: int, varied: float, seed: int, output: Path) -> None:
    """Sample drawings from a published sketch-rnn-js MODEL to train on."""
    from creative_gen.interop.sketch_rnn_js import read_sketch_rnn_js
    from creative_gen.training.teachers import sample_teacher

    teacher = read_sketch_rnn_js(model)
    splits = {}
    for split, size, first in (("train", count, seed), ("valid", valid, seed + 2)):
        bold = round(size * varied)
        calm = sample_teacher(teacher, size - bold, 0.65, first)
        splits[split] = calm + sample_teacher(teacher, bold, 0.85, first + 1)
    write_result(output.parent, {output.name: npz_bytes(splits)})
    click.echo(f"Wrote {count} and {valid} drawings to {output}.")


@data.command()
@click.argument("bitmaps", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--category", required=True, help="The array in the archive.")
@click.option("--limit", type=click.IntRange(1), default=5000, help="Drawings at most.")
@click.option("--valid", type=click.IntRange(0), default=50, help="Of them, kept aside.")
@click.option("--seed", type=click.IntRange(0), default=0)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def trace(bitmaps: Path, category: str, limit: int, valid: int, seed: int, output: Path) -> None:
    """Trace Quick, Draw! BITMAPS (28 x 28, an array a category) into pen strokes."""
    traced = Reference("creative_gen.training.tracing:trace_file").load()
    drawings = traced(bitmaps, category, limit, seed)
    if len(drawings) <= valid:
        raise InvalidRequest(
            f"Only {len(drawings)} drawings could be traced, and {valid} are to be kept aside.",
            "Give a smaller --valid or a larger --limit.",
        )
    splits = {"train": drawings[valid:], "valid": drawings[:valid]}
    write_result(output.parent, {output.name: npz_bytes(splits)})
    click.echo(f"Wrote {len(splits['train'])} and {len(splits['valid'])} drawings to {output}.")

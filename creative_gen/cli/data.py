"""`creative-gen data`: prepare training data."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from creative_gen.cli.output import write_result
from creative_gen.cli.picture_folder_data import clipart, icons, photos, tiles
from creative_gen.cli.picture_set_data import digits, doodles, faces, thumbnails
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import Reference
from creative_gen.media.quickdraw_npz import npz_bytes

if TYPE_CHECKING:
    from creative_gen.training.clip_recipe import Clip

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OUTPUT_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def data() -> None:
    """Prepare training data."""


for command in (photos, clipart, icons, tiles, doodles, digits, faces, thumbnails):
    data.add_command(command)


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


@data.command()
@click.option(
    "--soundfont", type=FILE, help="A General MIDI .sf2 file. Defaults to Debian's FluidR3."
)
@click.option("--salamander", type=FOLDER, help="Salamander's piano notes, such as A4v10.ogg.")
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def notes(soundfont: Path | None, salamander: Path | None, output: Path) -> None:
    """Play notes of a SoundFont's instruments, some pitches of which are held out."""
    from creative_gen.training.fluidsynth import SOUNDFONT
    from creative_gen.training.salamander import KIND, salamander_clips
    from creative_gen.training.soundfont_notes import INSTRUMENTS, soundfont_clips

    kinds = [instrument.kind for instrument in INSTRUMENTS]
    clips = [soundfont_clips(instrument, soundfont or SOUNDFONT) for instrument in INSTRUMENTS]
    if salamander:
        kinds.append(KIND)
        clips.append(salamander_clips(salamander))
    _write_clips(chain.from_iterable(clips), kinds, output)


@data.command()
@click.option(
    "--soundfont", type=FILE, help="A General MIDI .sf2 file. Defaults to Debian's FluidR3."
)
@click.option("--samples", type=FOLDER, help="Recorded hits, named as sonic-pi's samples are.")
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def drums(soundfont: Path | None, samples: Path | None, output: Path) -> None:
    """Strike the drums of a SoundFont's kits, and add recorded ones; some are held out."""
    from creative_gen.training.drum_shots import drum_clips
    from creative_gen.training.drum_sources import DRUMS
    from creative_gen.training.fluidsynth import SOUNDFONT

    clips = drum_clips(soundfont or SOUNDFONT, samples)
    _write_clips(clips, [drum.kind for drum in DRUMS], output)


def _write_clips(clips: Iterable[tuple[str, Clip]], kinds: list[str], output: Path) -> None:
    from creative_gen.media.clip_set import clip_set_bytes
    from creative_gen.training.clip_recipe import split_sets

    sets = split_sets(clips, kinds)
    write_result(output, {f"{split}.npz": clip_set_bytes(made) for split, made in sets.items()})
    counts = ", ".join(f"{len(made)} {split}" for split, made in sets.items())
    click.echo(f"Wrote {counts} clips of {len(kinds)} kinds to {output}.")

"""The commands of `creative-gen data` that write sets of small pictures of one size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from creative_gen.cli.output import write_result

if TYPE_CHECKING:
    from creative_gen.training.picture_sets import PictureSets

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OUTPUT_FOLDER = click.Path(file_okay=False, path_type=Path)
SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command()
@click.argument("bitmaps", type=FILE, nargs=-1, required=True)
@click.option("--valid", type=SHARE, default=0.05, help="The share of a class that is kept aside.")
@click.option("--limit", type=click.IntRange(2), help="Drawings of a class at most.")
@click.option("--seed", type=click.IntRange(0), default=0)
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def doodles(
    bitmaps: tuple[Path, ...], valid: float, limit: int | None, seed: int, output: Path
) -> None:
    """Turn Quick, Draw! BITMAPS (28 x 28) into a set of pictures, dark on white.

    They are in an .npz file with an array a class, or in Google's .npy files, each named after its
    class. Drawings that are there twice are left out.
    """
    from creative_gen.training.doodle_pictures import doodle_pictures, read_bitmaps
    from creative_gen.training.picture_sets import picture_sets

    read = read_bitmaps(bitmaps)
    made = picture_sets(doodle_pictures(read, limit, valid, seed), list(read))
    _write_sets(made, _source(bitmaps), output)


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--valid", type=SHARE, default=0.1, help="The share that is kept aside.")
@click.option("--seed", type=click.IntRange(0), default=0)
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def digits(files: tuple[Path, ...], valid: float, seed: int, output: Path) -> None:
    """Turn digits, such as MNIST's, into a set of pictures, dark on white.

    FILES are an .npz of images and labels, or MNIST's own file of images and that of labels.
    """
    from creative_gen.training.digit_pictures import digit_pictures, read_digits
    from creative_gen.training.picture_sets import picture_sets

    read = read_digits(files)
    classes = [str(digit) for digit in range(int(read[1].max()) + 1)]
    made = picture_sets(digit_pictures(read, valid, seed), classes)
    _write_sets(made, _source(files), output)


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--bends", type=click.IntRange(0, 100), default=4, help="Other mouths of each face.")
@click.option("--seed", type=click.IntRange(0), default=0)
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def faces(files: tuple[Path, ...], bends: int, seed: int, output: Path) -> None:
    """Render drawn faces at 64 pixels, each with other mouths too, and measure their smiles.

    FILES are drawings of Quick, Draw!: .ndjson, or Sketch-RNN's .npz. Faces whose outline or mouth
    is not clear are left out. Mouths are bent only in what is to be trained on.
    """
    from creative_gen.training.face_drawings import read_drawings
    from creative_gen.training.face_pictures import CATEGORY, face_pictures
    from creative_gen.training.picture_sets import picture_sets

    made = picture_sets(face_pictures(read_drawings(files), bends, seed), [CATEGORY])
    _write_sets(made, _source(files), output)


@click.command()
@click.argument("folders", type=FOLDER, nargs=-1, required=True)
@click.option("--side", type=click.IntRange(8, 512), default=64, help="Pixels of each side.")
@click.option("--transparent", is_flag=True, help="Keep transparency; otherwise on white.")
@click.option(
    "--class",
    "classes",
    multiple=True,
    metavar="NAME=PATTERN",
    help="A class and its pictures' names, such as cat='*cat*'; repeatable, the first counts.",
)
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def thumbnails(
    folders: tuple[Path, ...], side: int, transparent: bool, classes: tuple[str, ...], output: Path
) -> None:
    """Shrink the pictures of FOLDERS to one size.

    A folder has train/ and valid/, as data clipart, icons and tiles make them; of others, about one
    picture in twenty is kept aside. Pixel art of the size is kept as it is. With --class, pictures
    of no class are left out.
    """
    from creative_gen.training import thumbnails as recipe
    from creative_gen.training.picture_sets import picture_sets

    patterns = recipe.read_patterns(classes)
    small = recipe.thumbnails(folders, side, transparent, patterns)
    made = picture_sets(small, recipe.classes_of(patterns))
    _write_sets(made, _source(folders), output)


def _source(paths: tuple[Path, ...]) -> str:
    from creative_gen.training.picture_folders import told_source

    folders = dict.fromkeys(path if path.is_dir() else path.parent for path in paths)
    return "\n".join(told_source(folder).strip() for folder in folders)


def _write_sets(made: PictureSets, source: str, output: Path) -> None:
    write_result(output, made.files(source))
    for left_out in made.left_out:
        if left_out.problem:
            click.echo(f"{left_out.name}: {left_out.problem}", err=True)
    click.echo(f"Wrote to {output}: {made}")

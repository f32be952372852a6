"""The commands of `creative-gen data` that write folders of pictures."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from creative_gen.cli.output import writing_to

if TYPE_CHECKING:
    from creative_gen.training.picture_folders import LeftOut, Picture

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OUTPUT_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("source", type=FOLDER)
@click.option("--valid", multiple=True, help="A name to keep aside, without suffix; repeatable.")
@click.option("--size", type=click.IntRange(16), help="Pixels of the longer side at most.")
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def photos(source: Path, valid: tuple[str, ...], size: int | None, output: Path) -> None:
    """Turn the photographs of a folder into PNG files of train/ and valid/.

    Without --valid, about one in twenty is kept aside. The licence is what SOURCE.txt in the
    folder says.
    """
    from creative_gen.training.photo_pictures import photo_pictures
    from creative_gen.training.picture_folders import told_source

    _write_pictures(photo_pictures(source, size, valid), told_source(source), output)


@click.command()
@click.argument("source", type=FOLDER)
@click.option("--omit", type=FILE, help="A list of names in SOURCE, one a line, to leave out.")
@click.option(
    "--size", type=click.IntRange(16), default=512, help="Pixels of the longer side at most."
)
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def clipart(source: Path, omit: Path | None, size: int, output: Path) -> None:
    """Put clip art, such as Debian's openclipart-png (public domain), on white.

    Left out are near-copies, of each other and of what --omit names. Numbered pictures of one
    name are all in train/ or all in valid/, which has about one in twenty.
    """
    from creative_gen.training.clipart_pictures import clipart_pictures, read_omitted
    from creative_gen.training.picture_folders import told_source

    omitted = read_omitted(omit, source) if omit else frozenset[str]()
    _write_pictures(clipart_pictures(source, size, omitted), told_source(source), output)


@click.command()
@click.argument("sets", type=FILE, nargs=-1, required=True)
@click.option("--lines", is_flag=True, help="Make pairs: colors/ and lines/, without fills.")
@click.option("--size", type=click.IntRange(16, 2048), default=256, help="Pixels of each side.")
@click.option(
    "--skin-tones", type=click.IntRange(0), default=1, help="Of each icon, beside its own."
)
@click.option("--leave-out", multiple=True, help="Names, such as '*flag*'; repeatable.")
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def icons(
    sets: tuple[Path, ...],
    lines: bool,
    size: int,
    skin_tones: int,
    leave_out: tuple[str, ...],
    output: Path,
) -> None:
    """Render SETS of colour icons: the icons.json of @iconify-json packages of npm.

    openmoji (CC BY-SA 4.0) has black outlines, for --lines; fluent-emoji-flat (MIT), noto
    (Apache-2.0) and twemoji (CC BY 4.0) have none. An icon is in train/ or valid/ by its subject,
    in all sets.
    """
    from creative_gen.training.icon_pictures import icon_pictures
    from creative_gen.training.icon_sets import read_icon_set

    read = [read_icon_set(path) for path in sets]
    made = (icon_pictures(one, size, lines, skin_tones, leave_out) for one in read)
    source = "\n".join(one.source for one in read)
    _write_pictures(chain.from_iterable(made), source, output)


@click.command()
@click.argument("archive", type=FILE)
@click.option("--alpha", is_flag=True, help="Keep transparency; otherwise they are on white.")
@click.option("-o", "--output", type=OUTPUT_FOLDER, required=True)
def tiles(archive: Path, alpha: bool, output: Path) -> None:
    """Unpack tiles of a game from an .npz ARCHIVE of images (RGBA) and names.

    The licence is what SOURCE.txt beside it says.
    """
    from creative_gen.training.picture_folders import told_source
    from creative_gen.training.tile_pictures import tile_pictures

    _write_pictures(tile_pictures(archive, alpha), told_source(archive.parent), output)


def _write_pictures(pictures: Iterable[Picture | LeftOut], source: str, output: Path) -> None:
    from creative_gen.training.picture_folders import write_pictures

    with writing_to(output):
        written = write_pictures(output, pictures, source)
    for left_out in written.left_out:
        if left_out.problem:
            click.echo(f"{left_out.name}: {left_out.problem}", err=True)
    click.echo(f"Wrote to {output}: {written}")

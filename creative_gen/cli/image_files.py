"""Picture files for the command line: reads any format, writes PNG, JPEG, WebP and TIFF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from creative_gen.cli.image_place import SUFFIXES, WRITABLE, ImagePlace, place_of
from creative_gen.cli.image_writing import ImageFiles
from creative_gen.cli.interrupts import ending_like_ctrl_c
from creative_gen.cli.medium import ResultWriter, Sources
from creative_gen.cli.output import file_stem, writing_to
from creative_gen.engine.job import Job
from creative_gen.media.atomic import staged_files
from creative_gen.media.image import Image


@dataclass(frozen=True)
class ImageDocument:
    """A picture, the name of its file without and with suffix, its format, and what to say of it.

    The format is that of the content: "png", "jpeg", "webp", "tiff", "gif" or "bmp".
    """

    value: Image
    stem: str
    path: Path
    file_format: str
    notes: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """That of its file, if files with it are written in its format; .png for GIF and BMP."""
        if WRITABLE.get(self.path.suffix.lower()) == self.file_format:
            return self.path.suffix
        return SUFFIXES.get(self.file_format, ".png")


def read_document(path: Path) -> ImageDocument:
    """Read a picture.

    Raises:
        MediaError: it cannot be read.
    """
    # Here, because Pillow is loaded, and a command's help needs none.
    from creative_gen.media.image_files import read_image

    image, notes, file_format = read_image(path)
    return ImageDocument(image, path.stem, path, file_format, notes)


class ImageResultWriter:
    """Writes pictures: into a file, or a folder of files with a contact sheet."""

    def flags(self) -> list[click.Option]:
        """Where, and in which format."""
        return [
            click.Option(
                ["-o", "--output"],
                type=click.Path(path_type=Path),
                default=Path("out"),
                help="A .png, .jpg, .webp or .tiff file, or a folder for the results.  "
                "[default: out]",
            ),
            click.Option(
                ["--format"],
                type=click.Choice([suffix[1:] for suffix in SUFFIXES.values()]),
                help="What to write into a folder.  [default: that of the given picture, or png]",
            ),
        ]

    @contextmanager
    def begin(
        self, job: Job, sources: Sources, settings: Mapping[str, Any]
    ) -> Iterator[ImageFiles]:
        """Check where to write, and whether that can hold the result."""
        document = sources.document
        given = document if isinstance(document, ImageDocument) else None
        named = document.stem if document else str(job.origin.options.get("category") or "image")
        stem = named if named.isprintable() else file_stem(named)
        place = place_of(settings, stem, given.suffix if given else ".png", sources.several)
        count = int(getattr(job.request.options, "count", 1))
        names = place.names(count)
        place.refuse_replacing(names, sources.kept)
        if given:
            _check_fits(place, given.value, int(getattr(job.request.options, "scale", 1)))
        with ExitStack() as stack:
            stack.enter_context(ending_like_ctrl_c())
            with writing_to(place.folder):
                staged = stack.enter_context(staged_files(place.folder))
                for name in names:
                    staged.path(name)
            yield ImageFiles(place, staged, sources)


WRITER: ResultWriter = ImageResultWriter()


def _check_fits(place: ImagePlace, given: Image, scale: int) -> None:
    """Refuse a format that cannot hold what is made of a picture, before it is made."""
    from creative_gen.media.image_files import check_fits

    height, width = given.height * scale, given.width * scale
    check_fits(place.file_format, height, width, given.bits, given.has_alpha)

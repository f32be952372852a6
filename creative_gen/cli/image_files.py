"""Picture files for the command line: writes PNG, JPEG, WebP and TIFF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from creative_gen.cli.image_place import place_of
from creative_gen.cli.image_writing import ImageFiles
from creative_gen.cli.interrupts import ending_like_ctrl_c
from creative_gen.cli.medium import ResultWriter, Sources
from creative_gen.cli.output import writing_to
from creative_gen.engine.job import Job
from creative_gen.formats.image import KEEPING, SUFFIXES, ImageDocument, check_fits, stem
from creative_gen.interface.tasks import Task
from creative_gen.media.atomic import staged_files

FRAMES_PER_SECOND = 12.0


class ImageResultWriter:
    """Writes pictures: into a file, or a folder of files with a contact sheet."""

    def flags(self, task: Task) -> list[click.Option]:
        """Where, and in which format; where the pictures are steps of a way, an animation of it."""
        makes_steps = "steps" in task.options.model_fields
        file = "A .png, .jpg, .webp or .tiff file"
        file += ", a .gif or .apng animation" if makes_steps else ""
        own = "that of the given picture, or png" if task.name in KEEPING else "png"
        output = click.Option(
            ["-o", "--output"],
            type=click.Path(path_type=Path),
            default=Path("out"),
            help=f"{file}, or a folder for the results.  [default: out]",
        )
        form = click.Option(
            ["--format"],
            type=click.Choice([suffix[1:] for suffix in SUFFIXES.values()]),
            help=f"What to write into a folder.  [default: {own}]",
        )
        return [output, form, *(_animation_flags() if makes_steps else [])]

    @contextmanager
    def begin(
        self, job: Job, sources: Sources, settings: Mapping[str, Any]
    ) -> Iterator[ImageFiles]:
        """Check where to write, and whether that can hold the result."""
        document = sources.document
        given = document if isinstance(document, ImageDocument) else None
        kept = given if job.request.task in KEEPING else None
        own = kept.suffix if kept else ".png"
        place = place_of(settings, stem(job.origin, given), own, sources.several)
        files = place.files(_count(job))
        place.refuse_replacing(files, sources.kept)
        if kept:
            check_fits(job.request, SUFFIXES[place.file_format][1:])
        with ExitStack() as stack:
            stack.enter_context(ending_like_ctrl_c())
            with writing_to(place.folder):
                staged = stack.enter_context(staged_files(place.folder))
                for name in files:
                    staged.path(name)
            yield ImageFiles(place, staged, sources, settings.get("fps") or FRAMES_PER_SECOND)


WRITER: ResultWriter = ImageResultWriter()


def _animation_flags() -> list[click.Option]:
    return [
        click.Option(
            ["--animation"],
            type=click.Choice(["gif", "apng", "none"]),
            help="An animation that goes there and back, beside the pictures in a folder.  "
            "[default: none]",
        ),
        click.Option(
            ["--fps"],
            type=click.FloatRange(0.1, 50.0),
            help="Pictures of the animation in a second.  [default: 12]",
        ),
    ]


def _count(job: Job) -> int:
    """How many pictures are made; a map is one, however many it shows."""
    if job.request.task == "image.map":
        return 1
    counts = (getattr(job.request.options, name, None) for name in ("pictures", "steps", "count"))
    return next((count for count in counts if count is not None), 1)

"""Sound files for the command line: writes WAV and FLAC."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from creative_gen.cli.audio_place import (
    FORMATS,
    STANDARD_OUTPUT,
    format_of,
    place_of,
    refuse_many,
    refuse_replacing,
)
from creative_gen.cli.audio_writing import AudioFiles, AudioPipe
from creative_gen.cli.interrupts import ending_like_ctrl_c
from creative_gen.cli.medium import ResultWriter, Sources, Writing
from creative_gen.cli.output import writing_to
from creative_gen.engine.job import Job
from creative_gen.formats.audio import AudioDocument, stem
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.tasks import Task
from creative_gen.media.atomic import staged_files
from creative_gen.media.audio import MAX_SAMPLE_RATE, MIN_SAMPLE_RATE


class AudioResultWriter:
    """Writes sounds as they are made: into a file, a folder of files, or standard output."""

    def flags(self, task: Task) -> list[click.Option]:
        """Where, in which format, and what else."""
        return [
            click.Option(
                ["-o", "--output"],
                type=click.Path(path_type=Path, allow_dash=True),
                default=Path("out"),
                help="A .wav or .flac file; a folder for the results; or - for standard output, a "
                "WAV that can be played while it is made.  [default: out]",
            ),
            click.Option(
                ["--format"],
                type=click.Choice(list(FORMATS.values())),
                help="What to write into a folder.  [default: wav]",
            ),
            click.Option(
                ["--bits"],
                type=click.Choice(["16", "24", "float"]),
                help="Integers of 16 or 24 bits, or 32-bit floats.  [default: those of a sound "
                "that is gone on from, otherwise 24]",
            ),
            click.Option(
                ["--sample-rate"],
                type=click.IntRange(MIN_SAMPLE_RATE, MAX_SAMPLE_RATE),
                help="In Hz.  [default: that of a sound that is gone on from, otherwise the "
                "model's]",
            ),
            click.Option(
                ["--picture"],
                is_flag=True,
                help="Draw each sound's waveform and spectrogram: a .png beside it.",
            ),
            click.Option(
                ["--keep-partial"],
                is_flag=True,
                help="When cancelled, keep what has been made until then.",
            ),
        ]

    @contextmanager
    def begin(self, job: Job, sources: Sources, settings: Mapping[str, Any]) -> Iterator[Writing]:
        """Check where to write, and write there while the block runs."""
        document = sources.document
        given = document if isinstance(document, AudioDocument) else None
        count = int(getattr(job.request.options, "count", 1))
        subtype = given.subtype if given else None
        if settings["output"] == STANDARD_OUTPUT:
            refuse_many(count, True, STANDARD_OUTPUT)
            target = _standard_output(settings)
            yield AudioPipe(job.origin, format_of(settings, ".wav", subtype), target)
            return
        place = place_of(settings, stem(job.origin, document), count)
        form = format_of(settings, place.suffix, subtype)
        refuse_replacing(given.path if given else None, settings["output"])
        with ExitStack() as stack:
            stack.enter_context(ending_like_ctrl_c())
            with writing_to(place.folder):
                staged = stack.enter_context(staged_files(place.folder))
                if place.single:
                    staged.path(place.name(0))
            switches = settings["picture"], settings["keep_partial"]
            yield stack.enter_context(AudioFiles(job.origin, form, place, staged, *switches))


WRITER: ResultWriter = AudioResultWriter()


def _standard_output(settings: Mapping[str, Any]) -> BinaryIO:
    """Standard output, for a WAV.

    Raises:
        InvalidRequest: something is asked for that it cannot have.
    """
    for flag, wanted in (("--picture", settings["picture"]), ("--format flac", settings["format"])):
        if wanted not in (None, False, "wav"):
            raise InvalidRequest(
                f"Standard output takes a WAV, and {flag} asks for more.",
                "Leave it out, or name a file with -o.",
            )
    target = sys.stdout.buffer
    if target.isatty():
        raise InvalidRequest(
            "Standard output is a terminal, which cannot play a sound.",
            "Send it to a player, such as -o - | aplay, or name a file with -o.",
        )
    return target

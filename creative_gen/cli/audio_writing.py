"""Writes the sounds of a result as they are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import click

from creative_gen.cli.audio_place import STANDARD_OUTPUT, Place, SoundFormat, refuse_many
from creative_gen.cli.audio_stream import AudioStream
from creative_gen.cli.interrupts import uninterrupted
from creative_gen.cli.medium import Report
from creative_gen.cli.output import MANIFEST, said_of, writing_to
from creative_gen.formats.audio import comment_of, sound_of
from creative_gen.interface.jobs import Chunk, Origin, Output, Result
from creative_gen.interface.wire import dumped, manifest
from creative_gen.media.atomic import StagedFiles


@dataclass
class AudioFiles:
    """The files of a result, under other names until all are whole.

    Args:
        origin: Origin. Told in every file.
        form: SoundFormat. How they are written.
        place: Place. Where they go.
        staged: StagedFiles. Where they are until then.
        pictures: bool. Whether each gets a picture.
        keep_partial: bool. Whether what there is when the block is interrupted is kept.
    """

    origin: Origin
    form: SoundFormat
    place: Place
    staged: StagedFiles
    pictures: bool = False
    keep_partial: bool = False
    streams: dict[int, AudioStream] = field(default_factory=dict)

    def add(self, chunk: Chunk) -> None:
        """Write a part of a sound."""
        with writing_to(self.place.folder):
            self._stream(chunk.output, chunk).take(sound_of(chunk))

    def finish(self, result: Result) -> Report:
        """Write what came in no chunk, the pictures and the manifest, and show all files."""
        with writing_to(self.place.folder):
            names = [self._end(*numbered) for numbered in enumerate(result.outputs)]
            files = names + [self._draw(result, *one) for one in enumerate(result.outputs)]
            files = [name for name in files if name]
            facts = manifest(result, names, files)
            if not self.place.single:
                self.staged.path(MANIFEST).write_text(dumped(facts), "utf-8")
            self._publish(files + ([] if self.place.single else [MANIFEST]))
        where = self.place.folder / names[0] if self.place.single else self.place.folder
        return Report(facts, summary(result, list(self.streams.values()), where))

    def _stream(self, index: int, made: Chunk | Output) -> AudioStream:
        """The file of a sound, begun with its first part."""
        if index not in self.streams:
            path = self.staged.path(self.place.name(index))
            comment = comment_of(self.origin, made)
            self.streams[index] = AudioStream(path, self.form, sound_of(made), comment)
        return self.streams[index]

    def _end(self, index: int, output: Output) -> str:
        """Write what is left of a sound."""
        stream = self._stream(index, output)
        stream.take(sound_of(output), stream.taken)
        stream.end()
        return self.place.name(index)

    def _draw(self, result: Result, index: int, output: Output) -> str:
        if not self.pictures:
            return ""
        # Here, because Pillow is loaded, and pictures are not always wanted.
        from creative_gen.media.raster import png_info
        from creative_gen.media.sound_picture import sound_picture

        name = self.place.name(index, ".png")
        facts = png_info({"creative_gen": dumped(manifest(result, []))})
        picture = sound_picture(sound_of(output), self.place.name(index))
        picture.save(self.staged.path(name), "PNG", pnginfo=facts)
        return name

    def _publish(self, names: Sequence[str]) -> None:
        with uninterrupted():
            self.staged.publish(names)

    def _keep(self) -> None:
        """Show the files as far as they have come."""
        for stream in self.streams.values():
            stream.end()
        begun = {index: stream for index, stream in self.streams.items() if stream.seconds}
        with writing_to(self.place.folder):
            self._publish([self.place.name(index) for index in begun])
        for index, stream in begun.items():
            path = self.place.folder / self.place.name(index)
            click.echo(f"Kept the first {_seconds(stream.seconds)} in {path}", err=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self.keep_partial and isinstance(error, KeyboardInterrupt):
                self._keep()
        finally:
            for stream in self.streams.values():
                stream.close()


@dataclass
class AudioPipe:
    """One sound as a stream that can be played while it is made.

    Args:
        origin: Origin. Told in its header.
        form: SoundFormat. WAV.
        target: binary stream. Stays open.
    """

    origin: Origin
    form: SoundFormat
    target: BinaryIO
    stream: AudioStream | None = None

    def add(self, chunk: Chunk) -> None:
        """Send a part of the sound."""
        refuse_many(chunk.output + 1, True, STANDARD_OUTPUT)
        self._begun(chunk).take(sound_of(chunk))
        self.target.flush()

    def finish(self, result: Result) -> Report:
        """Send the rest."""
        refuse_many(len(result.outputs), True, STANDARD_OUTPUT)
        (output,) = result.outputs
        stream = self._begun(output)
        stream.take(sound_of(output), stream.taken)
        stream.end()
        self.target.flush()
        facts = manifest(result, [])
        return Report(facts, summary(result, [stream], Path("standard output")), on_stderr=True)

    def _begun(self, made: Chunk | Output) -> AudioStream:
        if self.stream is None:
            comment = comment_of(self.origin, made)
            self.stream = AudioStream(self.target, self.form, sound_of(made), comment)
        return self.stream


def summary(result: Result, streams: Sequence[AudioStream], where: Path) -> str:
    """What was made, what the model says of it in words, and how to make it again."""
    lengths = sorted(stream.seconds for stream in streams)
    shortest, longest = _seconds(lengths[0]), _seconds(lengths[-1])
    count = "1 sound" if len(lengths) == 1 else f"{len(lengths)} sounds"
    length = longest if shortest == longest else f"{shortest} to {longest}"
    lines = [f"{count} in {where}: {length}, {streams[0].sample_rate} Hz"]
    return "\n".join([*lines, *said_of(result)])


def _seconds(length: float) -> str:
    return f"{length:.2f} s"

"""Writes the pictures of a result."""

from __future__ import annotations

from dataclasses import dataclass

from creative_gen.cli.image_place import ImagePlace
from creative_gen.cli.interrupts import uninterrupted
from creative_gen.cli.medium import Report, Sources
from creative_gen.cli.output import MANIFEST, said_of, writing_to
from creative_gen.formats.image import SUFFIXES, encode, image_of
from creative_gen.interface.jobs import Chunk, Result
from creative_gen.interface.wire import dumped, manifest
from creative_gen.media.atomic import StagedFiles

MAX_ON_SHEET = 100
"""Pictures on a contact sheet; of more, the first ones."""


@dataclass(frozen=True)
class ImageFiles:
    """The files of a result, under other names until all are whole.

    Args:
        place: ImagePlace. Where they go.
        staged: StagedFiles. Where they are until then.
        sources: Sources. What the result is made of.
        frames_per_second: float. Of an animation.
    """

    place: ImagePlace
    staged: StagedFiles
    sources: Sources
    frames_per_second: float

    def add(self, chunk: Chunk) -> None:
        """Pictures are written when all are there."""

    def finish(self, result: Result) -> Report:
        """Write the pictures, what shows several of them together, and the manifest."""
        names = self.place.names(len(result.outputs))
        files = self.place.files(len(result.outputs))
        self.place.refuse_replacing(files, self.sources.kept)
        facts = manifest(result, names, files)
        file_format = SUFFIXES[self.place.file_format][1:] if names else ""
        with writing_to(self.place.folder):
            for name, output in zip(names, result.outputs, strict=bool(names)):
                self._write(name, encode(result, output, self.sources.document, file_format))
            if self.place.sheet in files:
                self._write(self.place.sheet, _sheet(result))
            if self.place.animated:
                self._write(self.place.animated, self._animation(result))
            if not (self.place.single or self.sources.several):
                self._write(MANIFEST, dumped(facts).encode())
                files.append(MANIFEST)
            with uninterrupted():
                self.staged.publish(files)
        return Report(facts, self._summary(result, names))

    def _write(self, name: str, content: bytes) -> None:
        self.staged.path(name).write_bytes(content)

    def _animation(self, result: Result) -> bytes:
        from creative_gen.media.animation import animation_bytes, there_and_back

        assert self.place.animation is not None
        frames = there_and_back([image_of(output) for output in result.outputs])
        text = dumped(manifest(result, []))
        return animation_bytes(frames, self.place.animation, self.frames_per_second, text)

    def _summary(self, result: Result, names: list[str]) -> str:
        folder, count = self.place.folder, len(result.outputs)
        sizes = {f"{image.width} x {image.height}" for image in map(image_of, result.outputs)}
        where = folder / names[0] if len(names) == 1 else folder
        made = "1 picture" if count == 1 else f"{count:,} pictures"
        lines = [f"{made} in {where}: {', '.join(sorted(sizes))} pixels"] if names else []
        if len(names) > 1:
            part = "All" if count <= MAX_ON_SHEET else f"The first {MAX_ON_SHEET} of {count:,}"
            lines.append(f"{part} on one sheet: {folder / self.place.sheet}")
        if self.place.animated:
            lines.append(f"{made}, there and back: {folder / self.place.animated}")
        return "\n".join([*lines, *said_of(result)])


def _sheet(result: Result) -> bytes:
    from creative_gen.cli.image_sheet import sheet_of

    return sheet_of(result, MAX_ON_SHEET)

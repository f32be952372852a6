"""Writes the pictures of a result."""

from __future__ import annotations

from dataclasses import dataclass

from creative_gen.cli.image_place import ImagePlace
from creative_gen.cli.interrupts import uninterrupted
from creative_gen.cli.medium import Report, Sources
from creative_gen.cli.output import MANIFEST, said_of, writing_to
from creative_gen.interface.jobs import Chunk, Output, Result
from creative_gen.interface.wire import dumped, manifest, provenance
from creative_gen.media.atomic import StagedFiles
from creative_gen.media.image import Image


@dataclass(frozen=True)
class ImageFiles:
    """The files of a result, under other names until all are whole.

    Args:
        place: ImagePlace. Where they go.
        staged: StagedFiles. Where they are until then.
        sources: Sources. What the result is made of.
    """

    place: ImagePlace
    staged: StagedFiles
    sources: Sources

    def add(self, chunk: Chunk) -> None:
        """Pictures are written when all are there."""

    def finish(self, result: Result) -> Report:
        """Write the pictures, a contact sheet where there are several, and the manifest."""
        names = self.place.names(len(result.outputs))
        files = names + ([self.place.sheet] if len(names) > 1 else [])
        self.place.refuse_replacing(files, self.sources.kept)
        facts = manifest(result, names, files)
        with writing_to(self.place.folder):
            for name, output in zip(names, result.outputs, strict=True):
                self._write(name, self._content(result, output))
            if len(names) > 1:
                self._write(self.place.sheet, _sheet(result))
            if not (self.place.single or self.sources.several):
                self._write(MANIFEST, dumped(facts).encode())
                files.append(MANIFEST)
            with uninterrupted():
                self.staged.publish(files)
        return Report(facts, self._summary(result, names))

    def _write(self, name: str, content: bytes) -> None:
        self.staged.path(name).write_bytes(content)

    def _content(self, result: Result, output: Output) -> bytes:
        from creative_gen.media.image_files import image_bytes
        from creative_gen.media.picture_kind import looks_drawn

        image, facts = _image(output), {"creative_gen": dumped(provenance(result, output))}
        lossless = self.place.file_format != "webp" or looks_drawn(image.pixels)
        return image_bytes(image, self.place.file_format, facts, lossless)

    def _summary(self, result: Result, names: list[str]) -> str:
        sizes = {f"{image.width} x {image.height}" for image in map(_image, result.outputs)}
        where = self.place.folder / names[0] if len(names) == 1 else self.place.folder
        count = "1 picture" if len(names) == 1 else f"{len(names)} pictures"
        lines = [f"{count} in {where}: {', '.join(sorted(sizes))} pixels"]
        if len(names) > 1:
            lines.append(f"All on one sheet: {self.place.folder / self.place.sheet}")
        return "\n".join([*lines, *said_of(result)])


def _sheet(result: Result) -> bytes:
    from creative_gen.cli.image_sheet import sheet_of

    return sheet_of(result)


def _image(output: Output) -> Image:
    assert isinstance(output.value, Image)
    return output.value

"""Where pictures go, and what is refused before any is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from creative_gen.interface.errors import InvalidRequest

if TYPE_CHECKING:
    from creative_gen.media.image_files import FileFormat

SUFFIXES = {"png": ".png", "jpeg": ".jpg", "webp": ".webp", "tiff": ".tiff"}
"""What can be written, and the suffix of a file whose name is free."""

WRITABLE: dict[str, FileFormat] = {
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".webp": "webp",
    ".tif": "tiff",
    ".tiff": "tiff",
}
"""What can be written, by the suffix that asks for it."""

OTHER_SUFFIXES = {".gif", ".bmp", ".avif", ".heic", ".ico", ".jp2", ".jxl", ".pdf", ".psd", ".svg"}
"""Those that ask for a picture that cannot be written."""


class Misplaced(InvalidRequest):
    """The flags name no place for a result, whatever picture it is made of."""


@dataclass(frozen=True)
class ImagePlace:
    """Where the pictures of a result go.

    Args:
        folder: Path. Made when missing.
        stem: str. What they are named after.
        suffix: str. With its dot.
        single: bool. Whether a file is asked for, rather than a folder.
    """

    folder: Path
    stem: str
    suffix: str
    single: bool

    @property
    def file_format(self) -> FileFormat:
        """What the suffix asks for."""
        return WRITABLE[self.suffix.lower()]

    @property
    def sheet(self) -> str:
        """The name of the contact sheet."""
        return f"{self.stem}-sheet.png"

    def names(self, count: int) -> list[str]:
        """The names of the files, numbered where there are several.

        Raises:
            Misplaced: there are several, and there is one file for them.
        """
        if count == 1:
            return [f"{self.stem}{self.suffix}"]
        if self.single:
            raise _too_many(f"{count} pictures", self.folder / f"{self.stem}{self.suffix}")
        return [f"{self.stem}-{number}{self.suffix}" for number in range(1, count + 1)]

    def refuse_replacing(self, names: Iterable[str], kept: Iterable[Path]) -> None:
        """Refuse to write over what a command reads, or has written already.

        Raises:
            InvalidRequest: one of the names is that of such a file.
        """
        there = [self.folder / name for name in names if (self.folder / name).exists()]
        for path in there:
            if any(one.exists() and one.samefile(path) for one in kept):
                raise InvalidRequest(
                    f"The result would replace '{path}', which this command reads or has written.",
                    "Give another name or folder with -o, or another --format.",
                )


def place_of(settings: Mapping[str, Any], stem: str, own: str, several: bool) -> ImagePlace:
    """Where to write.

    Args:
        settings: the flags "output" and "format".
        stem: str. What pictures in a folder are named after.
        own: str. Their suffix, if no format is asked for.
        several: bool. Whether results of other pictures go there, too.

    Raises:
        Misplaced: it cannot be written.
    """
    output: Path = settings["output"]
    form, suffix = settings["format"], output.suffix.lower()
    if output.is_dir() or suffix not in {*WRITABLE, *OTHER_SUFFIXES}:
        return ImagePlace(output, stem, f".{form}" if form else own, False)
    if suffix in OTHER_SUFFIXES:
        raise Misplaced(
            f"'{output}' cannot be written: pictures go into PNG, JPEG, WebP and TIFF files.",
            "Give a name that ends in .png, .jpg, .webp or .tiff, or a folder.",
        )
    if form and WRITABLE[suffix] != WRITABLE[f".{form}"]:
        raise Misplaced(f"'{output}' is not the name of a {form} file.", "Leave --format out.")
    if several:
        raise _too_many("Several pictures", output)
    return ImagePlace(output.parent, output.stem, output.suffix, True)


def _too_many(what: str, output: Path) -> Misplaced:
    return Misplaced(
        f"{what} do not go into the file '{output}': it takes one.",
        "Give a folder, such as -o pictures/.",
    )

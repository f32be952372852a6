"""Where pictures go, and what is refused before any is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from creative_gen.formats.image import WRITABLE
from creative_gen.interface.errors import InvalidRequest

if TYPE_CHECKING:
    from creative_gen.media.animation import AnimationFormat
    from creative_gen.media.image_files import FileFormat

MOVING: dict[str, AnimationFormat] = {".gif": "gif", ".apng": "apng"}
"""Animations, by the suffix that asks for one."""

OTHER_SUFFIXES = {".avif", ".bmp", ".heic", ".ico", ".jp2", ".jxl", ".pdf", ".psd", ".svg", *MOVING}
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
        animation: "gif" or "apng". What is made of them, too, or alone where a file is asked for;
            None for no animation.
    """

    folder: Path
    stem: str
    suffix: str
    single: bool
    animation: AnimationFormat | None = None

    @property
    def file_format(self) -> FileFormat:
        """What the suffix asks for."""
        return WRITABLE[self.suffix.lower()]

    @property
    def sheet(self) -> str:
        """The name of the contact sheet."""
        return f"{self.stem}-sheet.png"

    @property
    def animated(self) -> str | None:
        """The name of the animation, if there is one."""
        if self.animation is None or self.single:
            return self.animation and f"{self.stem}{self.suffix}"
        # Every program that knows APNG knows it by the suffix of PNG.
        return f"{self.stem}.gif" if self.animation == "gif" else f"{self.stem}.png"

    def names(self, count: int) -> list[str]:
        """The names of the pictures' own files, numbered where there are several.

        Raises:
            Misplaced: there are several, and there is one file for them; or there is one, and it
                is to be an animation.
        """
        if self.animation and count == 1:
            raise Misplaced("One picture is no animation.", "Ask for more, or for a .png file.")
        if self.animation and self.single:
            return []
        if count == 1:
            return [f"{self.stem}{self.suffix}"]
        if self.single:
            raise _too_many(f"{count:,} pictures", self.folder / f"{self.stem}{self.suffix}")
        digits = len(str(count))
        return [f"{self.stem}-{number:0{digits}}{self.suffix}" for number in range(1, count + 1)]

    def files(self, count: int) -> list[str]:
        """The names of all files: the pictures', the contact sheet's and the animation's.

        Raises:
            Misplaced: see `names`.
        """
        names = self.names(count)
        sheet = [self.sheet] if len(names) > 1 else []
        return [*names, *sheet, *([self.animated] if self.animated else [])]

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
        settings: the flags "output", "format" and, where the task makes steps, "animation".
        stem: str. What pictures in a folder are named after.
        own: str. Their suffix, if no format is asked for.
        several: bool. Whether results of other pictures go there, too.

    Raises:
        Misplaced: it cannot be written.
    """
    output, form, moving = settings["output"], settings["format"], _moving(settings)
    suffix = output.suffix.lower()
    if output.is_dir() or suffix not in {*WRITABLE, *OTHER_SUFFIXES}:
        return ImagePlace(output, stem, f".{form}" if form else own, False, moving)
    if "animation" in settings and suffix in MOVING:
        moving = moving or MOVING[suffix]
    elif suffix in OTHER_SUFFIXES:
        raise Misplaced(
            f"'{output}' cannot be written: pictures go into PNG, JPEG, WebP and TIFF files.",
            "Give a name that ends in .png, .jpg, .webp or .tiff, or a folder.",
        )
    _refuse_other_formats(output, form, moving)
    if several:
        raise _too_many("Several pictures", output)
    return ImagePlace(output.parent, output.stem, output.suffix, True, moving)


def _moving(settings: Mapping[str, Any]) -> AnimationFormat | None:
    asked = settings.get("animation")
    return None if asked == "none" else asked


def _refuse_other_formats(output: Path, form: str | None, moving: AnimationFormat | None) -> None:
    """Refuse flags that ask for another file than its name."""
    suffix = output.suffix.lower()
    if moving and suffix not in ((".gif",) if moving == "gif" else (".apng", ".png")):
        kind = "a GIF" if moving == "gif" else "an APNG"
        raise Misplaced(f"'{output}' is not the name of {kind} file.", "Leave --animation out.")
    if form and WRITABLE.get(suffix) != WRITABLE[f".{form}"]:
        raise Misplaced(f"'{output}' is not the name of a {form} file.", "Leave --format out.")


def _too_many(what: str, output: Path) -> Misplaced:
    return Misplaced(
        f"{what} do not go into the file '{output}': it takes one.",
        "Give a folder, such as -o pictures/.",
    )

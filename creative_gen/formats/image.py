"""Picture files: any format in; PNG, JPEG, WebP and TIFF out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from creative_gen.formats.file_name import file_stem
from creative_gen.interface.jobs import Origin, Output, Request
from creative_gen.interface.wire import dumped, provenance
from creative_gen.media.image import Image

if TYPE_CHECKING:
    from creative_gen.formats.medium import Document
    from creative_gen.media.image_files import FileFormat

FORMATS = ("png", "jpg", "webp", "tiff")

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

KEEPING = ("image.colorize", "image.upscale")
"""Tasks that give the picture that they take, changed: in its format, and of a size that is known
before. Those of the others are new."""


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


def read_document(path: Path, content_type: str | None = None) -> ImageDocument:
    """Read a picture, of whatever format its content is.

    Raises:
        MediaError: it cannot be read.
    """
    # Here, because Pillow is loaded, and a command's help needs none.
    from creative_gen.media.image_files import read_image

    image, notes, file_format = read_image(path)
    return ImageDocument(image, path.stem, path, file_format, notes)


def check_fits(request: Request, file_format: str) -> None:
    """Refuse a format that cannot hold what is made of a picture, before it is made.

    Raises:
        MediaError: it cannot.
    """
    if request.task not in KEEPING:
        return
    from creative_gen.media.image_files import check_fits

    given, scale = request.inputs["image"], int(getattr(request.options, "scale", 1))
    assert isinstance(given, Image)
    height, width = given.height * scale, given.width * scale
    check_fits(WRITABLE[f".{file_format}"], height, width, given.bits, given.has_alpha)


def encode(origin: Origin, output: Output, document: Document | None, file_format: str) -> bytes:
    """A picture; as WebP without loss if it is drawn, and at high quality if it is a photograph."""
    from creative_gen.media.image_files import image_bytes
    from creative_gen.media.picture_kind import looks_drawn

    image, facts = image_of(output), {"creative_gen": dumped(provenance(origin, output))}
    lossless = file_format != "webp" or looks_drawn(image.pixels)
    return image_bytes(image, WRITABLE[f".{file_format}"], facts, lossless)


def stem(origin: Origin, document: Document | None) -> str:
    """The given picture's, or else what is in the pictures, or the asset."""
    if isinstance(document, ImageDocument):
        return document.stem if document.stem.isprintable() else file_stem(document.stem)
    return file_stem(str(origin.options.get("category") or origin.asset))


def image_of(output: Output) -> Image:
    """The picture that an output is."""
    assert isinstance(output.value, Image)
    return output.value

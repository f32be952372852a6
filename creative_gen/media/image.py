"""A picture: its pixels, and what its file said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from creative_gen.media.errors import MediaError

if TYPE_CHECKING:
    from PIL import Image as PillowImage

Bits = Literal[8, 16]
Pixels = NDArray[np.uint8] | NDArray[np.uint16]
Floats = NDArray[np.float32]

MAX_DPI = 1_000_000
ALL_ROWS = slice(None)


@dataclass(frozen=True, eq=False)
class Image:
    """A picture of 8 or 16 bits, grey or RGB, with or without transparency.

    Args:
        pixels: uint8 or uint16 (height, width, channels). One channel is grey, two are grey
            and alpha, three RGB, four RGBA; alpha is not multiplied into the colours. The
            top row is the first. Copied, unless it is a read-only array.
        icc_profile: bytes. The colour space of the pixels. Defaults to None, for sRGB.
        exif: bytes. A TIFF structure, as files have it after "Exif"; it says that the
            picture is upright. Defaults to None.
        dpi: (x, y). Pixels to an inch on paper, above 0 and up to `MAX_DPI`. Defaults to None.
        text: mapping. Keywords and their texts, as in PNG files; XMP is the text of
            "XML:com.adobe.xmp". Defaults to none.

    Raises:
        MediaError: another shape or type, a picture without pixels, or dpi out of range.
    """

    pixels: Pixels
    icc_profile: bytes | None = None
    exif: bytes | None = None
    dpi: tuple[float, float] | None = None
    text: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the pixels and the dpi, and keep them and the texts read-only."""
        object.__setattr__(self, "pixels", _checked_pixels(self.pixels))
        if self.dpi is not None and not all(0 < value <= MAX_DPI for value in self.dpi):
            raise MediaError(
                f"A picture cannot have {self.dpi} pixels to an inch.",
                f"Use numbers above 0 and up to {MAX_DPI:,}, or leave them out.",
            )
        object.__setattr__(self, "text", MappingProxyType(dict(self.text)))

    def __eq__(self, other: object) -> bool:
        """Two pictures are equal when all that they have is, the type of pixels included."""
        if not isinstance(other, Image):
            return NotImplemented
        same_facts = self._facts() == other._facts()
        return same_facts and np.array_equal(self.pixels, other.pixels)

    def __hash__(self) -> int:
        """A hash of the shape and the type of the pixels."""
        return hash((self.pixels.shape, self.bits))

    def __reduce__(self) -> tuple[Any, ...]:
        """What pickles it: a read-only view of a mapping cannot be."""
        return Image, (self.pixels, self.icc_profile, self.exif, self.dpi, dict(self.text))

    def _facts(self) -> tuple[object, ...]:
        return self.bits, self.icc_profile, self.exif, self.dpi, dict(self.text)

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    @property
    def channels(self) -> int:
        """1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGBA."""
        return int(self.pixels.shape[2])

    @property
    def bits(self) -> Bits:
        """Bits of each value: 8 or 16."""
        return 8 if self.pixels.dtype == np.uint8 else 16

    @property
    def has_alpha(self) -> bool:
        """Whether there is a channel of transparency, even where it is opaque everywhere."""
        return self.channels in (2, 4)

    @property
    def is_gray(self) -> bool:
        """Whether there are no channels of colour."""
        return self.channels < 3

    def rgb(self, rows: slice = ALL_ROWS) -> Floats:
        """The colours of some rows, or of all: float32 (rows, width, 3) in [0, 1]."""
        values = self.pixels[rows]
        values = values[..., :1] if self.is_gray else values[..., :3]
        return np.repeat(_unit(values), 3, axis=2) if self.is_gray else _unit(values)

    def alpha(self, rows: slice = ALL_ROWS) -> Floats | None:
        """The alpha of some rows, or of all: float32 (rows, width) in [0, 1], or None."""
        return _unit(self.pixels[rows, :, -1]) if self.has_alpha else None

    def with_pixels(self, pixels: Pixels) -> Image:
        """Other pixels, of any size and channels, and all else as it is."""
        return replace(self, pixels=pixels)

    def with_bits(self, bits: Bits) -> Image:
        """The picture with 8 or 16 bits, rounded; from 8 to 16 and back it is the same."""
        if bits == self.bits:
            return self
        if bits == 16:
            # 65535 = 255 * 257, so that black and white stay where they are.
            return self.with_pixels(self.pixels.astype(np.uint16) * np.uint16(257))
        return self.with_pixels(((self.pixels.astype(np.uint32) + 128) // 257).astype(np.uint8))

    @classmethod
    def from_float(cls, rgb: Floats, alpha: Floats | None = None, bits: Bits = 8) -> Image:
        """A picture of float32 (height, width, 3) and, for transparency, (height, width).

        Values are clipped to [0, 1] and rounded; see `quantized`.
        """
        if alpha is not None:
            rgb = np.concatenate([rgb, alpha[..., None]], axis=2)
        return cls(quantized(rgb, bits))

    @classmethod
    def from_pil(cls, picture: PillowImage.Image) -> Image:
        """The first frame of a Pillow image of any mode, upright, and what it says of itself.

        Raises:
            MediaError: its mode has no range of values (F, I), or its file is broken.
        """
        from creative_gen.media.pillow_images import image_from_pillow

        return image_from_pillow(picture)

    def to_pil(self) -> PillowImage.Image:
        """A Pillow image with the same profile, EXIF and dpi in its `info`.

        Pillow has no colours of 16 bits: those are rounded to 8.
        """
        from creative_gen.media.pillow_images import pillow_from_image

        return pillow_from_image(self)


def quantized(values: Floats, bits: Bits) -> Pixels:
    """Values in [0, 1], clipped and rounded to the nearest, as uint8 or uint16."""
    peak = np.float32(2**bits - 1)
    scaled = np.clip(values, 0, 1) * peak
    scaled += np.float32(0.5)
    return scaled.astype(np.uint8) if bits == 8 else scaled.astype(np.uint16)


def _unit(values: NDArray[Any]) -> Floats:
    peak = np.iinfo(values.dtype).max
    return values.astype(np.float32) / np.float32(peak)


def _checked_pixels(pixels: ArrayLike) -> Pixels:
    array = np.asarray(pixels)
    if array.dtype not in (np.uint8, np.uint16):
        raise MediaError(
            f"A picture has pixels of uint8 or uint16, not {array.dtype}.",
            "Convert it, or use Image.from_float for numbers from 0 to 1.",
        )
    if array.ndim != 3 or not 1 <= array.shape[2] <= 4 or not array.size:
        raise MediaError(
            f"A picture has rows, columns and 1 to 4 channels, not the shape {array.shape}.",
            "Give an array of shape (height, width, channels).",
        )
    if array.flags.writeable:
        array = array.copy()
        array.setflags(write=False)
    return array

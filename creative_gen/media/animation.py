"""Animations of pictures that follow each other: GIF, and APNG, which keeps every colour."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from creative_gen.media.color_profile import to_srgb
from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image

AnimationFormat = Literal["gif", "apng"]
Frame = TypeVar("Frame")
Made = TypeVar("Made")

FRAMES_PER_SECOND = (0.1, 50.0)
"""The slowest and the fastest: programs show what is faster than 50 in a GIF slowly."""

_COLORS = 256
_OPAQUE = 128
"""From this alpha on, a pixel of a GIF is opaque."""

_MAX_GIF_SIDE = 65_535
_SAMPLE = 1 << 18
"""Pixels, about, that a palette is made of."""

_TOGETHER = 1 << 11
"""Colours that are looked up together."""


def there_and_back(frames: Sequence[Frame]) -> list[Frame]:
    """The frames, and back to the one after the first, so that a loop has no jump."""
    return [*frames, *frames[-2:0:-1]]


def animation_bytes(
    frames: Sequence[Image], file_format: AnimationFormat, frames_per_second: float, text: str = ""
) -> bytes:
    """A file that plays pictures one after the other, again and again.

    Args:
        frames: two or more pictures of one size. Those of 16 bits are rounded to 8; a GIF is in
            sRGB, and an APNG in the space of the first picture.
        file_format: "gif", of 256 colours that suit all frames, and clear or opaque at each
            pixel; or "apng", exact.
        frames_per_second: float. Within `FRAMES_PER_SECOND`, and kept on average: a GIF counts
            in hundredths of a second.
        text: str. Kept under "creative_gen" in an APNG, and as the comment of a GIF.

    Raises:
        MediaError: fewer pictures, or of different sizes, or too large or too fast for the format.
    """
    _check(frames, file_format, frames_per_second)
    if file_format == "gif":
        return _gif_bytes(_each(frames, to_srgb), frames_per_second, text)
    return _apng_bytes(frames, frames_per_second, text)


def _each(frames: Sequence[Image], convert: Callable[[Image], Made]) -> list[Made]:
    """What is made of each frame, once of those that are shown again."""
    made = {key: convert(frame) for key, frame in {id(one): one for one in frames}.items()}
    return [made[id(frame)] for frame in frames]


def _check(frames: Sequence[Image], file_format: AnimationFormat, frames_per_second: float) -> None:
    if len(frames) < 2:
        raise MediaError("One picture is no animation.", "Make more, or write a PNG.")
    if len({(frame.height, frame.width) for frame in frames}) > 1:
        raise MediaError("The pictures of an animation have one size.", "Resize them first.")
    slowest, fastest = FRAMES_PER_SECOND
    if not slowest <= frames_per_second <= fastest:
        raise MediaError(
            f"An animation cannot show {frames_per_second:g} pictures in a second.",
            f"Choose {slowest:g} to {fastest:g}.",
        )
    if file_format == "gif" and max(frames[0].height, frames[0].width) > _MAX_GIF_SIDE:
        raise MediaError(f"GIF has at most {_MAX_GIF_SIDE:,} pixels to a side.", "Write APNG.")


def _apng_bytes(frames: Sequence[Image], frames_per_second: float, text: str) -> bytes:
    from creative_gen.media.raster import png_info

    has_alpha = any(frame.has_alpha for frame in frames)
    is_gray = not has_alpha and all(frame.is_gray for frame in frames)

    def alike(frame: Image) -> PillowImage.Image:
        pixels = _bytes(frame)[..., 0] if is_gray else _rgba(frame)[..., : 3 + has_alpha]
        return PillowImage.fromarray(np.ascontiguousarray(pixels))

    pictures = _each(frames, alike)
    content = io.BytesIO()
    pictures[0].save(
        content,
        "PNG",
        save_all=True,
        append_images=pictures[1:],
        duration=_durations(len(pictures), frames_per_second, 1),
        loop=0,
        blend=0,
        pnginfo=png_info({"creative_gen": text} if text else {}),
        icc_profile=frames[0].icc_profile,
    )
    return content.getvalue()


def _rgba(frame: Image) -> NDArray[np.uint8]:
    pixels = _bytes(frame)
    colors = np.broadcast_to(
        pixels[..., :1] if frame.is_gray else pixels[..., :3], (*pixels.shape[:2], 3)
    )
    alpha = pixels[..., -1:] if frame.has_alpha else np.full_like(pixels[..., :1], 255)
    return np.concatenate([colors, alpha], axis=2)


def _bytes(frame: Image) -> NDArray[np.uint8]:
    pixels: NDArray[np.uint8] = frame.with_bits(8).pixels.astype(np.uint8, copy=False)
    return pixels


def _gif_bytes(frames: Sequence[Image], frames_per_second: float, text: str) -> bytes:
    is_clear = any(frame.has_alpha and (_bytes(frame)[..., -1] < _OPAQUE).any() for frame in frames)
    palette = _palette(frames, _COLORS - is_clear)
    indexed = _each(frames, lambda frame: _indexed(_rgba(frame), palette))
    content = io.BytesIO()
    indexed[0].save(
        content,
        "GIF",
        save_all=True,
        append_images=indexed[1:],
        duration=_durations(len(frames), frames_per_second, 10),
        loop=0,
        optimize=False,
        # What was clear is clear again before the next picture is shown.
        **({"transparency": len(palette), "disposal": 2} if is_clear else {}),
        **({"comment": text.encode()} if text else {}),
    )
    return content.getvalue()


def _palette(frames: Sequence[Image], most: int) -> NDArray[np.uint8]:
    """Up to `most` colours for all frames (colours, 3): their very own, where they are few."""
    step = max(len(frames) * frames[0].height * frames[0].width // _SAMPLE, 1)
    colors, samples = np.zeros(0, np.uint32), []
    for frame in frames:
        pixels = _rgba(frame)
        seen = _packed(pixels[pixels[..., 3] >= _OPAQUE])
        samples.append(seen[::step])
        if len(colors) <= most:
            colors = np.union1d(colors, seen)
    if len(colors) <= most:
        return _unpacked(colors if len(colors) else np.zeros(1, np.uint32))
    sample = PillowImage.fromarray(_unpacked(np.concatenate(samples))[None])
    # Of Pillow's ways, the one that leaves the smallest squared error on tiles and soft pictures.
    reduced = sample.quantize(most, PillowImage.Quantize.MAXCOVERAGE, kmeans=1)
    return np.array(reduced.getpalette("RGB"), np.uint8).reshape(-1, 3)[:most]


def _indexed(frame: NDArray[np.uint8], palette: NDArray[np.uint8]) -> PillowImage.Image:
    """Each pixel's nearest colour, without dithering, which would flicker; clear ones are last."""
    colors, places = np.unique(_packed(frame), return_inverse=True)
    nearest = _nearest(_unpacked(colors), palette)[places].reshape(frame.shape[:2])
    indices = np.where(frame[..., 3] < _OPAQUE, len(palette), nearest)
    indexed = PillowImage.fromarray(indices.astype(np.uint8))
    indexed.putpalette(np.concatenate([palette, palette[:1]]).tobytes()[: 3 * _COLORS])
    return indexed


def _nearest(colors: NDArray[np.uint8], palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The colour of the palette that is nearest to each; Pillow's own search leaves bits out."""
    given, known = colors.astype(np.float32), palette.astype(np.float32)
    found = np.empty(len(given), np.uint8)
    for start in range(0, len(given), _TOGETHER):
        some = slice(start, start + _TOGETHER)
        # Squared distances, less those of the given colours from black.
        found[some] = ((known**2).sum(axis=1) - 2 * given[some] @ known.T).argmin(axis=1)
    return found


def _packed(pixels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Each colour as a number, which is quick to sort."""
    wide = pixels[..., :3].astype(np.uint32)
    packed: NDArray[np.uint32] = wide @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    return packed


def _unpacked(packed: NDArray[np.uint32]) -> NDArray[np.uint8]:
    return (packed[:, None] >> np.array([16, 8, 0], np.uint32)).astype(np.uint8)


def _durations(count: int, frames_per_second: float, unit: int) -> list[int]:
    """Milliseconds of each frame, whole units, whose sum is right."""
    ends = [round(1000 / unit * index / frames_per_second) for index in range(count + 1)]
    return [unit * (end - begin) for begin, end in pairwise(ends)]

"""Colours from the space of a picture's ICC profile into sRGB."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageCms

from creative_gen.media.image import Image, Pixels

_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_STRIP = 1 << 20
"""Pixels that are converted together."""


def to_srgb(image: Image) -> Image:
    """The picture in sRGB, without a profile; a picture without one is in sRGB already.

    Relative colorimetric, with black point compensation, as image editors do it. Profiles
    that change no colour by more than a 255th, as the many versions of sRGB, change none here.
    A profile that cannot be read, or is of another kind of picture, counts as sRGB.
    """
    if image.icc_profile is None:
        return image
    transform = _transform(image.icc_profile)
    pixels = image.pixels
    fits = transform is not None and (image.is_gray or transform.input_mode == "RGB")
    if transform is not None and fits and not _is_identity(transform):
        pixels = _converted(image, transform)
    return Image(pixels, None, image.exif, image.dpi, image.text)


def srgb_from_cmyk(picture: PillowImage.Image, icc_profile: bytes | None) -> PillowImage.Image:
    """A CMYK image of Pillow as RGB, by its profile, or by plain arithmetic if it has none."""
    transform = _transform(icc_profile, "CMYK") if icc_profile else None
    if transform is None:
        return picture.convert("RGB")
    return transform.apply(picture)


def _transform(icc_profile: bytes, mode: str = "") -> ImageCms.ImageCmsTransform | None:
    """From the profile's own kind of colours, or only from `mode`; None if there is no way."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
        space = source.profile.xcolor_space.strip()
        found = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(space)
        if found is None or (mode or found) != found or (found == "CMYK" and not mode):
            return None
        target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        return ImageCms.ImageCmsTransform(source, target, found, "RGB", _INTENT, flags=_FLAGS)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _is_identity(transform: ImageCms.ImageCmsTransform) -> bool:
    if transform.input_mode == "L":
        probe = np.arange(256, dtype=np.uint8)[:, None]
    else:
        steps = np.linspace(0, 255, 9).round().astype(np.uint8)
        probe = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 1, 3)
    changed = np.asarray(transform.apply(PillowImage.fromarray(probe)))
    expected = np.broadcast_to(probe.reshape(len(probe), 1, -1), changed.shape)
    return bool(np.abs(changed.astype(int) - expected).max() <= 1)


def _converted(image: Image, transform: ImageCms.ImageCmsTransform) -> Pixels:
    """Strip by strip: neither Pillow nor libvips has more than a strip of its own."""
    result: Pixels = np.empty_like(image.pixels)
    count = 1 if image.is_gray else 3
    rows = max(_STRIP // image.width, 1)
    for start in range(0, image.height, rows):
        strip = image.pixels[start : start + rows]
        colors = _as_mode(strip[..., :count], transform.input_mode)
        if image.bits == 8:
            picture = PillowImage.fromarray(np.ascontiguousarray(colors))
            converted = np.asarray(transform.apply(picture))
        else:
            converted = _converted_deep(colors, image.icc_profile or b"")
        # A neutral colour has three equal values.
        result[start : start + rows, :, :count] = converted if count == 3 else converted[..., 1:2]
    if image.has_alpha:
        result[..., -1] = image.pixels[..., -1]
    result.setflags(write=False)
    return result


def _as_mode(colors: Pixels, mode: str) -> Pixels:
    """Grey for a profile of greys, three values a pixel for one of colours."""
    if mode == "L":
        return colors[..., 0] if colors.shape[2] == 1 else colors[..., 1]
    return colors if colors.shape[2] == 3 else np.concatenate([colors] * 3, axis=2)


def _converted_deep(colors: Pixels, icc_profile: bytes) -> NDArray[np.uint16]:
    from creative_gen.media.deep_images import in_srgb, libvips

    height, width = colors.shape[:2]
    bands = 1 if colors.ndim == 2 else 3
    memory = np.ascontiguousarray(colors).data
    with libvips() as vips:
        image = vips.Image.new_from_memory(memory, width, height, bands, "ushort")
        image = image.copy(interpretation="grey16" if bands == 1 else "rgb16")
        image.set_type(vips.GValue.blob_type, "icc-profile-data", icc_profile)
        done = in_srgb(image)
        return np.ndarray((height, width, done.bands), np.uint16, done.write_to_memory())

"""The options of the image tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.options import Options, SeededOptions

if TYPE_CHECKING:
    from creative_gen.media.image import Image

MAX_PIXELS = 400_000_000
"""How many pixels all pictures of a result may have, such as one of 20,000 x 20,000."""


class ColorizeOptions(SeededOptions):
    """Options of image.colorize."""

    mode: Literal["auto", "tones", "lines"] = Field(
        "auto",
        description="What the picture is: grey tones, whose lightness is kept, or a line drawing, "
        "whose paper is filled.  Told from the picture when auto.",
    )
    count: int = Field(1, ge=1, le=100, description="How many colourings.")
    temperature: float | None = Field(
        None,
        ge=0.0,
        le=2.0,
        description="0 gives what the model expects, which is pale where it is unsure; 1 colours "
        "as varied as those it learnt from.  1 for line drawings and 0.5 for tones by default.",
    )

    def check(self, inputs: Mapping[str, Any]) -> None:
        """Refuse hints without transparency, and more than `MAX_PIXELS`."""
        image: Image = inputs["image"]
        refuse_larger(self.count, image.width, image.height)
        hints: Image | None = inputs.get("hints")
        if hints is not None and not hints.has_alpha:
            raise InvalidRequest(
                "The hints have no transparency: where there is no hint, they have to be clear.",
                "Paint them on a layer of their own, and save that as a PNG with transparency.",
            )


class UpscaleOptions(Options):
    """Options of image.upscale."""

    scale: Literal[2, 3, 4] = Field(2, description="How many times as wide and as high.")
    kind: str | None = Field(
        None,
        description="What the picture is: photo or artwork; fast is a smaller network.  Told from "
        "the picture by default.",
    )
    ensemble: bool = Field(
        False,
        description="Average the eight ways to turn and mirror the picture: eight times slower, a "
        "little sharper.",
    )

    def check(self, inputs: Mapping[str, Any]) -> None:
        """Refuse a result of more than `MAX_PIXELS`."""
        image: Image = inputs["image"]
        refuse_larger(1, image.width * self.scale, image.height * self.scale)


def refuse_larger(count: int, width: int, height: int) -> None:
    """Refuse to make more than `MAX_PIXELS`, which would not fit into memory.

    Raises:
        InvalidRequest: the pictures of a result have more.
    """
    if count * width * height > MAX_PIXELS:
        pictures = "a picture" if count == 1 else f"{count} pictures"
        raise InvalidRequest(
            f"This makes {pictures} of {width:,} x {height:,} pixels, which is too much at once.",
            f"Ask for fewer, or cut the picture into parts: {MAX_PIXELS:,} pixels can be made.",
        )


def guessed_kind(inputs: Mapping[str, Any]) -> str:
    """The kind of a picture that is to be enlarged: "photo" or "artwork"."""
    # Here, because the options are loaded for a command's help, which needs no NumPy.
    from creative_gen.media.picture_kind import looks_drawn

    image: Image = inputs["image"]
    return "artwork" if looks_drawn(image.pixels) else "photo"

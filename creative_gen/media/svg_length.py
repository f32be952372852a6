"""Numbers and lengths as SVG attributes write them."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError

NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)

_LENGTH = re.compile(rf"\s*({NUMBER.pattern})\s*([a-zA-Z]*|%)\s*", re.ASCII)
_USER_UNITS = {
    "": 1.0,
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
    "pt": 96 / 72,
    "pc": 16.0,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
}


def number(text: str) -> float | None:
    """The number a text consists of, or None."""
    match = NUMBER.fullmatch(text.strip())
    return float(match[0]) if match else None


def length_in_user_units(text: str, reference: float) -> float | None:
    """A length in user units, 96 an inch, or None if the text is not a length.

    Args:
        text: str. A number with an optional unit; em and ex are of a 16 px font.
        reference: float. What 100 % is, in user units.
    """
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    unit = match[2].lower()
    if unit == "%":
        return float(match[1]) * reference / 100
    return float(match[1]) * _USER_UNITS[unit] if unit in _USER_UNITS else None


def numbers(text: str) -> NDArray[np.float64]:
    """The numbers of a list separated by spaces or commas.

    Raises:
        MediaError: there is something else in the list, or a number that is not finite.
    """
    values = np.array(NUMBER.findall(text), np.float64)
    if NUMBER.sub("", text).replace(",", " ").strip() or not np.isfinite(values).all():
        raise MediaError(
            "This SVG file has a coordinate that is not a finite number.",
            "Remove NaN and infinite coordinates.",
        )
    return values

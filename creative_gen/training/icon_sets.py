"""Sets of icons as Iconify publishes them: an `icons.json` of SVG, and the names in it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from creative_gen.media.errors import MediaError

TONE = r"(?:medium-light|medium-dark|medium|light|dark)"
SHORT_TONES = re.compile(rf"(?:-{TONE})+(?=$|-facing)")
LONG_TONES = re.compile(rf"(?:-{TONE}-skin-tone)+")
VARIANTS = re.compile(r"\b(?:man|woman|person|men|women|people)\b-?|-facing-right$")
"""What names of emoji with the same subject differ in."""

DEFAULT_SIDE = 16
"""Of an icon whose set does not say it, as Iconify has it."""


@dataclass(frozen=True)
class IconSet:
    """Icons of one author.

    Args:
        prefix: str. The name of the set, for machines.
        svgs: whole SVG documents, square, by the icon's name.
        source: str. The set's name, author and licence, for people.
    """

    prefix: str
    svgs: Mapping[str, str]
    source: str


def read_icon_set(path: Path) -> IconSet:
    """Read `icons.json` of an `@iconify-json` package, and the licence in `info.json` beside it.

    Icons that the set hides, because others have replaced them, are left out.

    Raises:
        MediaError: it cannot be read, or is not a set of icons.
    """
    content = _json(path)
    try:
        svgs = {
            name: _svg(icon, content)
            for name, icon in content["icons"].items()
            if not icon.get("hidden")
        }
        return IconSet(str(content["prefix"]), svgs, _source(path, content))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise MediaError(
            f"'{path}' is not a set of icons.", "Give icons.json of an @iconify-json package."
        ) from error


def chosen_icons(names: Collection[str], skin_tones: int, leave_out: Collection[str]) -> list[str]:
    """The names of icons to render.

    Args:
        names: of all icons of a set.
        skin_tones: int. How many variants of an icon in other skin tones to choose, each by a
            hash of its name, so that none is preferred.
        leave_out: patterns of names, such as `*flag*`.
    """
    variants: dict[str, list[str]] = {}
    for name in sorted(names):
        variants.setdefault(tone_base(name, names), []).append(name)
    chosen = []
    for base, icons in variants.items():
        toned = sorted((name for name in icons if name != base), key=_shuffled)
        chosen += [name for name in (base, *toned[:skin_tones]) if name in names]
    return [n for n in chosen if not any(fnmatchcase(n, pattern) for pattern in leave_out)]


def tone_base(name: str, names: Collection[str]) -> str:
    """The name of an icon without its skin tones.

    `light` and `dark` alone are only tones if there is an icon without them: not in
    `traffic-light`.
    """
    base = LONG_TONES.sub("", name)
    short = SHORT_TONES.sub("", base)
    return short if short in names else base


def icon_family(name: str, names: Collection[str]) -> str:
    """What an icon shares with those of the same subject, in its set and in others."""
    base = tone_base(name, names)
    return VARIANTS.sub("", base).strip("-") or base


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise MediaError(
            f"'{path}' cannot be read as JSON.", "Give icons.json of an @iconify-json package."
        ) from error


def _svg(icon: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """An icon in the middle of a square."""
    left, top = (float(icon.get(key, content.get(key, 0))) for key in ("left", "top"))
    width, height = (
        float(icon.get(key, content.get(key, DEFAULT_SIDE))) for key in ("width", "height")
    )
    side = max(width, height)
    x, y = left - (side - width) / 2, top - (side - height) / 2
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{x:g} {y:g} {side:g} {side:g}">{icon["body"]}</svg>'
    )


def _source(path: Path, content: Mapping[str, Any]) -> str:
    beside = path.with_name("info.json")
    info = _json(beside) if beside.is_file() else content.get("info")
    if not info:
        return f"{content['prefix']}, of unknown licence."
    return f"{info['name']} by {info['author']['name']}. Licence: {info['license']['title']}."


def _shuffled(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()

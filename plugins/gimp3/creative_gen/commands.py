"""What can be asked for from GIMP's menu; nothing here needs GIMP."""

from __future__ import annotations

import time
from typing import Any, Callable, NamedTuple, Sequence, Tuple

Box = Tuple[int, int, int, int]
"""x, y, width and height in the image."""

POLL_SECONDS = 0.1
CANCEL_POLLS = 20
AUTOMATIC = "auto"


class Argument(NamedTuple):
    """An option as the dialog shows it.

    `least` and `most` bound numbers; `choices` are (value, label). A number or a text that is
    `unless` is left to the server.
    """

    name: str
    label: str
    default: Any
    least: float = 0
    most: float = 0
    choices: tuple[tuple[str, str], ...] = ()
    unless: Any = None


class Command(NamedTuple):
    """An entry of the menu.

    `own` names arguments that are the plug-in's own. `opens` says that the result is a new image,
    `uses_selection` that only what is selected is sent.
    """

    name: str
    label: str
    help: str
    task: str
    title: str
    arguments: tuple[Argument, ...]
    takes: bool = True
    opens: bool = False
    uses_selection: bool = True
    own: tuple[str, ...] = ()


def _count(number: int) -> Argument:
    return Argument("count", "How _many", number, 1, 16)


_SEED = Argument("seed", "_Seed (-1: another each time)", -1, -1, 2**31 - 1, unless=-1)
_SUITING = Argument("temperature", "_Temperature (-1: what suits)", -1.0, -1.0, 2.0, unless=-1.0)
_CATEGORY = Argument("category", "What it _shows (empty: anything)", "", unless="")

COMMANDS = (
    Command(
        "cg-colorize",
        "_Colorize...",
        "Colour a grey picture or a line drawing; its lightness or its lines stay.",
        "image.colorize",
        "Colorized",
        (
            Argument(
                "mode",
                "The _layer is",
                AUTOMATIC,
                choices=(
                    (AUTOMATIC, "Told from it"),
                    ("tones", "Grey tones"),
                    ("lines", "A line drawing"),
                ),
            ),
            Argument("hints", "_Hints of colour are on the layer above", False),
            _count(1),
            _SUITING,
            _SEED,
        ),
        uses_selection=False,
        own=("hints",),
    ),
    Command(
        "cg-upscale",
        "_Enlarge...",
        "Enlarge the layer, or what is selected of it, into a new image.",
        "image.upscale",
        "Enlarged",
        (
            Argument("scale", "How many _times", 2, 2, 4),
            Argument(
                "kind",
                "The _layer is",
                AUTOMATIC,
                choices=(
                    (AUTOMATIC, "Told from it"),
                    ("photo", "A photograph"),
                    ("artwork", "Artwork"),
                    ("fast", "Either, fast"),
                ),
                unless=AUTOMATIC,
            ),
            Argument("ensemble", "_Average eight ways to turn it: slower", False),
        ),
        opens=True,
    ),
    Command(
        "cg-reconstruct",
        "_Reconstruct...",
        "Make the layer, or what is selected of it, again as the model sees it.",
        "image.reconstruct",
        "Reconstructed",
        (_CATEGORY, _count(1), Argument("temperature", "_Temperature", 0.0, 0.0, 2.0), _SEED),
    ),
    Command(
        "cg-edit",
        "E_dit...",
        "Change the layer, or what is selected of it, along a direction that the model knows.",
        "image.edit",
        "Edited",
        (
            Argument("direction", "_Direction, such as smile", "smile", unless=""),
            Argument("amount", "How _far, in standard deviations", 1.5, -5.0, 5.0),
        ),
    ),
    Command(
        "cg-generate",
        "_Generate...",
        "Make new pictures, as layers as large as this one or as the selection.",
        "image.generate",
        "Generated",
        (_CATEGORY, _count(4), _SUITING, _SEED),
        takes=False,
    ),
)


def command_named(name: str) -> Command:
    """The command of that name."""
    return next(command for command in COMMANDS if command.name == name)


def options_of(command: Command, given: dict[str, Any]) -> dict[str, Any]:
    """The options of the request, without those that are left to the server.

    Args:
        command: Command.
        given: what the dialog gave, by the arguments' names.
    """
    options = {
        one.name: given[one.name]
        for one in command.arguments
        if one.name not in command.own and (one.unless is None or given[one.name] != one.unless)
    }
    if "amount" in options:
        options["amount"] = f"{options['amount']:g}"
    return options


def title_of(command: Command, details: dict[str, Any]) -> str:
    """The name of a result's layer."""
    told = [
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in details.items()
    ]
    return f"{command.title}: {', '.join(told)}" if told else command.title


def covering(size: tuple[int, int], box: Box) -> Box:
    """Where a result goes: in the middle of a rectangle, as small as covers it.

    A model that knows squares only has seen the rectangle in one, with empty margins.
    """
    x, y, width, height = box
    share = max(width / size[0], height / size[1])
    wide, high = max(1, round(size[0] * share)), max(1, round(size[1] * share))
    return x + round((width - wide) / 2), y + round((height - high) / 2), wide, high


def shown(document: dict[str, Any]) -> tuple[float, str]:
    """The progress and what is said of it."""
    place = document.get("place") or 0
    said = f"Waiting: {place} before this" if place else "creative_gen"
    return float(document.get("progress") or 0.0), said


def follow(
    job: Any,
    show: Callable[[float, str], None],
    pause: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Wait for a job, showing its progress, and give its document.

    What interrupts it, such as GIMP's Cancel, cancels the job.

    Raises:
        CreativeGenError: the job failed, or the server is gone.
    """
    told: tuple[float, str] | None = None
    try:
        while not job.ended:
            now = shown(job.poll())
            if now != told:
                show(*now)
                told = now
            pause(POLL_SECONDS)
    except BaseException:
        job.cancel()
        # The process is about to end, and with it the thread that says so to the server.
        for _ in range(CANCEL_POLLS):
            if job.ended:
                break
            pause(POLL_SECONDS)
        raise
    document: dict[str, Any] = job.result(0)
    return document


def notes_of(document: dict[str, Any]) -> list[str]:
    """Sentences for the user, each once."""
    results: Sequence[dict[str, Any]] = document["results"]
    return list(dict.fromkeys(note for result in results for note in result.get("notes", ())))

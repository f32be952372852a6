"""The tasks, declared once: command line flags, validation and capabilities all come from here.

Importing this module loads no pydantic: the options of a task are named, and loaded when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from creative_gen.interface.errors import UnknownTask

if TYPE_CHECKING:
    from creative_gen.interface.options import Options

Medium = Literal["sketch", "labels", "audio", "music", "image"]
"""The kinds of values that tasks take and give."""

Guess: TypeAlias = "Callable[[Mapping[str, Any]], str | None]"
"""Tells the category of a task's inputs, given by their names; None if it cannot be told."""


@dataclass(frozen=True)
class Input:
    """A value a task takes.

    Args:
        name: str. The keyword of `Engine.run`, and the argument's name on the command line.
        medium: str. What kind of value it is.
        help: str. What it is for.
        required: bool. Whether there is nothing to do without it; on the command line, one that
            is not required is a flag, unless it is the first. Defaults to True.
    """

    name: str
    medium: Medium
    help: str
    required: bool = True


@dataclass(frozen=True)
class Task:
    """Something a tool may ask a model for.

    Args:
        name: str. "group.verb".
        summary: str. One line, as a command's help.
        inputs: tuple of Input. What it takes, in order; those that are required come first.
        output: str. What kind of values it gives, one or more of them.
        options_path: str. "module:class" of its `Options`.
        category_option: str. The option that names a category of an asset, so that an asset that
            knows it is chosen; None if there is no such option.
        guess_path: str. "module:function" of a `Guess` that stands in for the category option
            where that is not given; None if nothing can be told from the inputs.
    """

    name: str
    summary: str
    inputs: tuple[Input, ...]
    output: Medium
    options_path: str
    category_option: str | None = None
    guess_path: str | None = None

    @property
    def group(self) -> str:
        """The part of the name before the dot."""
        return self.name.split(".")[0]

    @property
    def verb(self) -> str:
        """The part of the name after the dot."""
        return self.name.split(".")[1]

    @property
    def options(self) -> type[Options]:
        """The pydantic model of the task's options."""
        options: type[Options] = _loaded(self.options_path)
        return options

    @property
    def guess(self) -> Guess | None:
        """What tells the category of the inputs; None if nothing does."""
        guess: Guess | None = _loaded(self.guess_path) if self.guess_path else None
        return guess


def _loaded(path: str) -> Any:
    module, name = path.split(":")
    return getattr(import_module(module), name)


_SKETCH = Input("sketch", "sketch", "A drawing: .svg, .ndjson or .npz.")
_IMAGE = Input("image", "image", "A picture: .png, .jpg, .webp, .tiff, .gif or .bmp.")
_HINTS = Input("hints", "image", "A transparent picture with a few strokes of colour.", False)
_SKETCH_OPTIONS = "creative_gen.interface.sketch_options"
_AUDIO_OPTIONS = "creative_gen.interface.audio_options"
_IMAGE_OPTIONS = "creative_gen.interface.image_options"
_LATENT_OPTIONS = "creative_gen.interface.latent_options"
_MAYBE_IMAGE = Input("image", "image", _IMAGE.help, required=False)
_TERMS = tuple(
    Input(name, "image", f"The picture that '{name}' stands for in --from.", required=False)
    for name in "abcd"
)

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            "sketch.complete",
            "Finish a half-drawn sketch; the given strokes stay as they are.",
            (_SKETCH,),
            "sketch",
            f"{_SKETCH_OPTIONS}:CompleteOptions",
            "category",
        ),
        Task(
            "sketch.reconstruct",
            "Draw a sketch again as the model sees it (conditional reconstruction).",
            (_SKETCH,),
            "sketch",
            f"{_SKETCH_OPTIONS}:ReconstructOptions",
            "category",
        ),
        Task(
            "sketch.interpolate",
            "Draw the sketches that lie between two sketches.",
            (
                Input("first", "sketch", "The drawing to start from."),
                Input("second", "sketch", "The drawing to end at."),
            ),
            "sketch",
            f"{_SKETCH_OPTIONS}:InterpolateOptions",
            "category",
        ),
        Task(
            "sketch.generate",
            "Draw new sketches of a category.",
            (),
            "sketch",
            f"{_SKETCH_OPTIONS}:GenerateOptions",
            "category",
        ),
        Task(
            "sketch.classify",
            "Name what a sketch shows.",
            (_SKETCH,),
            "labels",
            f"{_SKETCH_OPTIONS}:ClassifyOptions",
        ),
        Task(
            "audio.render",
            "Play notes: a MIDI file becomes sound.",
            (Input("notes", "music", "Notes: .mid."),),
            "audio",
            f"{_AUDIO_OPTIONS}:RenderOptions",
            "instrument",
        ),
        Task(
            "audio.generate",
            "Make new sounds of a kind: notes of an instrument, hits of a drum.",
            (),
            "audio",
            f"{_AUDIO_OPTIONS}:GenerateOptions",
            "kind",
        ),
        Task(
            "audio.continue",
            "Go on from a sound; the given samples stay as they are.",
            (Input("audio", "audio", "A sound: .wav, .flac or .ogg."),),
            "audio",
            f"{_AUDIO_OPTIONS}:ContinueOptions",
            "kind",
        ),
        Task(
            "image.colorize",
            "Colour a grey picture or a line drawing; its lightness or its lines stay.",
            (_IMAGE, _HINTS),
            "image",
            f"{_IMAGE_OPTIONS}:ColorizeOptions",
        ),
        Task(
            "image.upscale",
            "Enlarge a picture two, three or four times.",
            (_IMAGE,),
            "image",
            f"{_IMAGE_OPTIONS}:UpscaleOptions",
            "kind",
            f"{_IMAGE_OPTIONS}:guessed_kind",
        ),
        Task(
            "image.generate",
            "Make new pictures.",
            (),
            "image",
            f"{_LATENT_OPTIONS}:PictureGenerateOptions",
            "category",
        ),
        Task(
            "image.reconstruct",
            "Make a picture again as the model sees it (conditional reconstruction).",
            (_IMAGE,),
            "image",
            f"{_LATENT_OPTIONS}:PictureReconstructOptions",
            "category",
        ),
        Task(
            "image.interpolate",
            "Make the pictures that lie between two pictures.",
            (
                Input("first", "image", "The picture to start from."),
                Input("second", "image", "The picture to end at."),
            ),
            "image",
            f"{_LATENT_OPTIONS}:PictureInterpolateOptions",
            "category",
        ),
        Task(
            "image.edit",
            "Change a picture along a direction that the model knows, or by latent arithmetic.",
            (_MAYBE_IMAGE, *_TERMS),
            "image",
            f"{_LATENT_OPTIONS}:PictureEditOptions",
            "category",
        ),
        Task(
            "image.map",
            "Show what the model has learnt as a map, and where a picture lies on it.",
            (_MAYBE_IMAGE,),
            "image",
            f"{_LATENT_OPTIONS}:PictureMapOptions",
            "category",
        ),
        Task(
            "image.classify",
            "Name what a picture shows.",
            (_IMAGE,),
            "labels",
            f"{_LATENT_OPTIONS}:PictureClassifyOptions",
        ),
    )
}
"""Every task by its name."""


def task_named(name: str) -> Task:
    """The task of that name.

    Raises:
        UnknownTask: there is none.
    """
    if name not in TASKS:
        raise UnknownTask(f"There is no task {name!r}.", f"Choose one of {', '.join(TASKS)}.")
    return TASKS[name]


def task_groups(tasks: Iterable[Task] = TASKS.values()) -> dict[str, tuple[Task, ...]]:
    """The tasks by group, in the order in which they are declared."""
    groups: dict[str, tuple[Task, ...]] = {}
    for task in tasks:
        groups[task.group] = (*groups.get(task.group, ()), task)
    return groups

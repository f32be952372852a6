"""The JSON documents of the wire; see docs/wire.md."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(min_length=1, max_length=100)]
State = Literal["queued", "running", "done", "failed", "cancelled"]
Format = Annotated[str, Field(pattern=r"^[a-z0-9]{2,8}$")]
"""A suffix of files, such as svg; the worker knows which a task can give."""

Option: TypeAlias = "str | int | float | bool | None"

MAX_OPTIONS = 100
MAX_OPTION_CHARACTERS = 10_000
MAX_COORDINATE = 1e9


def _plain(value: Option) -> Option:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("numbers are finite")
    if isinstance(value, str) and len(value) > MAX_OPTION_CHARACTERS:
        raise ValueError(f"texts have {MAX_OPTION_CHARACTERS} characters at most")
    return value


OptionValue = Annotated[Option, AfterValidator(_plain)]
Coordinate = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE, allow_inf_nan=False)]
Side = Annotated[float, Field(gt=0, le=MAX_COORDINATE, allow_inf_nan=False)]


class _Told(BaseModel):
    """What the server says: it may say more in later versions."""


class _Asked(BaseModel):
    """What a client says: what is not known is refused, because it would be ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Health(_Told):
    """Whether the server is there."""

    name: Literal["creative_gen"] = "creative_gen"
    version: str
    api: int
    state: Literal["starting", "ready", "stopping"]


class SketchValue(_Asked):
    """A drawing: strokes of (x, y) points in pixels, x right and y down, and width and height."""

    strokes: list[Annotated[list[tuple[Coordinate, Coordinate]], Field(min_length=1)]]
    size: tuple[Side, Side]

    @property
    def points(self) -> int:
        """Points of all strokes."""
        return sum(len(stroke) for stroke in self.strokes)


class InputValue(_Asked):
    """An input of a job: a file that was sent before, or a drawing."""

    blob: Sha256 | None = None
    sketch: SketchValue | None = None

    @model_validator(mode="after")
    def _one(self) -> InputValue:
        if (self.blob is None) == (self.sketch is None):
            raise ValueError('an input is {"blob": id} or {"sketch": {...}}')
        return self


class JobRequest(_Asked):
    """What a job is asked for with."""

    task: Name
    asset: Name | None = None
    inputs: dict[Name, InputValue] = Field({}, max_length=16)
    options: dict[Name, OptionValue] = Field({}, max_length=MAX_OPTIONS)
    format: Format | None = None
    tool: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="Who asks, for the history."
    )


class ErrorBody(_Told):
    """A sentence, and what to do about it, to be shown as they are."""

    code: str
    message: str
    hint: str
    retryable: bool


class ErrorDocument(_Told):
    """Every error."""

    error: ErrorBody


class BlobDocument(_Told):
    """A file that the server has."""

    id: Sha256
    bytes: int
    content_type: str


class Label(_Told):
    """A name and how probable it is."""

    name: str
    probability: float


class SketchDocument(_Told):
    """A drawing that was made."""

    strokes: list[list[tuple[float, float]]]
    size: tuple[float, float]


class Preview(_Told):
    """A value that may still change."""

    blob: Sha256 | None = None
    content_type: str | None = None
    sketch: SketchDocument | None = None


class ResultDocument(_Told):
    """One of the values that a job made."""

    blob: Sha256 | None = None
    content_type: str | None = None
    bytes: int | None = None
    name: str | None = None
    sketch: SketchDocument | None = None
    labels: list[Label] | None = None
    details: dict[str, str | int | float] = {}
    notes: list[str] = []


class Provenance(_Told):
    """All that it takes to make the results again."""

    version: str
    task: str
    asset: str
    asset_sha256: str
    data_licence: str
    inputs: dict[str, str]
    options: dict[str, Any]


class JobDocument(_Told):
    """How a job stands."""

    id: str
    revision: int
    task: str
    asset: str | None
    tool: str | None
    state: State
    place: int = Field(description="The jobs before it; 0 when it runs.")
    progress: float = Field(ge=0, le=1)
    preview: list[Preview]
    results: list[ResultDocument]
    request: JobRequest
    provenance: Provenance | None
    error: ErrorBody | None
    created: float
    started: float | None
    ended: float | None


class HistoryDocument(_Told):
    """Ended jobs, the newest first."""

    jobs: list[JobDocument]
    more: bool


class TaskInput(_Told):
    """A value that a task takes."""

    name: str
    medium: Literal["sketch", "labels", "audio", "music", "image"]
    help: str
    required: bool


class TaskAsset(_Told):
    """An asset that does a task, and its options where they are its own (JSON Schema)."""

    name: str
    options: dict[str, Any] | None = None


class TaskDocument(_Told):
    """Something that can be asked for; its options are a JSON Schema."""

    name: str
    summary: str
    inputs: list[TaskInput]
    output: Literal["sketch", "labels", "audio", "music", "image"]
    category_option: str | None = Field(
        description="The option that takes one of an asset's categories."
    )
    options: dict[str, Any]
    assets: list[TaskAsset]


class AssetDocument(_Told):
    """A trained model."""

    name: str
    title: str
    description: str
    family: str
    tasks: list[str]
    categories: list[str]
    directions: list[str]
    data_licence: str
    bytes: int
    loaded: bool


class LimitsDocument(_Told):
    """How much is taken."""

    blob_bytes: int
    sketch_points: int
    queue: int


class Capabilities(_Told):
    """What can be asked for."""

    version: str
    api: int
    tasks: list[TaskDocument]
    assets: list[AssetDocument]
    limits: LimitsDocument


class WaitQuery(_Asked):
    """How long to wait for a job."""

    wait: float | None = Field(None, ge=0, le=30, description="Seconds.")
    since: int | None = Field(
        None, ge=0, description="Answer as soon as the revision is above this one."
    )


class HistoryQuery(_Asked):
    """Which part of the history."""

    limit: int = Field(50, ge=1, le=500)
    before: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = Field(
        None, description="Jobs that were asked for before this one."
    )

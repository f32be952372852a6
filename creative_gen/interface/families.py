"""What a model family tells the engine about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from creative_gen.interface.errors import MissingExtra
from creative_gen.interface.options import Options
from creative_gen.interface.tasks import Task


class AssetFiles(Protocol):
    """What a family sees of an asset; see `store.asset.Asset`."""

    @property
    def name(self) -> str:
        """The asset's name."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """The card's [settings]: the network's configuration."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories the asset is offered for; none if it has no classes."""
        ...

    def read(self, name: str) -> bytes:
        """A file that the card lists."""
        ...

    def arrays(self) -> Mapping[str, Any]:
        """The weights by name, NumPy arrays."""
        ...


@dataclass(frozen=True)
class Reference:
    """Something in a module that is imported when it is needed, written "module:name".

    So that a family's spec can be read without loading its networks.
    """

    path: str

    def load(self) -> Any:
        """Import and return it.

        Raises:
            MissingExtra: a package that it needs is not installed.
        """
        module, name = self.path.split(":")
        try:
            return getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            package, missing = module.split(".")[0], (error.name or "").split(".")[0]
            if missing == package:
                raise
            extra = "creative_gen[train]" if package == "creative_gen" else missing
            raise MissingExtra(
                f"'{missing}' is not installed, and {module} needs it.",
                f"Run: pip install '{extra}'",
            ) from error


@dataclass(frozen=True)
class Family:
    """A kind of model.

    Args:
        name: str. The name that asset cards give as `family`.
        summary: str. One line.
        tasks: tuple of str. The tasks its assets can do.
        generator: Reference. Called with an asset, gives a `jobs.Generator`.
        options: its own option classes by task, where it has more than the task declares.
        evaluation: Reference. Called with an asset and a path to data, gives an iterator of
            `Progress` that ends in a dictionary of figures; None if it has no measure.
        training: Reference. Called with `TrainingRequest`; None if it does not train.
        export: Reference. Called with the paths of the recipe, the run and the training data (or
            None), gives an `Exported`.
    """

    name: str
    summary: str
    tasks: tuple[str, ...]
    generator: Reference
    options: Mapping[str, type[Options]] = field(default_factory=dict)
    evaluation: Reference | None = None
    training: Reference | None = None
    export: Reference | None = None

    def options_of(self, task: Task) -> type[Options]:
        """The options that its assets take for a task: its own, or else the task's."""
        return self.options.get(task.name, task.options)


@dataclass(frozen=True)
class TrainingRequest:
    """What `creative-gen train` asks a family for.

    Args:
        recipe: Path. The family's own recipe file.
        data: Path. The folder that the recipe's paths are relative to.
        run: Path. Where the run's checkpoints go; an earlier run there goes on.
        minutes: float. How long to train in all.
        seed: int. Seeds weights, batches and noise.
        report: called with a line of text now and then.
    """

    recipe: Path
    data: Path
    run: Path
    minutes: float
    seed: int
    report: Callable[[str], None]


@dataclass(frozen=True)
class Exported:
    """The network of a training run, ready to become an asset.

    Args:
        settings: the network's configuration, as its generator reads it.
        categories: its classes; none if it has no classes.
        tasks: what it can do, of its family's tasks.
        card: a `store.card.CardText`: title, description, version, licence and data.
        licence_text: str. What goes into the asset's LICENSE.
        minutes: float. How long it was trained.
        seed: int. What it was trained with; None if that is not known.
        weights: NumPy arrays by name, where samplers of its own play it.
        networks: ONNX files by name, where a runtime plays it.
    """

    settings: Mapping[str, Any]
    categories: tuple[str, ...]
    tasks: tuple[str, ...]
    card: Any
    licence_text: str
    minutes: float
    seed: int | None
    weights: Mapping[str, Any] = field(default_factory=dict)
    networks: Mapping[str, bytes] = field(default_factory=dict)

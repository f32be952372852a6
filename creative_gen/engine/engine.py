"""Takes requests, picks an asset, and relays what its generator yields."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from creative_gen.engine.registry import Registry
from creative_gen.interface.errors import InvalidRequest, UnknownTask
from creative_gen.interface.families import Family
from creative_gen.interface.jobs import Chunk, Event, Generator, Progress, Request, Result
from creative_gen.interface.options import MAX_SEED, Options
from creative_gen.interface.tasks import Input, Task, task_named
from creative_gen.interface.values import Labels, Value
from creative_gen.media.sketch import Sketch
from creative_gen.store.asset import Asset
from creative_gen.store.finder import find_asset, find_assets

_MEDIA = {"sketch": Sketch, "labels": Labels}


class Engine:
    """Runs tasks in this process.

    Args:
        registry: Registry. The model families. Defaults to all that are installed.
    """

    def __init__(self, registry: Registry | None = None) -> None:
        self.registry = registry or Registry()
        self._generators: dict[str, Generator] = {}

    def run(
        self,
        task: str,
        *,
        asset: str | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        **inputs_and_options: Any,
    ) -> Result:
        """Run a task to its end.

        Args:
            task: str. Such as "sketch.complete".
            asset: str. An asset's name. Defaults to the first that does the task.
            on_progress: called with each `Progress`; raising from it cancels the job.
            inputs_and_options: the task's inputs and options by name.

        Returns:
            The result; `result.values` are its values.

        Raises:
            CreativeGenError: with a code, a sentence and the fix.
        """
        for event in self.stream(task, asset=asset, **inputs_and_options):
            if isinstance(event, Progress) and on_progress:
                on_progress(event)
            if isinstance(event, Result):
                return event
        raise RuntimeError(f"{task} ended without a result")

    def stream(
        self, task: str, *, asset: str | None = None, **inputs_and_options: Any
    ) -> Iterator[Event]:
        """The events of a job, ended by a `Result`. Closing the iterator cancels the job.

        The request is checked at once, before the first event is asked for.
        """
        declared = task_named(task)
        chosen = self.asset_for(declared, asset)
        request = self._request(declared, chosen, inputs_and_options)
        return self._relay(chosen, request)

    def assets_for(self, task: Task) -> list[Asset]:
        """The assets that do a task, in the order of their names."""
        assets = (find_asset(name) for name in sorted(find_assets()))
        return [asset for asset in assets if task.name in asset.card.tasks]

    def asset_for(self, task: Task, name: str | None = None) -> Asset:
        """The named asset, or the first that does the task.

        Raises:
            UnknownTask: no asset, or not this one, does the task.
        """
        if name is None:
            for asset in self.assets_for(task):
                return asset
            raise UnknownTask(
                f"No installed asset does {task.name}.", "See: creative-gen assets list."
            )
        asset = find_asset(name)
        if task.name not in asset.card.tasks:
            raise UnknownTask(
                f"The asset '{name}' does not do {task.name}.",
                f"It does {', '.join(asset.card.tasks)}.",
            )
        return asset

    def options_class(self, task: Task, family: Family) -> type[Options]:
        """The task's options, or the family's own extension of them."""
        return family.options.get(task.name, task.options)

    def generator(self, asset: Asset) -> Generator:
        """The asset's generator; loaded once, and again when the asset has changed."""
        key = f"{asset.folder}:{asset.sha256}"
        if key not in self._generators:
            family = self.registry.family(asset.card.family)
            self._generators[key] = family.generator.load()(asset)
        return self._generators[key]

    def _request(self, task: Task, asset: Asset, given: Mapping[str, Any]) -> Request:
        family = self.registry.family(asset.card.family)
        inputs = {name: given[name] for name in given if name in _names(task.inputs)}
        for declared in task.inputs:
            check_input(task, declared, inputs.get(declared.name))
        rest = {name: value for name, value in given.items() if name not in inputs}
        options = check_options(self.options_class(task, family), rest)
        return Request(task.name, inputs, options)

    def _relay(self, asset: Asset, request: Request) -> Iterator[Event]:
        yield Progress(0.0)
        steps = self.generator(asset).run(request)
        for step in steps:
            if isinstance(step, Progress | Chunk):
                yield step
                continue
            options = request.options.model_dump()
            yield Result(step, request.task, asset.name, asset.sha256, asset.licence, options)


def check_input(task: Task, declared: Input, value: Value | None) -> None:
    """Raise `InvalidRequest` unless the value is of the declared medium."""
    wanted = _MEDIA[declared.medium]
    if not isinstance(value, wanted):
        raise InvalidRequest(
            f"{task.name} needs a {declared.medium} as '{declared.name}'.",
            f"Give {declared.name}= a {wanted.__name__}.",
        )


def check_options(kind: type[Options], given: Mapping[str, Any]) -> Options:
    """Complete options from those given, with a seed drawn where there is none.

    Raises:
        InvalidRequest: an option is unknown, of another type, or out of bounds.
    """
    try:
        options = kind.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidRequest(
            f"The option '{name}' is not valid: {first['msg'].lower()}.",
            f"The options are {', '.join(kind.model_fields)}.",
        ) from error
    if "seed" in kind.model_fields and getattr(options, "seed", None) is None:
        return options.model_copy(update={"seed": secrets.randbelow(MAX_SEED + 1)})
    return options


def _names(inputs: tuple[Input, ...]) -> set[str]:
    return {declared.name for declared in inputs}

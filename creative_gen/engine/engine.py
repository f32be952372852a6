"""Takes requests, picks an asset, and relays what its generator yields."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from creative_gen.engine.choice import best_asset, knows, unknown_category
from creative_gen.engine.job import Job
from creative_gen.engine.loaded import LoadedGenerators
from creative_gen.engine.registry import Registry
from creative_gen.engine.request import checked_inputs, checked_request
from creative_gen.interface.errors import InvalidAsset, UnknownTask
from creative_gen.interface.jobs import Chunk, Generator, Progress, Result
from creative_gen.interface.options import Options
from creative_gen.interface.tasks import Task, task_named
from creative_gen.store.asset import Asset
from creative_gen.store.finder import asset_in, find_asset, find_assets


class Engine:
    """Runs tasks in this process.

    Args:
        registry: Registry. The model families. Defaults to all that are installed.
    """

    def __init__(self, registry: Registry | None = None) -> None:
        self.registry = registry or Registry()
        self._generators = LoadedGenerators()

    def run(
        self,
        task: str,
        *,
        asset: str | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_chunk: Callable[[Chunk], None] | None = None,
        **inputs_and_options: Any,
    ) -> Result:
        """Run a task to its end.

        Args:
            task: str. Such as "sketch.complete".
            asset: str. An asset's name. Defaults to one that knows the category (the kind, the
                instrument), where that is given, or can be told from the inputs; see
                `choice.best_asset`.
            on_progress: called with each `Progress`; raising from it cancels the job.
            on_chunk: called with each `Chunk`, as it is made; raising from it cancels the job.
            inputs_and_options: the task's inputs and options by name. A picture may be one of
                Pillow's.

        Returns:
            The result; `result.values` are its values.

        Raises:
            CreativeGenError: with a code, a sentence and the fix.
        """
        with closing(self.stream(task, asset=asset, **inputs_and_options)) as events:
            for event in events:
                if isinstance(event, Progress) and on_progress:
                    on_progress(event)
                if isinstance(event, Chunk) and on_chunk:
                    on_chunk(event)
                if isinstance(event, Result):
                    return event
        raise AssertionError("a stream ends in a result or an error")

    def stream(self, task: str, *, asset: str | None = None, **inputs_and_options: Any) -> Job:
        """The events of a job, ended by a `Result`. Closing the iterator cancels the job.

        The request is checked at once, before the first event is asked for.
        """
        declared = task_named(task)
        inputs = checked_inputs(declared, inputs_and_options)
        given = inputs_and_options | inputs
        asked = given.get(declared.category_option or "")
        # Whether it is one is checked with the other options, which depend on the asset.
        category = asked if isinstance(asked, str) else None
        guess = declared.guess(inputs) if asked is None and declared.guess else None
        chosen = self.asset_for(declared, asset, category or guess)
        if guess in chosen.categories:
            given[str(declared.category_option)] = guess
        request = checked_request(declared, self.options_of(declared, chosen), given)
        if category is not None and not knows(chosen, category):
            raise unknown_category(category, chosen, self.assets_for(declared))
        return Job(chosen, request, partial(self.generator, chosen))

    def assets_for(self, task: Task) -> list[Asset]:
        """The assets that do a task, in the order of their names.

        Those whose card is malformed, or whose family is not installed, are left out.
        """
        folders = find_assets()
        found = filter(None, (_sound_asset(folders[name]) for name in sorted(folders)))
        playable = [asset for asset in found if asset.card.family in self.registry.families]
        return [asset for asset in playable if task.name in asset.card.tasks]

    def asset_for(self, task: Task, name: str | None = None, category: str | None = None) -> Asset:
        """The named asset, or the best that does the task; see `choice.best_asset`.

        Raises:
            UnknownTask: no asset, or not this one, does the task.
        """
        if name is None:
            best = best_asset(self.assets_for(task), task.name, category)
            if best is None:
                raise UnknownTask(
                    f"No installed asset does {task.name}.", "See: creative-gen assets list."
                )
            return best
        asset = find_asset(name)
        if task.name not in asset.card.tasks:
            raise UnknownTask(
                f"The asset '{name}' does not do {task.name}.",
                f"It does {', '.join(asset.card.tasks)}.",
            )
        return asset

    def options_of(self, task: Task, asset: Asset) -> type[Options]:
        """The options that an asset takes for a task: the task's, or its family's own."""
        return self.registry.family(asset.card.family).options_of(task)

    def generator(self, asset: Asset) -> Generator:
        """The asset's generator; loaded once, and again when the asset has changed."""
        family = self.registry.family(asset.card.family)
        return self._generators.get(asset, lambda: family.generator.load()(asset))

    @property
    def loaded(self) -> list[str]:
        """The names of the assets whose generators are in memory, the one used last at the end."""
        return self._generators.names

    def unload_oldest(self) -> None:
        """Let the generator that was used longest ago leave memory."""
        self._generators.drop_oldest()


def _sound_asset(folder: Path) -> Asset | None:
    """The asset, or None if its card cannot be used; `creative-gen assets list` says why."""
    try:
        return asset_in(folder)
    except InvalidAsset:
        return None

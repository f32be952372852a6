"""The generators that are in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from creative_gen.interface.jobs import Generator
from creative_gen.store.asset import Asset


class LoadedGenerators:
    """Generators by asset, in the order in which they were used last."""

    def __init__(self) -> None:
        self._generators: OrderedDict[tuple[str, str, str], Generator] = OrderedDict()

    @property
    def names(self) -> list[str]:
        """The names of their assets, the one used last at the end."""
        return [name for name, _, _ in self._generators]

    def get(self, asset: Asset, load: Callable[[], Generator]) -> Generator:
        """The asset's generator; loaded once, and again when the asset has changed."""
        key = (asset.name, str(asset.folder), asset.sha256)
        if key not in self._generators:
            self._generators[key] = load()
        self._generators.move_to_end(key)
        return self._generators[key]

    def drop_oldest(self) -> None:
        """Forget the one that was used longest ago, if there is one."""
        if self._generators:
            self._generators.popitem(last=False)

"""What the pictures of a latent space may be of."""

from __future__ import annotations

from creative_gen.interface.errors import InvalidRequest
from creative_gen.latent.player import LatentPlayer


class Categories:
    """The classes of an asset, and those of them that are offered.

    Args:
        player: LatentPlayer.

    Raises:
        InvalidAsset: the asset offers what it was not trained on.
    """

    def __init__(self, player: LatentPlayer) -> None:
        self.classes = player.settings.classes
        self.asset = player.asset.name
        self.offered = player.asset.categories or self.classes
        unknown = set(self.offered) - set(self.classes)
        if unknown:
            raise player.invalid(f"It offers '{min(unknown)}', which it was not trained on.")

    def known(self, category: str | None) -> str | None:
        """The category, checked; None where there are none, or none is given.

        An asset without categories makes one thing, which its name may tell.

        Raises:
            InvalidRequest: the asset does not know it.
        """
        if category is None or category in self.classes:
            return category
        if self.classes:
            hint = f"It knows {', '.join(self.classes)}."
        elif category.replace(" ", "-") == self.asset:
            return None
        else:
            hint = "It makes one kind of pictures only: leave the category out."
        raise InvalidRequest(f"The asset '{self.asset}' does not know '{category}'.", hint)

    def drawn(self, category: str | None, seed: int) -> str | None:
        """What to make: what is asked for, or else one of the offered categories by the seed."""
        if category is None and self.offered:
            return self.offered[seed % len(self.offered)]
        return self.known(category)

"""Draws the selected drawing again, as the model sees it, in a row beside it."""

from __future__ import annotations

from effect import Effect, label_of, name_of, topmost
from given import read
from groups import beside, box_of, group_on, variation_on


class Vary(Effect):
    """Extensions > Creative Gen > Vary Drawing."""

    def effect(self) -> None:
        """Add the variations; the given paths stay as they are."""
        selected = list(self.svg.selection.rendering_order())
        given = read(selected)
        job = self.ask("sketch.reconstruct", {"sketch": self.sketch(given)}, self.asked())
        drawings = [self.strokes(result) for result in job["results"]]
        box = box_of([given.strokes, *drawings])
        group = group_on(topmost(selected), name_of("Variations", job), job["provenance"])
        for index, (result, strokes) in enumerate(zip(job["results"], drawings)):
            variation_on(group, label_of(result), strokes, given.style, beside(box, index))


if __name__ == "__main__":
    Vary().run()

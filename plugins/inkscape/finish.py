"""Finishes the selected drawing: once on top of it, several times in a row beside it."""

from __future__ import annotations

from effect import Effect, label_of, name_of, topmost
from given import read
from groups import beside, box_of, group_on, variation_on


class Finish(Effect):
    """Extensions > Creative Gen > Finish Drawing."""

    def effect(self) -> None:
        """Add what is missing; the given paths stay as they are."""
        selected = list(self.svg.selection.rendering_order())
        given = read(selected)
        job = self.ask("sketch.complete", {"sketch": self.sketch(given)}, self.asked())
        drawings = [self.strokes(result) for result in job["results"]]
        box, alone = box_of([given.strokes, *drawings]), len(drawings) == 1
        group = group_on(topmost(selected), name_of("Finished", job), job["provenance"])
        for index, (result, strokes) in enumerate(zip(job["results"], drawings)):
            added = strokes[len(given.strokes) :]
            where = None if alone else beside(box, index)
            under = None if alone else given
            variation_on(group, label_of(result), added, given.style, where, under)


if __name__ == "__main__":
    Finish().run()

"""Draws what lies between two selected drawings, in a row beneath them."""

from __future__ import annotations

import inkex
from effect import Effect, label_of, name_of, topmost
from given import read
from groups import GAP, group_on, into, moved, variation_on


class Between(Effect):
    """Extensions > Creative Gen > Draw Between Two."""

    def effect(self) -> None:
        """Add the drawings from the first selected object to the second; both stay as they are."""
        selected = list(self.svg.selection.values())
        if len(selected) != 2:
            raise inkex.AbortExtension(
                f"This needs two drawings, and {len(selected)} objects are selected.\n"
                "Group the paths of each drawing (Object > Group), and select the two groups."
            )
        first, second = (read([one]) for one in selected)
        inputs = {"first": self.sketch(first), "second": self.sketch(second)}
        job = self.ask("sketch.interpolate", inputs, self.asked())
        group = group_on(topmost(selected), name_of("Between", job), job["provenance"])
        left = min(first.box[0], second.box[0])
        side = max(first.side, second.side)
        top = max(first.box[3], second.box[3]) + GAP * side
        for index, result in enumerate(job["results"]):
            x = left + index * side * (1 + GAP)
            place = into((x, top, x + side, top + side), result["sketch"]["size"])
            strokes = moved(result["sketch"]["strokes"], place)
            label = f"{index + 1} of {len(job['results'])}: {label_of(result)}"
            variation_on(group, label, strokes, first.style)


if __name__ == "__main__":
    Between().run()

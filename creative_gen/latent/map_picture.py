"""The picture of a map: what a latent space holds, like beside like."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from creative_gen.interface.jobs import Progress
from creative_gen.latent.enlarging import as_image
from creative_gen.latent.grid import cells_for, spread
from creative_gen.latent.landmarks import Landmarks
from creative_gen.latent.place import Place
from creative_gen.latent.player import LatentPlayer
from creative_gen.media.color_space import lab_to_srgb
from creative_gen.media.image import Image

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Color = tuple[int, int, int]

PAPER: Color = (252, 251, 248)
INK: Color = (34, 34, 40)
FILLED = 0.74
"""The share of the cells that have pictures: some are left free, so that groups can be seen."""
MARGIN = 0.04
"""Of the map's side."""
LEGEND = 0.035
"""Of the map's side, for a line of the legend."""
INSIDE = 0.9
"""How much of a cell's width its picture takes."""
YOURS = "your picture"


class MapPicture:
    """A map that is being drawn.

    Args:
        player: LatentPlayer.
        landmarks: Landmarks. One or more.
        pictures: what the networks make of each, (channels, side, side).
        side: int. Pixels of the map's width and height.
        place: Place. That of the user's own picture, if there is one.
    """

    def __init__(
        self,
        player: LatentPlayer,
        landmarks: Landmarks,
        pictures: Sequence[Floats],
        side: int,
        place: Place | None = None,
    ) -> None:
        self.settings, self.landmarks, self.pictures = player.settings, landmarks, pictures
        self.side, self.place = side, place
        names = self.settings.classes
        self.classes = [names[label] for label in np.unique(landmarks.labels)] if names else []
        self.colors = class_colors(len(self.settings.classes))
        self.margin = round(MARGIN * side)
        self.font = ImageFont.load_default(size=max(LEGEND * side * 0.42, 8))
        self.sheet = Pillow.new("RGB", (side, side), PAPER)
        self.pen = ImageDraw.Draw(self.sheet)

    def draw(self) -> Generator[Progress, None, Image]:
        """Draw all of it; yields progress."""
        bottom = self._legend()
        width, height = self.side - 2 * self.margin, bottom - 2 * self.margin
        rows, columns = grid_size(len(self.pictures), width / height, self.place is not None)
        self.cell = min(width / columns, height / rows)
        self.corner = (
            self.margin + (width - columns * self.cell) / 2,
            self.margin + (height - rows * self.cell) / 2,
        )
        block, points = self._block(rows, columns), spread(self.landmarks.places)
        yield Progress(0.0)
        cells = cells_for(points, rows, columns, block)
        yield Progress(0.3)
        for index, (row, column) in enumerate(cells.tolist()):
            self._show(self.pictures[index], row, column, int(self.landmarks.labels[index]))
            yield Progress(0.3 + 0.7 * (index + 1) / len(cells))
        if block is not None and self.place is not None:
            self._mark(self.place, *block[0].tolist())
        return Image(np.asarray(self.sheet))

    def _block(self, rows: int, columns: int) -> Ints | None:
        """The two by two cells of the user's picture."""
        if self.place is None:
            return None
        places = np.vstack([self.landmarks.places, self.landmarks.place_of(self.place)])
        x, y = spread(places)[-1]
        row = min(max(round(y * rows) - 1, 0), rows - 2)
        column = min(max(round(x * columns) - 1, 0), columns - 2)
        return np.array([[row + down, column + across] for down in (0, 1) for across in (0, 1)])

    def _show(self, values: Floats, row: int, column: int, label: int) -> None:
        """A picture in its cell: drawings in the colour of their class, others on it."""
        color = self.colors[label] if self.classes else INK
        left, top = (self.corner[0] + column * self.cell, self.corner[1] + row * self.cell)
        self._paste(values, left, top, self.cell, color)

    def _paste(
        self, values: Floats, left: float, top: float, cell: float, color: Color, card: bool = True
    ) -> None:
        side = max(int(INSIDE * cell), 1)
        picture = self._sized(values, side)
        x, y = (round(start + (cell - picture.width) / 2) for start in (left, top))
        if self.settings.framing == "ink":
            ink = Pillow.eval(picture, lambda level: 255 - level)
            self.sheet.paste(color, (x, y), ink)
            return
        if self.classes and card:
            edge = max(round((cell - picture.width) / 4), 1)
            box = (x - edge, y - edge, x + picture.width + edge - 1, y + picture.height + edge - 1)
            self.pen.rounded_rectangle(box, 2 * edge, fill=_tint(color, picture.mode == "RGBA"))
        self.sheet.paste(picture, (x, y), picture if picture.mode == "RGBA" else None)

    def _sized(self, values: Floats, side: int) -> Pillow.Image:
        """A picture that fits into a square of some pixels."""
        own = self.settings.side
        if self.settings.enlarge == "pixels" and side >= own:
            return as_image(values, self.settings, side // own).to_pil()
        picture = as_image(values, self.settings, max(math.ceil(side / own), 1)).to_pil()
        return picture.resize((side, side), Pillow.Resampling.BOX)

    def _mark(self, place: Place, row: int, column: int) -> None:
        """The user's picture as the networks saw it, in a frame, in four cells."""
        left, top = (self.corner[0] + column * self.cell, self.corner[1] + row * self.cell)
        width = max(round(0.05 * self.cell), 1)
        box = (left + width, top + width, left + 2 * self.cell - width, top + 2 * self.cell - width)
        self.pen.rounded_rectangle(box, 3 * width, PAPER, INK, width)
        self._paste(place.picture, left, top, 2 * self.cell, INK, card=False)

    def _legend(self) -> int:
        """The names of the classes in their colours at the bottom; gives the height above it."""
        names = [(name, self.colors[self.settings.classes.index(name)]) for name in self.classes]
        names += [(YOURS, INK)] if self.place is not None else []
        line, gap = LEGEND * self.side, LEGEND * self.side * 0.6
        lines: list[list[tuple[str, Color, float]]] = [[]]
        for name, color in names:
            width = self.pen.textlength(name, self.font) + gap
            taken = sum(one[2] for one in lines[-1])
            if lines[-1] and taken + width > self.side - 2 * self.margin:
                lines.append([])
            lines[-1].append((name, color, width))
        if not names:
            return self.side
        top = self.side - self.margin - line * len(lines)
        for index, entries in enumerate(lines):
            x = (self.side - sum(entry[2] for entry in entries) + gap) / 2
            for name, color, width in entries:
                self.pen.text((x, top + (index + 0.5) * line), name, color, self.font, anchor="lm")
                x += width
        return round(top + self.margin / 2)


def grid_size(count: int, aspect: float, marked: bool) -> tuple[int, int]:
    """Rows and columns of a grid for so many pictures, as wide as high times the aspect."""
    cells = count / FILLED + 4 * marked
    columns = max(math.ceil(math.sqrt(cells * aspect)), 2)
    return max(math.ceil(cells / columns), 2), columns


def class_colors(count: int) -> list[Color]:
    """Colours for the inks of so many classes: evenly around the circle, dark and less by turns."""
    hues = 2 * np.pi * np.arange(count) / max(count, 1) + 0.5
    light = np.where(np.arange(count) % 2, 58.0, 42.0)
    lab = np.stack([light, 58 * np.cos(hues), 58 * np.sin(hues)], axis=1)
    rgb = np.round(255 * lab_to_srgb(lab.astype(np.float32)).clip(0, 1)).astype(int)
    return [(red, green, blue) for red, green, blue in rgb.tolist()]


def _tint(color: Color, much: bool) -> Color:
    """The colour as that of a card below what is clear, or its full strength as a frame's."""
    share = 0.25 if much else 1.0
    red, green, blue = (
        round(paper + share * (one - paper)) for one, paper in zip(color, PAPER, strict=True)
    )
    return red, green, blue

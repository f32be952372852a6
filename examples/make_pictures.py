"""Makes the pictures of these examples: lineart.png, hints.png, tile.png, clip.png and grey.png,
and the doodles cat.png, apple.png and face.png.

Run `python examples/make_pictures.py`, with creative_gen installed. The pictures were made for
creative_gen, and are under its licence.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from creative_gen.media.image import quantized

HERE = Path(__file__).parent
FINER = 8
"""Drawings are made so many times as large, and shrunk: that makes their edges smooth."""
INK = "black"

Points = list[tuple[float, float]]
Floats = NDArray[np.float64]


class Sheet:
    """Paper to draw on, in pixels of the finished picture.

    Args:
        size: of its sides.
        paper: a colour; clear by default.
        line: width of outlines.
    """

    def __init__(self, size: tuple[int, int], paper: str | None = None, line: float = 5) -> None:
        self.size, self.line = size, line
        finer = (size[0] * FINER, size[1] * FINER)
        self.image = Image.new("RGBA", finer, paper or (0, 0, 0, 0))
        self.pen = ImageDraw.Draw(self.image)

    def shape(self, points: Points, fill: str | None = "white", outline: str = INK) -> None:
        """A closed shape, with round corners."""
        if fill:
            self.pen.polygon([(x * FINER, y * FINER) for x, y in points], fill=fill)
        self.stroke([*points, points[0]], outline)

    def stroke(self, points: Points, color: str = INK, width: float | None = None) -> None:
        """A line with round ends and corners."""
        wide = (width or self.line) * FINER
        finer = [(x * FINER, y * FINER) for x, y in points]
        self.pen.line(finer, fill=color, width=round(wide), joint="curve")
        for x, y in finer:
            self.pen.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill=color)

    def finished(self) -> Image.Image:
        """The drawing at its own size."""
        return self.image.resize(self.size, Image.Resampling.BOX)


def oval(
    x: float, y: float, width: float, height: float, start: float = 0, end: float = 1
) -> Points:
    """Points on an ellipse around (x, y), from one share of a turn to another."""
    angles = np.linspace(2 * math.pi * start, 2 * math.pi * end, 97)
    return [
        (float(x + width / 2 * math.cos(angle)), float(y + height / 2 * math.sin(angle)))
        for angle in angles
    ]


def lineart() -> Image.Image:
    """A fish among bubbles and weeds, in outlines only."""
    sheet = Sheet((640, 480), "white")
    for x, tip, top in ((40, 15, 350), (85, 105, 310), (130, 175, 390), (585, 560, 400)):
        left, right = (x - 22, 490), (x + 22, 490)
        sheet.shape(
            [*curve(left, (x - 22, 400), (tip, top)), *curve((tip, top), (x + 30, 420), right)]
        )
    sheet.shape(
        [*curve((440, 240), (520, 130), (600, 120)), *curve((560, 240), (585, 300), (600, 360))]
    )
    sheet.shape([*curve((190, 160), (270, 50), (400, 80)), (400, 180)])
    sheet.shape([*curve((240, 330), (280, 420), (360, 400)), (360, 320)])
    sheet.shape(oval(*FISH))
    for front, back in ((205, 250), (345, 390)):
        sheet.shape([*across_fish(front), *reversed(across_fish(back))])
    fin = curve((262, 250), (300, 215), (345, 225)), curve((345, 285), (300, 300), (262, 250))
    sheet.shape([*fin[0], *fin[1]])
    sheet.shape(oval(150, 212, 44, 44))
    sheet.shape(oval(146, 214, 14, 14), INK)
    sheet.stroke(curve((96, 268), (120, 288), (150, 282)))
    for x, y, size in ((60, 180, 34), (95, 118, 24), (62, 60, 44)):
        sheet.shape(oval(x, y, size, size))
    return sheet.finished().convert("L")


FISH = 280, 240, 400, 230


def across_fish(x: float) -> Points:
    """A line across the fish from its back to its belly, bent a little."""
    shares = np.linspace(-1, 1, 25)
    places = x + 18 * (1 - shares**2)
    reach = FISH[3] / 2 * np.sqrt(1 - ((places - FISH[0]) * 2 / FISH[2]) ** 2)
    return [(float(x), float(y)) for x, y in zip(places, FISH[1] + shares * reach, strict=True)]


def curve(
    start: tuple[float, float], pull: tuple[float, float], end: tuple[float, float]
) -> Points:
    """A curve between two points that is drawn towards a third (a quadratic Bezier curve)."""
    points = np.array([start, pull, end])
    t = np.linspace(0, 1, 33)[:, None]
    bent = np.hstack([(1 - t) ** 2, 2 * t * (1 - t), t**2]) @ points
    return [(float(x), float(y)) for x, y in bent]


def hints() -> Image.Image:
    """A few strokes of colour for the line drawing, on nothing."""
    sheet = Sheet((640, 480))
    strokes: list[tuple[str, Points]] = [
        ("#f0812d", [(170, 260), (180, 300)]),
        ("#f0812d", [(290, 180), (320, 180)]),
        ("#f0812d", [(430, 220), (440, 250)]),
        ("#f4f0e6", [(235, 200), (240, 290)]),
        ("#2f6db5", [(290, 110), (360, 110)]),
        ("#f6c344", [(530, 190), (570, 160)]),
        ("#3f9a52", [(88, 400), (90, 450)]),
    ]
    for color, points in strokes:
        sheet.stroke(points, color, 12)
    return sheet.finished()


def tile() -> Image.Image:
    """A flask of 32 x 32 pixels: every pixel is there or is not."""
    image = Image.new("RGBA", (32, 32))
    pen = ImageDraw.Draw(image)
    dark, glass, foam, light, deep = "#2b1b3d", "#cfe8ef", "#e58ac9", "#c0399f", "#7d1f7f"
    pen.ellipse((5, 10, 26, 31), dark)
    pen.rectangle((11, 3, 20, 12), dark)
    pen.rectangle((13, 5, 18, 12), glass)
    pen.ellipse((7, 12, 24, 29), glass)
    pen.chord((7, 12, 24, 29), -18, 198, deep)
    pen.chord((7, 11, 23, 27), -10, 190, light)
    pen.line((8, 18, 23, 18), foam)
    pen.rectangle((9, 6, 22, 7), dark)
    pen.rectangle((10, 5, 21, 6), glass)
    pen.rectangle((12, 0, 19, 4), dark)
    pen.rectangle((13, 1, 18, 3), "#a9713d")
    pen.line((13, 1, 15, 1), "#d9a066")
    pen.point([(12, 21), (18, 23), (15, 25), (20, 20), (11, 24)], foam)
    pen.rectangle((9, 15, 10, 16), "white")
    pen.line((8, 20, 8, 22), "#f3c6e5")
    return image


def clip() -> Image.Image:
    """A snail of 128 pixels, with smooth edges, on nothing."""
    sheet = Sheet((128, 112), line=3.5)
    foot = [*oval(64, 92, 104, 22, 0, 0.5), (12, 84), (88, 84), *oval(103, 56, 18, 40, 0.5, 1)]
    sheet.shape([*foot, (116, 80)], "#e8b878")
    for x in (96, 112):
        sheet.stroke([(x, 40), (x + 3, 20)])
        sheet.shape(oval(x + 3, 16, 12, 12), "white")
        sheet.shape(oval(x + 5, 16, 1, 1), INK)
    sheet.shape(oval(52, 52, 72, 72), "#c65d3b")
    turns = np.linspace(0, 2.4, 160)
    spiral = [oval(52, 52, 60 * (1 - turn / 2.7), 60 * (1 - turn / 2.7), turn)[0] for turn in turns]
    sheet.stroke(spiral, "#7a2f1e", 4)
    sheet.stroke(oval(103, 50, 10, 10, 0.05, 0.3), INK, 2)
    return sheet.finished()


def cat() -> Image.Image:
    """The head of a cat, in few lines."""
    sheet = Sheet((320, 320), "white", line=8)
    sheet.stroke(oval(160, 185, 232, 214, -0.11, 0.61))
    sheet.stroke([(70, 118), (58, 30), (124, 84), (196, 84), (262, 30), (250, 118)])
    for x in (114, 206):
        sheet.shape(oval(x, 160, 14, 18), INK)
    sheet.stroke(curve((112, 232), (160, 262), (208, 232)))
    return sheet.finished().convert("L")


def apple() -> Image.Image:
    """An apple with a stem."""
    sheet = Sheet((320, 320), "white", line=8)
    left = [*curve((160, 104), (20, 40), (30, 180)), *curve((30, 180), (50, 320), (160, 290))]
    sheet.stroke([*left, *((320 - x, y) for x, y in reversed(left))])
    sheet.stroke(curve((160, 104), (156, 60), (176, 26)))
    return sheet.finished().convert("L")


def face() -> Image.Image:
    """A face with an almost straight mouth."""
    sheet = Sheet((400, 400), "white", line=9)
    sheet.stroke(oval(200, 200, 320, 356))
    for x in (138, 262):
        sheet.stroke(oval(x, 150, 44, 36))
        sheet.shape(oval(x, 152, 8, 8), INK)
    sheet.stroke(curve((200, 176), (176, 236), (206, 238)))
    sheet.stroke(curve((138, 292), (200, 304), (262, 292)))
    return sheet.finished().convert("L")


SAMPLES = 24
"""How often each pixel is looked at, to other points of the lamp, so that shadows are soft."""
EYE = np.array([0.0, 1.5, -6.2])
LAMP = np.array([-4.5, 5.0, -3.5])


def grey() -> Image.Image:
    """Four balls on a table by a window: grey, with the grain of a film."""
    rng = np.random.default_rng(5)
    height, width = 384, 512
    light = np.zeros((height, width))
    for place in rng.random((SAMPLES, 5)):
        y, x = np.mgrid[:height, :width] + place[:2, None, None]
        across, up = (x / width - 0.5) * 0.86, (height / 2 - y) / width * 0.86 - 0.17
        rays = np.stack([across, up, np.ones_like(across)], axis=-1)
        rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
        light += seen(EYE, rays, LAMP + 2.2 * (place[2:] - 0.5)) / SAMPLES
    level = 1.25 * light / (light + 0.35) + rng.normal(0, 0.006, light.shape)
    return Image.fromarray(quantized(level.astype(np.float32), 8))


BALLS = np.array(
    [
        [-1.25, 0.75, 0.4, 0.75],
        [0.35, 0.6, -0.35, 0.6],
        [1.5, 0.9, 1.0, 0.9],
        [-0.3, 0.3, -1.5, 0.3],
    ]
)
"""x, y, z and radius."""
SHADES = np.array([0.35, 0.75, 0.2, 0.9])
"""How much light each gives back."""


def seen(eye: Floats, rays: Floats, lamp: Floats) -> Floats:
    """How bright it is along rays from the eye (height, width), lit by one point of the lamp."""
    table = np.where(rays[..., 1] < 0, -eye[1] / np.minimum(rays[..., 1], -1e-9), np.inf)
    wall = (4.5 - eye[2]) / rays[..., 2]
    ways = np.stack([*(distance(eye, rays, ball) for ball in BALLS), table, wall], axis=-1)
    what = ways.argmin(axis=-1)
    spot = eye + rays * ways.min(axis=-1)[..., None]
    facing = np.zeros_like(rays)
    facing[what == 4], facing[what == 5] = (0, 1, 0), (0, 0, -1)
    grain = 0.5 + 0.05 * np.sin(40 * spot[..., 2] + 3 * np.sin(2 * spot[..., 0]))
    shade = np.where(what == 4, grain, 0.45)
    for index, ball in enumerate(BALLS):
        at = what == index
        facing[at], shade[at] = (spot[at] - ball[:3]) / ball[3], SHADES[index]
    return lit(spot, facing, shade, rays, lamp) + 0.05 * shade


def lit(spot: Floats, facing: Floats, shade: Floats, rays: Floats, lamp: Floats) -> Floats:
    """The light of the lamp that spots throw towards the eye, with a gleam; none in shadow."""
    way = lamp - spot
    far = np.linalg.norm(way, axis=-1, keepdims=True)
    way /= far
    start = spot + 1e-3 * facing
    shadow = np.min([distance(start, way, ball) for ball in BALLS], axis=0) < far[..., 0]
    straight = (facing * way).sum(axis=-1).clip(0)
    mirrored = rays - 2 * (rays * facing).sum(axis=-1, keepdims=True) * facing
    gleam = 0.5 * (mirrored * way).sum(axis=-1).clip(0) ** 40
    return np.where(shadow, 0, (shade * straight + gleam) * 40 / far[..., 0] ** 2)


def distance(start: Floats, rays: Floats, ball: Floats) -> Floats:
    """How far along rays of length 1 a ball is (height, width); infinitely far if it is not."""
    way = start - ball[:3]
    along = (way * rays).sum(axis=-1)
    inside = along**2 - (way**2).sum(axis=-1) + ball[3] ** 2
    near = -along - np.sqrt(inside.clip(0))
    return np.where((inside > 0) & (near > 0), near, np.inf)


if __name__ == "__main__":
    for make in (lineart, hints, tile, clip, grey, cat, apple, face):
        make().save(HERE / f"{make.__name__}.png", optimize=True)

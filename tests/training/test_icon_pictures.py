import sys
from pathlib import Path

import numpy as np
import pytest

from creative_gen.interface.errors import MissingExtra
from creative_gen.training.icon_pictures import icon_pictures, line_drawing, render
from creative_gen.training.icon_sets import IconSet, read_icon_set
from creative_gen.training.picture_folders import LeftOut, Picture
from tests.training.toy_icons import write_icons

pytest.importorskip("resvg_py", reason="needs the extra `train`")


@pytest.fixture
def icons(tmp_path: Path) -> IconSet:
    return read_icon_set(write_icons(tmp_path))


def sorted_out(made: list[Picture | LeftOut]) -> tuple[dict[str, Picture], dict[str, str]]:
    pictures = {one.name: one for one in made if isinstance(one, Picture)}
    return pictures, {one.name: one.reason for one in made if isinstance(one, LeftOut)}


def test_icons_are_rendered_on_white(icons: IconSet) -> None:
    pixels = render(icons.svgs["plain"], 60)
    assert (pixels.shape, pixels.dtype) == ((60, 60, 3), np.uint8)
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[30, 30].tolist() == [0xD0, 0x30, 0x20]
    red = (pixels == [0xD0, 0x30, 0x20]).all(axis=-1).mean()
    assert red == pytest.approx(np.pi * 7**2 / 20**2, abs=0.03)


def test_pictures_without_lines(icons: IconSet) -> None:
    made, left_out = sorted_out(list(icon_pictures(icons, 40, lines=False, skin_tones=0)))
    assert left_out == {"void": "empty"}
    assert {name.removeprefix("toy-") for name in made} == {
        "ball", "flag-of-nowhere", "gray-ball", "on-black", "plain", "tall", "traffic-light",
    }  # fmt: skip
    assert {one.layers[""].shape for one in made.values()} == {(40, 40, 3)}


def test_pairs_of_lines_and_colours(icons: IconSet) -> None:
    made, left_out = sorted_out(list(icon_pictures(icons, 80, True, 1, ["*flag*"])))
    assert left_out == {
        "gray-ball": "without colours",
        "on-black": "with black beneath its colours",
        "plain": "without lines",
        "tall": "without lines",
        "void": "without lines",
    }
    assert made.keys() - {"toy-ball-dark-skin-tone", "toy-ball-light-skin-tone"} == {
        "toy-ball", "toy-traffic-light",
    }  # fmt: skip
    assert len(made) == 3
    for one in made.values():
        lines, colors = one.layers["lines"].astype(int), one.layers["colors"].astype(int)
        assert np.ptp(lines, axis=-1).max() == 0  # no colour tells what is to be guessed
        # What is coloured is where the paper of the drawing is, and lines are where they were.
        assert (lines - colors).min() >= -1
        assert (colors[lines.max(axis=-1) == 0] == 0).all()


def test_skin_tones_are_of_one_family(icons: IconSet) -> None:
    made, _ = sorted_out(list(icon_pictures(icons, 40, lines=False, skin_tones=2)))
    balls = [one for name, one in made.items() if name.startswith("toy-ball")]
    assert len(balls) == 3
    assert {one.family for one in balls} == {"ball"}
    assert made["toy-traffic-light"].family == "traffic-light"


@pytest.mark.parametrize(
    ("paint", "left"),
    [
        ('fill="#fff"', 'fill="none"'),
        ("fill='url(#a)'", "fill='none'"),
        ('stroke = "red"', 'stroke = "none"'),
        ('style="fill:#0f0;stroke:#000"', 'style="fill:none;stroke:#000"'),
        ('style="fill: #000; stroke: #0000ff"', 'style="fill: #000; stroke: none"'),
        ('fill="#000"', 'fill="#000"'),
        ('fill="none" stroke="#000000"', 'fill="none" stroke="#000000"'),
        ('fill="currentColor" stroke="black"', 'fill="currentColor" stroke="black"'),
        ('stroke-width="2" fill-rule="evenodd"', 'stroke-width="2" fill-rule="evenodd"'),
        ('fill="#0000ff"', 'fill="none"'),
    ],
)
def test_only_black_is_left_of_a_line_drawing(paint: str, left: str) -> None:
    assert line_drawing(f'<path {paint} d="M0 0h9"/>') == f'<path {left} d="M0 0h9"/>'


def test_an_icon_that_cannot_be_rendered_is_left_out() -> None:
    icons = IconSet("toy", {"broken": "<svg"}, "")
    made = list(icon_pictures(icons, 40, lines=True))
    assert made == [LeftOut("broken", "not to be rendered")]


def test_without_the_renderer_the_fix_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingExtra, match="resvg_py") as raised:
        render("<svg/>", 16)
    assert "creative_gen[train]" in raised.value.hint

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageColor

from creative_gen.media.errors import MediaError
from creative_gen.media.raster import ACCENT, INK, contact_sheet, draw_sketch, png_info
from creative_gen.media.sketch import Sketch

BAR = Sketch((np.array([[0, 50], [50, 50], [100, 50]]),), (100, 100))
BLUE = ImageColor.getrgb(ACCENT)
BLACK = ImageColor.getrgb(INK)


def colors(picture):
    return {color for _, color in picture.getcolors(1 << 20)}


def test_a_line_is_black_anti_aliased_and_in_its_place():
    picture = draw_sketch(BAR, 200, line_width=5)
    assert (picture.size, picture.mode) == ((200, 200), "RGB")
    assert picture.getpixel((100, 100)) == BLACK
    assert picture.getpixel((100, 110)) == (255, 255, 255)
    assert picture.getpixel((2, 100)) == (255, 255, 255)
    grey = np.unique(np.asarray(picture.convert("L")))
    assert len(grey) > 2


def test_points_beyond_the_frame_are_in_the_picture():
    far = Sketch((np.array([[-300, 40], [-300, 60]]), np.array([[50, 0], [50, 90]])), (100, 100))
    columns = np.flatnonzero((np.asarray(draw_sketch(far, 200)) < 100).any(axis=(0, 2)))
    assert 5 < columns.min() < 30
    assert 150 < columns.max() < 195


def test_added_points_are_in_the_accent_colour():
    picture = draw_sketch(BAR, 200, given_points=2, line_width=6)
    assert picture.getpixel((50, 100)) == BLACK
    assert picture.getpixel((150, 100)) == BLUE
    assert draw_sketch(BAR, 200, given_points=0, line_width=6).getpixel((50, 100)) == BLUE


def test_dots_are_seen_and_an_empty_sketch_is_blank():
    dot = draw_sketch(Sketch((np.array([[5, 5]]),), (10, 10)), 64)
    assert dot.getpixel((32, 32)) != (255, 255, 255)
    assert draw_sketch(Sketch((), (1, 2)), 32).getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize("side", [0, -1, 1_000_000])
def test_a_picture_of_no_size_or_too_large_is_refused(side):
    with pytest.raises(MediaError, match="wide"):
        draw_sketch(BAR, side)


def test_a_contact_sheet_has_a_cell_for_each_sketch():
    plain = contact_sheet([BAR] * 5, 3, side=64)
    assert plain.size == (3 * 76 + 12, 2 * 76 + 12)
    captioned = contact_sheet([BAR] * 5, 3, [2] * 5, ["cat\n1", "", "猫", "x" * 400, "e"], side=64)
    assert captioned.size == (3 * 76 + 12, 2 * 98 + 12)
    assert {BLACK, BLUE} <= colors(contact_sheet([BAR] * 2, 2, [2, 3]))
    assert BLUE not in colors(contact_sheet([BAR] * 2, 2))


def test_sheets_that_make_no_sense_are_refused():
    calls = [([], 3), ([BAR], 0), ([BAR], 1, [1, 2]), ([BAR], 1, None, []), ([BAR] * 5000, 50)]
    for arguments in calls:
        with pytest.raises(MediaError):
            contact_sheet(*arguments)


def test_png_text_survives():
    file = io.BytesIO()
    draw_sketch(BAR, 16).save(file, "PNG", pnginfo=png_info({"creative_gen": '{"a": "猫"}'}))
    with Image.open(file) as image:
        assert image.text == {"creative_gen": '{"a": "猫"}'}


@pytest.mark.parametrize("key", ["", "x" * 80, "猫", "a\n", " a"])
def test_a_keyword_that_png_does_not_know_is_refused(key):
    with pytest.raises(MediaError):
        png_info({key: "text"})
    with pytest.raises(MediaError):
        png_info({"key": "nul\0"})


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("creative_gen.media", ["numpy", "PIL", "svgelements"]),
        ("creative_gen.media.sketch", ["PIL", "svgelements"]),
        ("creative_gen.media.svg_writer", ["PIL", "svgelements"]),
        ("creative_gen.media.svg_reader", ["PIL"]),
        ("creative_gen.media.raster", ["svgelements"]),
    ],
)
def test_imports_load_only_what_they_need(module, unwanted):
    code = f"import sys, {module}; print([name for name in {unwanted} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

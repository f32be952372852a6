import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags
from PIL import Image as PillowImage

from creative_gen.media import exif


def block_of(tags, order="<"):
    block = PillowImage.Exif()
    block.endian = order
    for tag, value in tags.items():
        block[tag] = value
    return block.tobytes().removeprefix(exif.PREFIX)


def tags_of(block):
    tags = PillowImage.Exif()
    tags.load(block)
    return tags


def with_thumbnail(block):
    """The same with a second directory, which is how a thumbnail is said to be there."""
    after = 8 + 2 + 12 * struct.unpack_from("<H", block, 8)[0]
    second = struct.pack("<HHHII", 1, 0x0100, 4, 1, 160) + bytes(4)
    return block[:after] + struct.pack("<I", len(block)) + block[after + 4 :] + second


@pytest.mark.parametrize("order", ["<", ">"])
def test_what_is_known_is_changed_and_the_rest_stays(order):
    inner = {0xA002: 1, 0xA003: 1, 0x927C: b"maker's own", 0x829A: 0.02}
    tags = {0x0100: 1, 0x0101: 1, 0x010F: "Maker", 0x0112: 8, 0x011A: 72.0, 0x011B: 72.0}
    block = block_of({**tags, 0x0128: 3, 0x8769: inner}, order)
    assert exif.orientation(block) == 8
    changed = exif.described(block, 70_000, 5, (300.0, 150.5))
    assert len(changed) == len(block)
    assert exif.orientation(changed) == 1
    assert exif.resolution(changed) == (300, 150.5)
    found = tags_of(changed)
    assert (found[0x0100], found[0x0101], found[0x010F], found[0x0128]) == (70_000, 5, "Maker", 2)
    inner = found.get_ifd(0x8769)
    assert (inner[0xA002], inner[0xA003], inner[0x829A]) == (70_000, 5, 0.02)
    assert inner[0x927C] == b"maker's own"


def test_the_thumbnail_of_another_picture_goes():
    block = with_thumbnail(block_of({0x0112: 1, 0x010F: "Maker"}))
    assert tags_of(block).get_ifd(ExifTags.IFD.IFD1)
    assert not tags_of(exif.described(block, 2, 2)).get_ifd(ExifTags.IFD.IFD1)


def test_nothing_is_added():
    block = block_of({0x010F: "Maker"})
    assert exif.described(block, 2, 2, (300, 300)) == block
    assert exif.orientation(block) == 0
    assert exif.resolution(block) is None


def test_resolution_is_to_an_inch():
    tags = {0x011A: 100.0, 0x011B: 50.0}
    assert exif.resolution(block_of({**tags, 0x0128: 2})) == (100, 50)
    assert exif.resolution(block_of({**tags, 0x0128: 3})) == (254, 127)
    assert exif.resolution(block_of({**tags, 0x0128: 1})) is None
    assert exif.resolution(block_of({**tags, 0x011A: 0.0})) is None
    assert exif.resolution(exif.with_resolution((300, 71.5))) == (300, 71.5)
    assert tags_of(exif.with_resolution((300, 71.5)))[0x011B] == 71.5


def test_an_orientation_that_is_none_is_not_said():
    assert exif.orientation(block_of({0x0112: 9})) == 0


WHOLE = block_of({0x0112: 6, 0x011A: 72.0, 0x011B: 72.0, 0x8769: {0xA002: 9}})


@given(st.binary(max_size=40), st.integers(0, len(WHOLE)), st.binary(max_size=4))
def test_broken_blocks_raise_nothing(anything, place, damage):
    for block in (anything, WHOLE[:place], WHOLE[:place] + damage + WHOLE[place + len(damage) :]):
        assert exif.orientation(block) in range(9)
        exif.resolution(block)
        changed = exif.described(block, 5, 5, (1, 1))
        assert changed is None or len(changed) == len(block)

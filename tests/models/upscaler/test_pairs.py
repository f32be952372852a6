"""Patches to train on: a small one is what its large one gives."""

from itertools import islice

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.bicubic import shrink
from creative_gen.models.upscaler.pairs import Pairs
from creative_gen.models.upscaler.recipe import Source

PHOTOS = Source(folder="photos")


def pairs_of(data, source, seed=0, patch=12):
    return Pairs([data / source.folder / "train"], [source], (2, 3, 4), patch, seed)


def inner(patch, border):
    return patch[border:-border, border:-border]


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_a_small_patch_is_its_large_one_shrunk(scale, picture_folders):
    pairs = pairs_of(picture_folders, PHOTOS)
    patches = [4 if one == scale else 0 for one in (2, 3, 4)]
    batch = next(pairs.batches(patches, [1]))
    assert batch["small"].keys() == batch["large"].keys() == {f"x{scale}"}
    small, large = batch["small"][f"x{scale}"], batch["large"][f"x{scale}"]
    assert small.shape == (4, 12, 12, 3)
    assert large.shape == (4, 12 * scale, 12 * scale, 3)
    for one, whole in zip(small, large, strict=True):
        # The patch's own edge is not the picture's, and the small picture is rounded.
        np.testing.assert_allclose(
            inner(one, 3), inner(shrink(whole, scale).clip(0, 1), 3), atol=0.5 / 255 + 1e-5
        )


def test_the_same_seed_gives_the_same_patches(picture_folders):
    pairs = pairs_of(picture_folders, PHOTOS)
    first, again, other = (
        next(islice(pairs.batches((2, 1, 1), seed), 1, None)) for seed in ([1], [1], [2])
    )
    assert all(np.array_equal(first["small"][name], again["small"][name]) for name in ("x2", "x4"))
    assert not np.array_equal(first["small"]["x2"], other["small"]["x2"])


def test_patches_are_mostly_where_there_is_detail(picture_folders):
    pairs = pairs_of(picture_folders, Source(folder="clipart"))
    batch = next(pairs.batches((200, 0, 0), [0]))
    flat = np.ptp(batch["small"]["x2"], axis=(1, 2)).max(axis=1) == 0
    assert flat.mean() < 0.05


def test_sizes_and_limits_say_what_is_used(picture_folders):
    both = pairs_of(picture_folders, Source(folder="photos", sizes=(1.0, 0.6)))
    sides = sorted({pair.large.shape[:2] for pair in both.sources[0]})
    assert sides == [(60, 72), (96, 120)]
    one = pairs_of(picture_folders, Source(folder="photos", limit=1))
    assert len(one.sources[0]) == 1


def test_pictures_that_are_too_small_are_told(picture_folders):
    with pytest.raises(InvalidRequest, match="400 x 400") as raised:
        pairs_of(picture_folders, PHOTOS, patch=100)
    assert "creative-gen data" in raised.value.hint

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from creative_gen.interface.errors import InvalidRequest
from creative_gen.latent.settings import FrameSettings
from creative_gen.media.errors import MediaError
from creative_gen.media.image_files import read_image
from creative_gen.training.picture_folders import LeftOut, Pixels
from creative_gen.training.picture_sets import Example
from creative_gen.training.thumbnails import classes_of, read_patterns, thumbnail, thumbnails
from tests.toy_pictures import clip_art, tile

ANY = read_patterns([])


def saved(path: Path, pixels: Pixels) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def small(path: Path, side: int, channels: int = 4) -> Pixels:
    assert channels in (3, 4)
    settings = FrameSettings(side=side, channels=4 if channels == 4 else 3, framing="whole")
    return thumbnail(read_image(path, 1 << 20).image, settings)


def premultiplied_mean(pixels: Pixels, times: int) -> Pixels:
    """An independent area average of squares of pixels."""
    high, wide = (length // times for length in pixels.shape[:2])
    blocks = pixels.astype(np.float64).reshape(high, times, wide, times, 4)
    weights = blocks[..., 3:]
    color = (blocks[..., :3] * weights).sum(axis=(1, 3)) / np.maximum(
        weights.sum(axis=(1, 3)), 1e-9
    )
    return np.concatenate([color, weights.mean(axis=(1, 3))], axis=2)


def test_pixel_art_of_the_size_is_kept_as_it_is(tmp_path: Path) -> None:
    hidden = tile(32, 3)
    hidden[hidden[..., 3] == 0] = (9, 99, 199, 0)
    assert np.array_equal(small(saved(tmp_path / "a.png", hidden), 32), hidden)


def test_areas_are_averaged_by_their_alpha(tmp_path: Path) -> None:
    large = np.random.default_rng(0).integers(0, 256, (48, 48, 4), np.uint8)
    made = small(saved(tmp_path / "a.png", large), 16).astype(np.float64)
    assert np.abs(made - premultiplied_mean(large, 3)).max() <= 0.51 + 0.5


def test_areas_that_pixels_do_not_divide(tmp_path: Path) -> None:
    ramp = np.broadcast_to(np.arange(0, 240, 5, np.uint8)[:, None], (48, 48))
    picture = np.dstack([ramp, ramp, ramp])
    made = small(saved(tmp_path / "a.png", picture), 20, channels=3)
    # 48 rows are 240 fifths, and 20 rows of them are 12 each.
    assert np.allclose(made[:, 0, 0], np.repeat(ramp[:, 0], 5).reshape(20, 12).mean(axis=1), atol=1)
    assert np.ptp(made, axis=(1, 2)).max() <= 1


def test_what_is_not_square_gets_margins(tmp_path: Path) -> None:
    wide = np.full((20, 40, 4), (200, 100, 50, 255), np.uint8)
    made = small(saved(tmp_path / "a.png", wide), 16)
    assert (made[4:12] == (200, 100, 50, 255)).all()
    assert (made[:4] == 0).all() and (made[12:] == 0).all()
    flat = small(tmp_path / "a.png", 16, channels=3)
    assert (flat[:4] == 255).all() and (flat[5:11] == (200, 100, 50)).all()


def test_folders_of_recipes_keep_their_splits(tmp_path: Path) -> None:
    for split, seeds in (("train", (1, 2)), ("valid", (3,))):
        for seed in seeds:
            saved(tmp_path / f"in/{split}/p{seed}.png", clip_art(32, seed=seed))
    made = list(thumbnails([tmp_path / "in"], 16, False, ANY))
    assert all(isinstance(one, Example) and one.pixels.shape == (16, 16, 3) for one in made)
    assert [one.split for one in made if isinstance(one, Example)] == ["train", "train", "valid"]


def test_other_folders_are_split_by_name(tmp_path: Path) -> None:
    picture = clip_art(16)
    for index in range(26):
        for number in range(4):
            saved(tmp_path / f"in/{chr(97 + index)}/x{chr(97 + index)}{number}.png", picture)
    made = list(thumbnails([tmp_path / "in"], 16, True, ANY))
    splits = np.array([one.split for one in made if isinstance(one, Example)]).reshape(26, 4)
    assert (splits == splits[:, :1]).all()
    assert 0 < (splits == "valid").mean() < 0.3


def test_classes_are_told_by_name(tmp_path: Path) -> None:
    for name in ("mon--rat", "mon--old--bat", "item--rat", "sky"):
        saved(tmp_path / f"in/train/{name}.png", clip_art(16))
    patterns = read_patterns(["thing = item--*", "animal=*bat", "thing=sky", "animal=*rat"])
    assert classes_of(patterns) == ("thing", "animal")
    made = list(thumbnails([tmp_path / "in"], 16, False, patterns))
    assert [one.label for one in made if isinstance(one, Example)] == [0, 1, 1, 0]
    some = list(thumbnails([tmp_path / "in"], 16, False, patterns[:2]))
    reasons = [one.reason for one in some if isinstance(one, LeftOut)]
    assert reasons == ["of no class", "of no class"]


def test_what_cannot_be_used_is_left_out(tmp_path: Path) -> None:
    saved(tmp_path / "in/a.png", clip_art(15))
    saved(tmp_path / "in/b.png", np.zeros((40, 40, 4), np.uint8))
    (tmp_path / "in/c.png").write_bytes(b"\x89PNG")
    made = list(thumbnails([tmp_path / "in"], 16, True, ANY))
    assert [one.reason for one in made if isinstance(one, LeftOut)] == [
        "smaller than 16 pixels",
        "empty",
        "too large or broken",
    ]


def test_folders_need_pictures(tmp_path: Path) -> None:
    (tmp_path / "in/train").mkdir(parents=True)
    with pytest.raises(MediaError, match="has no pictures"):
        list(thumbnails([tmp_path / "in"], 16, True, ANY))


@pytest.mark.parametrize("text", ["cat", "=*cat*", "cat=", ""])
def test_classes_have_a_name_and_a_pattern(text: str) -> None:
    with pytest.raises(InvalidRequest, match="is no class"):
        read_patterns([text])

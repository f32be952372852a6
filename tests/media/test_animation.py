from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from creative_gen.media.animation import animation_bytes, there_and_back
from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image
from tests import toy_pictures

Pixels = NDArray[np.uint8]


def played(content: bytes) -> tuple[list[Pixels], list[float]]:
    """The frames (height, width, RGBA) as a program shows them, and their milliseconds."""
    frames, durations = [], []
    with Pillow.open(io.BytesIO(content)) as file:
        for index in range(getattr(file, "n_frames", 1)):
            file.seek(index)
            frames.append(np.array(file.convert("RGBA")))
            durations.append(file.info["duration"])
    return frames, durations


def noise(channels: int, count: int = 5, kind: type = np.uint8) -> list[Image]:
    random = np.random.default_rng(channels)
    top = np.iinfo(kind).max + 1
    return [Image(random.integers(0, top, (9, 14, channels), kind)) for _ in range(count)]


def rgba(image: Image) -> Pixels:
    return np.array(image.to_pil().convert("RGBA"))


def moving_square() -> list[Image]:
    """A red square that moves over nothing, above a line that stays."""
    frames = []
    for index in range(6):
        pixels = np.zeros((10, 20, 4), np.uint8)
        pixels[2:6, 3 * index : 3 * index + 3] = (255, 40 * index, 0, 255)
        pixels[8, :5] = (1, 2, 3, 255)
        frames.append(Image(pixels))
    return frames


@pytest.mark.parametrize(
    ("frames", "looped"), [("ab", "ab"), ("abc", "abcb"), ("abcde", "abcdedcb")]
)
def test_a_way_there_and_back_shows_its_ends_once(frames: str, looped: str) -> None:
    assert "".join(there_and_back(frames)) == looped


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_apng_keeps_every_value(channels: int) -> None:
    frames = noise(channels)
    shown, _ = played(animation_bytes(frames, "apng", 12))
    for made, given in zip(shown, frames, strict=True):
        assert np.array_equal(made, rgba(given))


def test_apng_keeps_pictures_of_different_kinds_and_a_profile() -> None:
    frames = [noise(channels, 1)[0] for channels in (1, 4, 3, 2)]
    frames[0] = Image(frames[0].pixels, icc_profile=b"not a profile, but kept")
    content = animation_bytes(frames, "apng", 12)
    for made, given in zip(played(content)[0], frames, strict=True):
        assert np.array_equal(made, rgba(given))
    assert Pillow.open(io.BytesIO(content)).info["icc_profile"] == frames[0].icc_profile


def test_16_bits_are_rounded_to_8() -> None:
    frames = noise(1, kind=np.uint16)
    for form in ("apng", "gif"):
        shown, _ = played(animation_bytes(frames, form, 12))
        for made, given in zip(shown, frames, strict=True):
            assert np.array_equal(made[..., :1], given.with_bits(8).pixels)


def test_gif_keeps_256_greys_and_what_has_few_colors() -> None:
    for frames in (noise(1), [Image(toy_pictures.clip_art(40, seed)) for seed in range(4)][:2]):
        colors = np.unique(np.concatenate([rgba(one).reshape(-1, 4) for one in frames]), axis=0)
        assert len(colors) <= 256
        for made, given in zip(played(animation_bytes(frames, "gif", 12))[0], frames, strict=True):
            assert np.array_equal(made, rgba(given))


def test_gif_is_clear_where_the_pictures_are_clear() -> None:
    frames = there_and_back(moving_square())
    shown, _ = played(animation_bytes(frames, "gif", 12))
    for made, given in zip(shown, frames, strict=True):
        opaque = given.pixels[..., 3] > 0
        assert np.array_equal(made[..., 3] > 0, opaque)
        assert np.array_equal(made[opaque], given.pixels[opaque])


def test_gif_reduces_many_colors_little() -> None:
    frames = [Image(toy_pictures.photo(48, 64, seed)) for seed in range(3)]
    shown, _ = played(animation_bytes(frames, "gif", 12))
    pairs = zip(shown, frames, strict=True)
    errors = [made[..., :3].astype(float) - given.pixels for made, given in pairs]
    ours = np.sqrt(np.mean(np.square(errors)))
    # What Pillow makes of each frame with a palette of its own, of all 256 colours.
    alone = [Pillow.fromarray(given.pixels).quantize(256).convert("RGB") for given in frames]
    theirs = [np.array(one, float) - given.pixels for one, given in zip(alone, frames, strict=True)]
    assert ours < 1.2 * np.sqrt(np.mean(np.square(theirs)))


def test_every_pixel_of_a_gif_has_the_nearest_color_of_its_palette() -> None:
    frames = noise(3, 4)
    shown, _ = played(animation_bytes(frames, "gif", 12))
    palette = np.unique(np.concatenate([one.reshape(-1, 4) for one in shown])[:, :3], axis=0)
    assert len(palette) <= 256
    for made, given in zip(shown, frames, strict=True):
        colors = given.pixels.reshape(-1, 1, 3).astype(int)
        nearest = np.square(colors - palette).sum(axis=2).min(axis=1)
        taken = np.square(colors[:, 0] - made.reshape(-1, 4)[:, :3]).sum(axis=1)
        assert np.array_equal(taken, nearest)


def test_wholly_clear_pictures_can_be_played() -> None:
    clear = Image(np.zeros((4, 4, 4), np.uint8))
    shown, _ = played(animation_bytes([clear, moving_square_of_4(), clear], "gif", 12))
    assert [int(one[..., 3].max()) for one in shown] == [0, 255, 0]


def moving_square_of_4() -> Image:
    return Image(np.full((4, 4, 4), 255, np.uint8))


@pytest.mark.parametrize("frames_per_second", [0.1, 1, 7, 12, 24, 50])
@pytest.mark.parametrize("form", ["gif", "apng"])
def test_speed_is_kept_on_average(form: str, frames_per_second: float) -> None:
    frames = noise(1, 12)
    _, durations = played(animation_bytes(frames, form, frames_per_second))
    unit = 10 if form == "gif" else 1
    assert len(durations) == 12
    assert sum(durations) == pytest.approx(12_000 / frames_per_second, abs=unit)
    assert max(durations) - min(durations) <= unit


@pytest.mark.parametrize("form", ["gif", "apng"])
def test_it_is_played_for_ever_and_says_how_it_was_made(form: str) -> None:
    text = '{"creative_gen": "Été"}' * 40
    with Pillow.open(io.BytesIO(animation_bytes(noise(3), form, 12, text))) as file:
        assert file.info["loop"] == 0
        told = file.info["comment"].decode() if form == "gif" else file.info["creative_gen"]
        assert told == text
        assert file.format == ("GIF" if form == "gif" else "PNG")


@pytest.mark.parametrize("form", ["gif", "apng"])
def test_pictures_that_are_all_the_same_are_one(form: str) -> None:
    content = animation_bytes(noise(3, 1) * 3, form, 12)
    with Pillow.open(io.BytesIO(content)) as file:
        assert np.array_equal(np.array(file.convert("RGBA")).shape, (9, 14, 4))


def test_the_same_pictures_give_the_same_bytes() -> None:
    for form in ("gif", "apng"):
        assert animation_bytes(noise(4), form, 12) == animation_bytes(noise(4), form, 12)


def test_what_is_no_animation_is_refused() -> None:
    wide = Image(np.zeros((1, 65_536, 1), np.uint8))
    for frames, form, speed, word in (
        (noise(3, 1), "gif", 12, "One picture is no animation"),
        ([*noise(3, 1), moving_square()[0]], "apng", 12, "one size"),
        (noise(3), "gif", 51, "51 pictures in a second"),
        (noise(3), "gif", 0, "0 pictures in a second"),
        ([wide, wide], "gif", 12, "65,535"),
    ):
        with pytest.raises(MediaError, match=word) as caught:
            animation_bytes(frames, form, speed)
        assert caught.value.hint

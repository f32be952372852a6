import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from creative_gen.media.errors import MediaError
from creative_gen.training.digit_pictures import digit_pictures, read_digits

IMAGES = np.random.default_rng(0).integers(0, 256, (40, 5, 4), np.uint8)
LABELS = np.arange(40, dtype=np.uint8) % 10


def idx(path: Path, array: np.ndarray[Any, Any], cut: int = 0) -> Path:
    head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    content = (head + array.tobytes())[: -cut or None]
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.mark.parametrize("names", [("images", "labels"), ("x_train", "y_train")])
def test_archives(names: tuple[str, str], tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", **dict(zip(names, (IMAGES, LABELS), strict=True)))
    images, labels = read_digits([tmp_path / "d.npz"])
    assert np.array_equal(images, IMAGES)
    assert np.array_equal(labels, LABELS)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_pair_of_files_in_any_order(suffix: str, tmp_path: Path) -> None:
    labels = idx(tmp_path / f"labels-idx1-ubyte{suffix}", LABELS)
    images = idx(tmp_path / f"images-idx3-ubyte{suffix}", IMAGES)
    for paths in ([labels, images], [images, labels]):
        read = read_digits(paths)
        assert np.array_equal(read[0], IMAGES)
        assert np.array_equal(read[1], LABELS)


def test_digits_are_dark_on_white_and_a_share_is_kept_aside() -> None:
    made = list(digit_pictures((IMAGES, LABELS.astype(np.int64)), 0.25, seed=3))
    assert [one.split for one in made].count("valid") == 10
    label = {
        (255 - image).tobytes(): int(digit) for image, digit in zip(IMAGES, LABELS, strict=True)
    }
    assert {one.pixels.tobytes(): one.label for one in made} == label
    assert made[0].pixels.shape == (5, 4, 1)


@pytest.mark.parametrize(
    "arrays",
    [
        {"images": IMAGES},
        {"images": IMAGES, "labels": LABELS[1:]},
        {"images": IMAGES[..., 0], "labels": LABELS},
        {"images": IMAGES.astype(np.float32), "labels": LABELS},
        {"images": IMAGES, "labels": LABELS.astype(np.float32)},
        {"images": IMAGES, "labels": LABELS.astype(np.int64) - 1},
        {"images": IMAGES, "labels": LABELS.astype(np.int64) * 1000},
        {"images": IMAGES[:0], "labels": LABELS[:0]},
    ],
)
def test_other_arrays_are_refused(arrays: dict[str, Any], tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", **arrays)
    with pytest.raises(MediaError, match=r"d\.npz"):
        read_digits([tmp_path / "d.npz"])


def test_broken_files_are_refused(tmp_path: Path) -> None:
    labels = idx(tmp_path / "labels", LABELS)
    cut = idx(tmp_path / "cut", IMAGES, cut=1)
    squeezed = idx(tmp_path / "squeezed.gz", IMAGES)
    squeezed.write_bytes(squeezed.read_bytes()[:-20])
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    floats = tmp_path / "floats"
    floats.write_bytes(struct.pack(">HBBI", 0, 13, 1, 0))
    for path in (cut, squeezed, empty, floats):
        with pytest.raises(MediaError, match=path.name):
            read_digits([path, labels])
    with pytest.raises(MediaError, match="not a set of digits"):
        read_digits([labels])
    with pytest.raises(MediaError, match="does not hold digits"):
        read_digits([labels, labels])

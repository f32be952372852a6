import math

import numpy as np
import pytest
from skimage.color import rgb2ycbcr
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from creative_gen.media.fidelity import luma, psnr, ssim


def pair(shape: tuple[int, ...], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A picture of waves and one with noise added, in [0, 255]."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    wave = 128 + 100 * np.sin(rows / 5) * np.cos(columns / 7)
    picture = np.broadcast_to(wave.reshape(*shape[:2], *[1] * (len(shape) - 2)), shape)
    return picture.copy(), (picture + rng.normal(0, 9, shape)).clip(0, 255)


def test_luma_is_that_of_bt_601_in_studio_range():
    rgb = np.random.default_rng(0).random((9, 8, 3))
    assert np.allclose(luma(rgb), rgb2ycbcr(rgb)[..., 0])
    assert luma(np.zeros(3, np.float32)) == pytest.approx(16)
    assert luma(np.ones(3, np.float32)) == pytest.approx(235)


@pytest.mark.parametrize("shape", [(40, 50), (40, 50, 3)])
@pytest.mark.parametrize("shave", [0, 3])
def test_psnr_is_that_of_scikit_image(shape, shave):
    a, b = pair(shape)
    inner = (slice(shave, 40 - shave), slice(shave, 50 - shave))
    expected = peak_signal_noise_ratio(a[inner], b[inner], data_range=255)
    assert psnr(a, b, 255, shave) == pytest.approx(expected, abs=1e-9)


def test_psnr_of_equal_pictures_is_infinite():
    a, _ = pair((20, 20))
    assert psnr(a, a, 255) == math.inf


def test_an_error_of_one_level_everywhere_is_48_decibels():
    assert psnr(np.zeros((4, 4)), np.ones((4, 4)), 255) == pytest.approx(20 * math.log10(255))


@pytest.mark.parametrize("size", [(11, 11), (40, 53), (64, 30)])
@pytest.mark.parametrize("peak", [1.0, 255.0])
def test_ssim_is_that_of_scikit_image_with_the_authors_settings(size, peak):
    a, b = (picture * peak / 255 for picture in pair(size))
    _, local = structural_similarity(
        a,
        b,
        data_range=peak,
        gaussian_weights=True,
        sigma=1.5,
        truncate=3.5,
        use_sample_covariance=False,
        full=True,
    )
    # scikit-image mirrors beyond the edges; the reference counts whole windows alone.
    assert ssim(a, b, peak) == pytest.approx(local[5:-5, 5:-5].mean(), abs=1e-9)


def test_ssim_shaves_first():
    a, b = pair((40, 40))
    assert ssim(a, b, 255, 4) == pytest.approx(ssim(a[4:-4, 4:-4], b[4:-4, 4:-4], 255), abs=1e-12)
    assert ssim(a, a, 255) == pytest.approx(1)


def test_pictures_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        psnr(np.zeros((4, 4)), np.zeros((4, 5)), 1)
    with pytest.raises(ValueError, match="Nothing is left"):
        psnr(np.zeros((4, 4)), np.zeros((4, 4)), 1, 2)
    with pytest.raises(ValueError, match="needs 11 x 11"):
        ssim(np.zeros((12, 12)), np.zeros((12, 12)), 1, 1)

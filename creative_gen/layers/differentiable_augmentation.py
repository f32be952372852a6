"""Differentiable augmentation of what a discriminator sees, real or made (Zhao et al., 2020).

With few pictures a discriminator learns them by heart; it cannot where it never sees the same one
twice. The generator learns to make pictures that are not augmented, as the changes are invertible
in distribution.
"""

from __future__ import annotations

from keras import ops, random

LEAST_COVER = 1e-3
"""Of a picture that is nearly all transparent, so that its mean colour is a number."""


def augmented(pictures, seed, shift=0.125, cutout=0.5, color=1.0):
    """Pictures, each in other colours, moved, and with a square cut out.

    Args:
        pictures: (N, H, W, C) in [0, 1]; of 4 channels the colour is premultiplied.
        seed: keras.random.SeedGenerator.
        shift: float. How far they are moved at most, as a share of the side.
        cutout: float. Side of the square, likewise.
        color: float. How strong the changes of brightness, saturation and contrast are.

    Returns:
        (N, H, W, C); values may leave [0, 1].
    """
    paper = 0.0 if pictures.shape[-1] == 4 else 1.0
    pictures = recolored(pictures, seed, color) - paper
    return cut(shifted(pictures, seed, shift), seed, cutout) + paper


def recolored(pictures, seed, strength):
    """Brightness and saturation of each picture changed, and its contrast; not its alpha."""
    count = ops.shape(pictures)[0]
    colors, alpha = pictures[..., :3], pictures[..., 3:]
    cover = alpha if pictures.shape[-1] == 4 else ops.ones_like(colors[..., :1])
    bright, saturation, contrast = (
        strength * random.uniform((count, 1, 1, 1), -0.5, 0.5, seed=seed) for _ in range(3)
    )
    colors = colors + bright * cover
    grey = ops.mean(colors, 3, keepdims=True)
    colors = grey + (colors - grey) * (1 + 2 * saturation)
    # The mean colour of what there is to see: nothing is added where there is nothing.
    covered = ops.maximum(ops.mean(cover, (1, 2, 3), keepdims=True), LEAST_COVER)
    mean = cover * ops.mean(colors, (1, 2, 3), keepdims=True) / covered
    return ops.concatenate([mean + (colors - mean) * (1 + contrast), alpha], -1)


def shifted(pictures, seed, share):
    """Each picture moved by whole pixels; what comes in is 0."""
    for axis, equation in ((1, "nij,njwc->niwc"), (2, "nij,nhjc->nhic")):
        side = pictures.shape[axis]
        most = round(share * side)
        count = ops.shape(pictures)[0]
        by = random.randint((count, 1, 1), -most, most + 1, seed=seed)
        places = ops.arange(side)
        moves = ops.cast(places[None, None, :] == places[None, :, None] + by, pictures.dtype)
        pictures = ops.einsum(equation, moves, pictures)
    return pictures


def cut(pictures, seed, share):
    """Each picture with a square of it set to 0, which may reach over the edge."""
    count, inside = ops.shape(pictures)[0], []
    for side in pictures.shape[1:3]:
        middle = random.uniform((count, 1), 0.0, float(side), seed=seed)
        distance = ops.abs(ops.arange(side, dtype="float32")[None] - middle)
        inside.append(ops.cast(distance < 0.5 * share * side, pictures.dtype))
    square = inside[0][:, :, None, None] * inside[1][:, None, :, None]
    return pictures * (1 - square)

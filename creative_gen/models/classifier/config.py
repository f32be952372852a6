"""The settings of a classifier's network."""

from __future__ import annotations

from pydantic import Field

from creative_gen.latent.settings import FrameSettings


class ClassifierConfig(FrameSettings):
    """What shapes a classifier, and how it wants its pictures; in its asset's card as `settings`.

    Args:
        classes: what it tells apart, in the order of its logits; those of the pictures that it
            learns from.
        widths: channels of the levels, the first at the pictures' own size. The last is the
            number of its features.
        blocks: residual blocks a level, below the first.
    """

    classes: tuple[str, ...] = ()
    widths: tuple[int, ...] = Field((16, 32, 64, 64), min_length=2, max_length=6)
    blocks: int = Field(1, ge=0, le=8)

"""How likely held-out sound is under a WaveNet, in bits a sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from creative_gen.models.wavenet.dataset import Clips, Crop, Rows
from creative_gen.models.wavenet.player import Player
from creative_gen.models.wavenet.sample_likelihood import grid_nats
from creative_gen.models.wavenet.tracking import phase_bits_per_sample

AT_ONCE = 8

Float = NDArray[np.float64]


def clip_bits(player: Player, clips: Clips, indices: Sequence[int]) -> Iterator[tuple[int, Float]]:
    """The bits of each sample of some clips, teacher-forced.

    Of logistics they are those of the sound's 16-bit samples. What the phases of a note's partials
    tell is counted: a byte for each phase that the network is told. Of mu-law levels they are those
    of the levels of the residual.

    Yields:
        A clip's index and its bits (samples,).
    """
    rows = Rows(clips, player.envelopes)
    for first in range(0, len(indices), AT_ONCE):
        chosen = indices[first : first + AT_ONCE]
        frames = max(clips.frames(index) for index in chosen)
        batch = rows.empty(len(chosen), frames)
        for row, index in enumerate(chosen):
            rows.fill(batch, row, Crop(index, 0))
        biases = np.stack([player.biases(clips.tone(index), 0, frames) for index in chosen])
        state = player.sampler.start(np.zeros(len(chosen), np.int64))
        if player.config.head == "mu_law":
            nats = -player.sampler.read(state, batch["residual"], biases, batch["phases"])
        else:
            outputs = player.sampler.logits(state, batch["residual"], biases, batch["phases"])
            nats = grid_nats(outputs, batch["residual"], batch["half_step"])
        for row, index in enumerate(chosen):
            length = len(clips.clips.clip(index))
            side = 0.0
            if clips.tone(index).pitch is not None and player.config.partials:
                side = phase_bits_per_sample(player.config.partials, player.config.sample_rate)
            yield index, nats[row, :length] / np.log(2) + side


def mean_bits(player: Player, clips: Clips, indices: Sequence[int]) -> float:
    """The mean over all samples of some clips."""
    bits = [one for _, one in clip_bits(player, clips, indices)]
    return float(np.concatenate(bits).mean())

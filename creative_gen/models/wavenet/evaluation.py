"""Measures a WaveNet on clips that it has not learnt from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Progress
from creative_gen.media.clip_set import ClipSet, read_clip_set
from creative_gen.models.wavenet.baselines import Figures, baseline_bits
from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.dataset import PCM, Clips
from creative_gen.models.wavenet.kind_classifier import KindClassifier, kind_accuracy
from creative_gen.models.wavenet.likelihood import mean_bits
from creative_gen.models.wavenet.likeness import new_hit
from creative_gen.models.wavenet.mixing import Limiter
from creative_gen.models.wavenet.performance import Sound, extend
from creative_gen.models.wavenet.pitch_measure import measure_note
from creative_gen.models.wavenet.player import Player

READ, PLAYED = 16, 24
"""Clips of each kind whose likelihood is measured, and notes that are played, at most."""
HITS = 30
"""Hits of each drum that are made."""
LONGEST_HIT = 2.0
AT_ONCE = 32
BASELINES = {
    "uniform": "uniform_bits",
    "unigram": "unigram_bits",
    "linear prediction": "prediction_bits",
    "oracle": "oracle_bits",
}
IN_TUNE, FAULTY = 20.0, 0.05
RECOGNISED = 0.6
"""A kind is offered when its median pitch is this many cents off at most and this share of its
notes faulty, or when its hits are recognised this often relative to real ones."""

Float = NDArray[np.float32]
Rows = dict[str, dict[str, float]]


def evaluate(asset: AssetFiles, data: Path) -> Iterator[Progress | dict[str, Any]]:
    """Likelihood, pitch and recognisability, of each kind and of all.

    Args:
        asset: AssetFiles. What to measure.
        data: Path. A folder of clips, as `creative-gen data notes` and `drums` make it: "test.npz"
            is what is measured on, "train.npz" is what the baselines and the classifier learn from.

    Yields:
        `Progress`, and at last the figures. `bits` is -log2 p a 16-bit sample, what the phases of
        partials tell included; of the same samples are `uniform_bits`, `unigram_bits`,
        `prediction_bits` (order-16 linear prediction fitted to each kind's training clips) and
        `oracle_bits` (the same fitted to each test clip itself). `cents` is the median of
        |pitch - wanted| by librosa's pYIN, over notes of the test clips' pitches, velocities and
        lengths; `undefined` the share of notes that pYIN finds no pitch in, `faulty` that of
        silent, clipped and noisy ones. Of drums, `recognised` is how often the kind classifier
        names the kind of new hits, `real` that of the test's, and `relative` their quotient.
    """
    player = Player(asset)
    train, test = (_read(data, split, player) for split in ("train", "test"))
    yield Progress(0.0)
    kinds = _likelihoods(player, train, test)
    yield Progress(0.3)
    measure = _notes if player.config.partials else _hits
    for done in measure(player, train, test, kinds):
        yield Progress(0.3 + 0.7 * done)
    columns = list(dict.fromkeys(name for row in kinds.values() for name in row))
    mean = {
        name: round(float(np.mean([row[name] for row in kinds.values() if name in row])), 4)
        for name in columns
    }
    yield {
        "asset": asset.name,
        "clips": len(test),
        "mean": mean,
        "categories": kinds,
        "offered": {name: _is_offered(row) for name, row in kinds.items()},
    }


def _read(data: Path, split: str, player: Player) -> ClipSet:
    clips = read_clip_set(data / f"{split}.npz")
    if clips.kinds != player.config.kinds or clips.sample_rate != player.config.sample_rate:
        raise InvalidMedia(
            f"'{data}' has other kinds of clips than the asset, or another sample rate.",
            "Give the folder that its recipe makes.",
        )
    return clips


def _is_offered(row: dict[str, float]) -> bool:
    if "cents" in row:
        return row["cents"] <= IN_TUNE and row["faulty"] <= FAULTY
    return row.get("relative", 0.0) >= RECOGNISED


def _likelihoods(player: Player, train: ClipSet, test: ClipSet) -> Rows:
    """The bits of each kind's samples, the baselines' beside them on the very same clips."""
    chosen = [_spread(np.flatnonzero(test.kind == k), READ) for k in range(len(test.kinds))]
    some = subset(test, [index for indices in chosen for index in indices])
    baselines: Figures = baseline_bits(train, some, 0.0, "16 bit")
    clips, rows = Clips(test, player.config), {}
    for name, indices in zip(test.kinds, chosen, strict=True):
        if indices:
            bits = {"bits": mean_bits(player, clips, indices)}
            bits |= {BASELINES[key]: value for key, value in baselines.kinds[name].items()}
            rows[name] = {key: round(value, 3) for key, value in bits.items()}
    return rows


def subset(clips: ClipSet, indices: Sequence[int]) -> ClipSet:
    """Some of a set's clips."""
    parts = [clips.clip(index) for index in indices]
    chosen = np.array(indices, np.int64)
    return ClipSet(
        sample_rate=clips.sample_rate,
        kinds=clips.kinds,
        samples=np.concatenate(parts),
        offsets=np.cumsum([0, *map(len, parts)], dtype=np.int64),
        kind=clips.kind[chosen],
        pitch=clips.pitch[chosen],
        velocity=clips.velocity[chosen],
        release=clips.release[chosen],
        source=tuple(clips.source[index] for index in indices),
    )


def _spread(indices: NDArray[np.int64], most: int) -> list[int]:
    """At most so many of the indices, evenly over them."""
    step = max(len(indices) / most, 1.0)
    return [int(indices[int(at)]) for at in np.arange(0, len(indices), step)]


def _notes(player: Player, train: ClipSet, test: ClipSet, rows: Rows) -> Iterator[float]:
    """Play the test's notes, and measure their pitch."""
    rate = test.sample_rate
    for kind, name in enumerate(test.kinds):
        yield kind / len(test.kinds)
        indices = _spread(np.flatnonzero(test.kind == kind), PLAYED)
        tones = [Clips(test, player.config).tone(index) for index in indices]
        lengths = [len(test.clip(index)) for index in indices]
        found = []
        for index, tone, samples in zip(indices, tones, play(player, tones, lengths), strict=True):
            assert tone.pitch is not None
            real = test.clip(index) / np.float32(PCM)
            found.append(measure_note(samples, rate, tone.pitch, tone.release, real))
        cents = [abs(one.cents) for one in found if one.cents is not None]
        rows[name] |= {
            "cents": round(float(np.median(cents)), 2) if cents else 100.0,
            "undefined": round(1 - len(cents) / len(found), 3),
            "faulty": round(float(np.mean([one.fault is not None for one in found])), 3),
        }


def _hits(player: Player, train: ClipSet, test: ClipSet, rows: Rows) -> Iterator[float]:
    """Make hits, and let a classifier name their kinds."""
    classifier = KindClassifier.fit(train)
    real = kind_accuracy(classifier, test)
    velocities = np.unique(test.velocity)
    for kind, name in enumerate(test.kinds):
        yield kind / len(test.kinds)
        if name not in rows:
            continue
        tones = [
            new_hit(player.config, kind, int(velocities[n % len(velocities)]), n)
            for n in range(HITS)
        ]
        longest = [round(LONGEST_HIT * test.sample_rate)] * HITS
        named = classifier.names(play(player, tones, longest), test.sample_rate)
        recognised = float(np.mean([one == name for one in named]))
        rows[name] |= {
            "recognised": round(recognised, 3),
            "real": round(real[name], 3),
            "relative": round(recognised / max(real[name], 1e-9), 3),
        }


def play(player: Player, tones: Sequence[Tone], lengths: Sequence[int]) -> list[Float]:
    """What `audio.generate` makes of tones, each until it ends or for a length."""
    sounds = [Sound(voice) for voice in player.start(tones, range(len(tones)))]
    ends = dict(zip(map(id, sounds), lengths, strict=True))
    while playing := [s for s in sounds if not s.ended and s.length < ends[id(s)]]:
        extend(player, playing[:AT_ONCE], player.config.temperature)
    return [_limited(sound, ends[id(sound)], player.config.sample_rate) for sound in sounds]


def _limited(sound: Sound, length: int, sample_rate: int) -> Float:
    limiter = Limiter(sample_rate)
    samples = np.concatenate(list(sound.samples))[:length]
    return np.concatenate([limiter.process(samples), limiter.flush()])

"""Answers the audio tasks with a trained WaveNet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.audio_options import ContinueOptions, GenerateOptions, RenderOptions
from creative_gen.interface.errors import InvalidAsset, InvalidRequest, UnknownTask
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Chunk, Output, Progress, Request, Step
from creative_gen.kernels.random import seeds_from
from creative_gen.media.audio import Audio
from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.continuation import Continuation
from creative_gen.models.wavenet.likeness import new_hit
from creative_gen.models.wavenet.mixing import Limiter
from creative_gen.models.wavenet.performance import BATCH, Performance, Sound, extend
from creative_gen.models.wavenet.player import Player
from creative_gen.models.wavenet.score import in_range, score_of
from creative_gen.models.wavenet.spool import Spool

if TYPE_CHECKING:
    from note_seq import NoteSequence

HEADROOM = 0.5
"""Gain of a rendered mix, 6 dB down, so that a few loud notes together are not limited."""
HELD_SECONDS = 1.5
"""How long a generated note is held, when nothing is said of its length."""
LONGEST_SECONDS = 6.0
"""The longest that a sound is, when nothing is said of its length."""
RELEASE_SHARE = 0.2
"""The share of a generated note's length that comes after its key is let go."""
FADE_SECONDS = 0.01

Float = NDArray[np.float32]
Details = Mapping[str, str | int | float]
Events = Iterator[Step]


@dataclass(frozen=True)
class Take:
    """A single sound while it is made: which output it is, and what is known of it."""

    index: int
    sound: Sound
    spool: Spool
    limiter: Limiter
    details: Details

    def ended(self, end: int) -> bool:
        """Whether it has died away, or is `end` samples long."""
        return self.sound.ended or self.sound.length >= end

    def add(self, samples: Float) -> Chunk:
        """Keep the next samples, and tell them."""
        self.spool.add(samples[None])
        return Chunk(Audio(samples[None], self.spool.sample_rate), self.index, self.details)


class WaveNetGenerator:
    """Plays a WaveNet asset; see `interface.jobs.Generator`."""

    def __init__(self, asset: AssetFiles) -> None:
        self.player = Player(asset)
        self.config = self.player.config
        self.name = asset.name
        self.offered = asset.categories or self.config.kinds
        unknown = set(self.offered) - set(self.config.kinds)
        if unknown:
            raise InvalidAsset(
                f"The asset '{asset.name}' offers '{min(unknown)}', which it was not trained on.",
                f"Fetch or build the asset '{asset.name}' again.",
            )

    def run(self, request: Request) -> Events:
        """Answer a request with chunks, progress and, at last, a tuple of outputs."""
        options, inputs = request.options, request.inputs
        if isinstance(options, RenderOptions):
            return self.render(cast("NoteSequence", inputs["notes"]), options)
        if isinstance(options, GenerateOptions):
            return self.generate(options)
        if isinstance(options, ContinueOptions):
            return self.go_on(cast(Audio, inputs["audio"]), options)
        raise UnknownTask(f"A WaveNet does not do {request.task}.", "Choose another asset.")

    def render(self, notes: NoteSequence, options: RenderOptions) -> Events:
        """Play notes."""
        # Here, because note-seq takes a second to import.
        from creative_gen.media.music import notes_of

        rate = self.config.sample_rate
        if options.instrument is not None:
            self._kind(options.instrument)
        score = score_of(notes_of(notes), self.config, options.instrument)
        temperature = self._temperature(options.temperature)
        performance = Performance(self.player, score.entries, options.seed or 0, temperature)
        details: Details = {"seed": options.seed or 0, "temperature": temperature, **score.remarks}
        gain = np.float32(HEADROOM * 10 ** (options.gain / 20))
        limiter, spool = Limiter(rate), Spool(1, rate)
        length = max(entry.start + (entry.tone.release or 0) for entry in score.entries)
        for window in performance.windows():
            yield from self._emit(spool, limiter.process(window * gain), details)
            yield Progress(min(performance.progress / max(length, 1), 1.0))
        yield from self._emit(spool, limiter.flush(), details)
        yield (Output(spool.audio(), details),)

    def _emit(self, spool: Spool, samples: Float, details: Details) -> Iterator[Chunk]:
        if len(samples):
            spool.add(samples[None])
            yield Chunk(Audio(samples[None], spool.sample_rate), 0, details)

    def generate(self, options: GenerateOptions) -> Events:
        """Play single sounds, in batches."""
        seeds = [int(seed) for seed in seeds_from(options.seed, options.count)]
        rate = self.config.sample_rate
        outputs: list[Output] = []
        for first in range(0, options.count, BATCH):
            batch = seeds[first : first + BATCH]
            tones = [self._tone(seed, options) for seed in batch]
            voices = self.player.start(tones, batch)
            takes = [
                Take(first + index, Sound(voice), Spool(1, rate), Limiter(rate), details)
                for index, (voice, details) in enumerate(
                    zip(voices, map(self._details, batch, tones), strict=True)
                )
            ]
            yield from self._play(takes, options)
            outputs += [Output(take.spool.audio(), take.details) for take in takes]
        yield tuple(outputs)

    def _play(self, takes: Sequence[Take], options: GenerateOptions) -> Iterator[Chunk | Progress]:
        rate = self.config.sample_rate
        end = round((options.seconds or LONGEST_SECONDS) * rate)
        temperature = self._temperature(options.temperature)
        while playing := [take for take in takes if not take.ended(end)]:
            extend(self.player, [take.sound for take in playing], temperature)
            for take in playing:
                samples = take.sound.take(end, fade=round(FADE_SECONDS * rate))
                yield take.add(take.limiter.process(samples))
            share = max(min(take.sound.length / end, 1.0) for take in takes)
            yield Progress((takes[0].index + len(takes) * share) / options.count)
        for take in takes:
            yield take.add(take.limiter.flush())
            if options.seconds and take.spool.frames < end:
                yield take.add(np.zeros(end - take.spool.frames, np.float32))

    def _tone(self, seed: int, options: GenerateOptions) -> Tone:
        """The tone of a sound; without a kind, a different one from each seed to the next."""
        kind = options.kind or self.offered[seed % len(self.offered)]
        index = self._kind(kind)
        low, high = self.config.pitches[index]
        if low < 0:
            return new_hit(self.config, index, options.velocity, seed)
        # The C in the middle of its range.
        middle = 12 * round((low + high) / 24)
        pitch = in_range(middle if options.pitch is None else options.pitch, (low, high))
        held = HELD_SECONDS
        if options.seconds:
            held = options.seconds * (1 - RELEASE_SHARE)
        return Tone(index, pitch, options.velocity, round(held * self.config.sample_rate))

    def _details(self, seed: int, tone: Tone) -> Details:
        pitch = {} if tone.pitch is None else {"pitch": tone.pitch}
        return {"seed": seed, "kind": self.config.kinds[tone.kind], **pitch}

    def go_on(self, audio: Audio, options: ContinueOptions) -> Events:
        """Hear a sound, and go on from it."""
        kind = None if options.kind is None else self._kind(options.kind)
        offered = [self.config.kinds.index(name) for name in self.offered]
        given = Continuation(self.player, audio, kind, options.pitch, offered)
        seeds = [int(seed) for seed in seeds_from(options.seed, options.count)]
        temperature = self._temperature(options.temperature)
        heard = yield from given.hear()
        details = self._details(0, heard.tone)
        outputs = []
        for index, seed in enumerate(seeds):
            told = {**details, "seed": seed, "given_frames": audio.frames}
            spool = Spool(audio.channels, audio.sample_rate)
            spool.add(audio.samples)
            yield Chunk(audio, index, told)
            for samples, done in given.play(heard, seed, options.seconds, temperature):
                spool.add(samples)
                if samples.size:
                    yield Chunk(Audio(samples, audio.sample_rate), index)
                yield Progress((index + done) / options.count)
            outputs.append(Output(spool.audio(), told))
        yield tuple(outputs)

    def _kind(self, name: str) -> int:
        if name not in self.config.kinds:
            raise InvalidRequest(
                f"The asset '{self.name}' does not know '{name}'.",
                f"It knows {', '.join(self.config.kinds)}.",
            )
        return self.config.kinds.index(name)

    def _temperature(self, asked: float | None) -> float:
        return self.config.temperature if asked is None else asked

"""Plays a score: every note a voice, voices in batches, equal notes only once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels import random
from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.player import Player, Voice
from creative_gen.models.wavenet.score import Entry

Float = NDArray[np.float32]

UNIT_SECONDS = 0.1
"""What a voice plays at once; whether it has ended is asked after each."""
BATCH = 16
"""Voices that play together: about 100 ms of work."""
FIRST_WINDOW, LONGEST_WINDOW = 0.25, 4.0
"""Seconds of the piece that are made together: soon a first chunk, then full batches."""
SILENT = 0.002
"""A voice whose peak stays below this has ended."""
SHORTEST_SECONDS = 0.2
LONGEST_TAIL = 3.0
"""Seconds after which a released note is faded out."""
SHARED_SECONDS = 10.0
"""Notes held longer are not kept for others that are equal."""
KEPT_SAMPLES = 16_000_000
"""Samples kept of notes that do not sound now but come again: 64 MB."""


@dataclass(eq=False)
class Sound:
    """What a tone sounds like, as far as it has been played.

    Args:
        voice: Voice. What plays it.
        samples: the parts that have been played, from sample `forgotten` on.
        length: samples that have been played in all.
        ended: whether nothing comes after them.
    """

    voice: Voice
    samples: deque[Float] = field(default_factory=deque)
    forgotten: int = 0
    length: int = 0
    ended: bool = False

    def add_to(self, mix: Float, at: int) -> None:
        """Add the sound to a mix in which it starts at sample `at`, which may be before it."""
        position = at + self.forgotten
        for part in self.samples:
            first, last = max(position, 0), min(position + len(part), len(mix))
            if first < last:
                mix[first:last] += part[first - position : last - position]
            position += len(part)

    def take(self, end: int, fade: int) -> Float:
        """The last part, cut where the sound is `end` samples long, with a fade before that."""
        part = self.samples.pop()
        over = self.length - end
        if over >= 0:
            part = part[: len(part) - over].copy()
            ramp = min(fade, len(part))
            part[len(part) - ramp :] *= np.linspace(1, 0, ramp, dtype=np.float32)
        return part

    def forget(self, until: int) -> None:
        """Drop whole parts before a sample."""
        while self.samples and self.forgotten + len(self.samples[0]) <= until:
            self.forgotten += len(self.samples.popleft())


def extend(player: Player, sounds: Sequence[Sound], temperature: float) -> None:
    """Play one more unit of each sound, and see whether it ended."""
    config = player.config
    frames = max(round(UNIT_SECONDS * config.sample_rate / config.frame), 1)
    played = player.advance([sound.voice for sound in sounds], frames, temperature)
    for sound, samples in zip(sounds, played, strict=True):
        sound.length += len(samples)
        sound.ended = _has_ended(sound, samples, config.sample_rate)
        if sound.ended:
            samples = samples * np.linspace(1, 0, len(samples), dtype=np.float32)
            # Its queues are as large as seconds of sound.
            sound.voice.state = sound.voice.state.rows([])
        sound.samples.append(samples)


def _has_ended(sound: Sound, samples: Float, sample_rate: int) -> bool:
    release = sound.voice.tone.release
    if release is not None and sound.length - release > LONGEST_TAIL * sample_rate:
        return True
    quiet = float(np.abs(samples).max()) < SILENT
    return quiet and sound.length >= SHORTEST_SECONDS * sample_rate


class Performance:
    """Plays entries, sorted by their start, in windows.

    What is in memory are the sounds of one window and of the notes that sound in it, and at most
    `KEPT_SAMPLES` of others that come again: it does not grow with the piece.

    Args:
        player: Player.
        entries: by their start.
        seed: int. Equal tones sound the same in a performance.
        temperature: float.
    """

    def __init__(
        self, player: Player, entries: Sequence[Entry], seed: int, temperature: float
    ) -> None:
        self.player, self.seed, self.temperature = player, seed, temperature
        self.progress = 0
        """Samples of the piece that have been played by every voice."""
        self._waiting = deque(entries)
        self._playing: list[tuple[int, Sound]] = []
        self._sounds: dict[Tone, Sound] = {}
        self._uses: dict[Tone, int] = {}
        for entry in entries:
            self._uses[entry.tone] = self._uses.get(entry.tone, 0) + 1

    def windows(self) -> Iterator[Float]:
        """The mix, window after window; empty ones in between say that work goes on."""
        rate = self.player.config.sample_rate
        position, window = 0, round(FIRST_WINDOW * rate)
        while self._waiting or self._playing:
            end = position + window
            self._enter(end)
            while needed := [s for at, s in self._playing if not s.ended and at + s.length < end]:
                # The same sound may be needed by two notes.
                extend(self.player, list(dict.fromkeys(needed))[:BATCH], self.temperature)
                self.progress = min(
                    [at + s.length for at, s in self._playing if not s.ended] + [end]
                )
                yield np.zeros(0, np.float32)
            mix = np.zeros(window, np.float32)
            for at, sound in self._playing:
                sound.add_to(mix, at - position)
            over = max((at + s.length for at, s in self._playing), default=position)
            self._leave(end)
            # After the last note there is nothing.
            yield mix if self._waiting or self._playing else mix[: max(over - position, 0)]
            position, window = end, min(2 * window, round(LONGEST_WINDOW * rate))

    def _enter(self, end: int) -> None:
        while self._waiting and self._waiting[0].start < end:
            entry = self._waiting.popleft()
            self._uses[entry.tone] -= 1
            self._playing.append((entry.start, self._sound(entry.tone)))

    def _sound(self, tone: Tone) -> Sound:
        if tone in self._sounds:
            # The last played is the last of them.
            self._sounds[tone] = sound = self._sounds.pop(tone)
            return sound
        (voice,) = self.player.start([tone], [tone_seed(self.seed, tone)])
        sound = Sound(voice)
        if self._is_shared(tone):
            self._sounds[tone] = sound
        return sound

    def _is_shared(self, tone: Tone) -> bool:
        held = tone.release or 0
        return held <= SHARED_SECONDS * self.player.config.sample_rate

    def _leave(self, end: int) -> None:
        """Let go of notes that are over, and of sounds that nobody needs."""
        self._playing = [(at, s) for at, s in self._playing if not s.ended or at + s.length > end]
        for at, sound in self._playing:
            if not self._is_shared(sound.voice.tone):
                sound.forget(end - at)
        sounding = {id(sound) for _, sound in self._playing}
        idle = [tone for tone, sound in self._sounds.items() if id(sound) not in sounding]
        kept = 0
        # The last played first, because a piece comes back to what it has just played.
        for tone in reversed(idle):
            kept += self._sounds[tone].length
            if self._uses[tone] == 0 or kept > KEPT_SAMPLES:
                del self._sounds[tone]


def tone_seed(seed: int, tone: Tone) -> int:
    """The seed of a tone's voice: that of the performance, mixed with all that makes the tone."""
    parts = [tone.kind, tone.pitch or 0.0, tone.velocity, tone.release or 0]
    for bend in tone.bends:
        parts += bend
    words = np.array(parts, np.float64).view(np.uint64)
    mixed = np.array([seed], np.uint64)
    with np.errstate(over="ignore"):
        for word in words:
            mixed = random.mix(mixed * random.GOLDEN_GAMMA + word)
    return int(mixed[0])

"""Goes on from a sound that is given: which kind and pitch it is, and what comes next."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.jobs import Progress
from creative_gen.media.audio import Audio
from creative_gen.media.resample import Resampler, resampled
from creative_gen.models.wavenet.conditioning import Tone, frequency
from creative_gen.models.wavenet.partials import start_turns, tone_turns
from creative_gen.models.wavenet.player import Player, Voice
from creative_gen.models.wavenet.sounding_pitch import sounding_pitch
from creative_gen.models.wavenet.tracking import track_partials

HEARD_SECONDS = 4.0
"""How much of the end of a sound is heard: more would change nothing."""
PITCH_SECONDS = 0.15
LEVEL_SECONDS = 0.03
"""The end of a sound whose loudness the continuation goes on from."""
QUIETEST = 1e-4
TRACKED_SECONDS = 0.05
"""How far before the end of a sound its phases are looked up."""
UNIT_FRAMES = 20
JOINT_SECONDS = 0.005
"""How long the first new samples lean on the last given one, so that there is no click."""
LOUDEST = 0.8
"""The peak of the loudest sounds that the shipped assets learnt, at velocity 127."""

Float = NDArray[np.float32]


@dataclass(frozen=True)
class Heard:
    """A voice that has heard the given sound, and the sound's last samples at the model's rate."""

    tone: Tone
    voice: Voice
    ending: Float


class Continuation:
    """A sound to go on from.

    Args:
        player: Player.
        audio: Audio. Of any rate and channels; the model hears the mean of the channels.
        kind: int. What it is of; None to find out.
        pitch: float. Its MIDI note; None to find out.
        offered: the kinds that it may be found to be.

    Raises:
        InvalidRequest: the sound is empty.
    """

    def __init__(
        self,
        player: Player,
        audio: Audio,
        kind: int | None,
        pitch: float | None,
        offered: Sequence[int],
    ) -> None:
        self.player, self.audio = player, audio
        self.kind, self.pitch, self.offered = kind, pitch, offered
        config = player.config
        last = audio.samples[:, -int(HEARD_SECONDS * audio.sample_rate) :]
        if not last.size:
            raise InvalidRequest("This sound is empty.", "Give a sound to go on from.")
        mono = np.asarray(last.mean(axis=0, keepdims=True), np.float32)
        sound = resampled(Audio(mono, audio.sample_rate), config.sample_rate).samples[0]
        # Whole frames that end with the sound; zeros before it are the silence before a note.
        missing = max(-len(sound) % config.frame, config.frame - len(sound))
        self.sound = np.concatenate([np.zeros(missing, np.float32), sound])

    def hear(self) -> Generator[Progress, None, Heard]:
        """Find out what it is, and let a voice hear it that is as loud as its end."""
        tones = self._candidates()
        if len(tones) > 1:
            _, likelihoods = yield from self._read(tones, [1.0] * len(tones))
            tones = [tones[int(np.argmax(likelihoods))]]
        (voice,), _ = yield from self._read(tones, [self._level(tones[0])])
        return Heard(tones[0], voice, self.sound)

    def _read(
        self, tones: Sequence[Tone], levels: Sequence[float]
    ) -> Generator[Progress, None, tuple[list[Voice], NDArray[np.float64]]]:
        """Voices that have heard the sound as tones at some levels, and how likely each was."""
        voices = self.player.start(tones, [0] * len(tones))
        for voice, level in zip(voices, levels, strict=True):
            voice.turns, voice.level = self._turns(voice.tone), level
        unit = UNIT_FRAMES * self.player.config.frame
        likelihoods = np.zeros(len(tones))
        for start in range(0, len(self.sound), unit):
            part = self.sound[start : start + unit]
            heard = self.player.read(voices, np.tile(part, (len(voices), 1)))
            likelihoods += heard.sum(axis=1)
            yield Progress(0.0)
        return voices, likelihoods

    def _candidates(self) -> list[Tone]:
        kinds = self.offered if self.kind is None else [self.kind]
        return [self._tone(kind) for kind in kinds]

    def _tone(self, kind: int) -> Tone:
        config = self.player.config
        peak = float(np.abs(self.sound).max())
        velocity = int(np.clip(round(127 * np.sqrt(peak / LOUDEST)), 1, 127))
        if not config.pitches or config.pitches[kind][0] < 0:
            return Tone(kind, None, velocity)
        pitch = self.pitch
        if pitch is None:
            end = self.sound[-int(PITCH_SECONDS * config.sample_rate) :]
            pitch = sounding_pitch(end, config.sample_rate)
        # Without a pitch the middle of the instrument's range is as good as any.
        return Tone(
            kind, float(np.mean(config.pitches[kind])) if pitch is None else pitch, velocity
        )

    def _level(self, tone: Tone) -> float:
        """How much louder the sound ends than the tone is at that time."""
        config = self.player.config
        end = self.sound[-round(LEVEL_SECONDS * config.sample_rate) :]
        frame = max(len(self.sound) // config.frame - 1, 0)
        loudness = float(np.sqrt(np.mean(np.square(end, dtype=np.float64))))
        expected = self.player.envelopes.loudness(tone, frame)
        return max(loudness, QUIETEST) / max(expected, QUIETEST)

    def _turns(self, tone: Tone) -> NDArray[np.float64]:
        """The phases at the first sample with which the tone is in step at the last."""
        config = self.player.config
        if tone.pitch is None or not config.partials:
            return start_turns(config)
        hertz = float(frequency(tone.pitch))
        hop = 2 * config.frame
        tracked = track_partials(self.sound, hertz, config.sample_rate, config.partials, hop)
        # Some way before the end, where the windows still see both sides.
        at = max(len(self.sound) - round(TRACKED_SECONDS * config.sample_rate), 0)
        nominal = tone_turns(config, tone, at, 1, np.zeros(config.partials))
        return np.asarray((tracked.turns(at, 1) - nominal)[0] % 1.0)

    def play(
        self, heard: Heard, seed: int, seconds: float, temperature: float
    ) -> Iterator[tuple[Float, float]]:
        """New samples (channels, some) at the sound's own rate, and the share that is done."""
        config, audio = self.player.config, self.audio
        state = heard.voice.state.with_seeds(np.array([seed], np.uint64))
        voice = replace(heard.voice, state=state, memory=heard.voice.memory.copy())
        resampler = Resampler(config.sample_rate, audio.sample_rate)
        wanted = round(seconds * audio.sample_rate)
        # The resampler is first fed what was given, so that the new samples join it smoothly.
        made = resampler.process(heard.ending[None])[0]
        skip = round(len(heard.ending) * audio.sample_rate / config.sample_rate) - len(made)
        yielded, bend = 0, _Joint(audio)
        while yielded < wanted:
            played = self.player.advance([voice], UNIT_FRAMES, temperature)
            block = resampler.process(played)[0]
            skipped = min(skip, len(block))
            skip -= skipped
            block = block[skipped:][: wanted - yielded]
            yielded += len(block)
            yield bend.joined(block), yielded / wanted


class _Joint:
    """Moves the first new samples to where the given ones ended, less and less."""

    def __init__(self, audio: Audio) -> None:
        self.last = audio.samples[:, -1:]
        self.length = max(round(JOINT_SECONDS * audio.sample_rate), 1)
        self.offset: Float | None = None
        self.position = 0

    def joined(self, block: Float) -> Float:
        """The block for every channel."""
        wide = np.tile(block, (len(self.last), 1))
        if self.offset is None and len(block):
            self.offset = self.last - wide[:, :1]
        if self.offset is not None:
            t = np.arange(self.position, self.position + len(block))
            wide = wide + self.offset * np.maximum(1 - t / self.length, 0).astype(np.float32)
        self.position += len(block)
        return np.asarray(np.clip(wide, -1, 1), np.float32)

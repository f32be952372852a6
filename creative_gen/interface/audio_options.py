"""The options of the audio tasks."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Annotated, Any

from pydantic import Field

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.options import SeededOptions
from creative_gen.media.music import notes_of

LONGEST = 4 * 3600.0
"""Seconds that `max_seconds` may be: longer ones do not fit into a WAV file at usual rates."""

Pitch = Annotated[float | None, Field(ge=0.0, le=127.0)]
_PITCH = "A MIDI note: 60 is middle C, 60.5 a quarter tone above; the {}'s own by default."


class SoundOptions(SeededOptions):
    """What every task that makes sound takes."""

    temperature: float | None = Field(
        None,
        ge=0.0,
        le=2.0,
        description="0 plays the likeliest sample, 1 as varied as the sounds the model learnt "
        "from; what suits the asset by default.",
    )
    max_seconds: float = Field(
        600.0,
        gt=0.0,
        le=LONGEST,
        description="How long a sound may be made: longer ones are refused.",
    )

    def refuse_longer(self, seconds: float) -> None:
        """Refuse to make more sound than `max_seconds`.

        Raises:
            InvalidRequest: `seconds` is more; the fix is the limit that allows it.
        """
        if seconds <= self.max_seconds:
            return
        message = f"This makes {seconds:.6g} seconds of sound; the limit is {self.max_seconds:g}."
        # Written so that it holds for what is not a number, too.
        if not seconds <= LONGEST:
            most = f"{LONGEST:.0f} seconds are the most that can be made at once."
            raise InvalidRequest(message, f"Ask for less: {most}")
        raise InvalidRequest(message, f"If you mean it: --max-seconds {ceil(seconds)}.")


class RenderOptions(SoundOptions):
    """Options of audio.render."""

    instrument: str | None = Field(
        None,
        description="What plays all notes, such as marimba; by default what is nearest to each "
        "channel's General MIDI program.",
    )
    gain: float = Field(
        0.0, ge=-60.0, le=40.0, description="Decibels by which the mix is made louder."
    )

    def check(self, inputs: Mapping[str, Any]) -> None:
        """Refuse notes that cannot be played, or last longer than `max_seconds`."""
        self.refuse_longer(max(note.end for note in notes_of(inputs["notes"])))


class GenerateOptions(SoundOptions):
    """Options of audio.generate."""

    kind: str | None = Field(
        None,
        description="What to play: an instrument or a drum, such as snare; a different one each "
        "time by default.",
    )
    count: int = Field(1, ge=1, le=100, description="How many sounds.")
    seconds: float | None = Field(
        None, gt=0.0, description="How long each is; as long as it sounds by default."
    )
    pitch: Pitch = Field(None, description=_PITCH.format("kind"))
    velocity: int = Field(100, ge=1, le=127, description="How hard it is struck, as in MIDI.")

    def check(self, inputs: Mapping[str, Any]) -> None:
        """Refuse a length of more than `max_seconds`."""
        self.refuse_longer(self.seconds or 0.0)


class ContinueOptions(SoundOptions):
    """Options of audio.continue."""

    kind: str | None = Field(
        None, description="What the sound is of, such as snare; the likeliest by default."
    )
    count: int = Field(1, ge=1, le=100, description="How many ways to go on.")
    seconds: float = Field(2.0, gt=0.0, description="How much to add to the given sound.")
    pitch: Pitch = Field(None, description=_PITCH.format("sound"))

    def check(self, inputs: Mapping[str, Any]) -> None:
        """Refuse to add more than `max_seconds`."""
        self.refuse_longer(self.seconds)

"""Which of an asset's kinds plays a General MIDI program."""

from __future__ import annotations

from collections.abc import Sequence

NAMES = """
piano bright-piano electric-grand honky-tonk electric-piano electric-piano harpsichord
clavinet celesta glockenspiel music-box vibraphone marimba xylophone tubular-bells dulcimer
organ percussive-organ rock-organ church-organ reed-organ accordion harmonica bandoneon
guitar steel-guitar jazz-guitar clean-guitar muted-guitar overdriven-guitar distorted-guitar
guitar-harmonics bass fingered-bass picked-bass fretless-bass slap-bass slap-bass synth-bass
synth-bass violin viola cello contrabass tremolo-strings pizzicato-strings harp timpani
strings slow-strings synth-strings synth-strings choir voice synth-voice orchestra-hit
trumpet trombone tuba muted-trumpet french-horn brass synth-brass synth-brass soprano-sax
alto-sax tenor-sax baritone-sax oboe english-horn bassoon clarinet piccolo flute recorder
pan-flute bottle shakuhachi whistle ocarina square-lead sawtooth-lead calliope-lead
chiff-lead charang-lead voice-lead fifths-lead bass-lead new-age-pad warm-pad polysynth-pad
choir-pad bowed-pad metallic-pad halo-pad sweep-pad rain soundtrack crystal atmosphere
brightness goblins echoes sci-fi sitar banjo shamisen koto kalimba bagpipe fiddle shanai
tinkle-bell agogo steel-drums woodblock taiko melodic-tom synth-drum reverse-cymbal
fret-noise breath seashore bird telephone helicopter applause gunshot
""".split()  # noqa: SIM905
"""The 128 programs of General MIDI level 1, shortened."""

NEAREST = {
    range(0, 8): ("piano", "electric piano", "harp"),
    range(4, 6): ("electric piano", "piano"),
    range(8, 12): ("vibraphone", "marimba"),
    range(12, 16): ("marimba", "vibraphone", "harp"),
    range(16, 24): ("organ", "clarinet"),
    range(24, 32): ("guitar", "harp", "piano"),
    range(32, 40): ("bass", "guitar", "piano"),
    range(40, 48): ("violin", "clarinet", "flute", "organ"),
    range(45, 47): ("harp", "guitar", "piano"),
    range(48, 56): ("strings", "organ", "clarinet"),
    range(56, 64): ("trumpet", "clarinet", "organ"),
    range(64, 72): ("clarinet", "flute", "trumpet"),
    range(72, 80): ("flute", "clarinet", "organ"),
    range(80, 88): ("trumpet", "clarinet", "flute"),
    range(88, 104): ("organ", "electric piano", "vibraphone"),
    range(104, 112): ("harp", "guitar", "piano"),
    range(112, 128): ("marimba", "vibraphone", "piano"),
}
"""What is nearest in sound, the best first; a later range overrides an earlier one."""


def program_name(program: int) -> str:
    """A program's name, such as "church organ"."""
    return NAMES[program].replace("-", " ")


def nearest_kind(program: int, kinds: Sequence[str]) -> str:
    """The kind that plays a program: of the same name, or nearest to it, or else the first."""
    if program_name(program) in kinds:
        return program_name(program)
    wanted = [names for programs, names in NEAREST.items() if program in programs][-1]
    return next((name for name in wanted if name in kinds), kinds[0])

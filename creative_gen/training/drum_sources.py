"""Where the sounds of each drum come from: keys of General MIDI kits, and files of one-shots."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Drum:
    """The sources of one kind of drum.

    Args:
        kind: its name.
        hits: (kit, key): the General MIDI program of a kit and a MIDI pitch. Chosen so that each
            is another recording in FluidR3, whose kits share most of theirs, or the same one at
            another speed, and then in the same split.
        files: patterns of file names, without the ending.
        valid: the hits and names among them that are kept aside for validation.
        test: those kept aside for the test.
    """

    kind: str
    hits: tuple[tuple[int, int], ...]
    files: tuple[str, ...]
    valid: frozenset[tuple[int, int] | str]
    test: frozenset[tuple[int, int] | str]

    def split_of(self, source: tuple[int, int] | str) -> str:
        """Which split a hit, or the name of a file, belongs to."""
        if source in self.test:
            return "test"
        return "valid" if source in self.valid else "train"

    def takes(self, name: str) -> bool:
        """Whether a file of this name is such a drum."""
        return any(fnmatchcase(name, pattern) for pattern in self.files)


def _hits(kits: tuple[int, ...], *keys: int) -> tuple[tuple[int, int], ...]:
    return tuple((kit, key) for kit in kits for key in keys)


TOM_KEYS = (41, 43, 45, 47, 48, 50)

DRUMS = (
    Drum(
        "kick",
        _hits((0, 1, 2, 3, 4, 5, 6, 7, 11, 16, 17, 18, 19, 24, 25), 35, 36),
        ("bd_*", "drum_bass_*", "drum_heavy_kick", "elec_hollow_kick"),
        frozenset((*_hits((5,), 35, 36), "bd_tek", "bd_gas")),
        frozenset(
            (*_hits((3, 19), 35, 36), "bd_klub", "bd_fat", "drum_bass_hard", "drum_bass_soft")
        ),
    ),
    Drum(
        "snare",
        (*_hits((0, 1, 2, 3, 10, 11, 16, 24, 25), 38, 40), (40, 38), (40, 39), (48, 38)),
        ("sn_*", "drum_snare_*", "elec_??_snare", "elec_mid_snare", "elec_snare"),
        frozenset((*_hits((2,), 38, 40), "elec_mid_snare")),
        frozenset((*_hits((3, 10), 38, 40), "sn_generic", "drum_snare_hard", "drum_snare_soft")),
    ),
    Drum(
        "closed hat",
        ((0, 42), (0, 44), (25, 42)),
        ("drum_cymbal_closed", "drum_cymbal_pedal"),
        frozenset(((0, 44),)),
        frozenset(("drum_cymbal_closed",)),
    ),
    Drum(
        "open hat",
        ((0, 46), (25, 44), (25, 46)),
        ("drum_cymbal_open", "elec_cymbal"),
        frozenset(("elec_cymbal",)),
        frozenset(("drum_cymbal_open",)),
    ),
    Drum(
        "clap",
        ((0, 39), (25, 39)),
        (),
        frozenset(),
        frozenset(((0, 39),)),
    ),
    Drum(
        "tom",
        _hits((0, 16, 24, 25), *TOM_KEYS),
        ("drum_tom_*", "elec_fuzz_tom"),
        frozenset(("drum_tom_mid_soft", "elec_fuzz_tom")),
        frozenset((*_hits((16,), *TOM_KEYS), "drum_tom_hi_hard", "drum_tom_hi_soft")),
    ),
    Drum(
        "cymbal",
        (*_hits((0,), 49, 51, 52, 55, 57, 59), (25, 51), (48, 59)),
        ("drum_splash_*", "drum_cymbal_soft"),
        frozenset(((48, 59),)),
        frozenset(((0, 57), "drum_splash_hard", "drum_splash_soft")),
    ),
    Drum(
        "cowbell",
        ((0, 56), (25, 56), (0, 67), (0, 68)),
        ("drum_cowbell",),
        frozenset(((0, 67), (0, 68))),
        frozenset(("drum_cowbell",)),
    ),
    Drum(
        "hand drum",
        (*_hits((0,), 60, 61, 62, 63, 64), *_hits((25,), 62, 63, 64)),
        ("tabla_*",),
        frozenset(((0, 62), "tabla_ghe5", "tabla_tas3")),
        frozenset(((0, 61), (25, 63), "tabla_ghe3", "tabla_na", "tabla_tun1")),
    ),
)

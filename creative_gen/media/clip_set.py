"""Recorded or rendered notes and hits with what is known of each: the data a sound model learns."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError

NO_PITCH = -1.0
NEVER = -1

_UNREADABLE = (
    EOFError,
    KeyError,
    OSError,
    RuntimeError,  # what zipfile raises for encryption and unknown compression
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class ClipSet:
    """N mono clips, each of one note or hit that begins at its first sample.

    Args:
        sample_rate: int. In Hz.
        kinds: tuple of str. The names that `kind` counts in.
        samples: int16 (all samples,). The clips one after another.
        offsets: int64 (N + 1,). Clip n is `samples[offsets[n]:offsets[n + 1]]`.
        kind: int64 (N,). What each clip is of.
        pitch: float32 (N,). MIDI note numbers, 69 is 440 Hz; `NO_PITCH` where there is none.
        velocity: int64 (N,). MIDI velocities, 1 to 127.
        release: int64 (N,). The sample at which the key is let go; `NEVER` if it is not.
        source: tuple of str. Where each clip comes from.
    """

    sample_rate: int
    kinds: tuple[str, ...]
    samples: NDArray[np.int16]
    offsets: NDArray[np.int64]
    kind: NDArray[np.int64]
    pitch: NDArray[np.float32]
    velocity: NDArray[np.int64]
    release: NDArray[np.int64]
    source: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.kind)

    def clip(self, index: int) -> NDArray[np.int16]:
        """The samples of one clip."""
        return self.samples[self.offsets[index] : self.offsets[index + 1]]


def clip_set_bytes(clips: ClipSet) -> bytes:
    """The set as an uncompressed .npz without pickles; the same bytes for the same clips."""
    content = io.BytesIO()
    arrays = {name: np.asarray(value) for name, value in vars(clips).items()}
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def read_clip_set(path: Path) -> ClipSet:
    """Read a set of clips.

    Raises:
        MediaError: the file cannot be read, or its arrays do not fit together.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = dict(archive)
        clips = ClipSet(
            sample_rate=int(arrays["sample_rate"]),
            kinds=tuple(map(str, arrays["kinds"])),
            samples=arrays["samples"].astype(np.int16, casting="safe"),
            offsets=arrays["offsets"].astype(np.int64, casting="safe"),
            kind=arrays["kind"].astype(np.int64, casting="safe"),
            pitch=arrays["pitch"].astype(np.float32, casting="safe"),
            velocity=arrays["velocity"].astype(np.int64, casting="safe"),
            release=arrays["release"].astype(np.int64, casting="safe"),
            source=tuple(map(str, arrays["source"])),
        )
    except _UNREADABLE as error:
        message = f"'{path}' is not a set of clips."
        raise MediaError(message, "Make one with creative-gen data notes or drums.") from error
    _check(clips, path)
    return clips


def _check(clips: ClipSet, path: Path) -> None:
    count = len(clips.source)
    columns = (clips.kind, clips.pitch, clips.velocity, clips.release)
    whole = (
        count > 0
        and all(column.shape == (count,) for column in columns)
        and clips.offsets.shape == (count + 1,)
        and clips.samples.ndim == 1
        and clips.sample_rate > 0
        and bool((np.diff(clips.offsets) > 0).all())
        and clips.offsets[0] == 0
        and clips.offsets[-1] == len(clips.samples)
        and bool(((clips.kind >= 0) & (clips.kind < len(clips.kinds))).all())
    )
    if not whole:
        raise MediaError(f"The clips of '{path}' do not fit together.", "Make the file again.")

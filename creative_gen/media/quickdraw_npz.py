"""Reads and writes the `.npz` drawings that Sketch-RNN models are trained on.

Such a file is a zip of one NumPy object array a split ("train", "valid", "test"), and each
object is a pickled stroke-3 array. Unpickling can run any code, so this reader admits only
the few pickle opcodes that an array needs, and NumPy's own classes are never called: inert
stand-ins take their place, and the arrays are built from checked parts.
"""

from __future__ import annotations

import io
import pickle
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import MAX_POINTS, Sketch, checked_stroke3

MAX_FILE_BYTES = 1 << 30
"""The unpacked size that `read_npz` accepts for a whole file."""

_HEADER = re.compile(
    rb"\{'descr': '\|?O', 'fortran_order': (?:True|False), 'shape': \((\d{1,9})L?,\), *\}\s*"
)
_NUMBER_TYPES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
_OPCODES = (
    "PROTO FRAME STOP MARK NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG1 "
    "SHORT_BINSTRING BINSTRING SHORT_BINUNICODE BINUNICODE SHORT_BINBYTES BINBYTES BINBYTES8 "
    "EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST APPEND APPENDS GLOBAL STACK_GLOBAL "
    "REDUCE BUILD MEMOIZE PUT BINPUT LONG_BINPUT GET BINGET LONG_BINGET"
)
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_HINT = "Use a .npz file of stroke-3 drawings, such as those of the Quick, Draw! data set."
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    pickle.UnpicklingError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read_npz(source: bytes | str | Path) -> dict[str, list[NDArray[np.float32]]]:
    """Read every split of a Sketch-RNN `.npz` file.

    Args:
        source: bytes or a path. Written by NumPy 1 (also on Python 2) or NumPy 2.

    Returns:
        The drawings of each split, by the split's name: stroke-3, float32 (points, 3).

    Raises:
        MediaError: the file is not such an archive, is larger than `MAX_FILE_BYTES`, or
            holds anything else than arrays. Nothing in the file is ever run.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
            return {_split_name(info): _read_split(file, info) for info in _members(file)}
    except FileNotFoundError as error:
        raise MediaError(f"There is no file {source!r}.", "Check the path.") from error
    except MediaError:
        raise
    except _FAULTS as error:
        raise MediaError("This is not a .npz file of drawings that can be read.", _HINT) from error


def drawing_rows(sketch: Sketch) -> NDArray[np.float32]:
    """Stroke-3 rows of a sketch as these files have them: the first point has no row.

    Only a first stroke that is a single dot keeps its row, (0, 0, 1).
    """
    rows = sketch.to_stroke3()
    rows[0, :2] = 0
    return rows if rows[0, 2] else rows[1:]


def npz_bytes(splits: Mapping[str, Iterable[ArrayLike]]) -> bytes:
    """A Sketch-RNN `.npz` file of stroke-3 drawings (points, 3), one array a split.

    Whole numbers that fit are stored as int16, as in the Quick, Draw! data set, and the
    others as float32.
    """
    arrays = {name: _object_array(drawings) for name, drawings in splits.items()}
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=True, **arrays)
    return content.getvalue()


def write_npz(path: str | Path, splits: Mapping[str, Iterable[ArrayLike]]) -> None:
    """Write `npz_bytes` to a file."""
    Path(path).write_bytes(npz_bytes(splits))


def _members(file: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [info for info in file.infolist() if info.filename.endswith(".npy")]
    if not members or any(info.compress_type not in _COMPRESSIONS for info in members):
        raise MediaError("This archive has no drawings in it that can be read.", _HINT)
    if sum(info.file_size for info in members) > MAX_FILE_BYTES:
        raise MediaError("This file of drawings is too large to read.", "Split it into parts.")
    return members


def _split_name(info: zipfile.ZipInfo) -> str:
    return info.filename.removesuffix(".npy")


def _read_split(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> list[NDArray[np.float32]]:
    with file.open(info) as member:
        # The size that the archive states may be a lie, so the read is bounded too.
        data = member.read(info.file_size + 1)
    offset = _array_start(data)
    header = _HEADER.fullmatch(data[10:offset] if data[6] == 1 else data[12:offset])
    if data[:6] != b"\x93NUMPY" or header is None:
        raise MediaError(f"'{_split_name(info)}' is not a list of drawings.", _HINT)
    drawings = _ArrayUnpickler(io.BytesIO(data[offset:]), encoding="latin1").load()
    if not isinstance(drawings, _PickledArray):
        raise MediaError(f"'{_split_name(info)}' holds something else than drawings.", _HINT)
    items = drawings.objects()
    if len(items) != int(header[1]):
        raise MediaError(f"'{_split_name(info)}' is cut short.", _HINT)
    return [_drawing(item) for item in items]


def _array_start(data: bytes) -> int:
    width = 2 if data[6] == 1 else 4
    return 8 + width + int.from_bytes(data[8 : 8 + width], "little")


def _drawing(item: object) -> NDArray[np.float32]:
    if not isinstance(item, _PickledArray):
        raise MediaError("This file holds something else than drawings.", _HINT)
    return checked_stroke3(item.numbers())


def _object_array(drawings: Iterable[ArrayLike]) -> NDArray[np.object_]:
    items = [_compact(checked_stroke3(drawing)) for drawing in drawings]
    # Assigned one by one: NumPy would stack drawings of one length into a 3-D array.
    result = np.empty(len(items), dtype=object)
    for index, item in enumerate(items):
        result[index] = item
    return result


def _compact(stroke3: NDArray[np.float32]) -> NDArray[Any]:
    whole = bool((stroke3 == np.rint(stroke3)).all()) and bool((np.abs(stroke3) < 32768).all())
    return stroke3.astype(np.int16) if whole else stroke3


class _PickledType:
    """Stands for `numpy.dtype`: keeps its code and byte order."""

    def __init__(self, code: object, *_: object) -> None:
        self.code = code
        self.order: object = "|"

    def __setstate__(self, state: tuple[object, ...]) -> None:
        self.order = state[1]

    def number_type(self) -> np.dtype[Any]:
        if self.code not in _NUMBER_TYPES or self.order not in ("<", ">", "|", "="):
            raise MediaError("A drawing in this file is not made of numbers.", _HINT)
        return np.dtype(f"{self.order}{self.code}")


class _PickledArray:
    """Stands for a `numpy.ndarray`: keeps its parts until they are checked."""

    def __init__(self, *_: object) -> None:
        self.parts: tuple[object, ...] = ()

    def __setstate__(self, state: tuple[object, ...]) -> None:
        self.parts = state

    def objects(self) -> list[object]:
        _version, shape, _kind, _column_order, content = self.parts
        if not isinstance(content, list) or shape != (len(content),):
            raise MediaError("This file holds something else than a list of drawings.", _HINT)
        return content

    def numbers(self) -> NDArray[Any]:
        _version, shape, kind, column_order, content = self.parts
        # Python 2 pickled bytes as strings.
        content = content.encode("latin1") if isinstance(content, str) else content
        if not (isinstance(kind, _PickledType) and isinstance(content, bytes)):
            raise MediaError("This file holds something else than drawings.", _HINT)
        number_type = kind.number_type()
        rows, remainder = divmod(len(content), 3 * number_type.itemsize)
        if remainder or shape != (rows, 3) or rows > MAX_POINTS:
            raise MediaError("An array in this file is not a whole stroke-3 drawing.", _HINT)
        flat = np.frombuffer(content, number_type)
        return flat.reshape((rows, 3), order="F" if column_order else "C")


# A pickled array names `numpy.ndarray` but never calls it, so a word is enough.
_STAND_INS: dict[tuple[str, str], object] = {
    ("numpy", "ndarray"): "numpy.ndarray",
    ("numpy", "dtype"): _PickledType,
    ("numpy.core.multiarray", "_reconstruct"): _PickledArray,
    ("numpy._core.multiarray", "_reconstruct"): _PickledArray,
}


# The pure-Python unpickler: the compiled one reserves memory for whatever memo index a file
# names, so that ten bytes can take all of it.
class _ArrayUnpickler(pickle._Unpickler):
    dispatch = {
        code: pickle._Unpickler.dispatch[code]
        for code in (getattr(pickle, name)[0] for name in _OPCODES.split())
    }

    def find_class(self, module: str, name: str) -> Any:
        """The stand-in for a NumPy class, and nothing else."""
        if (module, name) not in _STAND_INS:
            name = f"{module}.{name}"[:80]
            raise MediaError(f"This file asks to run {name!r}, so it was not read.", _HINT)
        return _STAND_INS[module, name]

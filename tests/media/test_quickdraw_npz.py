import io
import os
import pickle
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative_gen.media import quickdraw_npz
from creative_gen.media.errors import MediaError
from creative_gen.media.quickdraw_npz import read_npz, write_npz

DRAWINGS = [
    np.array([[1, 2, 0], [3, -4, 1]], np.int16),
    np.array([[5, 6, 1]], np.int16),
]


def archive(pickled, count=2, name="train", compression=zipfile.ZIP_DEFLATED):
    header = f"{{'descr': '|O', 'fortran_order': False, 'shape': ({count},), }}".ljust(117) + "\n"
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + pickled
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        file.writestr(f"{name}.npy", data)
    return buffer.getvalue()


def text(word):
    return pickle.BINUNICODE + struct.pack("<I", len(word)) + word.encode()


def python2_text(word):
    return pickle.SHORT_BINSTRING + bytes([len(word)]) + word


def raw_bytes(content):
    return pickle.SHORT_BINBYTES + bytes([len(content)]) + content


def pickled_array(module, shape, type_code, order, content, string, binary):
    """A NumPy array as NumPy pickles it, written opcode by opcode."""
    sides = b"".join(pickle.BININT + struct.pack("<i", side) for side in shape)
    tail = {"O8": (b"N" * 3, 63)}.get(type_code, (b"N" * 3, 0))
    return b"".join(
        [
            f"c{module}\n_reconstruct\ncnumpy\nndarray\n(K\x00t".encode(),
            binary(b"b"),
            b"\x87R(K\x01(",
            sides,
            b"tcnumpy\ndtype\n(",
            string(type_code),
            b"K\x00K\x01tR(K\x03",
            string(order),
            tail[0],
            b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK",
            bytes([tail[1]]),
            b"tb\x89",
            content,
            b"tb",
        ]
    )


def handmade(module, string=text, binary=raw_bytes):
    items = [
        pickled_array(module, d.shape, "i2", "<", binary(d.tobytes()), string, binary)
        for d in DRAWINGS
    ]
    listed = b"](" + b"".join(items) + b"e"
    array = pickled_array(module, (len(items),), "O8", "|", listed, string, binary)
    return b"\x80\x03" + array + b"."


def check(splits):
    assert [d.tolist() for d in splits["train"]] == [d.tolist() for d in DRAWINGS]
    assert {d.dtype for d in splits["train"]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("module", ["numpy.core.multiarray", "numpy._core.multiarray"])
def test_arrays_of_numpy_1_and_2_are_read(module):
    check(read_npz(archive(handmade(module))))


def test_arrays_written_on_python_2_are_read():
    pickled = handmade(
        "numpy.core.multiarray", lambda word: python2_text(word.encode()), python2_text
    )
    check(read_npz(archive(pickled.replace(b"\x80\x03", b"\x80\x02", 1))))


def test_what_numpy_writes_itself_is_read(tmp_path):
    objects = np.empty(2, object)
    objects[:] = DRAWINGS
    np.savez_compressed(tmp_path / "a.npz", train=objects, valid=objects[:1])
    splits = read_npz(tmp_path / "a.npz")
    check(splits)
    assert len(splits["valid"]) == 1


def test_written_files_are_read_by_numpy_and_by_us(tmp_path):
    path = tmp_path / "drawings.npz"
    equal_lengths = [np.full((3, 3), 0.5), np.array(DRAWINGS[0].tolist() + [[0, 0, 1]])]
    write_npz(path, {"train": DRAWINGS, "valid": equal_lengths, "test": []})
    check(read_npz(str(path)))
    assert [d.tolist() for d in read_npz(path.read_bytes())["valid"]] == [
        d.tolist() for d in equal_lengths
    ]
    assert read_npz(path)["test"] == []
    with np.load(path, allow_pickle=True) as file:
        assert file["train"].shape == (2,)
        assert [d.dtype for d in file["train"]] == [np.int16, np.int16]
        assert file["valid"][0].dtype == np.float32


class Malicious:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("protocol", range(5))
def test_code_in_a_pickle_is_not_run(tmp_path, protocol):
    target = str(tmp_path / "made")
    pickled = pickle.dumps(Malicious(target), protocol)
    with pytest.raises(MediaError):
        read_npz(archive(pickled))
    assert not os.path.exists(target)
    pickle.loads(pickled)
    assert os.path.exists(target), "the pickle would have run"


def test_a_global_outside_numpy_arrays_is_named():
    with pytest.raises(MediaError, match="builtins.eval"):
        read_npz(archive(b"cbuiltins\neval\n(V1\ntR."))


@pytest.mark.parametrize(
    "pickled",
    [
        pickle.dumps([1, 2]),
        pickle.dumps({"a": 1}),
        pickle.dumps(np.zeros((2, 3))),
        pickle.dumps(np.array([np.zeros((2, 4)), "x"], object)),
        pickle.dumps(np.array([None, None], object)),
        handmade("numpy.core.multiarray")[:-40],
        handmade("numpy.core.multiarray").replace(b"i2", b"V2"),
        handmade("numpy.core.multiarray").replace(b"J\2\0\0\0J\3\0\0\0", b"J\2\0\0\0J\4\0\0\0"),
        b"\x80\x04\x96" + struct.pack("<Q", 1 << 40) + b".",
        b"N" + b"r\xff\xff\xff\xff" + b".",
        b"",
    ],
)
def test_a_pickle_that_is_not_drawings_is_refused(pickled):
    with pytest.raises(MediaError) as caught:
        read_npz(archive(pickled))
    assert caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"not a zip file at all",
        archive(handmade("numpy.core.multiarray"))[:-30],
        archive(handmade("numpy.core.multiarray"), count=3),
        archive(handmade("numpy.core.multiarray"), compression=zipfile.ZIP_BZIP2),
        archive(b"x").replace(b"train.npy", b"train.txt"),
    ],
)
def test_a_broken_archive_is_refused(data):
    with pytest.raises(MediaError):
        read_npz(data)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MediaError, match="no file"):
        read_npz(tmp_path / "none.npz")


def test_a_file_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(quickdraw_npz, "MAX_FILE_BYTES", 100)
    with pytest.raises(MediaError, match="too large"):
        read_npz(archive(handmade("numpy.core.multiarray")))


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_pickle_is_read_or_refused(pickled):
    try_reading(archive(pickled))


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=4), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_read_or_refused(place, damage, in_pickle):
    data = handmade("numpy._core.multiarray")
    data = data if in_pickle else archive(data)
    place %= len(data)
    damaged = data[:place] + damage + data[place + len(damage) :]
    try_reading(archive(damaged) if in_pickle else damaged)


def try_reading(data):
    try:
        splits = read_npz(data)
    except MediaError:
        return
    for drawings in splits.values():
        assert all(drawing.shape[1:] == (3,) for drawing in drawings)

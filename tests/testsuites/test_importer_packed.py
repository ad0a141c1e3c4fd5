"""testsuites.importers.packed: a pickle of one text is read, and no other pickle does anything."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import pickle
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.importers.packed import read_packed


def _pack(pickled: bytes) -> str:
    return base64.b64encode(zlib.compress(pickled)).decode()


class _Touch:
    """Creates a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@given(text=st.text(st.characters(codec=None, categories=None)))
def test_a_text_is_read_in_every_protocol(protocol: int, text: str) -> None:
    """Whatever is in it, half of a surrogate pair included."""
    assert read_packed(_pack(pickle.dumps(text, protocol))) == text


def test_a_text_of_many_frames_is_read() -> None:
    """Long texts stand outside of frames, and have a length of eight bytes where they need it."""
    text = "x" * 200_000
    assert read_packed(_pack(pickle.dumps(text))) == text
    assert read_packed(_pack(b"\x80\x04\x8d\x03\0\0\0\0\0\0\0abc.")) == "abc"


def _code(path: Path) -> bytes:
    """Return what an attacker's pickle puts on the stack: a path, as text."""
    text = str(path).encode()
    return b"X" + len(text).to_bytes(4, "little") + text


HOSTILE = {
    "reduce": lambda path: pickle.dumps(_Touch(path)),
    "reduce in protocol 0": lambda path: pickle.dumps(_Touch(path), 0),
    "inst": lambda path: b"(V" + str(path).encode() + b"\nios\nmkdir\n.",
    "obj": lambda path: b"(cos\nmkdir\n" + _code(path) + b"o.",
    "behind a text": lambda path: b"X\1\0\0\0a0" + pickle.dumps(_Touch(path)),
    "before a text": lambda path: b"cos\nmkdir\n" + _code(path) + b"\x85R0X\1\0\0\0a.",
}
"""Pickles that create a directory when they are loaded."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_pickle_that_would_run_is_refused_and_does_not(name: str, tmp_path: Path) -> None:
    """The same bytes, loaded as LiveCodeBench loads them, leave a directory."""
    pickled = HOSTILE[name](tmp_path / "planted")
    with pytest.raises(ValueError, match=r"^not the pickle of a text; nothing else is read$"):
        read_packed(_pack(pickled))
    assert list(tmp_path.iterdir()) == []
    with contextlib.suppress(Exception):
        pickle.loads(pickled)  # noqa: S301 - what the refusal is for
    assert [path.name for path in tmp_path.iterdir()] == ["planted"]


@pytest.mark.parametrize(
    "pickled",
    [
        pickle.dumps(b"bytes"),
        pickle.dumps(["a list"]),
        pickle.dumps(7),
        pickle.dumps(None),
        b"cos\nsystem\n.",
        b"\x82\1.",  # EXT1: what `copyreg` has under number 1
        b"\x83\1\0.",
        b"\x84\1\0\0\0.",
        b"Psecret\n.",  # a persistent id
        b"X\1\0\0\0aQ.",
        b"X\1\0\0\0a}b.",  # BUILD: gives the text a state
        b"X\1\0\0\0aX\1\0\0\0b.",  # two texts
        b"X\1\0\0\0a\x8c\1b0.",
        b".",
        b"",
        b"X\xff\xff\xff\x7fa.",
        b"X\1\0\0\0\xff.",  # not UTF-8
        b"X\1\0\0\0a",  # no end
        b"L" + b"9" * 5000 + b"L\n.",
        b"\x8b\xff\xff\xff\x7f1.",
        b"Isecret\n.",
        b"S'secret'\n.",
        b"Ssecret\n.",
        b"secret",
    ],
)
def test_what_is_no_text_is_refused(pickled: bytes) -> None:
    """By one message, which quotes nothing."""
    with pytest.raises(ValueError, match=r"^not the pickle of a text; nothing else is read$"):
        read_packed(_pack(pickled))


FAR_MEMO = b"\x80\x04X\1\0\0\0ar" + (2**30 - 1).to_bytes(4, "little") + b"."
"""A text, put into entry 2**30 - 1 of the memo."""

_RESTRICTED = """
import io, pickle, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))

class Restricted(pickle.Unpickler):
    def find_class(self, module, name):
        raise pickle.UnpicklingError

try:
    Restricted(io.BytesIO(bytes.fromhex(sys.argv[1]))).load()
except MemoryError:
    print("a gigabyte was not enough")
"""


def test_a_memo_costs_nothing() -> None:
    """A restricted Unpickler would allocate gigabytes for these bytes; where they are listed they are a text."""
    assert read_packed(_pack(FAR_MEMO)) == "a"
    done = subprocess.run(
        [sys.executable, "-c", _RESTRICTED, FAR_MEMO.hex()], capture_output=True, text=True, check=True
    )
    if done.stdout:  # CPython may do better one day
        assert done.stdout == "a gigabyte was not enough\n"


def test_a_bomb_is_refused_before_it_is_whole() -> None:
    """64 MiB of zeros are 64 KiB packed; no more than the limit is unpacked, and one byte below the limit is."""
    bomb = _pack(bytes(64 * 1024**2))
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"^unpacks to more than 1 MiB$"):
        read_packed(bomb, most=1024**2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 1024**2
    pickled = pickle.dumps("x" * 1000)
    assert read_packed(_pack(pickled), most=len(pickled)) == "x" * 1000
    with pytest.raises(ValueError, match="unpacks to more than"):
        read_packed(_pack(pickled), most=len(pickled) - 1)


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        ("secret!", "neither JSON nor base64"),
        ("secre", "neither JSON nor base64"),
        ("sécret", "neither JSON nor base64"),
        (base64.b64encode(b"secret").decode(), "not zlib data"),
        (base64.b64encode(zlib.compress(pickle.dumps("secret"))[:-5]).decode(), "not whole zlib data"),
        ("", "not whole zlib data"),
    ],
)
def test_each_layer_tells_what_it_is_not(packed: str, message: str) -> None:
    """Messages say which layer, and nothing of the content."""
    with pytest.raises(ValueError, match=f"^{message}$"):
        read_packed(packed)


@given(
    data=st.one_of(
        st.binary(), st.lists(st.sampled_from([b"X\1\0\0\0a", b".", b"(", b"q\0", b"cos\nmkdir\n", b"R"])).map(b"".join)
    )
)
def test_any_pickle_is_a_text_or_refused(data: bytes) -> None:
    """ValueError is all that is ever raised."""
    for packed in (_pack(data), base64.b64encode(data).decode(), data.decode("latin-1")):
        with contextlib.suppress(ValueError):
            assert type(read_packed(packed)) is str


def test_the_restricted_unpickler_agrees_on_texts() -> None:
    """What is read here is what the data set's own loader reads."""
    pickled = pickle.dumps("[1, 2]")
    assert read_packed(_pack(pickled)) == pickle.Unpickler(io.BytesIO(pickled)).load()  # noqa: S301

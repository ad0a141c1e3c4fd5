"""Tests packed as a pickle: base64 and zlib are easily made, so an input is what stands inside."""

from __future__ import annotations

import base64
import pickle
import zlib

from tests.decoders.decoder import HIDDEN, Decoder
from testsuites.importers.packed import read_packed


def _read(pickled: bytes) -> None:
    text = read_packed(base64.b64encode(zlib.compress(pickled, 1)).decode())
    assert type(text) is str
    assert len(text) <= len(pickled), "a text holds more than its pickle"


_WORDS = (
    "cos\nsystem\n",
    "X\1\0\0\0a",
    "\x80\4",
    "\x95",
    "\x8c\1a",
    "\x94",
    "q\0",
    "r\xff\xff\xff\x3f",
    "R",
    "b",
    ".",
    "(",
)
DECODER = Decoder(
    name="packed",
    reads="pickles of one text, as LiveCodeBench packs its tests",
    read=_read,
    refuses=(ValueError,),
    seeds=lambda: [pickle.dumps(f"{HIDDEN}é\n", protocol) for protocol in (0, 1, 2, 4, 5)],
    words=_WORDS,
)

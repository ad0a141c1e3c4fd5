"""A decoder with a bug behind a chain of comparisons, for the proof that coverage leads there.

Four bytes drawn at random pass the chain once in 4,000,000,000 times.
"""

from __future__ import annotations

from tests.decoders.decoder import Decoder


class Planted(Exception):
    """The bug was reached."""


def _read(data: bytes) -> None:
    if len(data) != 4 or data[0] != 0xC1:
        return
    if data[0] ^ data[1] != 0x2B:
        return
    if data[1] - data[2] != 0x78:
        return
    if data[3] == 0x9F:
        raise Planted


DECODER = Decoder(name="planted", reads="four bytes", read=_read, seeds=lambda: [b"____"], longest=4)

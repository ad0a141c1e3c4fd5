"""Tests that were packed as base64(zlib(pickle(text))), as LiveCodeBench publishes its private tests.

A pickle is a program, and this one comes from a download. It is never loaded: its instructions are listed, and the
listing has to be that of one text and nothing else. A restricted `pickle.Unpickler` would not do: ten bytes that name a
far entry of its memo make it allocate gigabytes, whatever `find_class` says.
"""

from __future__ import annotations

import base64
import binascii
import zlib

from testsuites.importers.sources import MAX_ROW_BYTES

MAX_UNPACKED_BYTES = MAX_ROW_BYTES
"""As much as a row that is not packed may have. Published rows have more than 50 MB."""

_TEXT = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"})
_NO_EFFECT = frozenset({"PROTO", "FRAME", "MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT", "STOP"})


def read_packed(packed: str, most: int = MAX_UNPACKED_BYTES) -> str:
    """Return the text.

    Args:
        packed: the base64 text.
        most: bytes that it may unpack to.

    Raises:
        ValueError: it is something else, or larger. The message holds no part of it.
    """
    try:
        compressed = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("neither JSON nor base64") from None
    return _only_text(_inflated(compressed, most))


def _inflated(compressed: bytes, most: int) -> bytes:
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(compressed, most + 1)
    except zlib.error:
        raise ValueError("not zlib data") from None
    if len(data) > most:
        raise ValueError(f"unpacks to more than {most // 1024**2} MiB")
    if not stream.eof:
        raise ValueError("not whole zlib data")
    return data


def _only_text(pickled: bytes) -> str:
    import pickletools

    text = None
    try:
        for instruction, argument, _ in pickletools.genops(pickled):
            if instruction.name in _TEXT and text is None:
                text = argument
            elif instruction.name not in _NO_EFFECT:
                break
        else:
            if isinstance(text, str):
                return text
    except ValueError:  # its message may quote the data
        pass
    raise ValueError("not the pickle of a text; nothing else is read")

"""Length-prefixed frames on a pipe: four bytes, big-endian, then so many bytes."""

from __future__ import annotations

import os
import struct

HEADER = struct.Struct(">I")


def read_exactly(fd: int, size: int) -> bytes:
    """Read `size` bytes, waiting for them.

    Raises:
        EOFError: the other end closed first.
    """
    parts = []
    while size:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def read_frame(fd: int) -> bytes:
    """Read one frame, waiting for it.

    Raises:
        EOFError: the other end closed.
    """
    return read_exactly(fd, HEADER.unpack(read_exactly(fd, HEADER.size))[0])


def write_frame(fd: int, body: bytes) -> None:
    """Write one frame, waiting for room."""
    view = memoryview(HEADER.pack(len(body)) + body)
    while view:
        view = view[os.write(fd, view) :]

"""A file of grades that is still being written: new lines as they are finished."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from verifier.reporting.rows import MAX_ROW_BYTES, Line, line_of

_CHUNK = 1024 * 1024
_HEAD = 256


class Follower:
    """Reads a file from its beginning, then what is added to it. It may not be there yet, and may begin anew."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet."""
        self._path = path
        self._file: BinaryIO | None = None
        self._head = b""
        self._begin()

    @property
    def is_there(self) -> bool:
        """Whether the file has been seen."""
        return self._file is not None

    def has_begun_anew(self) -> bool:
        """Look at the file; tell whether another took its place or it lost what was read, which is then read again.

        Raises:
            OSError: it is there, and cannot be read.
        """
        if self._file is None:
            with contextlib.suppress(FileNotFoundError):
                self._file = self._path.open("rb")
            return False
        try:
            now = self._path.stat()
        except FileNotFoundError:
            return False  # moved away; a new one is told from it once it is there
        before = os.fstat(self._file.fileno())
        same = (now.st_dev, now.st_ino) == (before.st_dev, before.st_ino)
        if same and before.st_size >= self._read and os.pread(self._file.fileno(), len(self._head), 0) == self._head:
            return False
        self._file.close()
        self._file = self._path.open("rb")
        self._begin()
        return True

    def lines(self) -> Iterator[Line]:
        """Yield the lines that were finished since the last time. What is not finished is kept for the next."""
        while self._file is not None and (data := self._file.read(_CHUNK)):
            self._read += len(data)
            self._head += data[: _HEAD - len(self._head)]
            *whole, rest = data.split(b"\n")
            for part in whole:
                self._add(part)
                yield from self._finished()
            self._add(rest)

    def _begin(self) -> None:
        self._read, self._head, self._number, self._end = 0, b"", 0, 0
        self._rest, self._lost = bytearray(), 0

    def _add(self, data: bytes) -> None:
        """Keep a part of a line, unless the line is too long."""
        if len(self._rest) + len(data) > MAX_ROW_BYTES:
            self._lost += len(self._rest) + len(data)
            self._rest.clear()
        elif self._lost:
            self._lost += len(data)
        else:
            self._rest += data

    def _finished(self) -> Iterator[Line]:
        self._number += 1
        self._end += len(self._rest) + self._lost + 1
        if self._lost:
            yield Line(self._number, self._end, problem=f"longer than {MAX_ROW_BYTES // 1024**2} MiB")
        elif self._rest.strip():
            yield line_of(bytes(self._rest) + b"\n", self._number, self._end)
        self._rest.clear()
        self._lost = 0

    def __enter__(self) -> Self:
        """Return the follower itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

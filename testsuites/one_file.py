"""The one file that a store is kept in, wherever it is, read at any place."""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import NamedTuple, Protocol

from testsuites.errors import SuiteNotFound, SuiteUnavailable


class Content(Protocol):
    """What a file holds. Safe to use from several threads.

    Attributes:
        size: bytes.
    """

    size: int

    def read_at(self, offset: int, size: int) -> bytes:
        """Return so many bytes from there on, fewer where the content ends.

        Raises:
            SuiteUnavailable: they cannot be read now.
        """
        ...


class Opened(NamedTuple):
    """A file's content, and what is equal as long as the content is."""

    version: object
    content: Content


class OneFile(Protocol):
    """A file that may change. Safe to use from several threads.

    Attributes:
        place: its name, for messages.
    """

    place: str

    def version(self) -> object:
        """Return what is equal as long as the content is.

        Raises:
            SuiteNotFound: there is no such file.
            SuiteUnavailable: it cannot be asked for now.
        """
        ...

    def open(self) -> Opened:
        """Return what it holds now.

        Raises:
            SuiteNotFound, SuiteUnavailable: as for `version`.
            SuiteInvalid: it is too large.
        """
        ...


class InMemory:
    """Content that is in memory."""

    def __init__(self, data: bytes) -> None:
        """Hold some bytes."""
        self.size = len(data)
        self._data = data

    def read_at(self, offset: int, size: int) -> bytes:
        """Return so many bytes from there on (`Content.read_at`)."""
        return self._data[offset : offset + size]


class LocalFile:
    """A file of this machine. What was opened stays readable when another takes its name."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Name a file."""
        self._path = Path(path)
        self.place = str(self._path)

    def version(self) -> object:
        """Return the file's times, size and number (`OneFile.version`)."""
        try:
            return _version(self._path.stat())
        except OSError as error:
            raise self._fault(error) from None

    def open(self) -> Opened:
        """Open it (`OneFile.open`)."""
        try:
            content = _OnDisk(self.place, os.open(self._path, os.O_RDONLY | os.O_CLOEXEC))
            return Opened(_version(content.stat), content)
        except OSError as error:
            raise self._fault(error) from None

    def _fault(self, error: OSError) -> SuiteNotFound | SuiteUnavailable:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return SuiteNotFound(f"{self.place}: no such file; give the file, or the folder, that holds the suites")
        return SuiteUnavailable(f"{self.place}: cannot be read: {error.strerror}")


class _OnDisk:
    """An open file. It is closed with the object."""

    def __init__(self, place: str, descriptor: int) -> None:
        self._place = place
        self._descriptor = descriptor
        weakref.finalize(self, os.close, descriptor)
        self.stat = os.fstat(descriptor)
        self.size = self.stat.st_size

    def read_at(self, offset: int, size: int) -> bytes:
        """Return so many bytes from there on (`Content.read_at`)."""
        parts = []
        try:
            while size > 0 and (part := os.pread(self._descriptor, size, offset)):
                parts.append(part)
                offset, size = offset + len(part), size - len(part)
        except OSError as error:
            raise SuiteUnavailable(f"{self._place}: cannot be read: {error.strerror}") from None
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _version(stat: os.stat_result) -> object:
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino, stat.st_dev

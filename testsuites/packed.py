"""Stores that are one file: an archive, or sealed suites. Read only; nothing of them is written to disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple, Protocol

from testsuites.cache import SuiteCache
from testsuites.calibration import Calibration
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.layout import not_there
from testsuites.loading import Loaded, loaded
from testsuites.model import AnySuite
from testsuites.one_file import Content, OneFile
from testsuites.store import check_id

_LOCKS = 64


class Packed(Protocol):
    """What one file holds, its index in memory. Safe to use from several threads.

    Attributes:
        ids: those of its suites, sorted.
    """

    @property
    def ids(self) -> Collection[str]:
        """Return the ids, sorted."""
        ...

    def files(self, suite_id: str) -> dict[str, bytes]:
        """Return the contents, by name, of what grading reads of a suite that is there.

        Raises:
            SuiteInvalid: they cannot be read, or are too large.
            SuiteUnavailable: they cannot be read now.
        """
        ...

    def beside(self, suite_id: str) -> dict[str, bytes]:
        """Return the contents, by name, of what lies beside a suite that is there.

        Raises:
            SuiteInvalid, SuiteUnavailable: as for `files`.
        """
        ...


Unpack = Callable[[Content, str], Packed]
"""Reads the index of what a file holds; is told the file's place, for messages. Raises as `PackedStore` does."""


class _Open(NamedTuple):
    """A version of the file: its index, or why it has none that can be used."""

    version: object
    packed: Packed | SuiteInvalid


class PackedStore:
    """A `Store` over one file. When the file changes, it is opened again. Suites used last are kept in memory."""

    def __init__(self, file: OneFile, unpack: Unpack) -> None:
        """Open the file.

        Args:
            file: the file.
            unpack: reads its index.

        Raises:
            SuiteNotFound: there is no such file, or a library that it needs is not installed.
            SuiteInvalid: it cannot be used.
            SuiteUnavailable: it cannot be read now, or there is no key to read it with.
        """
        self.place = file.place
        self._file = file
        self._unpack = unpack
        self._cache: SuiteCache[Loaded] = SuiteCache()
        self._opening = threading.Lock()
        self._reading = [threading.Lock() for _ in range(_LOCKS)]
        self._open = _Open(None, SuiteInvalid())
        self._current()

    def ids(self) -> Iterator[str]:
        """Yield the id of every suite, sorted.

        Raises:
            SuiteInvalid, SuiteNotFound, SuiteUnavailable: as for opening.
        """
        yield from self._current()[1].ids

    def load(self, suite_id: str) -> AnySuite:
        """Return one suite.

        Raises:
            SuiteNotFound: there is none of that id, or the file is gone.
            SuiteInvalid: it cannot be used, or the id is not one.
            SuiteUnavailable: it cannot be read now.
        """
        return self._load(suite_id).suite

    def calibration(self, suite_id: str) -> Calibration | None:
        """Return the record kept beside a suite, if there is one.

        Raises:
            SuiteNotFound, SuiteUnavailable: as for `load`.
            SuiteInvalid: as for `load`, or the record cannot be read.
        """
        return self._load(suite_id).calibration()

    def beside(self, suite_id: str) -> dict[str, bytes]:
        """Return the contents, by name, of what lies beside a suite. Read anew each time: grading asks for none of it.

        Raises:
            SuiteNotFound, SuiteInvalid, SuiteUnavailable: as for `load`.
        """
        check_id(suite_id)
        packed = self._current()[1]
        if suite_id not in packed.ids:
            raise SuiteNotFound(not_there(self.place, suite_id, packed.ids))
        return packed.beside(suite_id)

    def _load(self, suite_id: str) -> Loaded:
        check_id(suite_id)
        version, packed = self._current()
        with self._reading[hash(suite_id) % _LOCKS]:  # several threads that want one suite read it once
            kept = self._cache.get(suite_id, version)
            if kept is not None:
                return kept
            if suite_id not in packed.ids:
                raise SuiteNotFound(not_there(self.place, suite_id, packed.ids))
            files = packed.files(suite_id)
            found = loaded(self.place, suite_id, files)
            self._cache.keep(suite_id, version, found, size=sum(map(len, files.values())))
            return found

    def _current(self) -> tuple[object, Packed]:
        """Return the file as it is now, opened."""
        with self._opening:
            version = self._file.version()
            if version != self._open.version:
                self._open = self._opened()
            version, packed = self._open
        if isinstance(packed, SuiteInvalid):
            raise SuiteInvalid(str(packed))
        return version, packed

    def _opened(self) -> _Open:
        version, content = self._file.open()
        try:
            return _Open(version, self._unpack(content, self.place))
        except SuiteInvalid as error:  # for every answer, until the file changes: not to be found out anew for each
            return _Open(version, error)

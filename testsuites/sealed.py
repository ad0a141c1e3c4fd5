"""Sealed suites: a whole store encrypted in one file (`testsuites.sealed_format`), opened in memory only.

The index is decrypted when the file is opened, a suite when it is asked for. Any byte that changed since the file was
sealed makes what it belongs to `SuiteInvalid`: never another suite than the one that was sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import msgspec

from testsuites.errors import SuiteInvalid
from testsuites.layout import is_beside, is_read_for_grading
from testsuites.native import check_sizes
from testsuites.one_file import Content
from testsuites.sealed_format import (
    FIXED,
    MAGIC,
    MAX_ENTRY_BYTES,
    MAX_HEADER_BYTES,
    MAX_INDEX_BYTES,
    START,
    TAG_BYTES,
    VERSION,
    Entries,
    Header,
    associated,
    inflate,
    nonce,
)
from testsuites.sealed_keys import file_cipher
from testsuites.store import check_id

_CHANGED = "was changed or cut short after it was sealed; copy it again, or seal the suites again"


class _Entry(NamedTuple):
    """Where an entry stands."""

    number: int
    offset: int
    length: int
    size: int


class Sealed:
    """An open file of sealed suites (`testsuites.packed.Packed`)."""

    def __init__(self, content: Content, place: str) -> None:
        """Find the key, and decrypt the index.

        Args:
            content: of the file.
            place: the file's, for messages.

        Raises:
            SuiteInvalid: it is no such file, is of another version, was sealed with another key, or changed since.
            SuiteNotFound: a library is not installed.
            SuiteUnavailable: it cannot be read now, or there is no key.
        """
        self._content = content
        self._place = place
        self._head, header = _header(content, place)
        self._cipher = file_cipher(header, place)
        self._suites = self._index()

    @property
    def ids(self) -> Collection[str]:
        """Return the ids, sorted."""
        return self._suites.keys()

    def files(self, suite_id: str) -> dict[str, bytes]:
        """Return what grading reads of a suite (`testsuites.packed.Packed.files`)."""
        return self._files(suite_id, 0, is_read_for_grading)

    def beside(self, suite_id: str) -> dict[str, bytes]:
        """Return what lies beside a suite (`testsuites.packed.Packed.beside`)."""
        return self._files(suite_id, 1, is_beside)

    def _index(self) -> dict[str, tuple[_Entry, _Entry]]:
        """Return where the entries of each suite stand, by its id."""
        end = self._content.size - START.size
        start_bytes = self._content.read_at(end, START.size) if end > 0 else b""
        start = START.unpack(start_bytes)[0] if len(start_bytes) == START.size else -1
        if not len(self._head) <= start <= end - TAG_BYTES or end - start > MAX_INDEX_BYTES:
            raise SuiteInvalid(f"{self._place}: {_CHANGED}")
        data = self._opened(start, end - start, 0, "")
        try:
            rows = msgspec.msgpack.decode(data, type=list[Entries])
        except ValueError:  # those of msgspec are such
            raise SuiteInvalid(f"{self._place}: its index is not one of this version; seal the suites again") from None
        suites: dict[str, tuple[_Entry, _Entry]] = {}
        offset = len(self._head)
        for number, row in enumerate(rows):
            check_id(row.id)
            first = _Entry(2 * number + 1, offset, row.length, row.size)
            second = _Entry(2 * number + 2, offset + row.length, row.beside_length, row.beside_size)
            if min(*row[1:3]) < TAG_BYTES or not 0 <= min(row[3:]) <= max(row[3:]) <= MAX_ENTRY_BYTES:
                raise SuiteInvalid(f"{self._place}: its index names an impossible length; seal the suites again")
            suites[row.id] = first, second
            offset = second.offset + second.length
        if offset != start or list(suites) != sorted(row.id for row in rows):
            raise SuiteInvalid(f"{self._place}: its index does not fit its content; seal the suites again")
        return suites

    def _files(self, suite_id: str, part: int, belongs: Callable[[str], bool]) -> dict[str, bytes]:
        place = f"{self._place}/{suite_id}"
        entry = self._suites[suite_id][part]
        packed = self._opened(entry.offset, entry.length, entry.number, suite_id)
        try:
            files = msgspec.msgpack.decode(inflate(packed, entry.size), type=dict[str, bytes])
        except ValueError:  # those of msgspec are such
            raise SuiteInvalid(f"{place}: is not sealed as this version does it; seal the suites again") from None
        if not all(map(belongs, files)):
            raise SuiteInvalid(f"{place}: holds a file that is no part of a suite; seal the suites again")
        check_sizes(place, {name: len(data) for name, data in files.items()})
        return files

    def _opened(self, offset: int, length: int, number: int, suite_id: str) -> bytes:
        """Decrypt an entry."""
        from cryptography.exceptions import InvalidTag

        place = f"{self._place}/{suite_id}" if suite_id else self._place
        data = self._content.read_at(offset, length)
        try:
            return self._cipher.decrypt(nonce(number), data, associated(self._head, number, suite_id))
        except (InvalidTag, ValueError):
            raise SuiteInvalid(f"{place}: {_CHANGED}") from None


def _header(content: Content, place: str) -> tuple[bytes, Header]:
    """Return the head as it stands, and the header in it."""
    fixed = content.read_at(0, FIXED.size)
    if len(fixed) < FIXED.size or not fixed.startswith(MAGIC):
        raise SuiteInvalid(f"{place}: not a file of sealed suites; make one with `verifier suites seal`")
    _, version, length = FIXED.unpack(fixed)
    if version != VERSION:
        raise SuiteInvalid(f"{place}: is of version {version}, and this release reads {VERSION}; seal the suites again")
    if length > MAX_HEADER_BYTES:
        raise SuiteInvalid(f"{place}: {_CHANGED}")
    text = content.read_at(FIXED.size, length)
    try:
        return fixed + text, msgspec.json.decode(text, type=Header)
    except ValueError:  # those of msgspec are such
        raise SuiteInvalid(f"{place}: {_CHANGED}") from None

"""The members of a .zip file, checked before any is read. Nothing is extracted."""

from __future__ import annotations

import io
import stat
import threading
import zipfile
import zlib

from testsuites.errors import SuiteInvalid
from testsuites.one_file import Content

MAX_INDEX_BYTES = 32 * 1024 * 1024
"""Some 300,000 members; their index takes about ten times as much memory."""
MAX_NAME_CHARACTERS = 1024
"""As in S3. A suite's id has 200 at most."""

_AT_ONCE = 1024 * 1024
_ENCRYPTED, _UTF8 = 0x1, 0x800  # bits of a member's flags (APPNOTE.TXT of the format, 4.4.4)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OverflowError)
"""What `zipfile` raises for bytes that are no archive, or a broken one."""


class ZipMembers:
    """An open .zip file. Safe to use from several threads.

    Attributes:
        sizes: what each member that is a file grows to, in bytes, by its name.
    """

    def __init__(self, content: Content, place: str) -> None:
        """Read the index.

        Args:
            content: of the file.
            place: the file's, for messages.

        Raises:
            SuiteInvalid: it is no .zip file, or one that this release refuses.
            SuiteUnavailable: it cannot be read now.
        """
        self._lock = threading.Lock()  # members share the place where the file is read
        try:
            self._zip = zipfile.ZipFile(_Reader(content, place))
        except _FAULTS:
            raise SuiteInvalid(f"{place}: not a .zip file, or a broken one; make it again") from None
        self._members = _checked(self._zip.infolist(), place)
        self.sizes = {name: member.file_size for name, member in self._members.items()}

    def read(self, name: str, place: str) -> bytes:
        """Read a member: never more than its size in the index, and all of it, or `zipfile` misses its checksum.

        Args:
            name: the member's.
            place: what a message starts with.

        Raises:
            SuiteInvalid: it is broken.
            SuiteUnavailable: it cannot be read now.
        """
        parts = []
        try:
            with self._lock, self._zip.open(self._members[name]) as file:
                while part := file.read(_AT_ONCE):
                    parts.append(part)
        except _FAULTS:
            raise SuiteInvalid(f"{place}: this part of the archive is broken; make the archive again") from None
        data = b"".join(parts)
        if len(data) != self.sizes[name]:
            raise SuiteInvalid(f"{place}: this part of the archive is broken; make the archive again")
        return data


class _Reader(io.RawIOBase):
    """Content as a file, for `zipfile`. Refuses to read an index that is too large."""

    def __init__(self, content: Content, place: str) -> None:
        self._content = content
        self._place = place
        self._at = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._content.size}[whence]
        if start + offset < 0:
            raise ValueError("before the start")
        self._at = start + offset
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        left = max(self._content.size - self._at, 0)
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > MAX_INDEX_BYTES:  # only the index is read at one go
            raise SuiteInvalid(f"{self._place}: holds too many files; split it, or use a folder")
        data = self._content.read_at(self._at, wanted)
        self._at += len(data)
        return data


def _checked(infos: list[zipfile.ZipInfo], place: str) -> dict[str, zipfile.ZipInfo]:
    """Return the members that are files, by name.

    Raises:
        SuiteInvalid: one is such that no archive of suites has it.
    """
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        problem = _problem(info)
        if problem is None and info.filename in members:
            problem = "twice in the archive"
        if problem is not None:
            raise SuiteInvalid(f"{place}: the member {info.filename[:MAX_NAME_CHARACTERS]!r} is {problem}")
        if not info.is_dir():
            members[info.filename] = info
    return members


def _problem(info: zipfile.ZipInfo) -> str | None:
    """Say what is wrong with a member, judging by the index alone; None: nothing."""
    name = info.filename
    if len(name) > MAX_NAME_CHARACTERS:
        return "longer than 1,024 characters"
    if info.orig_filename != name or "\\" in name or not all(part.strip(".") for part in name.rstrip("/").split("/")):
        return "no path below a folder, such as a/b/suite.toml; refused, since it may lead out of one"
    if not name.isascii() and not info.flag_bits & _UTF8:
        return "not said to be UTF-8; make the archive with Python's zipfile, or rename the file"
    if info.flag_bits & _ENCRYPTED:
        return "encrypted; `verifier suites seal` encrypts suites"
    if info.compress_type not in _METHODS:
        return "compressed in a way that this release does not read; use deflate, the usual one"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a symbolic link or a device; put the file itself into the archive"
    return None

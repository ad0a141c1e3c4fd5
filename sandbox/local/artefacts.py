"""What building made: taken out of the folder of a build, and kept in a file without a name.

Whoever made it is dead, and may have put anything in its place: only regular files that the build's own user made, and
that have no other name, are read.
"""

from __future__ import annotations

import errno
import fcntl
import io
import os
import stat
import weakref
import zipfile
from pathlib import Path

from sandbox.job import MEBIBYTE

MAX_BYTES = 128 * MEBIBYTE
"""Of an artefact."""
_MOST_FILES = 10_000
_DEEPEST = 64
"""Of a folder that is taken: its files, and how deep they lie."""
_NO_WRITING = 0x1 | 0x2 | 0x4 | 0x8  # F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE (fcntl(2))
_F_ADD_SEALS = 1033
_MFD_EXEC = 0x10
"""Since Linux 6.3, where files of memory may else be such that cannot be run (memfd_create(2))."""


class Artefact:
    """A file without a name that nobody can write to any more. Its descriptor is closed with this object.

    Attributes:
        size: in bytes.
        descriptor: of the file.
    """

    def __init__(self, data: bytes) -> None:
        """Keep the data."""
        self.size = len(data)
        self.descriptor = _file_of_memory()
        weakref.finalize(self, os.close, self.descriptor)
        with open(self.descriptor, "wb", closefd=False) as file:
            file.write(data)
        fcntl.fcntl(self.descriptor, _F_ADD_SEALS, _NO_WRITING)


class NotTaken(Exception):
    """What a build left in place of its artefact cannot be used. The message says why, for the program's author."""


def taken(path: Path, uid: int) -> bytes:
    """Return what lies there: a file that belongs to `uid`, or a folder of such files, as an archive.

    Raises:
        NotTaken: neither lies there, or there is more than anybody may ask to be kept.
    """
    try:
        return _packed(path, uid) if stat.S_ISDIR(path.lstat().st_mode) else _read(path, uid, MAX_BYTES)
    except OSError as error:
        raise NotTaken(f"the compiler makes no program ({os.strerror(error.errno or 0)})") from None


def _read(path: Path, uid: int, most: int) -> bytes:
    """Read a regular file; a device or a pipe is not waited for, and no link is followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != uid or status.st_nlink != 1:
            raise NotTaken("the compiler makes no program, but a link or a special file")
        data = file.read(most + 1)
    if len(data) > most:
        raise NotTaken("the compiler makes a program that is too big")
    return data


def _packed(folder: Path, uid: int) -> bytes:
    """Put the files of a folder into an archive, in order and without times: the same each time."""
    archived = io.BytesIO()
    files, left = 0, MAX_BYTES
    unseen = [folder]
    with zipfile.ZipFile(archived, "w") as archive:
        while unseen:
            for path in sorted(unseen.pop().iterdir()):
                name = path.relative_to(folder)
                if len(name.parts) > _DEEPEST or (files := files + 1) > _MOST_FILES:
                    raise NotTaken("the compiler makes more files than can be kept")
                if stat.S_ISDIR(path.lstat().st_mode):
                    unseen.append(path)
                    continue
                data = _read(path, uid, left)
                left -= len(data)
                archive.writestr(zipfile.ZipInfo(os.fsencode(name).decode("utf-8", "replace")), data)
    return archived.getvalue()


def _file_of_memory() -> int:
    flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
    try:
        return os.memfd_create("artefact", flags | _MFD_EXEC)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return os.memfd_create("artefact", flags)

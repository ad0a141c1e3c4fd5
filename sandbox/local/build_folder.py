"""The folder of one build: made for its user alone, watched while it fills, and removed whatever is in it.

What bounds the disk space that a build takes: RLIMIT_FSIZE bounds each file, and the folder is looked at as often as
the build's memory, which ends it when there is too much. Files that have no name any more are in no figure: a compiler
leaves none, and one that a program took over is held by RLIMIT_FSIZE and its few descriptors alone.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sandbox.errors import SandboxFault, SandboxUnavailable
from sandbox.inside.names import Names
from sandbox.job import MEBIBYTE, Limits
from sandbox.local.meter import Meter
from sandbox.outcome import Status

MAX_FILE_BYTES = 128 * MEBIBYTE
MAX_BYTES = 256 * MEBIBYTE
MAX_NAMES = 20_000
MAX_DEPTH = 100
_PREFIX = "rlvr-build-"


@contextlib.contextmanager
def build_folder(uid: int | None) -> Iterator[Path]:
    """Lend an empty folder that nobody else can enter.

    Args:
        uid: whom it belongs to; None for the judge's own user.

    Raises:
        SandboxUnavailable: it cannot be given to that user.
        SandboxFault: it cannot be removed afterwards.
    """
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        if uid is not None:
            _give(folder, uid)
        yield folder
    finally:
        try:
            Names(str(folder.parent)).remove(folder.name)
        except OSError as error:
            raise SandboxFault(f"the folder of a build cannot be removed: {os.strerror(error.errno or 0)}") from None


def _give(folder: Path, uid: int) -> None:
    try:
        os.chown(folder, uid, uid)
        os.listdir(folder)  # noqa: PTH208 - tried, not used
    except PermissionError:
        raise SandboxUnavailable(
            "started as root without the capabilities CHOWN, DAC_OVERRIDE and FOWNER, nothing can be built; grant "
            "them, or start as an ordinary user"
        ) from None


def is_full(folder: Path) -> bool:
    """Whether there is more below a folder than a build may write, or it is deeper, or cannot be looked at."""
    names = used = 0
    unseen = [(str(folder), 0)]
    while unseen:
        path, depth = unseen.pop()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):  # a compiler removes what it does not need any more
                        status = entry.stat(follow_symlinks=False)
                        used += status.st_blocks * 512
                        if stat.S_ISDIR(status.st_mode):
                            unseen.append((entry.path, depth + 1))
                    names += 1
                    if used > MAX_BYTES or names > MAX_NAMES or depth > MAX_DEPTH:
                        return True
        except FileNotFoundError:
            continue
        except OSError:
            return True
    return False


class BuildMeter(Meter):
    """Looks at the folder of a build whenever it looks at the build."""

    def __init__(self, folder: Path, pid: int, start_cpu_ns: int, limits: Limits) -> None:
        """Start measuring a build in that folder (`sandbox.local.meter.Meter`)."""
        super().__init__(pid, start_cpu_ns, limits)
        self._folder = folder

    def look(self) -> Status | None:
        """Measure, and return the limit at which the build is to be killed, if it has passed one."""
        return super().look() or (Status.OUTPUT_LIMIT if is_full(self._folder) else None)

"""What programs left in an environment before its runner started: they had ended the one that would have looked.

A Lambda environment outlives its runner: names in /tmp stay there, and so may objects in the kernel. What is left is
gone before the first program runs, so that none goes on from where another was, or from where it was itself. Only where
nobody else has anything: the image's entry point says so (container/entrypoint.sh), and ends processes that were left.
"""

from __future__ import annotations

import contextlib
import os
import stat

from sandbox.inside.audit import Audit
from sandbox.inside.keyrings import Keyrings
from sandbox.inside.names import Names
from sandbox.inside.system_v import SystemVObjects

_FOLDERS = ("/tmp", "/dev/shm")  # noqa: S108 - emptied, not written to


def sweep() -> None:
    """Remove what is there of this user: names in the folders that programs could write to, System V objects, keys."""
    for folder in _FOLDERS:
        _make_usable(folder)
        with contextlib.suppress(OSError):  # there is no such folder, or no right to look into it
            Audit([Names(folder)], ours=True)
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    try:
        Audit([SystemVObjects(proc, os.getuid())], ours=True)
    finally:
        os.close(proc)
    _remove_keys()


def _make_usable(folder: str) -> None:
    """Give a folder of ours its rights back."""
    with contextlib.suppress(OSError):
        found = os.stat(folder)  # noqa: PTH116
        if found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) & 0o700 != 0o700:
            os.chmod(folder, 0o1777)  # noqa: PTH101, S103 - what /tmp has everywhere


def _remove_keys() -> None:
    """Empty the user's keyrings, in a child: some hosts end a process for asking."""
    pid = os.fork()
    if pid == 0:
        try:
            Audit([Keyrings(own_session=False)], ours=True)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)

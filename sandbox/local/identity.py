"""An unprivileged uid of its own for each worker, where the judge runs as root.

Two workers never share a uid, on the whole machine: a uid is claimed by binding an abstract socket name, which the
kernel frees when the process that holds it ends.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import re
import signal
import socket
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from sandbox.errors import SandboxUnavailable
from sandbox.inside import kernel
from sandbox.local.proc import parent_of, processes_of, threads_of

_COUNT_HOLDS_SECONDS = 5
_FIRST_UID, _LAST_UID = 64100, 64899
"""Inside the 65,536 ids that a container has, above ordinary users, below nobody."""
_NO_DESCRIPTOR = re.compile(rb"^Max open files +0 +0 ", re.MULTILINE)
"""In /proc/PID/limits: a candidate, or what it started; no other process lives without."""


class Identity:
    """A claimed uid; `uid` is None where the judge is not root and candidates share the judge's uid."""

    def __init__(self, *, wanted: bool = True) -> None:
        """Claim a uid, where it is wanted.

        Raises:
            SandboxUnavailable: every uid of the range is taken, or root lacks a capability that it needs.
        """
        self.uid: int | None = None
        self._claim: socket.socket | None = None
        if wanted and os.geteuid() == 0:
            _check_capabilities()
            self.uid, self._claim = _claim_uid()

    def release(self) -> None:
        """Give the uid back."""
        if self._claim is not None:
            self._claim.close()


def _check_capabilities() -> None:
    """Root without these, as in some containers, could neither give a program its own user nor end it."""
    needed = {"KILL": kernel.CAP_KILL, "SETGID": kernel.CAP_SETGID, "SETUID": kernel.CAP_SETUID}
    missing = [name for name, number in needed.items() if number not in kernel.held_capabilities()]
    if missing:
        raise SandboxUnavailable(
            f"started as root without the capabilities {', '.join(missing)}; grant them, or start as an ordinary user"
        )


def _claim_uid() -> tuple[int, socket.socket]:
    uids = range(_FIRST_UID, _LAST_UID + 1)
    first = random.SystemRandom().randrange(
        len(uids)
    )  # names are claimed in one network namespace, limits count in all
    for uid in (*uids[first:], *uids[:first]):
        if _belongs_to_somebody(uid):
            continue
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        with contextlib.suppress(OSError):
            claim.bind(f"\0rlvr-verifier-uid-{uid}")
            return uid, claim
        claim.close()
    raise SandboxUnavailable(
        f"all user ids from {_FIRST_UID} to {_LAST_UID} are in use; stop other verifiers on this machine"
    )


def _belongs_to_somebody(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def threads_of_user(uid: int) -> int:
    """How many processes and threads a user has now, or had a few seconds ago."""
    return _threads_of_user(uid, int(time.monotonic() / _COUNT_HOLDS_SECONDS))


@lru_cache(maxsize=4)
def _threads_of_user(uid: int, period: int) -> int:
    return threads_of(uid)


def kill_all_of(uid: int) -> None:
    """Kill every process of a user that is nobody's but ours, until none is left."""
    _kill(lambda: [int(folder.name) for folder in processes_of(uid)])


def kill_strays() -> None:
    """Kill, where candidates share the judge's uid, those that killed their zygote and whom nobody would find."""
    _kill(lambda: [int(folder.name) for folder in processes_of(os.getuid()) if _is_stray(folder)])


def _kill(find: Callable[[], list[int]]) -> None:
    while found := find():
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)


def _is_stray(folder: Path) -> bool:
    """Whether it is a candidate, or of one, and no zygote is above it."""
    try:
        if not _is_candidate(folder):
            return False
        while (pid := parent_of(int(folder.name))) > 1:
            folder = Path(f"/proc/{pid}")
            if b"inside/__main__.py" in (folder / "cmdline").read_bytes() and not _is_candidate(folder):
                return False
    except OSError:  # it, or one above it, has just ended
        return False
    return True


def _is_candidate(folder: Path) -> bool:
    return _NO_DESCRIPTOR.search((folder / "limits").read_bytes()) is not None

"""Whose a container is: the process that made it, by a name that tells whether that process has died.

A process is known by its machine, its process namespace, its number and the time of its start, since numbers are given
again, and in another namespace are those of others. In doubt it lives.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

LABELS = {"rlvr-verifier": "sandbox"}
"""Of every container of a `sandbox.DockerSandbox`."""
OWNER = "rlvr-verifier.owner"
"""Name of the label whose value is `this_process` of the maker."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_OWNER = re.compile(r"(?P<place>[0-9a-f-]+:\d+):(?P<pid>\d{1,9}):(?P<start>\d+)", re.ASCII)
_STATE, _START = 0, 19
"""Places in /proc/PID/stat after the command's name (proc(5))."""


def this_process() -> str:
    """Name this process."""
    return f"{_place()}:{os.getpid()}:{_stat(os.getpid())[_START]}"


def has_died(owner: str) -> bool:
    """Whether a process that was named so could have been seen from here, and is no more."""
    found = _OWNER.fullmatch(owner)
    if found is None or found["place"] != _place():
        return False
    pid = int(found["pid"])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # it is another user's, and lives
    try:
        fields = _stat(pid)
    except OSError:
        return False  # some hosts do not show other users' processes
    return fields[_START] != found["start"] or fields[_STATE] in ("Z", "X")


def _place() -> str:
    """Name the machine, and the namespace in which this process has its number."""
    return f"{_BOOT_ID.read_text(encoding='ascii').strip()}:{Path('/proc/self/ns/pid').stat().st_ino}"


def _stat(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()  # the command's name may hold spaces and brackets

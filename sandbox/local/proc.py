"""What /proc tells of other processes (proc(5))."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_STATE, _PARENT, _UTIME, _STIME, _CUTIME, _CSTIME, _THREADS, _RSS = 0, 1, 11, 12, 13, 14, 17, 21
"""Places in /proc/PID/stat after the command's name, which may hold spaces and brackets."""


def parent_of(pid: int) -> int:
    """Return the parent's process id.

    Raises:
        OSError: there is no such process.
    """
    return int(_stat(Path(f"/proc/{pid}"))[_PARENT])


class Usage(NamedTuple):
    """What a tree of processes uses now."""

    cpu_seconds: float
    resident_bytes: int


def usage_elsewhere(pid: int) -> Usage:
    """Add up what the processes use that `pid` started, living or reaped, or that share its parent; not `pid` itself.

    Raises:
        OSError: there is no such process.
    """
    children: dict[int, list[int]] = defaultdict(list)
    stats: dict[int, list[bytes]] = {}
    for folder in _processes():
        with contextlib.suppress(OSError):  # it has ended meanwhile
            fields = _stat(folder)
            children[int(fields[_PARENT])].append(int(folder.name))
            stats[int(folder.name)] = fields
    ticks = pages = 0
    parent = parent_of(pid)
    shared = int(stats[parent][_RSS]) if parent in stats else 0  # with the process that they were all forked from
    unseen = [parent]
    while unseen:
        below = children[unseen.pop()]
        unseen += below
        for process in below:
            fields = stats[process]
            ticks += sum(map(int, fields[_CUTIME : _CSTIME + 1]))
            if process != pid:
                ticks += sum(map(int, fields[_UTIME : _STIME + 1]))
                pages += max(0, int(fields[_RSS]) - shared)
    return Usage(ticks / _TICKS_PER_SECOND, pages * _PAGE_BYTES)


def waiting_seconds(pid: int) -> float | None:
    """Time that a process's threads were ready to run and had no processor; None where the kernel does not tell."""
    total_ns = 0
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            total_ns += int((task / "schedstat").read_bytes().split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return total_ns / 1e9


def wants_a_processor(pid: int) -> bool:
    """Whether one of its threads runs, is ready to run, or waits for the disk, at this moment."""
    with contextlib.suppress(OSError):
        return any(_stat(task)[_STATE] in (b"R", b"D") for task in Path(f"/proc/{pid}/task").iterdir())
    return False


def processes_of(uid: int) -> Iterator[Path]:
    """Yield the folder of each process of a user, but not of the dead that wait for their parent."""
    owner = b"\nUid:\t%d\t" % uid
    for folder in _processes():
        with contextlib.suppress(OSError):
            status = (folder / "status").read_bytes()
            if owner in status and b"\nState:\tZ" not in status:
                yield folder


def threads_of(uid: int) -> int:
    """How many processes and threads a user has."""
    count = 0
    for folder in processes_of(uid):
        with contextlib.suppress(OSError):
            count += int(_stat(folder)[_THREADS])
    return count


def _processes() -> Iterator[Path]:
    return (folder for folder in Path("/proc").iterdir() if folder.name.isdigit())


def _stat(folder: Path) -> list[bytes]:
    return (folder / "stat").read_bytes().rpartition(b")")[2].split()

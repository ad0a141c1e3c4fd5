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
_STATE, _PARENT, _UTIME, _STIME, _CUTIME, _CSTIME, _THREADS, _START, _RSS = 0, 1, 11, 12, 13, 14, 17, 19, 21
"""Places in /proc/PID/stat after the command's name, which may hold spaces and brackets."""


def parent_of(pid: int) -> int:
    """Return the parent's process id.

    Raises:
        OSError: there is no such process.
    """
    return int(_stat(Path(f"/proc/{pid}"))[_PARENT])


class Usage(NamedTuple):
    """What a tree of processes uses now.

    Attributes:
        living: processor seconds of each living process, by its number and the time of its start.
        reaped_seconds: processor time of those that ended and were waited for.
        resident_bytes: of the living.
    """

    living: dict[tuple[int, int], float]
    reaped_seconds: float
    resident_bytes: int

    @property
    def cpu_seconds(self) -> float:
        """Of all of them, but those that ended and that nobody waited for."""
        return sum(self.living.values()) + self.reaped_seconds


def usage_elsewhere(pid: int) -> Usage:
    """Add up what the processes use that `pid` started, living or reaped, or that share its parent; not `pid` itself.

    Of `pid` itself, only the shared memory counts that it made and has let go of: its resident memory does not hold it.

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
    living: dict[tuple[int, int], float] = {}
    reaped_ticks = pages = 0
    parent = parent_of(pid)
    shared = int(stats[parent][_RSS]) if parent in stats else 0  # with the process that they were all forked from
    unseen = [parent]
    everybody = set(unseen)
    while unseen:
        below = children[unseen.pop()]
        unseen += below
        everybody.update(below)
        for process in below:
            fields = stats[process]
            reaped_ticks += sum(map(int, fields[_CUTIME : _CSTIME + 1]))
            if process != pid:
                own_ticks = sum(map(int, fields[_UTIME : _STIME + 1]))
                living[process, int(fields[_START])] = own_ticks / _TICKS_PER_SECOND
                pages += max(0, int(fields[_RSS]) - shared)
    return Usage(living, reaped_ticks / _TICKS_PER_SECOND, pages * _PAGE_BYTES + _unattached_bytes(everybody))


def _unattached_bytes(creators: set[int]) -> int:
    """Resident memory of the System V segments that living `creators` made and nobody has attached (sysvipc(7))."""
    total = 0
    with contextlib.suppress(FileNotFoundError):  # a kernel without System V objects
        names, *rows = [line.split() for line in Path("/proc/sysvipc/shm").read_bytes().splitlines()]
        for row in rows:
            segment = dict(zip(names, row, strict=True))
            if segment[b"nattch"] == b"0" and int(segment[b"cpid"]) in creators:
                total += int(segment[b"rss"])
    return total


def peak_of(status: int, pid: int) -> int:
    """Return the peak resident memory of a process in bytes, 0 when it has ended.

    Args:
        status: a descriptor of its /proc/PID/status.
        pid: its number: where its first thread has ended and others go on, they are asked.

    Raises:
        OSError: it is gone.
    """
    peak = _peak_in(os.pread(status, 4096, 0))
    if peak is not None:
        return peak
    peaks = [_peak_in((task / "status").read_bytes()) for task in Path(f"/proc/{pid}/task").iterdir()]
    return max((each for each in peaks if each is not None), default=0)


def _peak_in(status: bytes) -> int | None:
    place = status.find(b"\nVmHWM:")  # on a line of its own: the program chooses what its name is
    return None if place < 0 else int(status[place + 7 : status.index(b"kB", place)]) * 1024


def wants_a_processor(pid: int) -> bool:
    """Whether one of its threads runs, or is ready to run, at this moment.

    One that sleeps as for a disk (D) does not count: there is none here, and who waits for the end of vfork looks so.
    """
    with contextlib.suppress(OSError):
        return any(_stat(task)[_STATE] == b"R" for task in Path(f"/proc/{pid}/task").iterdir())
    return False


def is_stopped(pid: int) -> bool:
    """Whether a process was stopped by a signal."""
    with contextlib.suppress(OSError):
        return _stat(Path(f"/proc/{pid}"))[_STATE] in (b"T", b"t")
    return False


def processes_of(uid: int, *, the_dead_too: bool = False) -> Iterator[Path]:
    """Yield the folder of each process of a user, and of the dead that wait for their parent, if so asked."""
    owner = b"\nUid:\t%d\t" % uid
    for folder in _processes():
        with contextlib.suppress(OSError):
            status = (folder / "status").read_bytes()
            dead = b"\nState:\tZ" in status and b"\nThreads:\t1\n" in status  # else only its first thread has ended
            if owner in status and (the_dead_too or not dead):
                yield folder


def threads_of(uid: int) -> int:
    """How many processes and threads a user has, as RLIMIT_NPROC counts them: the dead until they are waited for."""
    count = 0
    for folder in processes_of(uid, the_dead_too=True):
        with contextlib.suppress(OSError):
            count += max(1, int(_stat(folder)[_THREADS]))
    return count


def _processes() -> Iterator[Path]:
    return (folder for folder in Path("/proc").iterdir() if folder.name.isdigit())


def _stat(folder: Path) -> list[bytes]:
    return (folder / "stat").read_bytes().rpartition(b")")[2].split()

"""Kill everything that descends from this process, and wait until it is gone.

The caller is a child subreaper (prctl(2)): processes whose parent died become its children, double forks and new
sessions included. A fork bomb refills what is killed one by one, so all are stopped first: a stopped process cannot
fork, and still counts against the limit on processes.
"""

from __future__ import annotations

import contextlib
import os
import signal


def kill_descendants(proc: int, known: int | None = None, *, alone: bool = False) -> tuple[int, int, int]:
    """Kill all descendants and reap them.

    Args:
        proc: a descriptor of /proc.
        alone: all that this process may signal descends from it: the kernel knows them better than /proc does.
        known: a child, killed first: it spares a look through /proc when it is the only one.

    Returns:
        How many there were, the processor time they used in nanoseconds, and the peak of their resident bytes.
    """
    count = cpu_ns = peak = 0
    if known is not None:
        os.kill(known, signal.SIGKILL)
        os.waitpid(known, 0)
    dying = 0
    while True:
        try:
            pid, _, usage = os.wait4(-1, 0 if dying else os.WNOHANG)
        except ChildProcessError:
            return count, cpu_ns, peak
        if pid == 0:
            dying = _kill_everybody() if alone else _kill_all(proc)
            continue
        dying = max(0, dying - 1)
        count += 1
        cpu_ns += cpu_nanoseconds(usage.ru_utime, usage.ru_stime)
        peak = max(peak, usage.ru_maxrss * 1024)


def cpu_nanoseconds(user_seconds: float, system_seconds: float) -> int:
    """Add the two times of a `resource.struct_rusage`."""
    return round((user_seconds + system_seconds) * 1e9)


def _kill_everybody() -> int:
    """Kill all that may be signalled, at one go: a fork that is under way fails (kill(2), fork(2))."""
    with contextlib.suppress(ProcessLookupError):  # nobody is left but dead children
        os.kill(-1, signal.SIGKILL)
    return 1


def _kill_all(proc: int) -> int:
    """Stop all descendants until none is left running, then kill them; return how many there were."""
    stopped: set[int] = set()
    while new := _descendants(proc) - stopped:
        stopped |= new
        _signal(new, signal.SIGSTOP)
    _signal(stopped, signal.SIGKILL)
    return len(stopped)


def _signal(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _descendants(proc: int) -> set[int]:
    """Find all descendants, by the parent that /proc/PID/stat names (proc(5))."""
    children: dict[int, list[int]] = {}
    for name in os.listdir(proc):
        if name.isdigit():
            with contextlib.suppress(OSError):
                children.setdefault(_parent(name, proc), []).append(int(name))
    found: set[int] = set()
    unseen = [os.getpid()]
    while unseen:
        below = children.get(unseen.pop(), [])
        found.update(below)
        unseen += below
    return found


def _parent(pid: str, proc: int) -> int:
    descriptor = os.open(f"{pid}/stat", os.O_RDONLY, dir_fd=proc)
    try:
        return int(os.read(descriptor, 4096).rpartition(b")")[2].split()[1])
    finally:
        os.close(descriptor)

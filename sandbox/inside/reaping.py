"""Kill everything that descends from this process, and wait until it is gone.

The caller is a child subreaper (prctl(2)): processes whose parent died become its children, so that one pass after
another reaches them all, double forks and new sessions included.
"""

from __future__ import annotations

import contextlib
import os
import signal


def kill_descendants(known: int | None = None) -> tuple[int, int, int]:
    """Kill all descendants and reap them.

    Args:
        known: a child, killed first: it spares a look through /proc when it is the only one.

    Returns:
        How many there were, the processor time they used in nanoseconds, and the peak of their resident bytes.

    """
    count = cpu_ns = peak = 0
    if known is not None:
        os.kill(known, signal.SIGKILL)
        os.waitpid(known, 0)
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return count, cpu_ns, peak
        if pid == 0:
            for child in _children():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(child, signal.SIGKILL)
            pid, _, usage = os.wait4(-1, 0)
        count += 1
        cpu_ns += cpu_nanoseconds(usage.ru_utime, usage.ru_stime)
        peak = max(peak, usage.ru_maxrss * 1024)


def cpu_nanoseconds(user_seconds: float, system_seconds: float) -> int:
    """Add the two times of a `resource.struct_rusage`."""
    return round((user_seconds + system_seconds) * 1e9)


def _children() -> list[int]:
    """List the direct children, from the fourth field of /proc/PID/stat (proc(5))."""
    me = os.getpid()
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208 - pathlib stays out of the zygote
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                if int(file.read().rpartition(b")")[2].split()[1]) == me:
                    found.append(int(name))
    return found

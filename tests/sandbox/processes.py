"""Look at processes from outside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil


def alive(pid: int) -> bool:
    """Whether a process lives; the dead that wait for their parent do not."""
    try:
        return b"\nState:\tZ" not in Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return False


def below(pid: int) -> set[int]:
    """All descendants of a process that live."""
    return {process.pid for process in psutil.Process(pid).children(recursive=True) if alive(process.pid)}


def zygotes() -> set[int]:
    """Find the zygotes of this process."""
    children = {process.pid for process in psutil.Process().children()}
    return {pid for pid in children if b"inside/__main__.py" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def descriptors() -> int:
    """How many descriptors this process holds."""
    return len(list(Path("/proc/self/fd").iterdir()))


def come_true(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until a condition holds, for so long at most; return whether it does."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def gone(pids: Iterable[int], seconds: float) -> bool:
    """Whether all of these processes are dead within so many seconds."""
    pids = list(pids)
    return come_true(lambda: not any(map(alive, pids)), seconds)

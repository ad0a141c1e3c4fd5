"""Look at processes from outside."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil

_NO_DESCRIPTOR = re.compile(rb"^Max open files +0 +0 ", re.MULTILINE)


@contextlib.contextmanager
def busy_machine() -> Iterator[None]:
    """Keep every processor busy, and a bit more."""
    count = len(os.sched_getaffinity(0))
    spinners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()


def alive(pid: int) -> bool:
    """Whether a process lives; the dead that wait for their parent do not."""
    try:
        return b"\nState:\tZ" not in Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return False


def below(pid: int) -> set[int]:
    """All descendants of a process that live."""
    return {process.pid for process in psutil.Process(pid).children(recursive=True) if alive(process.pid)}


def candidates_below(pid: int) -> set[int]:
    """Those of them that may open no descriptor: candidates, and what they started."""
    found = set()
    for process in below(pid):
        with contextlib.suppress(OSError):  # it has just ended
            if _NO_DESCRIPTOR.search(Path(f"/proc/{process}/limits").read_bytes()):
                found.add(process)
    return found


def zygotes() -> set[int]:
    """Find the zygotes of this process, or where there are namespaces their keepers."""
    return zygotes_of(os.getpid())


def zygotes_of(judge: int) -> set[int]:
    """Find those of another one."""
    children = {process.pid for process in psutil.Process(judge).children()}
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

"""Stand-ins for what needs a new descriptor, so that honest programs do not notice that there is none to be had."""

from __future__ import annotations

import builtins
import io
import os
import re
from typing import Any

_STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_BY_NUMBER = re.compile(r"/(?:dev|proc/self)/fd/([0-2])")

_open = builtins.open


def install() -> None:
    """Put the stand-ins in place."""
    builtins.open = io.open = open_file
    os.getcwd = lambda: "/"  # the folder it would name is deleted


def open_file(file: Any, *args: Any, **kwargs: Any) -> Any:
    """`open`, where the paths of the standard streams mean their descriptors, which are open already."""
    if isinstance(file, os.PathLike):
        file = os.fspath(file)
    if isinstance(file, str):
        numbered = _BY_NUMBER.fullmatch(file)
        if file in _STANDARD or numbered:
            kwargs["closefd"] = False
            return _open(int(numbered[1]) if numbered else _STANDARD[file], *args, **kwargs)
    return _open(file, *args, **kwargs)


def remember_descriptors() -> None:
    """Keep what `os.fstat` says of the standard streams: the C library asks for it by a call that also takes names."""
    known = {descriptor: os.fstat(descriptor) for descriptor in range(3)}
    fstat = os.fstat
    os.fstat = lambda fd: known[fd] if fd in known else fstat(fd)


def make_memory_private() -> None:
    """Let `mmap.mmap(-1, size)` mean private memory: shared is refused, and with one process nobody can tell."""
    import mmap

    class Mmap(mmap.mmap):
        def __new__(cls, fileno: int, length: int, flags: int = mmap.MAP_SHARED, *args: Any, **kwargs: Any) -> Any:
            if fileno == -1 and "access" not in kwargs:
                flags = flags & ~mmap.MAP_SHARED | mmap.MAP_PRIVATE
            return super().__new__(cls, fileno, length, flags, *args, **kwargs)

    Mmap.__name__ = Mmap.__qualname__ = "mmap"
    vars(mmap)["mmap"] = Mmap


def let_asyncio_run() -> None:
    """Give event loops a selector that watches nothing and wakes by a condition instead of a socket pair.

    Tasks, timers, queues, locks and threads work as ever. Sockets, pipes and subprocesses need descriptors, and fail
    as they do everywhere here.
    """
    import selectors
    import threading
    from asyncio import selector_events

    class DescriptorlessSelector(selectors._BaseSelectorImpl):
        def __init__(self) -> None:
            super().__init__()
            self.wake = threading.Event()

        def select(self, timeout: float | None = None) -> list[Any]:
            self.wake.wait(timeout if timeout is None or timeout > 0 else 0)
            self.wake.clear()
            return []

    def make_self_pipe(self: Any) -> None:
        self._ssock = self._csock = None

    def close_self_pipe(self: Any) -> None:
        """Nothing was opened."""

    def write_to_self(self: Any) -> None:
        self._selector.wake.set()

    loop: Any = selector_events.BaseSelectorEventLoop
    loop._make_self_pipe = make_self_pipe
    loop._close_self_pipe = close_self_pipe
    loop._write_to_self = write_to_self
    vars(selectors)["DefaultSelector"] = DescriptorlessSelector

"""A way to the engine that can be cut: for who goes by it, the engine is gone, and comes back.

The tests' engine itself cannot be stopped, since others use it at the same time.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path


class EngineProxy:
    """A Unix socket that leads to another."""

    def __init__(self, place: Path, host: str) -> None:
        """Open the way from `place` to an engine (a value for DOCKER_HOST)."""
        self.host = f"unix://{place}"
        self._place = place
        self._target = host.removeprefix("unix://")
        self._open: set[socket.socket] = set()
        self.start()

    def start(self) -> None:
        """Let connections through."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._place))
        self._listener.listen()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Break every connection, and let none through; once more does nothing more."""
        self._place.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for near in list(self._open):
            with contextlib.suppress(OSError):
                near.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                self._open.add(near)
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near, socket.socket(socket.AF_UNIX) as far:
            far.connect(self._target)
            back = threading.Thread(target=_carry, args=(far, near), daemon=True)
            back.start()
            _carry(near, far)
            back.join()
        self._open.discard(near)


def _carry(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes; the end of one way is that of both."""
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

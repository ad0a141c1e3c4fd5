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
        """Break every connection, and let none through."""
        self._place.unlink()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._target)
                self._open |= {near, far}
                threading.Thread(target=self._carry, args=(near, far), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        if source in self._open and sink in self._open:
            self._open.discard(source)
        else:
            self._open.discard(source)
            source.close()
            sink.close()

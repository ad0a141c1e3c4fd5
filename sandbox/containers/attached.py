"""The standard streams of a container, over one connection to the engine: messages there and back.

The engine sends standard output and standard error in chunks, with eight bytes before each: which of the two, three
zeros, four bytes of length, big-endian (docs.docker.com/reference/api/engine, "Attach to a container"). What the runner
sends inside them are frames, as in `sandbox.inside.frames`. The other way there is nothing around the frames.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import time
from typing import Any

from sandbox.errors import SandboxLost
from sandbox.inside import frames

_CHUNK = struct.Struct(">BxxxI")
_OUTPUT, _ERROR = 1, 2
_AT_A_TIME = 1 << 18
_LONGEST_TAIL = 4096


class Attached:
    """One connection. Used by one thread at a time, but for `cut`."""

    def __init__(self, connection: Any, response: Any) -> None:
        """Take over a connection.

        Args:
            connection: a socket, or what the SDK has in the place of one.
            response: what the SDK has around it; it closes the connection when it is forgotten.
        """
        self._connection = connection
        self._response = response
        self._raw = bytearray()
        self._output = bytearray()
        self._chunk_left = 0
        self._chunk_of = _OUTPUT
        self._tail = bytearray()

    @property
    def last_words(self) -> str:
        """The last line of standard error so far. Only to be shown while no program has run."""
        lines = self._tail.decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    @property
    def silent(self) -> bool:
        """Whether nothing came unasked, the end included."""
        if self._raw or self._output:
            return False
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        return not poll.poll(0)

    def send(self, message: bytes, deadline: float) -> None:
        """Send one message, waiting for room until `deadline` on the clock of `time.monotonic`.

        Raises:
            SandboxLost: there is nobody at the other end, or it does not read.
        """
        try:
            self._connection.settimeout(_left(deadline))
            self._connection.sendall(frames.HEADER.pack(len(message)) + message)
        except OSError as error:
            raise _lost(error) from None

    def receive(self, most_bytes: int, deadline: float) -> bytes:
        """Wait for one message of at most so many bytes until `deadline`, and return it.

        Raises:
            SandboxLost: none came, or a longer one.
        """
        while len(self._output) < frames.HEADER.size:
            self._read(deadline)
        (size,) = frames.HEADER.unpack_from(self._output)
        if size > most_bytes:
            raise SandboxLost("the runner's reply is longer than any right one")
        end = frames.HEADER.size + size
        while len(self._output) < end:
            self._read(deadline)
        message = bytes(memoryview(self._output)[frames.HEADER.size : end])
        del self._output[:end]
        return message

    def cut(self) -> None:
        """End the connection, and with it the runner's standard input. Whoever waits gets `SandboxLost`."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut, and let go of the descriptor."""
        self.cut()
        self._response.close()

    def abandon(self) -> None:
        """Let go of the descriptor in a process that was forked. The connection goes on: it is the parent's."""
        with contextlib.suppress(OSError, AttributeError):
            os.close(self._connection.detach())

    def _read(self, deadline: float) -> None:
        """Read some bytes, and sort them.

        Raises:
            SandboxLost: none came.
        """
        try:
            self._connection.settimeout(_left(deadline))
            part = self._connection.recv(_AT_A_TIME)
        except OSError as error:
            raise _lost(error) from None
        if not part:
            raise SandboxLost("the runner ended, or the connection to the engine did")
        self._raw += part
        self._sort()

    def _sort(self) -> None:
        """Take from what was read what belongs to the runner's frames."""
        place = 0
        while place < len(self._raw):
            if not self._chunk_left:
                if len(self._raw) - place < _CHUNK.size:
                    break
                self._chunk_of, self._chunk_left = _CHUNK.unpack_from(self._raw, place)
                place += _CHUNK.size
            part = self._raw[place : place + self._chunk_left]
            if self._chunk_of == _OUTPUT:
                self._output += part
            elif self._chunk_of == _ERROR:
                self._tail = (self._tail + part)[-_LONGEST_TAIL:]
            place += len(part)
            self._chunk_left -= len(part)
        del self._raw[:place]


def _left(deadline: float) -> float:
    """Return the seconds until then, at least a moment: no time-out at all would be none to wait for."""
    return max(0.001, deadline - time.monotonic())


def _lost(error: OSError) -> SandboxLost:
    if isinstance(error, TimeoutError):
        return SandboxLost("the runner gave no reply in time")
    return SandboxLost(f"the connection to the engine broke: {error.strerror or type(error).__name__}")

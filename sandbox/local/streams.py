"""The judge's ends of a program's three standard streams. Nothing here ever waits."""

from __future__ import annotations

import contextlib
import os
from typing import Self

_PIPE_BYTES = 65536
"""What a pipe holds before its reader reads (pipe(7))."""
_CHUNK = 1 << 16
_STDERR_TAIL_BYTES = 4096


class Descriptors:
    """Descriptors that are open, each to be closed once."""

    def __init__(self) -> None:
        """None is open yet."""
        self._open: set[int] = set()

    def pipe(self) -> tuple[int, int]:
        """Make a pipe; return its reading end and its writing end."""
        ends = os.pipe2(os.O_CLOEXEC)
        self._open.update(ends)
        return ends

    def close(self, *descriptors: int) -> None:
        """Close those."""
        for descriptor in descriptors:
            self._open.remove(descriptor)
            os.close(descriptor)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is open."""
        self.close(*self._open)


class Streams:
    """What goes to standard input, and what came on standard output and error.

    Attributes:
        stdin, stdout, stderr: descriptors.
        stderr_head, stderr_tail: the first bytes of standard error, and the last.
    """

    def __init__(self, stdin: int, stdout: int, stderr: int, limit: int) -> None:
        """Nothing is to be sent yet, and `limit` bytes of output may come."""
        for descriptor in (stdin, stdout, stderr):
            os.set_blocking(descriptor, False)
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self._unsent = memoryview(b"")
        self._limit = limit
        self._output = bytearray()  # not a list of parts: a program chooses how small they are
        self.stderr_head = self.stderr_tail = b""

    @property
    def all_sent(self) -> bool:
        """Whether nothing is left to be sent."""
        return not self._unsent

    @property
    def overflowed(self) -> bool:
        """Whether there was more output than may come."""
        return len(self._output) > self._limit

    @property
    def output(self) -> bytes:
        """At most limit + 1 bytes."""
        return bytes(self._output[: self._limit + 1])

    def is_beyond(self, known: int) -> bool:
        """Whether there is output after so many bytes."""
        return len(self._output) > known

    def output_after(self, known: int) -> bytes:
        """Return the output after so many bytes."""
        return bytes(self._output[known : self._limit + 1])

    def add(self, data: bytes) -> None:
        """Let that be sent too, and send what fits."""
        self._unsent = memoryview(bytes(self._unsent) + data) if self._unsent else memoryview(data)
        self.send()

    def send(self) -> None:
        """Write what fits; a program that does not read its input loses the rest."""
        try:
            while self._unsent:
                self._unsent = self._unsent[os.write(self.stdin, self._unsent[: 16 * _PIPE_BYTES]) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self._unsent = memoryview(b"")

    def read_stdout(self) -> bool:
        """Read once; return False at the end of the stream."""
        part = os.read(self.stdout, _CHUNK)
        if part and not self.overflowed:
            self._output += part
        return bool(part)

    def read_stderr(self) -> bool:
        """Read once; return False at the end of the stream."""
        part = os.read(self.stderr, _CHUNK)
        self.stderr_head = (self.stderr_head + part)[:_STDERR_TAIL_BYTES]
        self.stderr_tail = (self.stderr_tail + part)[-_STDERR_TAIL_BYTES:]
        return bool(part)

    def drain(self) -> None:
        """Read what is left; never wait: whoever still held the other end is dead, or is not worth waiting for."""
        for read in (self.read_stdout, self.read_stderr):
            with contextlib.suppress(BlockingIOError):
                while read() and not self.overflowed:
                    pass

"""Talk with a candidate in frames: one out, one in, watched all the while."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from typing import Any

from sandbox.inside import values
from sandbox.inside.frames import HEADER
from sandbox.local.meter import Meter
from sandbox.local.program import ProgramProcess
from sandbox.outcome import Run, Status

_CHUNK = 1 << 18
_ENVELOPE_BYTES = 4096
"""What a frame holds besides the value that the output limit is about."""


class Channel:
    """A live candidate. After a `Run` that is not FINISHED it is dead, and the channel closed."""

    def __init__(self, program: ProgramProcess) -> None:
        """Fork the candidate.

        Raises:
            SandboxLost: a process around it died.
        """
        self._program = program
        self._limit = program.limits.output_bytes
        self._cleanup = contextlib.ExitStack()
        self._number = 0
        self.open = True
        with contextlib.ExitStack() as theirs:
            their_in, self._out = os.pipe2(os.O_CLOEXEC)
            theirs.callback(os.close, their_in)
            self._cleanup.callback(os.close, self._out)
            self._in, their_out = os.pipe2(os.O_CLOEXEC)
            theirs.callback(os.close, their_out)
            self._cleanup.callback(os.close, self._in)
            os.set_blocking(self._out, False)
            os.set_blocking(self._in, False)
            try:
                self._meter: Meter = program.start([their_in, their_out])
            except BaseException:
                self._cleanup.close()
                raise
        self._cleanup.callback(self._meter.close)
        self._control = program.control.fileno()

    def exchange(self, request: Any = None) -> Run:
        """Send `request`, unless it is None, and wait for the answer: each carries the request's number.

        Returns:
            FINISHED with the answer and what it cost; or how the candidate ended instead. A candidate that ends
            by itself has CRASHED, whatever its exit code.

        Raises:
            SandboxLost: a process around it died.
            NotPlainData: `request` cannot be sent.
        """
        unsent = memoryview(b"")
        if request is not None:
            self._number += 1
            unsent = memoryview(_frame([self._number, request]))
        received = bytearray()
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._in, select.POLLIN)
        if unsent:
            if (self._in, select.POLLIN) in poll.poll(0):
                return self._end(Status.VIOLATION)  # it speaks without being asked
            poll.register(self._out, select.POLLOUT)
        self._meter.begin()
        while True:
            events = poll.poll(self._meter.milliseconds_to_next_look)
            ready = [descriptor for descriptor, _ in events]
            if self._out in ready:
                unsent = self._send(unsent)
                if not unsent:
                    poll.unregister(self._out)
            if self._in in ready:
                if not self._receive(received):
                    return self._end(None)
                whole = self._whole_frame(received)
                if whole is not None:
                    return self._accept(whole, unsent)
            elif self._control in ready:
                return self._end(None)
            too_long = len(received) > self._limit + _ENVELOPE_BYTES
            limit = Status.OUTPUT_LIMIT if too_long else self._meter.look_when_due()
            if limit is not None:
                return self._end(limit)

    def close(self) -> None:
        """Kill the candidate and wait until its tree is dead.

        Raises:
            SandboxLost: a process around it died.
        """
        if self.open:
            self._end(Status.FINISHED)

    def _send(self, unsent: memoryview) -> memoryview:
        try:
            return unsent[os.write(self._out, unsent) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:
            return memoryview(b"")

    def _receive(self, received: bytearray) -> bool:
        part = os.read(self._in, _CHUNK)
        received += part
        return bool(part)

    def _whole_frame(self, received: bytearray) -> bytes | None:
        """Return a frame's body once it is all there, with whatever was wrongly sent after it."""
        if len(received) < HEADER.size:
            return None
        size = HEADER.unpack_from(received)[0]
        if size > self._limit + _ENVELOPE_BYTES or len(received) < HEADER.size + size:
            return None
        return bytes(received[HEADER.size :])

    def _accept(self, body: bytes, unsent: memoryview) -> Run:
        """Take one frame. More than one, or one before the request was read, was not written by our driver."""
        limit = self._meter.last_look()
        wall_seconds = self._meter.wall_seconds
        if limit is not None:
            return self._end(limit)
        try:
            value = values.decode(body)
        except values.NotPlainData:
            return self._end(Status.VIOLATION)
        match value:
            case [int(number), answer] if number == self._number and not unsent:
                pass
            case _:  # an answer to nothing that was asked, or to what was asked before
                return self._end(Status.VIOLATION)
        return Run(
            status=Status.FINISHED,
            value=answer,
            cpu_seconds=self._meter.cpu_seconds,
            wall_seconds=wall_seconds,
            idle_seconds=self._meter.idle_seconds,
            peak_bytes=self._meter.peak_bytes,
        )

    def _end(self, status: Status | None) -> Run:
        """Kill the candidate and describe its end; `status` is the limit it met, None where it ended itself."""
        self.open = False
        with self._cleanup:
            self._program.kill_candidate()
            wall_seconds = self._meter.wall_seconds
            exited = self._program.wait()
        limits = self._program.limits
        cpu_seconds = max(self._meter.cpu_seconds, self._meter.cpu_seconds_of(exited.cpu_ns))  # see `run_whole`
        error = None
        if exited.broke_the_rules:
            status, error = Status.VIOLATION, exited.failure
        elif status is None:
            if cpu_seconds > limits.cpu_seconds or exited.exit_code == -signal.SIGXCPU:
                status = Status.CPU_LIMIT
            elif exited.peak_bytes > limits.memory_bytes:
                status = Status.MEMORY_LIMIT
            else:
                status = Status.CRASHED
                error = exited.failure
        return Run(
            status=status,
            exit_code=exited.exit_code,
            error=error,
            cpu_seconds=cpu_seconds,
            wall_seconds=wall_seconds,
            idle_seconds=self._meter.idle_seconds,
            peak_bytes=max(exited.peak_bytes, self._meter.peak_bytes),
        )


def _frame(request: Any) -> bytes:
    body = values.encode(request)
    return HEADER.pack(len(body)) + body

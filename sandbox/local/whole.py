"""Run a whole program once: feed it, drain it, watch it, and say what happened."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from typing import Self

from sandbox.job import Limits, Stdin
from sandbox.local.meter import Meter
from sandbox.local.program import Exited, ProgramProcess
from sandbox.outcome import Run, Status

_PIPE_BYTES = 65536
"""What a pipe holds before its reader reads (pipe(7))."""
_CHUNK = 1 << 16
_STDERR_TAIL_BYTES = 4096


def run_whole(program: ProgramProcess, stdin: Stdin) -> Run:
    """Fork a candidate, run it to its end or to a limit, and describe that.

    Raises:
        SandboxLost: a process around the candidate died.
    """
    with _Descriptors() as descriptors:
        their_in, our_in = descriptors.pipe()
        our_out, their_out = descriptors.pipe()
        our_err, their_err = descriptors.pipe()
        streams = _Streams(our_in, our_out, our_err, stdin.data, program.limits.output_bytes)
        if streams.all_sent:
            descriptors.close(our_in)
        meter = program.start([their_in, their_out, their_err])
        try:
            descriptors.close(their_in, their_out, their_err)
            forced = _watch(program, meter, streams, descriptors)
            exited = program.wait()
            wall_seconds = meter.wall_seconds
            streams.drain()
        finally:
            meter.close()
    cpu_seconds = max(meter.cpu_seconds, meter.cpu_seconds_of(exited.cpu_ns))  # who ignored its children has lost them
    status, error = _status(program.limits, streams, forced, exited, cpu_seconds)
    return Run(
        status=status,
        stdout=streams.output,
        stderr_tail=streams.stderr_tail,
        exit_code=exited.exit_code,
        error=error,
        cpu_seconds=cpu_seconds,
        wall_seconds=wall_seconds,
        idle_seconds=meter.idle_seconds,
        peak_bytes=max(exited.peak_bytes, meter.peak_bytes),
    )


class _Descriptors:
    """Descriptors that are open, each to be closed once."""

    def __init__(self) -> None:
        self._open: set[int] = set()

    def pipe(self) -> tuple[int, int]:
        """Make a pipe; return its reading end and its writing end."""
        ends = os.pipe2(os.O_CLOEXEC)
        self._open.update(ends)
        return ends

    def close(self, *descriptors: int) -> None:
        for descriptor in descriptors:
            self._open.remove(descriptor)
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close(*self._open)


class _Streams:
    """The judge's ends of the three standard streams."""

    def __init__(self, stdin: int, stdout: int, stderr: int, data: bytes, limit: int) -> None:
        for descriptor in (stdin, stdout, stderr):
            os.set_blocking(descriptor, False)
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self._unsent = memoryview(data)
        self._limit = limit
        self._output = bytearray()  # not a list of parts: a program chooses how small they are
        self.stderr_tail = b""
        self.send()

    @property
    def all_sent(self) -> bool:
        return not self._unsent

    @property
    def overflowed(self) -> bool:
        return len(self._output) > self._limit

    @property
    def output(self) -> bytes:
        """At most limit + 1 bytes."""
        return bytes(self._output[: self._limit + 1])

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
        part = os.read(self.stderr, _CHUNK)
        self.stderr_tail = (self.stderr_tail + part)[-_STDERR_TAIL_BYTES:]
        return bool(part)

    def drain(self) -> None:
        """Read what is left; never wait: whoever still held the other end is dead, or is not worth waiting for."""
        for read in (self.read_stdout, self.read_stderr):
            with contextlib.suppress(BlockingIOError):
                while read() and not self.overflowed:
                    pass


def _watch(program: ProgramProcess, meter: Meter, streams: _Streams, descriptors: _Descriptors) -> Status | None:
    """Serve the streams until the candidate has ended; kill it at a limit, and return that limit."""
    control = program.control.fileno()
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(streams.stdout, select.POLLIN)
    poll.register(streams.stderr, select.POLLIN)
    if not streams.all_sent:
        poll.register(streams.stdin, select.POLLOUT)
    readers = {streams.stdout: streams.read_stdout, streams.stderr: streams.read_stderr}
    while True:
        for descriptor, _ in poll.poll(meter.milliseconds_to_next_look):
            if descriptor == control:
                return None
            if descriptor == streams.stdin:
                streams.send()
                if streams.all_sent:
                    poll.unregister(descriptor)
                    descriptors.close(descriptor)
            elif not readers[descriptor]():
                poll.unregister(descriptor)
        limit = Status.OUTPUT_LIMIT if streams.overflowed else meter.look_when_due()
        if limit is not None:
            program.kill_candidate()
            return limit


def _status(
    limits: Limits, streams: _Streams, forced: Status | None, exited: Exited, cpu_seconds: float
) -> tuple[Status, str | None]:
    """Choose by the one precedence: violation, time, memory, output, crash."""
    if exited.broke_the_rules:
        return Status.VIOLATION, exited.failure
    error = _last_exception(streams.stderr_tail) if exited.exit_code == 1 else None
    if forced is Status.CPU_LIMIT or cpu_seconds > limits.cpu_seconds or exited.exit_code == -signal.SIGXCPU:
        return Status.CPU_LIMIT, None
    if forced is Status.IDLE_LIMIT:
        return Status.IDLE_LIMIT, None
    if forced is Status.MEMORY_LIMIT or exited.peak_bytes > limits.memory_bytes or error == "MemoryError":
        return Status.MEMORY_LIMIT, error
    if streams.overflowed:
        return Status.OUTPUT_LIMIT, None
    if exited.exit_code != 0:
        return Status.CRASHED, error or exited.failure
    return Status.FINISHED, None


def _last_exception(stderr_tail: bytes) -> str | None:
    """Name of the exception on the last line of a traceback. The program can write any; it only names a failure."""
    lines = stderr_tail.decode("utf-8", "replace").strip().splitlines()
    name = lines[-1].partition(":")[0] if lines else ""
    return name if name.replace(".", "").isidentifier() else None

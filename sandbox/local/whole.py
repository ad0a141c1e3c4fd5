"""Run a whole program: feed it, drain it, watch it, and say what happened."""

from __future__ import annotations

import contextlib
import select
import signal
from typing import NamedTuple

from sandbox.job import ITS_END, Limits, Stdin
from sandbox.local.program import Exited, ProgramProcess
from sandbox.local.streams import Descriptors, Streams
from sandbox.outcome import Run, Status


def run_whole(program: ProgramProcess, stdin: Stdin) -> Run:
    """Fork a candidate, run it to its end or to a limit, and describe that.

    Raises:
        SandboxLost: a process around the candidate died.
    """
    with contextlib.closing(WholeProcess(program, stdin.data, closes=True)) as process:
        process.serve(ITS_END)
        return process.end()


class WholeProcess:
    """A candidate that runs the whole program, until `end`. Time stands still for it while nobody serves it."""

    def __init__(self, program: ProgramProcess, data: bytes, *, closes: bool) -> None:
        """Fork it, with that to read; `closes` as for `add`.

        Raises:
            SandboxLost: a process around it died.
        """
        self._program = program
        self._limit: Status | None = None  # that it has met
        self._closes = self._closed = self._paused = self._over = False
        with contextlib.ExitStack() as cleanup:
            self._descriptors = cleanup.enter_context(Descriptors())
            their_in, our_in = self._descriptors.pipe()
            our_out, their_out = self._descriptors.pipe()
            our_err, their_err = self._descriptors.pipe()
            self.streams = Streams(our_in, our_out, our_err, program.limits.output_bytes)
            self.add(data, closes=closes)
            self._meter = program.start([their_in, their_out, their_err])
            cleanup.callback(self._meter.close)
            self._descriptors.close(their_in, their_out, their_err)
            self._cleanup = cleanup.pop_all()
        self._control = program.control.fileno()
        self._readers = {our_out: self.streams.read_stdout, our_err: self.streams.read_stderr}
        self._poll = select.poll()
        for descriptor in (self._control, our_out, our_err):
            self._poll.register(descriptor, select.POLLIN)

    def add(self, data: bytes, *, closes: bool) -> None:
        """Give it more to read; `closes` means that nothing comes after that."""
        if not self._closed:
            self.streams.add(data)
            self._closes |= closes
            self._close_when_sent()

    def serve(self, known: int) -> bool:
        """Serve the streams until it has written more than `known` bytes in all.

        Returns:
            False where it has ended before, or met a limit: then ask for its `end`.
        """
        if self.streams.is_beyond(known):
            return True
        if self._paused:
            self._meter.resume()
        if not self.streams.all_sent:
            self._poll.register(self.streams.stdin, select.POLLOUT)
        while not self.streams.is_beyond(known):
            if not self._serve_once():
                return False
        if not self.streams.all_sent:
            self._poll.unregister(self.streams.stdin)
        self._meter.pause()
        self._paused = True
        return True

    def end(self) -> Run:
        """Kill it, unless it has ended by itself, and describe its end; its whole tree is dead then.

        Raises:
            SandboxLost: a process around it died.
        """
        self._over = True
        with self._cleanup:
            if self._limit is not None:
                self._program.kill_candidate()
            exited = self._program.wait()
            wall_seconds = self._meter.wall_seconds
            self.streams.drain()
        # Who ignored its children has lost what they used, so the larger of the two counts.
        cpu_seconds = max(self._meter.cpu_seconds, self._meter.cpu_seconds_of(exited.cpu_ns))
        failure = _failure(self._program, self.streams, exited.exit_code)
        status, error = _status(self._program.limits, self.streams, self._limit, exited, cpu_seconds, failure)
        return Run(
            status=status,
            stdout=self.streams.output,
            stderr_tail=self.streams.stderr_tail,
            exit_code=exited.exit_code,
            error=error,
            cpu_seconds=cpu_seconds,
            wall_seconds=wall_seconds,
            idle_seconds=self._meter.idle_seconds,
            peak_bytes=max(exited.peak_bytes, self._meter.peak_bytes),
        )

    def figures(self) -> Run:
        """Return what it has used so far."""
        return Run(
            status=Status.FINISHED,
            cpu_seconds=self._meter.cpu_seconds,
            wall_seconds=self._meter.wall_seconds,
            idle_seconds=self._meter.idle_seconds,
            peak_bytes=self._meter.peak_bytes,
        )

    def kill(self) -> None:
        """Kill it, unless it is over.

        Raises:
            SandboxLost: a process around it died.
        """
        if not self._over:
            self._over = True
            with self._cleanup:
                self._program.kill_candidate()
                self._program.wait()

    def close(self) -> None:
        """Let go of its streams and its figures."""
        self._cleanup.close()

    def _serve_once(self) -> bool:
        """Wait for something to happen, and serve it; return False at the end, or at a limit."""
        for descriptor, _ in self._poll.poll(self._meter.milliseconds_to_next_look):
            if descriptor == self._control:
                return False
            if descriptor == self.streams.stdin:
                self.streams.send()
                if self.streams.all_sent:
                    self._poll.unregister(descriptor)
                    self._close_when_sent()
            elif not self._readers[descriptor]():
                self._poll.unregister(descriptor)
        self._limit = Status.OUTPUT_LIMIT if self.streams.overflowed else self._meter.look_when_due()
        return self._limit is None

    def _close_when_sent(self) -> None:
        if self._closes and self.streams.all_sent:
            self._descriptors.close(self.streams.stdin)
            self._closed = True


def _status(
    limits: Limits, streams: Streams, forced: Status | None, exited: Exited, cpu_seconds: float, failure: _Failure
) -> tuple[Status, str | None]:
    """Choose by the one precedence: violation, time, memory, output, crash."""
    if exited.broke_the_rules:
        return Status.VIOLATION, exited.failure
    if forced is Status.CPU_LIMIT or cpu_seconds > limits.cpu_seconds or exited.exit_code == -signal.SIGXCPU:
        return Status.CPU_LIMIT, None
    if forced is Status.IDLE_LIMIT:
        return Status.IDLE_LIMIT, None
    if forced is Status.MEMORY_LIMIT or exited.peak_bytes > limits.memory_bytes or failure.of_memory:
        return Status.MEMORY_LIMIT, failure.name
    if streams.overflowed or forced is Status.OUTPUT_LIMIT:
        return Status.OUTPUT_LIMIT, None
    if exited.exit_code != 0:
        return Status.CRASHED, failure.name or exited.failure
    return Status.FINISHED, None


class _Failure(NamedTuple):
    """What a program that failed says of that, and whether it is that it was refused memory."""

    name: str | None
    of_memory: bool


def _failure(program: ProgramProcess, streams: Streams, exit_code: int) -> _Failure:
    """Read on standard error what ended a program. It can write anything there: this only names a failure."""
    if program.out_of_memory is None:
        name = _last_exception(streams.stderr_tail) if exit_code == 1 else None
        return _Failure(name, name == "MemoryError")
    said = b"\n".join((streams.stderr_head, streams.stderr_tail)) if exit_code != 0 else b""
    text = said.decode("utf-8", "replace")
    words = next((words for words in program.out_of_memory if words in text), None)
    return _Failure(words, words is not None)


def _last_exception(stderr_tail: bytes) -> str | None:
    """Name of the exception on the last line of a traceback. The program can write any; it only names a failure."""
    lines = stderr_tail.decode("utf-8", "replace").strip().splitlines()
    name = lines[-1].partition(":")[0] if lines else ""
    return name if name.replace(".", "").isidentifier() else None

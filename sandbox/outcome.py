"""What a sandbox reports: what happened, never whether it was right."""

from __future__ import annotations

import enum
from typing import Any

import msgspec


class Status(enum.StrEnum):
    """How one run ended. Exactly one condition each.

    Time, memory and output limits are decided by what was measured from outside. The exit code of a program separates
    `FINISHED` from `CRASHED` and nothing else.
    """

    FINISHED = enum.auto()
    """Ended by itself with exit code 0, or returned a value."""
    CRASHED = enum.auto()
    """Raised, ended with another exit code, or was ended by a signal that the sandbox did not send."""
    NOT_DATA = enum.auto()
    """Returned something that is not plain data; `Run.value` is its truth."""
    HELD = enum.auto()
    """Answered a live call with more than data; `Run.value` is a text for the test code that called (`inside.acts`)."""
    CPU_LIMIT = enum.auto()
    """Used more processor time than `Limits.cpu_seconds`."""
    IDLE_LIMIT = enum.auto()
    """Did nothing for longer than `Limits.idle_seconds`."""
    MEMORY_LIMIT = enum.auto()
    """Held more than `Limits.memory_bytes`, or was refused more."""
    OUTPUT_LIMIT = enum.auto()
    """Wrote more than `Limits.output_bytes`."""
    VIOLATION = enum.auto()
    """Broke the rules of the sandbox: forged its channel, or attacked the processes around it."""
    NOT_RUN = enum.auto()
    """Not started: the build failed, or `Limits.max_time_outs` was reached, or as much time was idled away."""


TIME_OUTS = frozenset({Status.CPU_LIMIT, Status.IDLE_LIMIT})
"""What `Limits.max_time_outs` counts."""

ANOMALIES = ("files", "ipc", "priority", "processes", "rlimits")
"""Kinds of what an audit can find after a program (`Outcome.anomalies`)."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What one input led to.

    Attributes:
        status: how it ended.
        stdout: standard output for `Stdin` inputs, at most `Limits.output_bytes` + 1 bytes.
        value: returned value for `Call` inputs, exact built-in types only; meaningful when `FINISHED`, `NOT_DATA`
            or `HELD`.
        stderr_tail: last bytes of standard error, for `Stdin` inputs.
        exit_code: exit code, or minus the number of the signal that ended it; None while it is alive.
        error: class name of the exception that ended it (of its nearest built-in base for calls), or of the signal, as
            the program tells it; names a failure, never decides one.
        error_text: the exception's text, for calls. The program wrote it, and may have put its input there.
        cpu_seconds: user plus system time, start-up excluded.
        wall_seconds: elapsed time, start-up excluded.
        idle_seconds: elapsed time in which it did nothing, where that was long enough to be seen.
        peak_bytes: peak resident memory, where known: of its largest process, or the largest sum that was seen.
        attempts: how often the input was run: more than once after time-outs that were in doubt. All other figures are
            those of the last time.
    """

    status: Status
    stdout: bytes = b""
    value: Any = None
    stderr_tail: bytes = b""
    exit_code: int | None = None
    error: str | None = None
    error_text: str = ""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    idle_seconds: float = 0.0
    peak_bytes: int = 0
    attempts: int = 1

    def __repr__(self) -> str:
        """Without outputs: a right answer's output is a hidden expected output."""
        return f"Run({self.status}, cpu={self.cpu_seconds:.3f} s, wall={self.wall_seconds:.3f} s, error={self.error!a})"


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the program could be made ready to run.

    Attributes:
        ok: True when it compiled.
        message: compiler diagnostics about the program, for its author.
    """

    ok: bool
    message: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that happened to one job.

    Attributes:
        build: result of compiling the program.
        runs: one `Run` for each input, in the order of `Job.inputs`.
        layers: isolation layers that were in force.
        speed: how fast the machine counted, 1.0 being the reference machine: the limits in force were
            `Job.limits.at_speed(speed)`.
        anomalies: kinds of what the audit found afterwards and put right: ``processes`` that it left running, ``ipc``
            (System V objects and keys), ``files`` (names in folders), ``rlimits`` and ``priority`` of the judge.
    """

    build: Build
    runs: tuple[Run, ...]
    layers: tuple[str, ...] = ()
    speed: float = 1.0
    anomalies: tuple[str, ...] = ()

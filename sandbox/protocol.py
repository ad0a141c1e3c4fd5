"""The one seam between judging and running: a program goes in, what happened comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self

from sandbox.job import Call, Job, Limits, Program
from sandbox.outcome import Build, Outcome, Run

Foresee = Callable[[], Sequence[Call]]
"""Guesses which calls of a session will come, in order. A wrong guess costs time, and nothing else. A positional
argument can be a `sandbox.job.Brought`."""


def nothing_foreseen() -> Sequence[Call]:
    """Foresee no call."""
    return ()


class Session(Protocol):
    """A live program that answers calls, for script tests. One caller at a time.

    A program that crashed, timed out or broke the rules is started again for the next call, so every call finds a
    live program. Use as a context manager: leaving it kills the program and everything it started.
    """

    @property
    def build(self) -> Build:
        """Whether the program compiled. When it did not, every call is `Status.NOT_RUN`."""
        ...

    @property
    def layers(self) -> tuple[str, ...]:
        """Isolation layers in force."""
        ...

    @property
    def anomalies(self) -> tuple[str, ...]:
        """What was found to be wrong after the program and put right, once the session is left (`Outcome`)."""
        ...

    @property
    def speed(self) -> float:
        """How fast the machine counts; the limits in force are `Limits.at_speed` of it."""
        ...

    def call(self, call: Call) -> Run:
        """Call one function, or talk with a program that talks, and wait for its answer, or for the limit it meets.

        Raises:
            SandboxFault: a part of the sandbox failed.
            SandboxLost: the program is lost, and with it what was said to it; a `restart` brings a new one.
        """
        ...

    def finish(self) -> None:
        """Kill the program, and make sure that the processes around it lived as long as it did.

        Raises:
            SandboxLost: they did not; the program may have killed them, and its answers count for nothing.
        """
        ...

    def restart(self, *, fresh: bool = False) -> None:
        """Kill the program; the next call finds a new one, with nothing left of the old.

        Args:
            fresh: replace the processes around the program as well.

        Raises:
            SandboxFault: a part of the sandbox failed.
        """
        ...

    def __enter__(self) -> Self:
        """Return the session itself."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill the program and everything it started."""
        ...


class Sandbox(Protocol):
    """Runs untrusted programs. Implementations are safe to use from several threads."""

    def check_language(self, language: str) -> None:
        """Return if programs in that language can be run.

        Raises:
            UnsupportedLanguage: they cannot.
        """
        ...

    def run(self, job: Job) -> Outcome:
        """Build one program and run all its inputs.

        Raises:
            SandboxUnavailable: the host cannot enforce what the run requires.
            UnsupportedLanguage: the program's language is not served.
            SandboxFault: a part of the sandbox failed; nothing is known of the program.
        """
        ...

    def open(self, program: Program, limits: Limits, foresee: Foresee = nothing_foreseen) -> Session:
        """Build one program and keep it ready for calls; `limits` hold for each call.

        Args:
            program: the program.
            limits: what each call may use.
            foresee: asked for the calls to come by a sandbox that is far away, and sends many at a time.

        Raises:
            SandboxUnavailable, UnsupportedLanguage, SandboxFault: as for `run`.
        """
        ...

    def close(self) -> None:
        """Kill everything that runs and let go of every process. Safe to call twice, and while runs go on."""
        ...

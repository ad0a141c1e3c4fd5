"""A sandbox that runs nothing and answers as it is told, for tests of what stands around one."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from sandbox.job import Call, Job, Limits, Program
from sandbox.outcome import Build, Outcome, Run
from sandbox.protocol import Foresee, nothing_foreseen


class FakeSandbox:
    """Answers every job with `outcome(job)`, and every call of a session with `reply(call)`.

    Attributes:
        jobs: jobs it was given, in order.
    """

    def __init__(
        self, outcome: Callable[[Job], Outcome] | None = None, reply: Callable[[Call], Run] | None = None
    ) -> None:
        """Take what to answer; either function may raise what a real sandbox raises."""
        self._outcome = outcome
        self._reply = reply
        self.jobs: list[Job] = []

    def check_language(self, language: str) -> None:
        """Every language is served."""

    def run(self, job: Job) -> Outcome:
        """Note the job and answer it.

        Raises:
            ValueError: it was told no outcome.
        """
        self.jobs.append(job)
        if self._outcome is None:
            raise ValueError("this fake was given no outcome")
        return self._outcome(job)

    def open(self, program: Program, limits: Limits, foresee: Foresee = nothing_foreseen) -> FakeSession:
        """Open a session that answers as told.

        Raises:
            ValueError: it was told no reply.
        """
        if self._reply is None:
            raise ValueError("this fake was given no reply")
        return FakeSession(self._reply)

    def close(self) -> None:
        """Nothing runs."""


class FakeSession:
    """What `FakeSandbox.open` returns."""

    build = Build(ok=True)
    layers: tuple[str, ...] = ()
    speed = 1.0
    anomalies: tuple[str, ...] = ()

    def __init__(self, reply: Callable[[Call], Run]) -> None:
        """Take what to answer."""
        self.call = reply

    def finish(self) -> None:
        """Nothing runs, and nothing is lost."""

    def restart(self, *, fresh: bool = False) -> None:
        """Nothing runs."""

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing runs."""

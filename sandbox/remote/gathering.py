"""A job that is sent in parts: what came back so far, put together.

A part is a job of its own, with a new program process: calls of one part share a process, calls of two do not.
"""

from __future__ import annotations

import msgspec

from sandbox.errors import SandboxFault
from sandbox.job import Job, Limits
from sandbox.outcome import TIME_OUTS, Build, Outcome, Run, Status
from sandbox.remote.messages import Ran
from sandbox.remote.translating import build_of, runs_of


class Gathered:
    """The outcome of a job, as far as it is known."""

    def __init__(self, job: Job) -> None:
        """Nothing has come back."""
        self._job = job
        self._runs: list[Run] = []
        self._build = Build(ok=True)
        self._layers: tuple[str, ...] = ()
        self._speed = 1.0
        self._anomalies: set[str] = set()

    @property
    def count(self) -> int:
        """Inputs, from the first on, that have their run."""
        return len(self._runs)

    @property
    def done(self) -> bool:
        """Whether every input has its run."""
        return self.count == len(self._job.inputs)

    @property
    def limits(self) -> Limits:
        """Limits of the next part: what the budget of time-outs allows yet."""
        return msgspec.structs.replace(self._job.limits, max_time_outs=self._time_outs_left)

    def add(self, reply: Ran, asked: int) -> None:
        """Take the reply to a part of so many inputs.

        Raises:
            SandboxFault: it has no runs, or more than were asked for.
        """
        if not 0 < len(reply.runs) <= asked:
            raise SandboxFault(f"the runner sent {len(reply.runs)} runs for {asked} inputs")
        build = build_of(reply.build)
        if not self._runs:
            self._build, self._layers, self._speed = build, reply.layers, reply.speed
        self._layers = tuple(name for name in self._layers if name in reply.layers)
        self._anomalies.update(reply.anomalies)
        self._runs += runs_of(reply.runs, self._job.limits)
        if not build.ok or self._time_outs_left <= 0 or self._idled_away:
            self._runs += [Run(status=Status.NOT_RUN)] * (len(self._job.inputs) - self.count)

    def give_up(self) -> None:
        """Note that the program ended the runner, each time: what it answered before counts for nothing."""
        self._runs = [Run(status=Status.VIOLATION)] * len(self._job.inputs)

    def refuse(self, message: str) -> None:
        """Note that the program cannot be sent: it is as if it did not compile."""
        self._build = Build(ok=False, message=message)
        self._runs = [Run(status=Status.NOT_RUN)] * len(self._job.inputs)

    def outcome(self) -> Outcome:
        """Describe the job, which is done."""
        return Outcome(
            build=self._build,
            runs=tuple(self._runs),
            layers=self._layers,
            speed=self._speed,
            anomalies=tuple(sorted(self._anomalies)),
        )

    @property
    def _time_outs_left(self) -> int:
        return self._job.limits.max_time_outs - sum(run.status in TIME_OUTS for run in self._runs)

    @property
    def _idled_away(self) -> bool:
        limits = self._job.limits
        return sum(run.idle_seconds for run in self._runs) > limits.max_time_outs * limits.idle_limit_seconds

"""A job's inputs in order; a time-out that is in doubt is run again, once or twice, by processes started for it.

A program close to its limit passes or fails by what else the machine does. So a time-out stands only when it is beyond
doubt (`Limits.leave_in_doubt`), or was met three times. Nothing else is ever run again: were a wrong answer, a crash or
a memory limit, a program could draw lots until it wins. For the same reason the first run that is no time-out stands,
whatever it brought, and what a run wrote before it timed out is thrown away. A program that left something behind is
not run again either: what one run worked out could be there for the next.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sandbox.job import Job, Stdin
from sandbox.local.calls import Caller
from sandbox.local.program import ProgramProcess
from sandbox.local.whole import run_whole
from sandbox.outcome import TIME_OUTS, Build, Outcome, Run, Status

MOST_ATTEMPTS = 3
"""Most runs of one input. A job repeats `Limits.max_time_outs` runs in all, at most."""


class Progress:
    """How far a job has come. It outlives the processes that serve the job, one program process after another."""

    def __init__(self, job: Job, enough: Callable[[Run], bool] | None = None) -> None:
        """Nothing has run yet. The job's limits are those of this machine; `enough` as for `LocalSandbox.run`."""
        self._job = job
        self._enough = enough
        self._ended = False
        self._runs: list[Run] = []
        self._build: Build | None = None
        self._layers: tuple[str, ...] = ()
        self._attempts = 0
        self._doubtful: Run | None = None
        self._repeats_left = self._time_outs_left = job.limits.max_time_outs
        self._patience = job.limits.max_time_outs * job.limits.idle_limit_seconds

    @property
    def begun(self) -> bool:
        """Whether a program process served the job already: the next has to be a fresh one."""
        return self._build is not None

    @property
    def done(self) -> bool:
        """Whether every input has its run, or enough of them have."""
        return self._ended or len(self._runs) == len(self._job.inputs)

    def go_on(self, program: ProgramProcess) -> None:
        """Run inputs until none is left, or one has to be run again by another program process.

        Raises:
            SandboxLost: a process around the program died.
        """
        if self._build is None:
            self._build, self._layers = program.build, program.layers
        if not program.build.ok:
            self._give_up()
            return
        caller = Caller(program, self._job.program.signature)
        try:
            while not self.done and self._run_next(program, caller):
                pass
        finally:
            caller.discard()

    def refuse(self, build: Build, layers: tuple[str, ...]) -> None:
        """Note that the program could not be built: nothing runs, or nothing more where it was built before."""
        if self._build is None:
            self._build, self._layers = build, layers
        self._give_up()

    def outcome(self, speed: float, anomalies: tuple[str, ...]) -> Outcome:
        """Describe the job, which is done, on a machine of that speed, and what it left behind."""
        assert self._build is not None  # noqa: S101 - it is done
        return Outcome(build=self._build, runs=tuple(self._runs), layers=self._layers, speed=speed, anomalies=anomalies)

    def _run_next(self, program: ProgramProcess, caller: Caller) -> bool:
        """Run one input; return False when it has to be run again."""
        if self._time_outs_left <= 0 or self._patience < 0:
            self._give_up()
            return True
        item = self._job.inputs[len(self._runs)]
        run = run_whole(program, item) if isinstance(item, Stdin) else caller.call(item)
        if self._job.fresh:
            caller.discard()
        self._attempts += 1
        self._patience -= run.idle_seconds
        run = msgspec.structs.replace(run, attempts=self._attempts)
        enough = self._enough is not None and self._enough(run)
        if program.clean and self._may_repeat(run):
            if not enough:
                self._repeats_left -= 1
                self._doubtful = run
                return False
            if self._runs:  # whoever has enough for now asks for this input again
                self._ended = True
                return True
        self._ended = enough
        self._enter(run)
        return True

    def _may_repeat(self, run: Run) -> bool:
        return (
            run.status in TIME_OUTS
            and self._job.limits.leave_in_doubt(run.cpu_seconds)
            and self._attempts < MOST_ATTEMPTS
            and self._repeats_left > 0
            and self._patience >= 0
        )

    def _enter(self, run: Run) -> None:
        self._time_outs_left -= run.status in TIME_OUTS
        self._runs.append(run)
        self._attempts = 0
        self._doubtful = None

    def _give_up(self) -> None:
        """Run no more; a time-out that nobody repeated stands."""
        if self._doubtful is not None:
            self._enter(self._doubtful)
        self._runs += [Run(status=Status.NOT_RUN)] * (len(self._job.inputs) - len(self._runs))

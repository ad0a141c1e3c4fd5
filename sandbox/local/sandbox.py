"""Run programs as processes of this machine."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from sandbox.errors import SandboxFault, SandboxLost, UnsupportedLanguage
from sandbox.inside import kernel
from sandbox.job import Call, Job, Limits, Program, Stdin
from sandbox.local.calls import Caller
from sandbox.local.program import ProgramProcess
from sandbox.local.scripts import Answer, Script, ScriptOutcome, run_script
from sandbox.local.whole import run_whole
from sandbox.local.zygote import Zygote
from sandbox.outcome import TIME_OUTS, Build, Outcome, Run, Status


class LocalSandbox:
    """A pool of zygotes, each serving one program at a time, for programs in Python.

    Making one marks this process as not dumpable (prctl(2), PR_SET_DUMPABLE), so that a candidate with the same uid can
    neither read its memory nor trace it. Safe to use from several threads; a process that was forked from this one
    gets zygotes of its own.
    """

    def __init__(self, workers: int | None = None) -> None:
        """Start nothing yet; zygotes are started when they are first needed.

        Args:
            workers: most programs at a time; None means one for each processor that this process may use.
        """
        self.workers = workers or len(os.sched_getaffinity(0))
        self._lock = threading.Lock()
        self._reset()
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)

    def check_language(self, language: str) -> None:
        """Return if that language is Python (`sandbox.Sandbox.check_language`)."""
        if language != "python":
            raise UnsupportedLanguage(f"no sandbox here runs {language!r}; the language served is python")

    def run(self, job: Job) -> Outcome:
        """Build one program and run all its inputs (`sandbox.Sandbox.run`)."""
        self.check_language(job.program.language)
        for last_try in (False, True):
            try:
                with self._lease(fresh=last_try) as zygote:
                    return _run_job(zygote, job)
            except SandboxLost:
                self._refuse_when_closed()
                if last_try:
                    # Twice, in fresh processes: the program's doing. It may not choose to be left unjudged.
                    return Outcome(build=Build(ok=True), runs=(Run(status=Status.VIOLATION),) * len(job.inputs))
        raise AssertionError("unreachable")

    def open(self, program: Program, limits: Limits) -> LocalSession:
        """Build one program and keep it ready for calls (`sandbox.Sandbox.open`)."""
        self.check_language(program.language)
        return LocalSession(self, program, limits)

    def run_script(self, script: Script, answer: Answer, limits: Limits) -> ScriptOutcome:
        """Run a trusted script whose calls are answered by `answer` (`sandbox.local.scripts.run_script`).

        Use a `LocalSandbox` of its own for scripts: candidates then never share a zygote or a uid with one.
        """
        with self._lease() as zygote:
            return run_script(zygote, script, answer, limits)

    def close(self) -> None:
        """Kill everything that runs. Runs under way raise `SandboxFault`."""
        self._forget_after_fork()
        with self._lock:
            self._closed = True
            idle, busy = list(self._idle), list(self._busy)
            self._idle.clear()
        for zygote in idle:
            zygote.close()
        for zygote in busy:
            zygote.kill()

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    @contextlib.contextmanager
    def _lease(self, *, fresh: bool = False) -> Iterator[Zygote]:
        """Lend a zygote, a new one if asked; it comes back with every candidate of the lease dead, or not at all."""
        self._forget_after_fork()
        with self._places:
            zygote = self._take(fresh)
            clean = False
            try:
                yield zygote
                zygote.end_program()
                clean = True
            finally:
                self._give_back(zygote, clean)

    def _take(self, fresh: bool) -> Zygote:
        self._refuse_when_closed()
        zygote = None if fresh else self._take_idle()
        zygote = zygote or Zygote()
        with self._lock:
            self._busy.add(zygote)
        if self._closed:  # meanwhile
            self._give_back(zygote, clean=False)
        self._refuse_when_closed()
        return zygote

    def _take_idle(self) -> Zygote | None:
        """Return an idle zygote that is fit for use; others, killed from outside, are thrown away."""
        while True:
            with self._lock:
                zygote = self._idle.pop() if self._idle else None
            if zygote is None or zygote.settle():
                return zygote
            zygote.close()

    def _give_back(self, zygote: Zygote, clean: bool) -> None:
        with self._lock:
            self._busy.discard(zygote)
            if clean and not self._closed:
                self._idle.append(zygote)
                return
        zygote.close()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise SandboxFault("the sandbox was closed")

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._closed = False
        self._idle: list[Zygote] = []
        self._busy: set[Zygote] = set()
        self._places = threading.BoundedSemaphore(self.workers)

    def _forget_after_fork(self) -> None:
        if self._owner != os.getpid():
            self._lock = threading.Lock()
            self._reset()


class LocalSession:
    """One live program (`sandbox.Session`)."""

    def __init__(self, sandbox: LocalSandbox, program: Program, limits: Limits) -> None:
        """Nothing runs before the session is entered."""
        self._sandbox = sandbox
        self._source = program.source
        self._limits = limits
        self._lease = contextlib.ExitStack()
        self._losses = 0
        self.build = Build(ok=False)
        self.layers: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """Take a worker and build the program."""
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill the program and everything it started; a call finds none then."""
        self.build = Build(ok=False)
        with contextlib.suppress(SandboxLost):
            self._lease.close()

    def call(self, call: Call) -> Run:
        """Call one function (`sandbox.Session.call`)."""
        while self._losses < 2:
            if not self.build.ok:
                return Run(status=Status.NOT_RUN)
            try:
                return self._caller.call(call)
            except SandboxLost:
                self._start_again()
        return Run(status=Status.VIOLATION)

    def finish(self) -> None:
        """Kill the program, and make sure that nothing around it was lost (`sandbox.Session.finish`)."""
        if self.build.ok:
            self._caller.discard()

    def restart(self) -> None:
        """Kill the program; the next call finds a new one (`sandbox.Session.restart`)."""
        if self.build.ok:
            try:
                self._caller.discard()
            except SandboxLost:
                self._start_again()

    def _start_again(self) -> None:
        """Take fresh processes after a loss. A second loss is the program's doing, and it is not started again."""
        self._sandbox._refuse_when_closed()  # an interrupt is not the program's doing
        self._losses += 1
        self.__exit__(None, None, None)
        if self._losses < 2:
            self._start(fresh=True)

    def _start(self, *, fresh: bool = False) -> None:
        with contextlib.ExitStack() as lease:
            zygote = lease.enter_context(self._sandbox._lease(fresh=fresh))
            program = ProgramProcess(zygote, "calls", self._source, self._limits)
            lease.callback(program.close)
            self.build = program.build
            self.layers = program.layers
            self._caller = Caller(program)
            lease.callback(self._caller.discard)
            self._lease = lease.pop_all()


def _run_job(zygote: Zygote, job: Job) -> Outcome:
    whole = isinstance(job.inputs[0], Stdin)
    program = ProgramProcess(zygote, "whole" if whole else "calls", job.program.source, job.limits)
    try:
        runs = tuple(_runs(program, job)) if program.build.ok else (Run(status=Status.NOT_RUN),) * len(job.inputs)
        return Outcome(build=program.build, runs=runs, layers=program.layers)
    finally:
        program.close()


def _runs(program: ProgramProcess, job: Job) -> Iterator[Run]:
    """Run the inputs in order, until too many have timed out or too much time was idled away."""
    caller = Caller(program)
    time_outs = 0
    patience = job.limits.max_time_outs * job.limits.idle_limit_seconds
    try:
        for item in job.inputs:
            if time_outs >= job.limits.max_time_outs or patience < 0:
                yield Run(status=Status.NOT_RUN)
                continue
            run = run_whole(program, item) if isinstance(item, Stdin) else caller.call(item)
            if job.fresh:
                caller.discard()
            time_outs += run.status in TIME_OUTS
            patience -= run.idle_seconds
            yield run
    finally:
        caller.discard()

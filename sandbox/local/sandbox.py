"""Run programs as processes of this machine."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from types import TracebackType
from typing import Self

import msgspec

from sandbox.errors import SandboxFault, SandboxLost
from sandbox.inside import kernel
from sandbox.job import Call, Job, Limits, Program, Stdin
from sandbox.layers import demands
from sandbox.local.calls import Caller
from sandbox.local.programs import Programs, check_calls_by_scripts, check_language
from sandbox.local.retrying import Progress
from sandbox.local.scripts import Answer, Script, ScriptOutcome, run_scripts
from sandbox.local.speed import machine_speed
from sandbox.local.standing import spoiled, watch
from sandbox.local.talking import Talker
from sandbox.local.zygote import Zygote
from sandbox.outcome import Build, Outcome, Run, Status
from sandbox.protocol import Foresee, nothing_foreseen


class LocalSandbox:
    """A pool of zygotes, each serving one program at a time.

    Making one marks this process as not dumpable (prctl(2), PR_SET_DUMPABLE), so that a candidate with the same uid can
    neither read its memory nor trace it. Safe to use from several threads; a process that was forked from this one
    gets zygotes of its own.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        require: Collection[str] | None = None,
        without: Collection[str] = (),
        speed: float | None = None,
        hash_seed: int = 0,
        holds_no_secrets: bool = False,
    ) -> None:
        """Start nothing yet; zygotes are started when they are first needed.

        Args:
            workers: most programs at a time; None means one for each processor that this process may use.
            require: names of layers without which nothing is run (`sandbox.layers.demands`).
            without: names of layers to leave off; for tests and measurements.
            speed: how fast this machine is, 1.0 being the reference machine: limits on processor time are divided by
                it. None means that it is measured (`sandbox.local.speed`).
            hash_seed: ``PYTHONHASHSEED`` of programs, 0..4294967295; for telling whether a grade depends on it.
            holds_no_secrets: nothing on this machine has to be kept from programs, no hidden tests above all, as in a
                runner: compilers and shells may run without Landlock, which they are refused elsewhere.

        Raises:
            ValueError: the speed is not positive and finite, or there is no such seed.
        """
        self.workers = workers or len(os.sched_getaffinity(0))
        self._demands = demands(require, without)
        if speed is not None and not 0 < speed < float("inf"):
            raise ValueError(f"speed must be positive and finite, not {speed!r}")
        if not 0 <= hash_seed < 2**32:
            raise ValueError(f"hash_seed must be from 0 to 4294967295, not {hash_seed!r}")
        self._given_speed = speed
        self._hash_seed = hash_seed
        self._holds_no_secrets = holds_no_secrets
        self._lock = threading.Lock()
        self._reset()
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)

    @property
    def speed(self) -> float:
        """How fast this machine counts, 1.0 being the reference machine.

        Raises:
            SandboxUnavailable: it cannot be measured.
        """
        return machine_speed() if self._given_speed is None else self._given_speed

    def check_language(self, language: str) -> None:
        """Return if that language is known, and its commands are here (`sandbox.Sandbox.check_language`)."""
        check_language(language)

    def run(self, job: Job, *, enough: Callable[[Run], bool] | None = None) -> Outcome:
        """Build one program and run all its inputs (`sandbox.Sandbox.run`).

        Args:
            job: the job.
            enough: told of each run; where it is true, no other input is begun, and the outcome has the runs so far.
        """
        self.check_language(job.program.language)
        job = msgspec.structs.replace(job, limits=job.limits.at_speed(self.speed))
        anomalies: set[str] = set()
        for last_try in (False, True):
            progress = Progress(job, enough)
            try:
                while not progress.done:
                    with self._lease(anomalies, fresh=last_try or progress.begun) as zygote:
                        self._serve(zygote, job, progress)
                return progress.outcome(self.speed, tuple(sorted(anomalies)))
            except (SandboxLost, OSError) as error:
                if self._is_of_the_program(error, anomalies) or last_try:
                    # Twice, in fresh processes: the program's doing. It may not choose to be left unjudged.
                    runs = (Run(status=Status.VIOLATION),) * len(job.inputs)
                    return Outcome(
                        build=Build(ok=True), runs=runs, speed=self.speed, anomalies=tuple(sorted(anomalies))
                    )
        raise AssertionError("unreachable")

    def open(self, program: Program, limits: Limits, foresee: Foresee = nothing_foreseen) -> LocalSession:
        """Build one program and keep it ready for calls (`sandbox.Sandbox.open`); nothing has to be foreseen."""
        self.check_language(program.language)
        if not program.talks:
            check_calls_by_scripts(program.language)
        return LocalSession(self, program, limits)

    def run_script(self, script: Script, answer: Answer, limits: Limits) -> ScriptOutcome:
        """Run a trusted script whose calls are answered by `answer` (`sandbox.local.scripts.run_scripts`).

        Use a `LocalSandbox` of its own for scripts: candidates then never share a zygote or a uid with one.
        """
        [outcome] = self.run_scripts(script, [answer], limits)
        return outcome

    def run_scripts(
        self, script: Script, answers: Iterable[Answer], limits: Limits
    ) -> Generator[ScriptOutcome, None, None]:
        """Run a trusted script once for each of `answers`, each in a process of its own; it is built once.

        A worker is taken until the iterator ends or is closed (`sandbox.local.scripts.run_scripts`).
        """
        with self._lease(set()) as zygote:
            yield from run_scripts(zygote, script, answers, limits.at_speed(self.speed))

    def survey(self) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return the names of the layers that are in force here, and why the others are not.

        Raises:
            SandboxUnavailable: one that is required is not.
        """
        with self._lease(set()) as zygote:
            return zygote.layers, zygote.missing

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

    def _serve(self, zygote: Zygote, job: Job, progress: Progress) -> None:
        """Run inputs of a job until none is left, or one has to be run again by another worker."""
        whole = isinstance(job.inputs[0], Stdin)
        made = self._programs.make(zygote, job.program, job.limits, whole=whole)
        if made.process is None:
            progress.refuse(made.build, made.layers)
            return
        try:
            progress.go_on(made.process)
        finally:
            made.process.close()

    @contextlib.contextmanager
    def _lease(self, anomalies: set[str], *, fresh: bool = False) -> Iterator[Zygote]:
        """Lend a zygote, a new one if asked; it comes back with every candidate of the lease dead, or not at all.

        What was wrong afterwards, and was put right, is added to `anomalies`.
        """
        self._forget_after_fork()
        with self._places:
            zygote = self._take(fresh)
            clean = False
            try:
                zygote.begin()
                yield zygote
                zygote.end_program()
                clean = True
            finally:
                clean = self._audit(zygote) and clean
                anomalies.update(self._give_back(zygote, clean))

    def _take(self, fresh: bool) -> Zygote:
        self._refuse_when_closed()
        zygote = None if fresh else self._take_idle()
        zygote = zygote or Zygote(self._demands, self.workers, self._hash_seed)
        zygote.anomalies.clear()
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

    def _give_back(self, zygote: Zygote, clean: bool) -> set[str]:
        """Keep it, or throw it away; return what was wrong and was put right."""
        if clean:
            zygote.end()
        with self._lock:
            self._busy.discard(zygote)
            found = set(zygote.anomalies)  # while nobody else can take it
            if clean and not self._closed and len(self._idle) + len(self._busy) < self.workers:  # fresh ones add up
                self._idle.append(zygote)
                return found
        zygote.close()
        return found | zygote.anomalies

    def _audit(self, zygote: Zygote) -> bool:
        """Undo what candidates did to the processes around them; return whether the zygote is fit for more."""
        if not zygote.exposed:
            return True
        zygote.anomalies.update(watch().put_right())
        return zygote.unchanged()

    def _is_of_the_program(self, error: SandboxLost | OSError, anomalies: Collection[str]) -> bool:
        """Whether a loss is certainly the doing of the program that is over now: no other ran that spoiled the judge.

        Raises:
            OSError: `error`, where nobody took from the judge what it lacked.
            SandboxFault: the sandbox was closed, or the judge is spoiled and it cannot be told by whom.
        """
        if isinstance(error, OSError) and "rlimits" not in anomalies:
            raise error
        if spoiled() and not self._closed and not self._busy:
            return True
        self._refuse_when_closed()
        return False

    def _refuse_when_closed(self) -> None:
        if spoiled():
            raise SandboxFault(spoiled())
        if self._closed:
            raise SandboxFault("the sandbox was closed")

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._closed = False
        self._programs = Programs(self._demands, holds_no_secrets=self._holds_no_secrets)
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
        self._program = program
        self.speed = sandbox.speed
        self._limits = limits.at_speed(self.speed)
        self._lease = contextlib.ExitStack()
        self._losses = 0
        self._anomalies: set[str] = set()
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

    @property
    def anomalies(self) -> tuple[str, ...]:
        """What was wrong after the program, once the session is left (`sandbox.Session.anomalies`)."""
        return tuple(sorted(self._anomalies))

    def call(self, call: Call) -> Run:
        """Call one function (`sandbox.Session.call`).

        Raises:
            SandboxLost: a conversation was lost, and what was said in it counts for nothing; a new one can begin.
        """
        while self._losses < 2:
            if not self.build.ok:
                return Run(status=Status.NOT_RUN)
            try:
                return self._caller.call(call)
            except (SandboxLost, OSError) as error:
                self._start_again(error)
                if self._program.talks and self._losses < 2:
                    raise SandboxLost("the program was lost in the middle of a conversation") from None
        return Run(status=Status.VIOLATION)

    def finish(self) -> None:
        """Kill the program, and make sure that nothing around it was lost (`sandbox.Session.finish`)."""
        if self.build.ok:
            self._caller.discard()

    def restart(self, *, fresh: bool = False) -> None:
        """Kill the program; the next call finds a new one (`sandbox.Session.restart`)."""
        if self.build.ok:
            try:
                self._caller.discard()
                if fresh:
                    self._lease.close()
                    self._start(fresh=True)
            except (SandboxLost, OSError) as error:
                self._start_again(error)

    def _start_again(self, error: SandboxLost | OSError) -> None:
        """Take fresh processes after a loss. A second loss is the program's doing, and it is not started again."""
        self.build = Build(ok=False)
        with contextlib.suppress(SandboxLost, OSError):
            self._lease.__exit__(type(error), error, error.__traceback__)  # so that the worker is thrown away
        self._losses += 2 if self._sandbox._is_of_the_program(error, self._anomalies) else 1
        if self._losses < 2:
            self._start(fresh=True)

    def _start(self, *, fresh: bool = False) -> None:
        with contextlib.ExitStack() as lease:
            zygote = lease.enter_context(self._sandbox._lease(self._anomalies, fresh=fresh))
            made = self._sandbox._programs.make(zygote, self._program, self._limits, whole=self._program.talks)
            self.build, self.layers = made.build, made.layers
            if made.process is not None:
                lease.callback(made.process.close)
                self._caller = Talker(made.process) if self._program.talks else Caller(made.process)
                lease.callback(self._caller.discard)
            self._lease = lease.pop_all()

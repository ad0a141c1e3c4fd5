"""Run programs in Docker containers that hold nothing else: no tests, no network, no file to write."""

from __future__ import annotations

import atexit
import os
import weakref
from collections.abc import Collection
from functools import partial
from types import TracebackType
from typing import Self

import msgspec

from sandbox import languages
from sandbox.containers.container import Container, longest_reply, longest_seconds
from sandbox.containers.engine import Engine
from sandbox.containers.fitting import Parts, check_calls
from sandbox.containers.pool import Pool
from sandbox.containers.session import DockerSession
from sandbox.errors import SandboxFault, SandboxLost, SandboxUnavailable
from sandbox.job import MEBIBYTE, Job, Limits, Program, Stdin
from sandbox.layers import demands
from sandbox.outcome import Outcome, Status
from sandbox.protocol import Foresee, nothing_foreseen
from sandbox.remote.gathering import Gathered
from sandbox.remote.losses import ask_until_certain
from sandbox.remote.messages import Ran, RunJob, Start
from sandbox.remote.translating import run_job

_HARMLESS = run_job(Program(source="pass"), Limits(), [Stdin(b"")], fresh=False)
_CLOSE_SECONDS = 1.0
"""Longest time that `close` waits for threads that are about to let go of a container,"""
_LAST_SECONDS = 10.0
"""and the end of the interpreter, after which nothing here could remove one."""


class DockerSandbox:
    """A pool of containers, each serving one program at a time, for programs in Python.

    The image is the verifier's; the engine is the one that DOCKER_HOST names, or else that of this machine. Safe to use
    from several threads; a process that was forked from this one gets containers of its own. No container outlives this
    process.

    What differs from `LocalSandbox`: a program has a container around it, whatever else is in force, and the judge is
    not there; inputs of a job that are too much for a container's memory are run in parts.
    """

    def __init__(
        self,
        image: str,
        workers: int | None = None,
        *,
        fresh: bool = False,
        require: Collection[str] | None = None,
        speed: float | None = None,
        memory_bytes: int = 2048 * MEBIBYTE,
    ) -> None:
        """Start nothing yet; containers are started when they are first needed.

        Args:
            image: name of the verifier's image, as `verifier image build` makes it.
            workers: most programs at a time; None means one for each processor that this process may use.
            fresh: a new container for each submission, in place of one that serves many, one after another.
            require: names of layers without which nothing is run (`sandbox.layers.demands`), in the container.
            speed: how fast the engine's machine is, as for `LocalSandbox`; None means that it is measured there.
            memory_bytes: memory of a container, for a program, the interpreters around it, and what it reads and
                writes; a job that needs more is refused.

        Raises:
            ValueError: there is no such layer, or the speed is not positive and finite.
        """
        if speed is not None and not 0 < speed < float("inf"):
            raise ValueError(f"speed must be positive and finite, not {speed!r}")
        demands(require)
        self.workers = workers or len(os.sched_getaffinity(0))
        self._require = None if require is None else tuple(require)
        self._speed = speed
        self._memory_bytes = memory_bytes
        self._engine = Engine(image, memory_bytes)
        self._pool = Pool(lambda: Container(self._engine, self._start_request), self.workers, fresh=fresh)
        _SANDBOXES.add(self)

    def check_language(self, language: str) -> None:
        """Return if that language is known (`sandbox.Sandbox.check_language`); whether a runner has it, that says."""
        languages.language(language)

    def run(self, job: Job) -> Outcome:
        """Build one program and run all its inputs (`sandbox.Sandbox.run`)."""
        self.check_language(job.program.language)
        parts, gathered = Parts(job, self._memory_bytes), Gathered(job)
        with self._pool.place():
            while not gathered.done:
                request = parts.part(gathered.count, gathered.limits)
                reply = ask_until_certain(partial(self._ask, request), self._send_harmless, self._pool.wait)
                if reply is None:
                    gathered.give_up()
                else:
                    gathered.add(reply, request.count)
        return gathered.outcome()

    def open(self, program: Program, limits: Limits, foresee: Foresee = nothing_foreseen) -> DockerSession:
        """Build one program and keep it ready for calls (`sandbox.Sandbox.open`); nothing has to be foreseen."""
        self.check_language(program.language)
        check_calls(limits, self._memory_bytes)
        return DockerSession(self._pool, program, limits, self._send_harmless)

    def close(self) -> None:
        """Remove every container. Runs under way raise `SandboxFault`."""
        self._close(_CLOSE_SECONDS)

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _close(self, patience_seconds: float) -> None:
        self._pool.close(patience_seconds)
        self._engine.close()

    def _start_request(self) -> Start:
        return Start(require=self._require, speed=self._speed)

    def _ask(self, request: RunJob) -> Ran:
        """Have a container run a job.

        Raises:
            SandboxLost: it was lost, or did not answer as a runner does.
            SandboxError: none is to be had, or its runner failed.
        """
        asked = request.count
        with self._pool.lease() as container:
            self._speed = container.speed  # measured once: others are told
            limits = request.limits.at_speed(container.speed)
            seconds = longest_seconds(limits, runs=asked + limits.max_time_outs, builds=1 + limits.max_time_outs)
            reply = container.ask(request, Ran, seconds=seconds, most_bytes=longest_reply(limits, asked))
            if not 0 < len(reply.runs) <= asked:
                container.fit = False
                raise SandboxLost("the runner sent more runs than it was given inputs, or none")
            return msgspec.structs.replace(reply, layers=container.layers, speed=container.speed)

    def _send_harmless(self) -> Collection[str]:
        """Run a program that does nothing; return the layers that were in force (`sandbox.remote.losses`)."""
        try:
            reply = self._ask(_HARMLESS)
        except SandboxUnavailable as error:
            raise SandboxFault(f"no program can be run in a container any more: {error}") from None
        if [run.status for run in reply.runs] != [Status.FINISHED]:
            raise SandboxFault("a program that does nothing cannot be run in a container")
        return reply.layers

    def _forget(self) -> None:
        """Begin anew, in a process that was forked."""
        self._engine.forget()
        self._pool.forget()


_SANDBOXES: weakref.WeakSet[DockerSandbox] = weakref.WeakSet()


def _forget_all() -> None:
    for sandbox in list(_SANDBOXES):
        sandbox._forget()


@atexit.register
def _close_all() -> None:
    for sandbox in list(_SANDBOXES):
        sandbox._close(_LAST_SECONDS)


os.register_at_fork(after_in_child=_forget_all)

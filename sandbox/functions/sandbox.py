"""Run programs in a Lambda function that holds no tests and no role: whoever breaks out there finds nothing."""

from __future__ import annotations

import contextlib
import math
import os
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, InvalidStateError
from types import TracebackType
from typing import Self

from sandbox import languages
from sandbox.errors import SandboxFault, SandboxLost, SandboxUnavailable
from sandbox.functions.fitting import Packed, TooLong, fitting_job
from sandbox.functions.invoking import Invoker
from sandbox.functions.replaying import ReplayedSession
from sandbox.job import Job, Limits, Program, Stdin
from sandbox.outcome import Outcome, Status
from sandbox.protocol import Foresee, nothing_foreseen
from sandbox.remote import messages, payload
from sandbox.remote.gathering import Gathered
from sandbox.remote.losses import ask_until_certain
from sandbox.remote.messages import Ran, Replay, RunJob
from sandbox.remote.translating import run_job

_HARMLESS = run_job(Program(source="pass"), Limits(), [Stdin(b"")], fresh=False)


class LambdaSandbox:
    """A function of AWS Lambda whose handler is `sandbox.runner.lambda_handler`; each call brings one program.

    Safe to use from several threads; a process that was forked from this one connects anew.

    What differs from `LocalSandbox`: a job that is too long for one call is split, and no process serves calls of two
    parts; an output that is too long for a reply, compressed, is over the limit; sessions go in rounds
    (`sandbox.functions.replaying`).
    """

    def __init__(self, function: str, workers: int = 32, *, require: Collection[str] | None = None) -> None:
        """Call nothing yet.

        Args:
            function: name or ARN of the function; region, credentials and endpoint are found as boto3 finds them.
            workers: most calls at a time.
            require: names of layers that the runner's replies must name; None leaves it to the runner's own setting.
        """
        self.workers = workers
        self._require = frozenset(require or ())
        self._function = function
        self._lock: threading.Lock
        self._reset()

    def check_language(self, language: str) -> None:
        """Return if that language is known (`sandbox.Sandbox.check_language`); whether a runner has it, that says."""
        languages.language(language)

    def run(self, job: Job) -> Outcome:
        """Build one program and run all its inputs (`sandbox.Sandbox.run`)."""
        self.check_language(job.program.language)
        gathered = Gathered(job)
        while not gathered.done:
            rest = job.inputs[gathered.count :]
            try:
                request, packed = fitting_job(job.program, gathered.limits, rest, fresh=job.fresh)
            except TooLong as error:
                gathered.refuse(str(error))
                break
            reply = self._ask_until_certain(request, packed)
            if reply is None:
                gathered.give_up()
            else:
                gathered.add(reply, request.count)
        return gathered.outcome()

    def open(self, program: Program, limits: Limits, foresee: Foresee = nothing_foreseen) -> ReplayedSession:
        """Build one program and keep it ready for calls (`sandbox.Sandbox.open`)."""
        self.check_language(program.language)
        return ReplayedSession(program, limits, foresee, self._ask_until_certain)

    def close(self) -> None:
        """Wait for nothing any more: calls under way raise `SandboxFault`, and what they began ends by itself."""
        self._forget_after_fork()
        with self._lock:
            self._closing.set()
            waiting = list(self._waiting)
        for future in waiting:
            with contextlib.suppress(InvalidStateError):
                future.set_exception(_closed())

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _ask_until_certain(self, request: RunJob | Replay, packed: Packed) -> Ran | None:
        """Ask the runner; None when the program ended it (`sandbox.remote.losses`)."""
        with self._place():
            reply = ask_until_certain(lambda: self._ask(request, packed), self._send_harmless, self._closing.wait)
        if reply is not None and not self._require <= set(reply.layers):
            raise SandboxUnavailable(
                f"the function {self._function} has the layers {','.join(reply.layers)}, and what is required is "
                f"{','.join(sorted(self._require))}; require less, or use another sandbox"
            )
        return reply

    def _ask(self, request: RunJob | Replay, packed: Packed) -> Ran:
        """Ask the runner once, in a thread that nobody has to wait for.

        Raises:
            SandboxError: as `Invoker.ask`, or the sandbox was closed.
        """
        answer: Future[Ran] = Future()
        with self._lock:
            if self._closing.is_set():
                raise _closed()
            self._waiting.add(answer)
        seconds = _longest_seconds(request)
        act = lambda: self._invoker.ask(packed, seconds=seconds)  # noqa: E731
        threading.Thread(target=_carry_out, args=(act, answer), name="invoke", daemon=True).start()
        try:
            reply = answer.result()
        finally:
            with self._lock:
                self._waiting.discard(answer)
        if isinstance(request, RunJob) and not 0 < len(reply.runs) <= request.count:
            raise SandboxLost("the runner sent more runs than it was given inputs, or none")
        return reply

    def _send_harmless(self) -> Collection[str]:
        """Run a program that does nothing; return the layers that were in force (`sandbox.remote.losses`)."""
        reply = self._ask(_HARMLESS, payload.pack(messages.encode(_HARMLESS)))
        if [run.status for run in reply.runs] != [Status.FINISHED]:
            raise SandboxFault(f"the function {self._function} cannot run a program that does nothing")
        return reply.layers

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        self._forget_after_fork()
        with self._places:
            yield

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._places = threading.BoundedSemaphore(self.workers)
        self._waiting: set[Future[Ran]] = set()
        self._invoker = Invoker(self._function, connections=self.workers, closing=self._closing)

    def _forget_after_fork(self) -> None:
        if self._owner != os.getpid():
            self._reset()


def _carry_out(act: Callable[[], Ran], answer: Future[Ran]) -> None:
    """Do it; whoever waited may have given up meanwhile."""
    with contextlib.suppress(InvalidStateError):
        try:
            answer.set_result(act())
        except BaseException as error:
            answer.set_exception(error)


def _closed() -> SandboxFault:
    return SandboxFault("the sandbox was closed")


def _longest_seconds(request: RunJob | Replay) -> float:
    """Return how long a runner can take for a request, on a machine of half the speed of the reference machine.

    The runner itself stops when its function's time is up; what is bounded here is the wait for one that is gone.
    """
    limits = request.limits.at_speed(0.5)
    calls = request.count if isinstance(request, RunJob) else len(request.calls)
    each = limits.hard_cpu_seconds + limits.idle_limit_seconds
    return limits.build_seconds * 3 + each * math.ceil(max(1, calls))

"""From a request of the runner protocol to its reply, by a sandbox of this machine."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.errors import SandboxError, SandboxFault, SandboxLost
from sandbox.inside import values
from sandbox.local import LocalSandbox
from sandbox.outcome import TIME_OUTS, Run, Status
from sandbox.remote.messages import Failed, Ran, Replay, RunJob
from sandbox.remote.translating import call_of, failed, job_of, program_of, ran, wire_build, wire_run

_TRIES = 2


Enough = Callable[[Run], bool]


class Room:
    """Tells when so much of outputs and values is held that no other input may begin: whoever asked asks for the rest.

    No program must be able to end this process by what it answers (docs/architecture.md, I7).
    """

    def __init__(self, most_bytes: int) -> None:
        """`most_bytes` may be held; values count as text, and take up to sixteen times as much as objects."""
        self._left = most_bytes

    def __call__(self, run: Run) -> bool:
        """Count a run; return whether it was enough."""
        try:
            self._left -= len(run.stdout) if run.value is None else len(values.encode(run.value))
        except values.NotPlainData:
            return True
        return self._left <= 0


def serve(sandbox: LocalSandbox, request: RunJob | Replay, enough: Enough) -> Ran:
    """Run a job, or calls in a row.

    Args:
        sandbox: where the program runs.
        request: what was asked.
        enough: told of each run; where it is true, nothing more is begun, and the reply has what was done so far.

    Raises:
        SandboxError: as `sandbox.Sandbox` does; `failure` makes a reply of it.
        ValueError: the request cannot be served; likewise.
    """
    match request:
        case RunJob():
            return ran(sandbox.run(job_of(request), enough=enough))
        case Replay():
            return _replay(sandbox, request, enough)


def failure(error: SandboxError | ValueError | OSError) -> Failed:
    """Say what failed, in words that hold nothing of the request."""
    if isinstance(error, SandboxError):
        return failed(error)
    if isinstance(error, OSError):
        return failed(SandboxFault(f"{type(error).__name__}: {error.strerror}"))
    return failed(SandboxFault(f"the runner was asked for what it cannot do ({type(error).__name__})"))


def _replay(sandbox: LocalSandbox, request: Replay, enough: Enough) -> Ran:
    for tries_left in reversed(range(_TRIES)):
        try:
            return _replay_once(sandbox, request, enough)
        except SandboxLost:
            if not tries_left:
                raise
    raise AssertionError("unreachable")


def _replay_once(sandbox: LocalSandbox, request: Replay, enough: Enough) -> Ran:
    """Make the calls, each in the program that the one before left, until a time-out.

    Raises:
        SandboxLost: a process around the program died.
        ValueError: the request cannot be served.
    """
    runs: list[Run] = []
    session = sandbox.open(program_of(request.program), request.limits)
    with session:
        build, layers = session.build, session.layers
        for call in request.calls if build.ok else ():
            if not all(number < len(runs) and runs[number].status is Status.FINISHED for _, number in call.brought):
                break  # a guess that came to nothing
            try:
                run = session.call(call_of(call, runs))
            except ValueError:
                if not call.brought:
                    raise
                break  # a guess, of what cannot be an argument
            runs.append(run)
            known = len(runs) <= request.known
            if run.status in TIME_OUTS or enough(Run(status=run.status) if known else run):
                break
        session.finish()
    return Ran(
        build=wire_build(build),
        runs=tuple(map(wire_run, runs[request.known :])),
        known_cpu_seconds=sum(run.cpu_seconds for run in runs[: request.known]),
        layers=layers,
        speed=session.speed,
        anomalies=session.anomalies,
    )

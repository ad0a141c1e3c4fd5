"""The runner as a Lambda function: it runs programs, and holds no tests, no expected output, no role worth having.

Its environment ends when the audit finds that a program left or changed something: as the next event comes in, before
any of it is looked at, with an exit status that no signal of a program can bring about. Its caller then asks again.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from sandbox.doctor import check
from sandbox.errors import SandboxError, SandboxFault, SandboxUnavailable
from sandbox.job import MEBIBYTE, Limits
from sandbox.local import LocalSandbox
from sandbox.local.standing import spoiled
from sandbox.outcome import Run, Status
from sandbox.remote import messages, payload
from sandbox.remote.messages import NotAMessage, Ran, Replay, RunJob
from sandbox.remote.translating import failed
from sandbox.runner.ending import ENDED
from sandbox.runner.serving import Enough, Room, failure, serve
from sandbox.runner.sweeping import sweep
from sandbox.settings import SettingsError, layer_names, machine_speed_of

_MARGIN_SECONDS = 3.0
"""For killing what runs and sending the reply."""
_MOST_OUTPUT_BYTES = 24 * MEBIBYTE
"""Of one reply, before it is packed: what comes after it is asked for again."""
_BUILD_WALL_FACTOR = 3  # as in `sandbox.local.program`
_SHORTEST_BUILD_SECONDS = 1.0


def lambda_handler(event: object, context: Any) -> dict[str, str]:
    """Serve one request of the runner protocol.

    Args:
        event: decoded JSON (`sandbox.remote.payload`).
        context: Lambda's context object, asked for the time left; None when there is no limit.

    Returns:
        The JSON object that carries the reply: a fault is a reply too.
    """
    return _FUNCTION(event, context)


def _prepare() -> LocalSandbox:
    """Make the sandbox, and prove its layers.

    Raises:
        SandboxUnavailable: they do not hold here, or this environment holds what a runner must not.
        SettingsError: a setting cannot be used.
    """
    if os.environ.get("VERIFIER_SUITES"):
        raise SandboxUnavailable("VERIFIER_SUITES is set: a runner must hold no suites; give them to the grader alone")
    if os.environ.get("VERIFIER_SEAL_KEY") or os.environ.get("VERIFIER_SEAL_KEY_FILE"):
        raise SandboxUnavailable("a key of sealed suites is set: a runner must hold none; give it to the grader alone")
    if os.environ.get("VERIFIER_SWEEP") == "on":
        sweep()
    require = layer_names(os.environ.get("VERIFIER_REQUIRE", ""), "VERIFIER_REQUIRE")
    check(require)
    speed = machine_speed_of(os.environ.get("VERIFIER_SPEED", ""), "VERIFIER_SPEED")
    return LocalSandbox(1, require=require, speed=speed, holds_no_secrets=True)


class Function:
    """The handler of one execution environment. Its sandbox is made for the first event, and kept."""

    def __init__(self, prepare: Callable[[], LocalSandbox] = _prepare) -> None:
        """Start nothing yet.

        Args:
            prepare: makes the sandbox; asked again for the next event when it raises.
        """
        self._prepare = prepare
        self._lock = threading.Lock()
        self._sandbox: LocalSandbox | None = None
        self._tainted = False

    def __call__(self, event: object, context: Any) -> dict[str, str]:
        """Serve one request (`lambda_handler`)."""
        if self._tainted or spoiled():
            os._exit(ENDED)
        try:
            reply: messages.Reply = self._answer(event, context)
        except SettingsError as error:
            reply = failed(SandboxUnavailable(str(error)))
        except (SandboxError, ValueError, OSError) as error:
            self._tainted = isinstance(error, SandboxFault | OSError)
            reply = failure(error)
        return _pack(reply)

    def _answer(self, event: object, context: Any) -> Ran:
        request = messages.decode_request(payload.unpack(event))
        if not isinstance(request, RunJob | Replay):
            raise NotAMessage("a request of the runner protocol that a function does not serve")
        sandbox = self._get_ready()
        reply = serve(sandbox, *_in_time(request, sandbox.speed, context))
        self._tainted = bool(reply.anomalies)
        return reply

    def _get_ready(self) -> LocalSandbox:
        with self._lock:
            if self._sandbox is None:
                self._sandbox = self._prepare()
            return self._sandbox


_FUNCTION = Function()


def longest_run_seconds(limits: Limits, *, calls: bool) -> float:
    """Return how long one input can take: computing to the hard limit, then idle to the other.

    A call may find no program: one is loaded then, which may take as long.
    """
    return (limits.hard_cpu_seconds + limits.idle_limit_seconds) * (2 if calls else 1)


def _in_time(request: RunJob | Replay, speed: float, context: Any) -> tuple[RunJob | Replay, Enough]:
    """Return the request with a build that ends in time, and what tells when no other input may begin.

    Raises:
        SandboxUnavailable: a single input could take longer than the function may.
    """
    time_left = getattr(context, "get_remaining_time_in_millis", None)
    if time_left is None:
        return request, _Enough(None)
    limits = request.limits
    needed = longest_run_seconds(limits.at_speed(speed), calls=bool(request.calls)) + _MARGIN_SECONDS
    free = float(time_left()) / 1000 - needed
    build_seconds = min(limits.build_seconds, free * speed / _BUILD_WALL_FACTOR)
    if build_seconds < min(limits.build_seconds, _SHORTEST_BUILD_SECONDS):
        raise SandboxUnavailable(
            f"a test may take {needed:.0f} s with these limits, and a build some more, and the runner has "
            f"{free + needed:.0f} s left; raise the time-out of the function"
        )
    limits = msgspec.structs.replace(limits, build_seconds=build_seconds)
    return msgspec.structs.replace(request, limits=limits), _Enough(time.monotonic() + free)


class _Enough:
    """Tells when no other input may begin: the time is up, or there is as much output as may be held here."""

    def __init__(self, stop_at: float | None) -> None:
        """`stop_at` is on the clock of `time.monotonic`."""
        self._stop_at = stop_at
        self._room = Room(_MOST_OUTPUT_BYTES)

    def __call__(self, run: Run) -> bool:
        return self._room(run) or (self._stop_at is not None and time.monotonic() >= self._stop_at)


def _pack(reply: messages.Reply) -> dict[str, str]:
    """Pack as many runs as Lambda takes; the caller asks for the others."""
    packed = payload.pack(messages.encode(reply))
    while not payload.fits(packed) and isinstance(reply, Ran):
        if len(reply.runs) > 1:
            runs = reply.runs[: len(reply.runs) // 2]
        else:  # more than can be told
            (run,) = reply.runs
            runs = (messages.WireRun(status=Status.OUTPUT_LIMIT, cpu_seconds=run.cpu_seconds),)
        reply = msgspec.structs.replace(reply, runs=runs)
        packed = payload.pack(messages.encode(reply))
    return packed

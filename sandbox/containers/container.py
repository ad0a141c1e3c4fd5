"""One container, and the runner in it: started, asked, killed."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sandbox.containers.attached import Attached
from sandbox.containers.engine import Engine
from sandbox.errors import SandboxError, SandboxFault, SandboxLost, SandboxUnavailable
from sandbox.job import Limits
from sandbox.remote import messages
from sandbox.remote.messages import Closed, Failed, NotAMessage, Ran, Reply, Request, Started
from sandbox.remote.translating import fault_of

START_SECONDS = 60.0
_SLACK_SECONDS = 30.0
_PATIENCE = 2
"""Times the longest that a runner may take: it waits for processors, too."""
_BUILD_WALL_FACTOR = 3  # as in `sandbox.local.program`
_SHORT_BYTES = 1 << 20
"""Longest reply that carries no run."""
_MOST_BYTES = 1 << 30
_RUN_BYTES = 1 << 17
"""Longest run without its output or value."""
_VALUE_FACTOR = 8
"""A forged text of a value, written again by the runner, may be six times as long."""

Awaited = TypeVar("Awaited", Started, Ran, messages.Opened, messages.Answered, messages.Finished, Closed)


class Container:
    """Used by one thread at a time, but for `kill`.

    Attributes:
        layers: isolation layers that are in force in it, as its runner found before any program ran.
        speed: how fast its machine counts, likewise.
        fit: whether it may serve another program.
    """

    def __init__(self, engine: Engine, start: Callable[[], messages.Start]) -> None:
        """Make nothing yet.

        Args:
            engine: where it will be.
            start: asked for what its runner is to require.
        """
        self.layers: tuple[str, ...] = ()
        self.speed = 1.0
        self.fit = False
        self._engine = engine
        self._request = start
        self._lock = threading.Lock()
        self._id = ""
        self._stream: Attached | None = None
        self._killed = False

    def start(self) -> None:
        """Make it, and wait until its runner is ready.

        Raises:
            SandboxUnavailable: it cannot be made, or does not enforce what is required.
            SandboxFault: the engine failed, or `kill` was called.
        """
        deadline = time.monotonic() + START_SECONDS
        try:
            self._id = container = self._engine.create()
            self._refuse_when_killed()
            self._stream = stream = self._engine.attach(container)
            self._refuse_when_killed()
            self._engine.start(container)
            started = self._greet(stream, deadline)
        except BaseException:
            self.close()
            raise
        self.layers, self.speed = started.layers, started.speed
        self.fit = True

    def ask(self, request: Request, kind: type[Awaited], *, seconds: float, most_bytes: int = _SHORT_BYTES) -> Awaited:
        """Send a request and wait for its reply.

        Args:
            request: what is asked.
            kind: of the reply that belongs to it.
            seconds: longest time to wait (`longest_seconds`).
            most_bytes: longest reply (`longest_reply`).

        Raises:
            SandboxLost: the runner died, was silent for too long, or sent what no runner sends.
            SandboxError: what the runner said went wrong.
        """
        self.fit = False
        if self._stream is None or not self._stream.silent:
            raise SandboxLost("the container is gone, or speaks unasked")
        deadline = time.monotonic() + seconds
        self._stream.send(messages.encode(request), deadline)
        reply = self._receive(self._stream, most_bytes, deadline)
        if isinstance(reply, Failed):
            raise fault_of(reply)
        if not isinstance(reply, kind):
            raise SandboxLost("the runner's reply belongs to another request")
        self.fit = isinstance(reply, Ran | Closed) and not reply.anomalies
        return reply

    @property
    def waits(self) -> bool:
        """Whether it is fit for use and quiet: one that was killed from outside is not."""
        return self.fit and self._stream is not None and self._stream.silent

    def kill(self) -> None:
        """End it, and remove it; whoever waits for it gets `SandboxLost`. Safe from any thread, and twice."""
        self.cut()
        with self._lock:
            container, self._id = self._id, ""
        if container:
            with contextlib.suppress(SandboxError):  # no engine: it ends with its standard input, and removes itself
                self._engine.remove(container)

    def cut(self) -> None:
        """Let it end by itself: its runner ends with its standard input. Safe from any thread, and twice."""
        with self._lock:
            self._killed = True
            if self._stream is not None:
                self._stream.cut()

    def close(self) -> None:
        """Kill, and let go of the connection. Only for the thread that uses the container."""
        self.kill()
        with self._lock:
            stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def abandon(self) -> None:
        """Let go of the connection in a process that was forked: the container is its parent's."""
        if self._stream is not None:
            self._stream.abandon()

    def _greet(self, stream: Attached, deadline: float) -> Started:
        """Tell the runner what to require, and wait until it is ready.

        Raises:
            SandboxError: it does not get ready.
        """
        try:
            stream.send(messages.encode(self._request()), deadline)
            reply = self._receive(stream, _SHORT_BYTES, deadline)
        except SandboxLost as error:
            self._refuse_when_killed()
            if stream.last_words:
                raise SandboxUnavailable(
                    f"the runner in the image {self._engine.image} does not start: {stream.last_words}; "
                    "make the image again with: verifier image build"
                ) from None
            raise SandboxFault(f"a container does not start: {error}") from None
        if isinstance(reply, Failed):
            raise fault_of(reply)
        if not isinstance(reply, Started):
            raise SandboxFault("a container does not start: its runner speaks another protocol")
        return reply

    def _receive(self, stream: Attached, most_bytes: int, deadline: float) -> Reply:
        try:
            return messages.decode_reply(stream.receive(most_bytes, deadline))
        except NotAMessage as error:
            raise SandboxLost(str(error)) from None

    def _refuse_when_killed(self) -> None:
        if self._killed:
            raise SandboxFault("the container was killed while it started")


def longest_seconds(limits: Limits, *, runs: int = 0, builds: int = 0) -> float:
    """Return how long a runner is waited for.

    Args:
        limits: those in force (`Limits.at_speed`).
        runs: inputs to run.
        builds: how often the program may have to be built.
    """
    each = limits.hard_cpu_seconds + limits.idle_limit_seconds
    return _PATIENCE * (runs * each + builds * _BUILD_WALL_FACTOR * limits.build_seconds) + _SLACK_SECONDS


def longest_reply(limits: Limits, runs: int) -> int:
    """Return the most bytes that a reply with so many runs can have."""
    return min(_MOST_BYTES, _SHORT_BYTES + runs * (_VALUE_FACTOR * limits.output_bytes + _RUN_BYTES))

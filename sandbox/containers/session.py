"""A live program in a container that answers calls. The container is the session's until it is left."""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import Self

from sandbox.containers.container import Awaited, Container, longest_reply, longest_seconds
from sandbox.containers.pool import Pool
from sandbox.errors import SandboxFault, SandboxLost
from sandbox.job import Call, Limits, Program
from sandbox.outcome import Build, Run, Status
from sandbox.remote import messages
from sandbox.remote.losses import SendHarmless, look_around, shielded
from sandbox.remote.messages import Request
from sandbox.remote.translating import build_of, run_of, wire_call, wire_program

_TRIES = 2
"""The runner makes a call once more when a process around the program died."""


class DockerSession:
    """One program (`sandbox.Session`)."""

    def __init__(self, pool: Pool, program: Program, limits: Limits, send_harmless: SendHarmless) -> None:
        """Nothing runs before the session is entered.

        Args:
            pool: where the container comes from.
            program: the program.
            limits: what each call may use.
            send_harmless: as for `sandbox.remote.losses.ask_until_certain`.
        """
        self._pool = pool
        self._open_request = messages.Open(program=wire_program(program), limits=limits)
        self._limits = limits
        self._send_harmless = send_harmless
        self._place = contextlib.ExitStack()
        self._lease = contextlib.ExitStack()
        self._container: Container | None = None
        self._lost = False
        self._anomalies: set[str] = set()
        self.build = Build(ok=False)
        self.layers: tuple[str, ...] = ()
        self.speed = 1.0

    def __enter__(self) -> Self:
        """Take a container and build the program."""
        with contextlib.ExitStack() as place:
            place.enter_context(self._pool.place())
            self._open()
            self._place = place.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill the program and everything it started; a call finds none then."""
        self._lost = False
        with self._place, contextlib.suppress(SandboxFault):
            if self._container is not None:
                self._anomalies.update(self._ask(messages.Close(), messages.Closed).anomalies)
            self._let_go()

    @property
    def anomalies(self) -> tuple[str, ...]:
        """What was wrong after the program, once the session is left (`sandbox.Session.anomalies`)."""
        return tuple(sorted(self._anomalies))

    def call(self, call: Call) -> Run:
        """Call one function (`sandbox.Session.call`).

        Raises:
            SandboxLost: the container was lost, and the program may have done it.
            SandboxFault: it was lost, and the program cannot have done it, or nothing works there.
        """
        if not self.build.ok:
            return Run(status=Status.NOT_RUN)
        reply = self._ask(messages.MakeCall(call=wire_call(call)), messages.Answered, runs=_TRIES)
        self.build = build_of(reply.build)
        return run_of(reply.run, self._limits)

    def finish(self) -> None:
        """Kill the program, and make sure that nothing around it was lost (`sandbox.Session.finish`)."""
        if self.build.ok:
            self._ask(messages.Finish(), messages.Finished)

    def restart(self, *, fresh: bool = False) -> None:
        """Kill the program; the next call finds a new one (`sandbox.Session.restart`)."""
        if self._lost:
            self._open()
        elif self.build.ok:
            self.build = build_of(self._ask(messages.Restart(fresh=fresh), messages.Opened).build)

    def _open(self) -> None:
        self._container = container = self._lease.enter_context(self._pool.lease())
        self._lost = False
        self.layers, self.speed = container.layers, container.speed
        self.build = build_of(self._ask(self._open_request, messages.Opened).build)

    def _ask(self, request: Request, kind: type[Awaited], *, runs: int = 0) -> Awaited:
        """Ask the runner; without a right answer the container is let go of, and cannot be used again.

        Raises:
            SandboxError: as `call`.
        """
        if self._container is None:
            raise SandboxFault("the session has no program")
        limits = self._limits.at_speed(self.speed)
        seconds = longest_seconds(limits, runs=runs, builds=_TRIES)
        try:
            return self._container.ask(request, kind, seconds=seconds, most_bytes=longest_reply(limits, runs))
        except BaseException as error:  # Ctrl-C as well
            self._let_go()
            if isinstance(error, SandboxLost):
                self._lost = True
                self._pool.refuse_when_closed()
                layers, _ = look_around(self._send_harmless, self._pool.wait)
                if shielded(layers) or shielded(self.layers):
                    raise SandboxFault(f"the runner was lost, by no doing of the program: {error}") from None
            raise

    def _let_go(self) -> None:
        """Give the container back."""
        self.build = Build(ok=False)
        self._container = None
        self._lease.close()

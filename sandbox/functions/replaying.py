"""A session with a program that nobody can keep alive: each time it is asked something new, it is brought there again.

A Lambda function answers once and is gone. So a session goes in rounds: a round starts the program, makes all calls
over again that the last one had served, then the new call, then those that are foreseen. As long as calls come as
foreseen, their answers are there already. A round starts where the last crash or time-out was: there a session has a
new program in any sandbox.

A call can be foreseen that takes what another will bring (`sandbox.job.Brought`): the runner fills it in, and the
answer counts if the call that comes is the same.

An answer that was given is never taken back: should the program answer otherwise when it is asked again, that counts
for what comes after.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import msgspec

from sandbox.functions.fitting import Packed, TooLong, fitting_replay
from sandbox.inside.values import NotPlainData
from sandbox.job import Brought, Call, Limits, Program
from sandbox.outcome import Build, Run, Status
from sandbox.protocol import Foresee
from sandbox.remote.messages import Ran, Replay, WireCall
from sandbox.remote.translating import build_of, run_of, wire_call

MOST_ROUNDS = 512
"""After so many, calls are answered as by a time-out: a program can bring them about, so they are its doing
(docs/architecture.md, I7)."""
_LOOK_AHEAD = 1000
_NOISE_FACTOR, _NOISE_SECONDS = 1.25, 0.05
"""By how much calls that are made again may take longer than they did."""
_ALIVE = frozenset({Status.FINISHED, Status.NOT_DATA, Status.HELD, Status.CRASHED, Status.MEMORY_LIMIT})


class ReplayedSession:
    """One program (`sandbox.Session`)."""

    def __init__(
        self, program: Program, limits: Limits, foresee: Foresee, ask: Callable[[Replay, Packed], Ran | None]
    ) -> None:
        """Nothing runs before the session is entered.

        Args:
            program: the program.
            limits: what each call may use.
            foresee: asked for the calls to come.
            ask: makes a round; None when the program broke the rules.
        """
        self._program = program
        self._limits = limits
        self._ask = ask
        self._foresee = foresee
        self._foreseen: tuple[Call, ...] = ()
        self._live: int  # of the last live call
        self._plain: tuple[WireCall | None, ...] = ()  # the same, where they take nothing from others
        self._anomalies: set[str] = set()
        self.build = Build(ok=False)
        self.layers: tuple[str, ...] = ()
        self.speed = 1.0
        self._first_reply = True
        self._violated = False
        self._begin()

    def __enter__(self) -> Self:
        """Build the program, and make the calls that are foreseen."""
        self._foreseen = tuple(self._foresee())
        self._plain = tuple(None if _takes(call) else wire_call(call) for call in self._foreseen)
        self._round(None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing runs between two rounds; a call finds no program then."""
        self.build = Build(ok=False)

    @property
    def anomalies(self) -> tuple[str, ...]:
        """What was found to be wrong after the program (`sandbox.Session.anomalies`)."""
        return tuple(sorted(self._anomalies))

    def call(self, call: Call) -> Run:
        """Call one function (`sandbox.Session.call`)."""
        if self._violated:
            return Run(status=Status.VIOLATION)
        if not self.build.ok:
            return Run(status=Status.NOT_RUN)
        asked = wire_call(call)
        if call.live not in (0, self._live):  # what was held is let go of, and so an answer that tells of it is old
            self._live = call.live
            self._answers.clear()
        if not (self._answers and self._is_foreseen(self._place, asked)):
            self._round(asked)
        if self._violated:
            return Run(status=Status.VIOLATION)
        if not self._answers:
            return Run(status=Status.CPU_LIMIT)  # as many rounds as there may be, or no time to get there
        run = self._answers.popleft()
        self._note(asked, run)
        return run

    def finish(self) -> None:
        """Nothing runs between two rounds, and whoever loses a runner is asked again (`sandbox.remote.losses`)."""

    def restart(self, *, fresh: bool = False) -> None:
        """Begin anew (`sandbox.Session.restart`); answers that nobody has taken yet are those of a new program."""
        if self._served or fresh:
            self._begin()

    def _begin(self) -> None:
        """Forget all that was said: a new program comes next."""
        self._history: list[WireCall] = []  # served by the program that would be alive now
        self._charged = 0.0  # processor time of those
        self._answers: deque[Run] = deque()  # to the calls that are foreseen next
        self._place = 0  # of the next call among those
        self._brought: dict[int, Any] = {}  # by place, what a call that was foreseen brought
        self._rounds = 0
        self._live = 1  # test code was never stopped
        self._served = False

    def _note(self, asked: WireCall, run: Run) -> None:
        """Note that a call was answered: whether the program would be alive, and which call is foreseen next."""
        self._served = True
        if run.status in _ALIVE and run.exit_code is None:
            self._history.append(asked)
            self._charged += run.cpu_seconds
        else:
            self._history.clear()
            self._charged = 0.0
        if run.status is Status.FINISHED:
            self._brought[self._place] = run.value
        self._place += 1

    def _round(self, asked: WireCall | None) -> None:
        """Start the program; say again what it was told, then ask what is new, and what is foreseen after it."""
        self._answers.clear()
        self._rounds += 1
        if self._rounds > MOST_ROUNDS:
            return
        needed = tuple(self._history)
        known = len(needed)
        if asked is not None:
            self._place = self._place_of(asked)
            needed += (asked,)
        try:
            request, packed = fitting_replay(
                self._program, self._limits, needed, self._next_foreseen(known, len(needed) - known), known
            )
        except TooLong as error:
            self.build = Build(ok=False, message=str(error))
            return
        reply = self._ask(request, packed)
        if reply is not None and not reply.runs and asked is not None and reply.build.ok:
            reply = self._ask(request, packed)  # it timed out where it had not before
        if reply is None:
            self._violated = True
            self.build = Build(ok=True)  # it compiles, and answers calls by breaking the rules
            return
        self._take(reply, len(request.calls) - known)

    def _take(self, reply: Ran, asked: int) -> None:
        """Take a reply. Its times count as on the machine of the first: limits are at that one's speed.

        A program that works longer than it was charged for, while it is brought to where it was, is charged for that
        as well: it must not choose the call that pays.
        """
        self.build, self.layers = build_of(reply.build), reply.layers
        if self._first_reply:
            self._first_reply, self.speed = False, reply.speed
        self._anomalies.update(reply.anomalies)
        slowness = reply.speed / self.speed
        owed = max(0.0, reply.known_cpu_seconds * slowness - _NOISE_FACTOR * self._charged - _NOISE_SECONDS)
        for sent in reply.runs[:asked]:
            run = run_of(sent, self._limits)
            self._answers.append(msgspec.structs.replace(run, cpu_seconds=run.cpu_seconds * slowness + owed))
            owed = 0.0

    def _next_foreseen(self, known: int, new: int) -> tuple[WireCall, ...]:
        """Return the calls that are foreseen after so many, as far as they can be told.

        What one of them takes from another is told by its number in the request, or by its value if it was brought.
        """
        calls: list[WireCall] = []
        for place in range(self._place + new, len(self._foreseen)):
            plain = self._plain[place] or self._with_brought(place, known)
            if plain is None:
                break
            calls.append(self._at_present(plain))
        return tuple(calls)

    def _with_brought(self, place: int, known: int | None) -> WireCall | None:
        """Return a call that is foreseen with what earlier calls brought; None where that cannot be.

        Args:
            place: of the call.
            known: number, in a request, of the call at the present place: what is still to be brought is told by such a
                number. None: it must have been brought.
        """
        args = list(self._foreseen[place].args)
        to_come = []
        for at, number in _takes(self._foreseen[place]):
            args[at] = self._brought.get(number)
            if number >= self._place and known is not None:
                to_come.append((at, known + number - self._place))
            elif number not in self._brought:
                return None
        try:
            return wire_call(msgspec.structs.replace(self._foreseen[place], args=tuple(args)), tuple(to_come))
        except NotPlainData:  # what was brought is just too much to be sent
            return None

    def _is_foreseen(self, place: int, asked: WireCall) -> bool:
        """Whether that call is foreseen at that place."""
        if place >= len(self._foreseen):
            return False
        foreseen = self._plain[place] or self._with_brought(place, None)
        return foreseen is not None and self._at_present(foreseen) == asked

    def _at_present(self, foreseen: WireCall) -> WireCall:
        """Return a call that is foreseen as test code would make it now: it may have been stopped meanwhile."""
        return msgspec.structs.replace(foreseen, live=self._live) if foreseen.live else foreseen

    def _place_of(self, asked: WireCall) -> int:
        """Return where a call is foreseen, from the present place on; a call that is not takes the place of one."""
        later = range(self._place, min(len(self._foreseen), self._place + _LOOK_AHEAD))
        return next((place for place in later if self._is_foreseen(place, asked)), self._place)


def _takes(call: Call) -> list[tuple[int, int]]:
    """Return which arguments a call takes from others: positions, and numbers of those calls."""
    return [(at, arg.call) for at, arg in enumerate(call.args) if isinstance(arg, Brought)]

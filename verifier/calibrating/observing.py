"""The inputs that a suite's tests use, and what a right program answers."""

from __future__ import annotations

from types import TracebackType
from typing import Any, NamedTuple, Self

from msgspec.structs import replace

from sandbox import Build, Call, Program, Run, Sandbox, Session, Status, Stdin
from sandbox.inside.references import ACT
from testsuites import AnySuite, CallSuite, JudgeProgram, ScriptSuite, StdioSuite
from testsuites.literals import write_literal
from verifier.judging import inputs_of
from verifier.limits import sandbox_limits
from verifier.oracle import Oracle

AnyInput = Stdin | Call


class Observed(NamedTuple):
    """One input of a suite.

    Attributes:
        input: the input.
        answer: bytes or the value that a right program answers.
    """

    input: AnyInput
    answer: Any

    def __repr__(self) -> str:
        """Say nothing: both are hidden."""
        return "Observed()"


def observe(suite: AnySuite, reference: str, sandbox: Sandbox, oracle: Oracle) -> tuple[Observed, ...]:
    """Return the inputs of a suite, each once, in their order.

    Those of a script suite are the calls that reach the reference, and that it answers, while it is graded. An
    interactive suite has none: what its tests hold goes to the interactor, and what that says hangs on the solution.

    Raises:
        SandboxError: as for `Sandbox.open`.
        SuiteInvalid: the test code is broken.
    """
    match suite:
        case StdioSuite(interactor=JudgeProgram()):
            found = []
        case StdioSuite():
            answers: list[Any] = [test.stdout.encode() for test in suite.tests]
            found = list(map(Observed, inputs_of(suite), answers))
        case CallSuite():
            found = list(map(Observed, inputs_of(suite), [test.expected for test in suite.tests]))
        case ScriptSuite():
            found = _observe_script(suite, reference, sandbox, oracle)
    once: dict[str, Observed] = {}
    for item in found:
        once.setdefault(input_key(item.input), item)
    return tuple(once.values())


def input_key(item: AnyInput) -> str:
    """Return a text that is the same for equal inputs of equal types only. Hidden as the input is.

    Raises:
        ValueError: an argument is something else than plain data.
    """
    if isinstance(item, Stdin):
        return item.data.decode("utf-8", "surrogateescape")
    named = ", ".join(f"{name}={write_literal(value)}" for name, value in item.kwargs.items())
    return f"{item.function}(*{write_literal(item.args)}, {named})"


def _observe_script(suite: ScriptSuite, reference: str, sandbox: Sandbox, oracle: Oracle) -> list[Observed]:
    program = Program(source=reference, language=suite.language)
    with sandbox.open(program, sandbox_limits(suite.limits), lambda: oracle.foresee(suite)) as session:
        if not session.build.ok:
            return []
        recorder = Recorder(session)
        oracle.examine(suite, recorder)
    answered = [(call, run) for call, run in recorder.calls if run.status is Status.FINISHED]
    return [Observed(replace(call, live=0), run.value) for call, run in answered if call.function != ACT]


class Recorder:
    """A session that notes what it is asked, and is another one in all else. Whoever opened that one leaves it.

    Attributes:
        calls: each call, with what came of it.
    """

    def __init__(self, session: Session) -> None:
        """Ask that session."""
        self._session = session
        self.calls: list[tuple[Call, Run]] = []

    @property
    def build(self) -> Build:
        """As the session says."""
        return self._session.build

    @property
    def layers(self) -> tuple[str, ...]:
        """As the session says."""
        return self._session.layers

    @property
    def anomalies(self) -> tuple[str, ...]:
        """As the session says."""
        return self._session.anomalies

    @property
    def speed(self) -> float:
        """As the session says."""
        return self._session.speed

    def call(self, call: Call) -> Run:
        """Ask, and note it."""
        run = self._session.call(call)
        self.calls.append((call, run))
        return run

    def finish(self) -> None:
        """Ask for it."""
        self._session.finish()

    def restart(self, *, fresh: bool = False) -> None:
        """Ask for it."""
        self._session.restart(fresh=fresh)

    def __enter__(self) -> Self:
        """Return the recorder itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the other one to whoever opened it."""

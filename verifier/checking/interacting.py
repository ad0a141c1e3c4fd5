"""Let a solution talk with the suite's interactor, test after test.

The interactor runs in the oracle's sandbox and the solution in a session, each test with processes of its own. What a
job bounds for other suites is bounded here: time-outs, time idled away, and repeats of time-outs that are in doubt.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import msgspec

from sandbox import Run, SandboxLost, Session, Status
from sandbox.local import LocalSandbox, Script, ScriptBroken, ScriptOutcome
from sandbox.local.retrying import MOST_ATTEMPTS
from sandbox.local.scripts import Answer
from sandbox.outcome import TIME_OUTS
from testsuites import StdioSuite, SuiteInvalid
from verifier.checking.checks import check_outputs
from verifier.checking.conversations import Conversation
from verifier.checking.texts import text_of
from verifier.findings import detail_of, result
from verifier.limits import ORACLE_LIMITS, sandbox_limits
from verifier.report import TestResult
from verifier.verdict import Verdict

_MOST_ENDLESS = 3
"""As `sandbox.Limits.max_time_outs`, of interactors: each costs its limit."""
_NOT_RUN = "not run: the interactor does not end in too many tests before it"

_MAIN = f"{text_of('interactor_main')}\nmain(__beside__, given, talk, ended)\n"


def converse(sandbox: LocalSandbox, suite: StdioSuite, session: Session) -> list[TestResult]:
    """Run each test of a suite that has an interactor; return one result for each.

    Args:
        sandbox: the oracle's, never one that runs candidates.
        suite: the suite.
        session: with a program that talks.

    Raises:
        SuiteInvalid: the interactor fails before it has heard anything of the solution.
        SandboxFault: the judge's own fault.
    """
    course = _Course(suite, session)
    for _ in range(2):  # a solution with the same uid can kill the oracle, and so could an accident
        with contextlib.suppress(SandboxLost):
            course.go_on(sandbox)
            return _checked(sandbox, suite, course)
    return [result(test, number, Verdict.SECURITY_VIOLATION) for number, test in enumerate(suite.tests)]


class _Course:
    """How far the tests have come. It outlives the processes that serve them.

    Attributes:
        results: of the tests so far.
        written: by test, what the interactor wrote where it accepted the solution.
    """

    def __init__(self, suite: StdioSuite, session: Session) -> None:
        self._suite = suite
        self._session = session
        self._limits = sandbox_limits(suite.limits).at_speed(session.speed)
        self._attempts = 0
        self._time_outs_left = self._repeats_left = self._limits.max_time_outs
        self._patience = self._limits.max_time_outs * self._limits.idle_limit_seconds
        self._endless = 0  # interactors
        self._now: Conversation
        self.results: list[TestResult] = []
        self.written: dict[int, bytes] = {}

    def go_on(self, sandbox: LocalSandbox) -> None:
        """Run the tests that are left.

        Raises:
            SandboxLost: a process around one of the two died.
        """
        assert self._suite.interactor is not None  # noqa: S101 - as `converse` says
        self._session.restart(fresh=self._attempts > 0)
        names = ("given", "talk", "ended")
        script = Script(setup=text_of("stage"), parts=(_MAIN,), names=names, beside=self._suite.interactor.code)
        try:
            with contextlib.closing(sandbox.run_scripts(script, self._conversations(), ORACLE_LIMITS)) as outcomes:
                for outcome in outcomes:
                    self._take(outcome)
        except ScriptBroken:
            raise SuiteInvalid(f"{self._suite.id}: the modules that the interactor imports cannot be loaded") from None

    def _conversations(self) -> Iterator[Answer]:
        assert self._suite.interactor is not None  # noqa: S101 - as above
        while len(self.results) < len(self._suite.tests):
            if self._time_outs_left <= 0 or self._patience < 0:
                self._enter(Verdict.TIME_LIMIT_EXCEEDED, detail_of(Run(status=Status.NOT_RUN), self._limits))
                continue
            if self._endless >= _MOST_ENDLESS:
                self._enter(Verdict.WRONG_ANSWER, _NOT_RUN)
                continue
            test = self._suite.tests[len(self.results)]
            self._attempts += 1
            self._now = Conversation(self._suite.interactor, test, self._session, self._limits)
            yield self._now.answer

    def _take(self, outcome: ScriptOutcome) -> None:
        """Take the end of a conversation, whose interactor is dead, and end its solution."""
        self._now.settle(outcome)
        self._session.finish()
        total = self._now.total
        self._patience -= total.idle_seconds
        if self._now.is_broken:
            test = self._suite.tests[len(self.results)]
            name = test.name or len(self.results) + 1
            raise SuiteInvalid(
                f"{self._suite.id}: test {name} is broken: the interactor fails before it hears anything: "
                f"{self._now.why_broken()}"
            )
        repeats = self._now.in_doubt and self._attempts < MOST_ATTEMPTS and self._repeats_left > 0
        if repeats and self._patience >= 0:
            self._repeats_left -= 1
            self._session.restart(fresh=True)
            return
        self._session.restart()
        self._time_outs_left -= total.status in TIME_OUTS
        self._endless += self._now.interactor_timed_out
        verdict, detail = self._now.finding()
        if verdict is Verdict.ACCEPTED:
            self.written[len(self.results)] = self._now.written
        self._enter(verdict, detail, msgspec.structs.replace(total, attempts=self._attempts))

    def _enter(self, verdict: Verdict, detail: str, run: Run | None = None) -> None:
        number = len(self.results)
        self.results.append(result(self._suite.tests[number], number, verdict, detail, run))
        self._attempts = 0


def _checked(sandbox: LocalSandbox, suite: StdioSuite, course: _Course) -> list[TestResult]:
    """Let the suite's checker, where it has one, decide about what the interactor wrote."""
    if suite.checker is None:
        return course.results
    results = list(course.results)
    for number, ruling in check_outputs(sandbox, suite, course.written).items():
        if not ruling.right:
            results[number] = msgspec.structs.replace(
                results[number], verdict=Verdict.WRONG_ANSWER, detail=ruling.detail
            )
    return results

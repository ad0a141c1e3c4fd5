"""Script tests: the author's test code runs in a process of its own and calls the solution, which runs in another.

The judge sits between the two and passes plain data. So whatever the solution does to its own interpreter, the code
that holds the expected values, and the asserts that compare them, are out of its reach.
"""

from __future__ import annotations

import contextlib
from typing import Any

from sandbox import Call, Limits, Run, SandboxLost, Session, Status
from sandbox.local import LocalSandbox, PartEnd, Script, ScriptBroken
from sandbox.outcome import TIME_OUTS
from testsuites import ScriptSuite, SuiteInvalid
from verifier.findings import detail_of, exception_name, result, verdict_of
from verifier.limits import ORACLE_LIMITS, sandbox_limits
from verifier.report import TestResult
from verifier.verdict import Verdict, strongest

_MOST_CALLS = 100_000
"""Calls of the solution in one test: test code that never stops asking is stopped."""


class Oracle:
    """Runs test code. Its processes, and the uid they have, are never shared with a candidate's."""

    def __init__(self, workers: int | None = None) -> None:
        """Start nothing yet."""
        self._sandbox = LocalSandbox(workers)

    def examine(self, suite: ScriptSuite, session: Session) -> list[TestResult]:
        """Run the suite's tests against a live solution; return one result for each.

        Raises:
            SandboxFault: the judge's own fault.
            SuiteInvalid: the test code is broken: it fails before it has called the solution.
        """
        for _ in range(2):  # a solution with the same uid can kill the oracle, and so could an accident
            with contextlib.suppress(SandboxLost):
                session.restart()
                return self._examine(suite, session)
        return [result(test, number, Verdict.SECURITY_VIOLATION) for number, test in enumerate(suite.tests)]

    def close(self) -> None:
        """Kill what runs."""
        self._sandbox.close()

    def _examine(self, suite: ScriptSuite, session: Session) -> list[TestResult]:
        ledgers = [_Ledger() for _ in suite.tests]
        limits = sandbox_limits(suite.limits)

        def answer(part: int, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
            ledger = ledgers[part]
            idle_seconds = sum(earlier.idle_seconds for earlier in ledgers[:part])
            time_outs = sum(earlier.timed_out for earlier in ledgers[:part])
            if time_outs >= limits.max_time_outs or idle_seconds > limits.max_time_outs * limits.idle_limit_seconds:
                run = Run(status=Status.NOT_RUN)
            elif ledger.spent(limits):
                run = Run(status=Status.CPU_LIMIT)
            else:
                run = session.call(Call(function=function, args=args, kwargs=kwargs))
            ledger.enter(run)
            return run

        script = Script(setup=suite.setup, parts=tuple(test.code for test in suite.tests), names=suite.names)
        try:
            outcome = self._sandbox.run_script(script, answer, ORACLE_LIMITS)
            session.finish()
        except ScriptBroken as error:
            raise SuiteInvalid(f"{suite.id}: {error}") from None
        called = any(ledger.calls for ledger in ledgers)
        results = []
        for number, (test, ledger) in enumerate(zip(suite.tests, ledgers, strict=True)):
            if number < len(outcome.ends):
                verdict, detail = ledger.verdict_of(outcome.ends[number])
            else:
                verdict, detail = _verdict_of_lost(outcome.early_end, called=called)
            if verdict is Verdict.JUDGE_ERROR:
                raise SuiteInvalid(f"{suite.id}: test {test.name or number + 1} is broken: {detail}")
            results.append(result(test, number, verdict, detail, ledger.total()))
        if not called:
            raise SuiteInvalid(f"{suite.id}: no test calls the solution, so every program would pass")
        return results


class _Ledger:
    """What the calls of one test came to."""

    def __init__(self) -> None:
        self.calls = 0
        self._cpu_seconds = self._wall_seconds = self.idle_seconds = 0.0
        self._peak_bytes = 0
        self._limits: list[Run] = []

    def enter(self, run: Run) -> None:
        self.calls += 1
        self._cpu_seconds += run.cpu_seconds
        self._wall_seconds += run.wall_seconds
        self.idle_seconds += run.idle_seconds
        self._peak_bytes = max(self._peak_bytes, run.peak_bytes)
        raised = run.status is Status.CRASHED and run.exit_code is None
        if run.status not in (Status.FINISHED, Status.NOT_DATA) and not raised:
            self._limits.append(run)

    @property
    def timed_out(self) -> bool:
        return any(run.status in TIME_OUTS for run in self._limits)

    def spent(self, limits: Limits) -> bool:
        return (
            self._cpu_seconds > limits.cpu_seconds
            or self.idle_seconds > limits.idle_limit_seconds
            or self.calls >= _MOST_CALLS
        )

    def total(self) -> Run:
        return Run(
            status=Status.FINISHED,
            cpu_seconds=self._cpu_seconds,
            wall_seconds=self._wall_seconds,
            peak_bytes=self._peak_bytes,
        )

    def verdict_of(self, end: PartEnd) -> tuple[Verdict, str]:
        """Judge a test that came to its end. A limit that any call met decides, whatever the test code made of it."""
        if self._limits:
            worst = strongest(verdict_of(run.status) for run in self._limits)
            return worst, detail_of(next(run for run in self._limits if verdict_of(run.status) is worst))
        match end.how:
            case "passed":
                return Verdict.ACCEPTED, ""
            case "raised":
                return Verdict.RUNTIME_ERROR, exception_name(end.error)
            case "failed":
                return Verdict.WRONG_ANSWER, ""
        return Verdict.JUDGE_ERROR, f"it raises {end.error} before it calls the solution"


def _verdict_of_lost(end: Run | None, *, called: bool) -> tuple[Verdict, str]:
    """Judge tests that the script's process did not live to finish.

    Once any test has called, what came back may have killed it: no solution may choose not to be judged.
    """
    if not called or end is None:
        return Verdict.JUDGE_ERROR, "its process ends before it calls the solution"
    return verdict_of(end.status), "while the tests used what came back"

"""Script tests: the author's test code runs in a process of its own and calls the solution, which runs in another.

The judge sits between the two and passes plain data. So whatever the solution does to its own interpreter, the code
that holds the expected values, and the asserts that compare them, are out of its reach.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec

from sandbox import Call, Limits, Run, SandboxLost, Session, Status
from sandbox.local import LocalSandbox, PartEnd, ScriptBroken
from sandbox.local.retrying import MOST_ATTEMPTS
from sandbox.outcome import TIME_OUTS
from testsuites import ScriptSuite, StdioSuite, SuiteInvalid
from verifier.checking.checks import check_outputs
from verifier.checking.interacting import converse
from verifier.checking.protocols import Ruling
from verifier.findings import detail_of, exception_name, result, verdict_of
from verifier.foreseeing import Foreseer, script_of
from verifier.limits import ORACLE_LIMITS, sandbox_limits
from verifier.report import TestResult
from verifier.verdict import Verdict, strongest

_MOST_CALLS = 100_000
"""Calls of the solution in one test: test code that never stops asking is stopped."""

_NOT_SUPPORTED = "not supported"


class Oracle:
    """Runs test code. Its processes, and the uid they have, are never shared with a candidate's."""

    def __init__(
        self, workers: int | None = None, *, require: Collection[str] | None = None, speed: float | None = None
    ) -> None:
        """Start nothing yet; arguments as for `sandbox.LocalSandbox`."""
        self._sandbox = LocalSandbox(workers, require=require, speed=speed)
        self._foreseer = Foreseer(self._sandbox)

    def foresee(self, suite: ScriptSuite) -> tuple[Call, ...]:
        """Return the calls that the suite's tests will make, as far as they can be foreseen."""
        return self._foreseer.calls_of(suite)

    def examine(self, suite: ScriptSuite, session: Session) -> list[TestResult]:
        """Run the suite's tests against a live solution; return one result for each.

        Raises:
            SandboxFault: the judge's own fault.
            SuiteInvalid: the test code is broken: it fails before it has called the solution.
        """
        for _ in range(2):  # a solution with the same uid can kill the oracle, and so could an accident
            with contextlib.suppress(SandboxLost):
                session.restart()
                return self._examine_until_certain(suite, session)
        return [result(test, number, Verdict.SECURITY_VIOLATION) for number, test in enumerate(suite.tests)]

    def check(self, suite: StdioSuite, outputs: Mapping[int, bytes]) -> dict[int, Ruling]:
        """Run the suite's checker on outputs (`verifier.checking.checks.check_outputs`)."""
        return check_outputs(self._sandbox, suite, outputs)

    def converse(self, suite: StdioSuite, session: Session) -> list[TestResult]:
        """Let a live solution talk with the suite's interactor (`verifier.checking.interacting.converse`)."""
        return converse(self._sandbox, suite, session)

    def close(self) -> None:
        """Kill what runs."""
        self._sandbox.close()

    def _examine_until_certain(self, suite: ScriptSuite, session: Session) -> list[TestResult]:
        """Run the script again, with a new solution, while a time-out is in doubt (`sandbox.local.retrying`).

        A test may rest on what those before it left, so all are run; what counts is only what became of those that were
        in doubt, and of those that had not been run.
        """
        found = self._examine(suite, session)
        for _ in range(MOST_ATTEMPTS - 1):
            if not any(result.in_doubt for result in found):
                break
            session.restart(fresh=True)
            again = self._examine(suite, session)
            found = [
                new.after(old) if old.in_doubt or old.not_run else old for old, new in zip(found, again, strict=True)
            ]
        return [result.test for result in found]

    def _examine(self, suite: ScriptSuite, session: Session) -> list[_Found]:
        limits = sandbox_limits(suite.limits).at_speed(session.speed)
        setup_ledger, *ledgers = every_ledger = [_Ledger(limits) for _ in (None, *suite.tests)]

        def answer(part: int, call: Call) -> Run:
            ledger = every_ledger[part + 1]
            idle_seconds = sum(earlier.idle_seconds for earlier in every_ledger[: part + 1])
            time_outs = sum(earlier.timed_out for earlier in every_ledger[: part + 1])
            if time_outs >= limits.max_time_outs or idle_seconds > limits.max_time_outs * limits.idle_limit_seconds:
                run = Run(status=Status.NOT_RUN)
            elif ledger.spent:
                run = Run(status=Status.CPU_LIMIT)
            else:
                run = session.call(call)
            ledger.enter(run)
            return run

        script = script_of(suite)
        try:
            outcome = self._sandbox.run_script(script, answer, ORACLE_LIMITS)
            session.finish()
        except ScriptBroken as error:
            raise SuiteInvalid(f"{suite.id}: {error}") from None
        called = any(ledger.calls for ledger in every_ledger)
        results: list[_Found] = []
        for number, (test, ledger) in enumerate(zip(suite.tests, ledgers, strict=True)):
            ledger.follow(setup_ledger)
            if number < len(outcome.ends):
                end = outcome.ends[number]
                verdict, detail = ledger.verdict_of(end)
                if end.how == "unsupported" and (not called or self._foreseer.confirms(suite, number, end)):
                    verdict = Verdict.JUDGE_ERROR
            else:
                verdict, detail = _verdict_of_lost(outcome.early_end, called=called)
            if verdict is Verdict.JUDGE_ERROR:
                fault = "" if detail.startswith(_NOT_SUPPORTED) else "broken: "
                raise SuiteInvalid(f"{suite.id}: test {test.name or number + 1} is {fault}{detail}")
            results.append(
                _Found(result(test, number, verdict, detail, ledger.total()), ledger.in_doubt, ledger.not_run)
            )
        if not called:
            raise SuiteInvalid(f"{suite.id}: no test calls the solution, so every program would pass")
        return results


class _Found(NamedTuple):
    """What one run of the script found of one test."""

    test: TestResult
    in_doubt: bool
    not_run: bool

    def after(self, earlier: _Found) -> _Found:
        """Return this result, which replaces an earlier one."""
        attempts = earlier.test.attempts + earlier.in_doubt
        return self._replace(test=msgspec.structs.replace(self.test, attempts=attempts))


class _Ledger:
    """What the calls of one test came to."""

    def __init__(self, limits: Limits) -> None:
        """`limits` hold for all calls together."""
        self._limits = limits
        self.calls = 0
        self._cpu_seconds = self._wall_seconds = self.idle_seconds = 0.0
        self._peak_bytes = 0
        self._met: list[Run] = []

    def enter(self, run: Run) -> None:
        self.calls += 1
        self._cpu_seconds += run.cpu_seconds
        self._wall_seconds += run.wall_seconds
        self.idle_seconds += run.idle_seconds
        self._peak_bytes = max(self._peak_bytes, run.peak_bytes)
        raised = run.status is Status.CRASHED and run.exit_code is None
        if run.status not in (Status.FINISHED, Status.NOT_DATA, Status.HELD) and not raised:
            self._met.append(run)
        if not self.timed_out and self._cpu_seconds > self._limits.cpu_seconds:
            self._met.append(Run(status=Status.CPU_LIMIT))
        if not self.timed_out and self.idle_seconds > self._limits.idle_limit_seconds:
            self._met.append(Run(status=Status.IDLE_LIMIT))

    def follow(self, setup: _Ledger) -> None:
        """Add the limits that the setup met: no test can be other than it."""
        self._met += setup._met

    @property
    def timed_out(self) -> bool:
        return any(run.status in TIME_OUTS for run in self._met)

    @property
    def spent(self) -> bool:
        return self.timed_out or self.calls >= _MOST_CALLS

    @property
    def in_doubt(self) -> bool:
        only_time = bool(self._met) and all(run.status in TIME_OUTS for run in self._met)
        return only_time and self.calls <= _MOST_CALLS and self._limits.leave_in_doubt(self._cpu_seconds)

    @property
    def not_run(self) -> bool:
        return any(run.status is Status.NOT_RUN for run in self._met)

    def total(self) -> Run:
        return Run(
            status=Status.FINISHED,
            cpu_seconds=self._cpu_seconds,
            wall_seconds=self._wall_seconds,
            peak_bytes=self._peak_bytes,
        )

    def verdict_of(self, end: PartEnd) -> tuple[Verdict, str]:
        """Judge a test that came to its end. A limit that any call met decides, whatever the test code made of it."""
        if self._met:
            worst = strongest(verdict_of(run.status) for run in self._met)
            return worst, self._detail(next(run for run in self._met if verdict_of(run.status) is worst))
        match end.how:
            case "passed":
                return Verdict.ACCEPTED, ""
            case "raised":
                return Verdict.RUNTIME_ERROR, exception_name(end.error)
            case "failed":
                return Verdict.WRONG_ANSWER, ""
            case "unsupported" | "hindered":
                return Verdict.WRONG_ANSWER, f"{_NOT_SUPPORTED}: {end.error}"
        return Verdict.JUDGE_ERROR, f"it raises {end.error} before it calls the solution"

    def _detail(self, met: Run) -> str:
        if met.status is Status.CPU_LIMIT and self.calls > _MOST_CALLS:
            return f"more than {_MOST_CALLS} calls"
        total = msgspec.structs.replace(
            met, cpu_seconds=self._cpu_seconds, idle_seconds=self.idle_seconds, peak_bytes=self._peak_bytes
        )
        return detail_of(total, self._limits)


def _verdict_of_lost(end: Run | None, *, called: bool) -> tuple[Verdict, str]:
    """Judge tests that the script's process did not live to finish.

    Once any test has called, what came back may have killed it: no solution may choose not to be judged.
    """
    if not called or end is None:
        return Verdict.JUDGE_ERROR, "its process ends before it calls the solution"
    return verdict_of(end.status), "while the tests used what came back"

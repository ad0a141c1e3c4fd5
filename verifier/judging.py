"""The engine: a suite and a submission go in, a report comes out.

The straight line: suite + submission -> job -> outcome -> one verdict for each test -> report. The process that runs
this never ran candidate code; it decides by comparing what came back with what was expected.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TypeGuard

import msgspec

from sandbox import Call, Job, LocalSandbox, Outcome, Program, Run, Sandbox, Session, Status, Stdin
from testsuites import AnySuite, CallSuite, ScriptSuite, StdioSuite
from verifier.checking.protocols import Ruling
from verifier.comparing import compare
from verifier.extraction import extract
from verifier.findings import AnyTest, detail_of, result, verdict_of
from verifier.limits import sandbox_limits
from verifier.oracle import Oracle
from verifier.report import Report, TestResult
from verifier.typed import check_typed
from verifier.verdict import Verdict
from verifier.weak import integrity_of, run_tests


def judge(suite: AnySuite, answer: str, sandbox: Sandbox, oracle: Oracle) -> Report:
    """Find the program in the answer, run it against the suite, and report one result for each test.

    Raises:
        SandboxError: the sandbox's own fault; nothing is known of the submission.
        SuiteInvalid: the suite cannot be judged: an expected value does not fit its comparator, or its test code or
        its checker is broken.
    """
    sandbox.check_language(suite.language)
    source = extract(answer, suite.language)
    if source is None:
        return _all_tests(suite, Verdict.NO_CODE, f"the answer holds no {suite.language} program")
    return msgspec.structs.replace(judge_program(suite, source, sandbox, oracle), submission=source)


def judge_program(suite: AnySuite, source: str, sandbox: Sandbox, oracle: Oracle) -> Report:
    """Run a program against the suite, and report one result for each test.

    Raises:
        SandboxError, SuiteInvalid: as for `judge`.
    """
    if isinstance(suite, ScriptSuite) and integrity_of(suite) == "weak":
        return _judge_weak(suite, source, sandbox)
    program = _program(suite, source)
    if isinstance(suite, ScriptSuite) or _is_interactive(suite):
        return _judge_live(suite, program, sandbox, oracle)
    job = _job(suite, program)
    outcome = sandbox.run(job)
    if not outcome.build.ok:
        return _all_tests(suite, Verdict.COMPILE_ERROR, outcome.build.message, outcome)
    limits = job.limits.at_speed(outcome.speed)
    rulings = _rulings(suite, outcome.runs, oracle)
    results = []
    tests: tuple[AnyTest, ...] = suite.tests
    for number, (test, run) in enumerate(zip(tests, outcome.runs, strict=True)):
        if run.status is not Status.FINISHED:
            results.append(result(test, number, verdict_of(run.status), detail_of(run, limits), run))
        else:
            verdict = Verdict.ACCEPTED if rulings[number].right else Verdict.WRONG_ANSWER
            results.append(result(test, number, verdict, rulings[number].detail, run))
    return _report(suite, results, outcome)


def is_accepted(suite: AnySuite, source: str, sandbox: LocalSandbox, oracle: Oracle) -> bool:
    """Say whether a program passes every test. Cheaper than a report where it does not: no test follows a failed one.

    A time-out in the first test is one, even where a grading would run it again.

    Raises:
        SandboxError, SuiteInvalid: as for `judge`.
    """
    if not isinstance(suite, ScriptSuite) and not _is_interactive(suite):
        begun = itertools.count()

        def fails(run: Run) -> bool:
            number = next(begun)
            return number < len(suite.tests) and not _may_pass(suite, number, run)

        outcome = sandbox.run(_job(suite, _program(suite, source)), enough=fails)
        if not all(_may_pass(suite, number, run) for number, run in enumerate(outcome.runs)):
            return False
        if outcome.build.ok and len(outcome.runs) == len(suite.tests):
            return all(ruling.right for ruling in _rulings(suite, outcome.runs, oracle).values())
        # All was run anew after a loss, which `fails` cannot know, or a time-out is in doubt.
    return judge_program(suite, source, sandbox, oracle).verdict is Verdict.ACCEPTED


def inputs_of(suite: StdioSuite | CallSuite) -> tuple[Stdin, ...] | tuple[Call, ...]:
    """Return what a program is given, one input for each test."""
    if isinstance(suite, StdioSuite):
        return tuple(Stdin(test.stdin.encode("utf-8", "surrogatepass")) for test in suite.tests)
    return tuple(
        Call(function=suite.entry_point, args=test.args, kwargs=test.kwargs, read_back=test.read_back)
        for test in suite.tests
    )


def _job(suite: StdioSuite | CallSuite, program: Program) -> Job:
    if isinstance(suite, CallSuite):
        check_typed(suite)
    fresh = isinstance(suite, CallSuite) and suite.fresh
    return Job(program=program, inputs=inputs_of(suite), limits=sandbox_limits(suite.limits), fresh=fresh)


def _rulings(suite: StdioSuite | CallSuite, runs: Sequence[Run], oracle: Oracle) -> dict[int, Ruling]:
    """Say of each run that ended well whether it gave what is right, by the number of its test (from 0)."""
    of_tests = enumerate(zip(suite.tests, runs, strict=True))
    finished = {number: run for number, (_, run) in of_tests if run.status is Status.FINISHED}
    if isinstance(suite, StdioSuite) and suite.checker is not None:
        return oracle.check(suite, {number: run.stdout for number, run in finished.items()})
    return {number: Ruling(_passes(suite, number, run)) for number, run in finished.items()}


def _may_pass(suite: StdioSuite | CallSuite, number: int, run: Run) -> bool:
    """Whether nothing is known against a run yet: a checker is run on all outputs at the end."""
    checked_later = isinstance(suite, StdioSuite) and suite.checker is not None
    return run.status is Status.FINISHED and (checked_later or _passes(suite, number, run))


def _passes(suite: StdioSuite | CallSuite, number: int, run: Run) -> bool:
    """Whether the run of test `number` (from 0), which ended well, gave what is expected."""
    if isinstance(suite, StdioSuite):
        return compare(suite.comparator, suite.tests[number].stdout, run.stdout, default="tokens")
    test = suite.tests[number]
    return any(
        compare(suite.comparator, expected, run.value, default="values")
        for expected in (test.expected, *test.also_accepted)
    )


def _is_interactive(suite: AnySuite) -> TypeGuard[StdioSuite]:
    return isinstance(suite, StdioSuite) and suite.interactor is not None


def _program(suite: AnySuite, source: str) -> Program:
    signature = suite.signature if isinstance(suite, CallSuite) else ""
    return Program(source=source, language=suite.language, signature=signature)


def _judge_weak(suite: ScriptSuite, source: str, sandbox: Sandbox) -> Report:
    """Run a program with each test, in a process that says itself whether it passed (`verifier.weak`)."""
    limits = sandbox_limits(suite.limits)
    results, anomalies, message = [], set[str](), ""
    for number, (outcome, run, passed) in enumerate(run_tests(suite, source, limits, sandbox)):
        test = suite.tests[number]
        anomalies.update(outcome.anomalies)
        if not outcome.build.ok:
            message = "the program does not compile with the test code"  # what the compiler says may quote that
            results.append(result(test, number, Verdict.COMPILE_ERROR))
        elif run.status is Status.FINISHED:
            results.append(result(test, number, Verdict.ACCEPTED if passed else Verdict.WRONG_ANSWER, run=run))
        else:
            detail = detail_of(run, limits.at_speed(outcome.speed))
            results.append(result(test, number, verdict_of(run.status), detail, run))
    return _report(suite, results, msgspec.structs.replace(outcome, anomalies=tuple(sorted(anomalies))), message)


def _judge_live(suite: ScriptSuite | StdioSuite, program: Program, sandbox: Sandbox, oracle: Oracle) -> Report:
    """Run a program whose tests go on beside it: test code calls it, or an interactor talks with it."""
    limits = sandbox_limits(suite.limits)
    if isinstance(suite, ScriptSuite):
        session = sandbox.open(program, limits, lambda: oracle.foresee(suite))
    else:
        session = sandbox.open(msgspec.structs.replace(program, talks=True), limits)
    try:
        with session:
            if not session.build.ok:
                return _all_tests(suite, Verdict.COMPILE_ERROR, session.build.message, session)
            if isinstance(suite, ScriptSuite):
                results = oracle.examine(suite, session)
            else:
                results = oracle.converse(suite, session)
    except OSError:
        if "rlimits" not in session.anomalies:
            raise
        return _all_tests(suite, Verdict.SECURITY_VIOLATION, "", session)  # it took from the judge what it lacked
    return _report(suite, results, session)


def _all_tests(suite: AnySuite, verdict: Verdict, message: str, ran: Outcome | Session | None = None) -> Report:
    """One verdict on the submission as a whole is the verdict on each test."""
    tests: tuple[AnyTest, ...] = suite.tests
    return _report(suite, [result(test, number, verdict) for number, test in enumerate(tests)], ran, message)


def _report(suite: AnySuite, results: Iterable[TestResult], ran: Outcome | Session | None, message: str = "") -> Report:
    """Make a report; `ran` tells of the sandbox, where there was a program to run."""
    return Report(
        suite=suite.id,
        digest=suite.digest,
        tests=tuple(results),
        layers=ran.layers if ran else (),
        speed=ran.speed if ran else 1.0,
        anomalies=ran.anomalies if ran else (),
        message=message,
        integrity=integrity_of(suite),
    )

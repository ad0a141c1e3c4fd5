"""The engine: a suite and a submission go in, a report comes out.

The straight line: suite + submission -> job -> outcome -> one verdict for each test -> report. The process that runs
this never ran candidate code; it decides by comparing what came back with what was expected.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import msgspec

from sandbox import Call, Job, LocalSandbox, Outcome, Program, Run, Sandbox, Session, Status, Stdin
from testsuites import AnySuite, CallSuite, ScriptSuite, StdioSuite
from verifier.comparing import compare
from verifier.extraction import extract
from verifier.findings import AnyTest, detail_of, result, verdict_of
from verifier.limits import sandbox_limits
from verifier.oracle import Oracle
from verifier.report import Report, TestResult
from verifier.verdict import Verdict


def judge(suite: AnySuite, answer: str, sandbox: Sandbox, oracle: Oracle) -> Report:
    """Find the program in the answer, run it against the suite, and report one result for each test.

    Raises:
        SandboxError: the sandbox's own fault; nothing is known of the submission.
        SuiteInvalid: the suite cannot be judged: an expected value does not fit its comparator, or its test code is
        broken.
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
    program = Program(source=source, language=suite.language)
    if isinstance(suite, ScriptSuite):
        return _judge_script(suite, program, sandbox, oracle)
    job = _job(suite, program)
    outcome = sandbox.run(job)
    if not outcome.build.ok:
        return _all_tests(suite, Verdict.COMPILE_ERROR, outcome.build.message, outcome)
    limits = job.limits.at_speed(outcome.speed)
    results = []
    tests: tuple[AnyTest, ...] = suite.tests
    for number, (test, run) in enumerate(zip(tests, outcome.runs, strict=True)):
        if run.status is not Status.FINISHED:
            results.append(result(test, number, verdict_of(run.status), detail_of(run, limits), run))
        else:
            verdict = Verdict.ACCEPTED if _passes(suite, number, run) else Verdict.WRONG_ANSWER
            results.append(result(test, number, verdict, run=run))
    return _report(suite, results, outcome)


def is_accepted(suite: AnySuite, source: str, sandbox: LocalSandbox, oracle: Oracle) -> bool:
    """Say whether a program passes every test. Cheaper than a report where it does not: no test follows a failed one.

    A time-out in the first test is one, even where a grading would run it again.

    Raises:
        SandboxError, SuiteInvalid: as for `judge`.
    """
    if not isinstance(suite, ScriptSuite):
        begun = itertools.count()

        def fails(run: Run) -> bool:
            number = next(begun)
            return number < len(suite.tests) and not _passes(suite, number, run)

        outcome = sandbox.run(_job(suite, Program(source=source, language=suite.language)), enough=fails)
        if not all(_passes(suite, number, run) for number, run in enumerate(outcome.runs)):
            return False
        if outcome.build.ok and len(outcome.runs) == len(suite.tests):
            return True
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
    fresh = isinstance(suite, CallSuite) and suite.fresh
    return Job(program=program, inputs=inputs_of(suite), limits=sandbox_limits(suite.limits), fresh=fresh)


def _passes(suite: StdioSuite | CallSuite, number: int, run: Run) -> bool:
    """Whether the run of test `number` (from 0) gave what is expected."""
    if run.status is not Status.FINISHED:
        return False
    if isinstance(suite, StdioSuite):
        return compare(suite.comparator, suite.tests[number].stdout, run.stdout, default="tokens")
    test = suite.tests[number]
    return any(
        compare(suite.comparator, expected, run.value, default="values")
        for expected in (test.expected, *test.also_accepted)
    )


def _judge_script(suite: ScriptSuite, program: Program, sandbox: Sandbox, oracle: Oracle) -> Report:
    session = sandbox.open(program, sandbox_limits(suite.limits), lambda: oracle.foresee(suite))
    try:
        with session:
            if not session.build.ok:
                return _all_tests(suite, Verdict.COMPILE_ERROR, session.build.message, session)
            results = oracle.examine(suite, session)
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
    )

"""The engine: a suite and a submission go in, a report comes out.

The straight line: suite + submission -> job -> outcome -> one verdict for each test -> report. The process that runs
this never ran candidate code; it decides by comparing what came back with what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sandbox import Call, Job, Program, Run, Sandbox, Status, Stdin
from testsuites import AnySuite, CallSuite, CallTest, ScriptSuite, StdioSuite
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
    program = Program(source=source, language=suite.language)
    match suite:
        case StdioSuite():
            return _judge_stdio(suite, program, sandbox)
        case CallSuite():
            return _judge_calls(suite, program, sandbox)
        case ScriptSuite():
            return _judge_script(suite, program, sandbox, oracle)


def _judge_stdio(suite: StdioSuite, program: Program, sandbox: Sandbox) -> Report:
    inputs = tuple(Stdin(test.stdin.encode("utf-8", "surrogatepass")) for test in suite.tests)
    job = Job(program=program, inputs=inputs, limits=sandbox_limits(suite.limits))

    def accepts(number: int, run: Run) -> bool:
        return compare(suite.comparator, suite.tests[number].stdout, run.stdout, default="tokens")

    return _judge_job(suite, job, sandbox, accepts)


def _judge_calls(suite: CallSuite, program: Program, sandbox: Sandbox) -> Report:
    inputs = tuple(
        Call(function=suite.entry_point, args=test.args, kwargs=test.kwargs, read_back=test.read_back)
        for test in suite.tests
    )
    job = Job(program=program, inputs=inputs, limits=sandbox_limits(suite.limits), fresh=suite.fresh)

    def accepts(number: int, run: Run) -> bool:
        return _any_equal(suite, suite.tests[number], run.value)

    return _judge_job(suite, job, sandbox, accepts)


def _any_equal(suite: CallSuite, test: CallTest, value: Any) -> bool:
    return any(
        compare(suite.comparator, expected, value, default="values")
        for expected in (test.expected, *test.also_accepted)
    )


def _judge_job(
    suite: StdioSuite | CallSuite, job: Job, sandbox: Sandbox, accepts: Callable[[int, Run], bool]
) -> Report:
    outcome = sandbox.run(job)
    if not outcome.build.ok:
        return _all_tests(suite, Verdict.COMPILE_ERROR, outcome.build.message, outcome.layers)
    results = []
    tests: tuple[AnyTest, ...] = suite.tests
    for number, (test, run) in enumerate(zip(tests, outcome.runs, strict=True)):
        if run.status is not Status.FINISHED:
            results.append(result(test, number, verdict_of(run.status), detail_of(run), run))
        else:
            verdict = Verdict.ACCEPTED if accepts(number, run) else Verdict.WRONG_ANSWER
            results.append(result(test, number, verdict, run=run))
    return _report(suite, results, outcome.layers)


def _judge_script(suite: ScriptSuite, program: Program, sandbox: Sandbox, oracle: Oracle) -> Report:
    with sandbox.open(program, sandbox_limits(suite.limits)) as session:
        if not session.build.ok:
            return _all_tests(suite, Verdict.COMPILE_ERROR, session.build.message, session.layers)
        return _report(suite, oracle.examine(suite, session), session.layers)


def _all_tests(suite: AnySuite, verdict: Verdict, message: str, layers: tuple[str, ...] = ()) -> Report:
    """One verdict on the submission as a whole is the verdict on each test."""
    tests: tuple[AnyTest, ...] = suite.tests
    return _report(suite, [result(test, number, verdict) for number, test in enumerate(tests)], layers, message)


def _report(suite: AnySuite, results: Iterable[TestResult], layers: tuple[str, ...], message: str = "") -> Report:
    return Report(suite=suite.id, digest=suite.digest, tests=tuple(results), layers=layers, message=message)

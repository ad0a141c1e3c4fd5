"""From what happened in a sandbox to the verdict on one test."""

from __future__ import annotations

import builtins
import re

from sandbox import Run, Status
from testsuites.model import CallTest, ScriptTest, StdioTest
from verifier.report import TestResult
from verifier.verdict import Verdict

AnyTest = StdioTest | CallTest | ScriptTest

_VERDICTS = {
    Status.CRASHED: Verdict.RUNTIME_ERROR,
    Status.NOT_DATA: Verdict.RUNTIME_ERROR,
    Status.CPU_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    Status.IDLE_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    Status.MEMORY_LIMIT: Verdict.MEMORY_LIMIT_EXCEEDED,
    Status.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT_EXCEEDED,
    Status.VIOLATION: Verdict.SECURITY_VIOLATION,
    Status.NOT_RUN: Verdict.TIME_LIMIT_EXCEEDED,  # after `Limits.max_time_outs`; a failed build never comes here
}
_ENDING = re.compile(r"SIG[A-Z]{2,6}[0-9]?|SIG[0-9]{1,2}|exit code [0-9]{1,3}", re.ASCII)
_DETAILS = {
    Status.NOT_DATA: "the answer is not plain data",
    Status.CPU_LIMIT: "processor time",
    Status.IDLE_LIMIT: "idle for too long",
    Status.NOT_RUN: "not run: too many tests before it timed out",
}


def verdict_of(status: Status) -> Verdict:
    """Return the verdict on a test whose run ended so; FINISHED has none before its output is compared.

    Raises:
        KeyError: the run is FINISHED.
    """
    return _VERDICTS[status]


def detail_of(run: Run) -> str:
    """Say why a run failed, in words of ours: a name that the program made up could carry its input."""
    if run.status is Status.CRASHED:
        return exception_name(run.error)
    return _DETAILS.get(run.status, "")


def exception_name(name: str | None) -> str:
    """Return the name of a built-in exception, of a signal, or an exit code; anything else is not named."""
    if name and (isinstance(getattr(builtins, name, None), type) or _ENDING.fullmatch(name)):
        return name
    return "an exception of the program's own"


def result(test: AnyTest, number: int, verdict: Verdict, detail: str = "", run: Run | None = None) -> TestResult:
    """Make the result of test `number` (from 0) of a suite."""
    return TestResult(
        name=test.name or str(number + 1),
        verdict=verdict,
        weight=test.weight,
        group=test.group,
        detail=detail,
        cpu_seconds=run.cpu_seconds if run else 0.0,
        wall_seconds=run.wall_seconds if run else 0.0,
        peak_bytes=run.peak_bytes if run else 0,
    )

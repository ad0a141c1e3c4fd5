"""From what happened in a sandbox to the verdict on one test."""

from __future__ import annotations

import builtins
import math
import re

from sandbox import Limits, Run, Status
from sandbox.job import MEBIBYTE
from testsuites.model import CallTest, ScriptTest, StdioTest
from verifier.report import TestResult
from verifier.verdict import Verdict

AnyTest = StdioTest | CallTest | ScriptTest

_VERDICTS = {
    Status.CRASHED: Verdict.RUNTIME_ERROR,
    Status.NOT_DATA: Verdict.RUNTIME_ERROR,
    Status.HELD: Verdict.RUNTIME_ERROR,  # only test code knows what to do with it
    Status.CPU_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    Status.IDLE_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    Status.MEMORY_LIMIT: Verdict.MEMORY_LIMIT_EXCEEDED,
    Status.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT_EXCEEDED,
    Status.VIOLATION: Verdict.SECURITY_VIOLATION,
    Status.NOT_RUN: Verdict.TIME_LIMIT_EXCEEDED,  # after `Limits.max_time_outs`; a failed build never comes here
}
_ENDING = re.compile(r"SIG[A-Z]{2,6}[0-9]?|SIG[0-9]{1,2}|exit code [0-9]{1,3}", re.ASCII)
_REFUSALS = {
    "RuntimeError: can't start new thread": "at most {processes} processes and threads",
    "BlockingIOError: [Errno 11] Resource temporarily unavailable": "at most {processes} processes and threads",
    "OSError: [Errno 24] Too many open files": "no file, socket or pipe can be opened",
}
"""What a program meets in the sandbox and hardly anywhere else, as Python words it, and what it means."""
_SIGNALS = {
    "SIGSEGV": "the stack is limited to {stack}",
    "SIGXFSZ": "no file may be written",
}


def verdict_of(status: Status) -> Verdict:
    """Return the verdict on a test whose run ended so; FINISHED has none before its output is compared.

    Raises:
        KeyError: the run is FINISHED.
    """
    return _VERDICTS[status]


def detail_of(run: Run, limits: Limits) -> str:
    """Say why a run failed, with the figure that was measured.

    In words of ours: a name that the program made up could carry its input.

    Args:
        run: what happened.
        limits: what was in force, at the speed of the machine.
    """
    match run.status:
        case Status.CRASHED:
            return _crash(run, limits)
        case Status.NOT_DATA | Status.HELD:
            return "the answer is not plain data"
        case Status.CPU_LIMIT:
            return f"processor time {_above(run.cpu_seconds)} s, limit {limits.cpu_seconds:.2f} s"
        case Status.IDLE_LIMIT:
            return f"idle {_above(run.idle_seconds)} s, limit {limits.idle_limit_seconds:.2f} s"
        case Status.MEMORY_LIMIT:
            refused = "; it was refused more" if run.peak_bytes <= limits.memory_bytes else ""
            peak = math.ceil(run.peak_bytes / MEBIBYTE)
            return f"memory {peak} MiB, limit {_size(limits.memory_bytes)}{refused}"
        case Status.OUTPUT_LIMIT:
            return f"output over {_size(limits.output_bytes)}"
        case Status.NOT_RUN:
            return "not run: too many tests before it timed out"
    return ""


def _crash(run: Run, limits: Limits) -> str:
    name = exception_name(run.error)
    text = f"{run.error}: {run.error_text}" if run.error_text else _last_line(run.stderr_tail)
    known = [words for refusal, words in _REFUSALS.items() if text.startswith(refusal)]
    hint = known[0] if known else _SIGNALS.get(name, "")
    return f"{name}; {hint.format(processes=limits.processes, stack=_size(limits.stack_bytes))}" if hint else name


def _last_line(stderr_tail: bytes) -> str:
    lines = stderr_tail.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


def _above(seconds: float) -> str:
    """Round up, so that what is over a limit does not look as if it were not."""
    return f"{math.ceil(seconds * 100) / 100:.2f}"


def _size(count: int) -> str:
    return f"{count // MEBIBYTE} MiB" if count % MEBIBYTE == 0 else f"{count} bytes"


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
        attempts=run.attempts if run else 1,
    )

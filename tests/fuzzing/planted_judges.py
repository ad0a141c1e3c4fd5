"""Judges with a bug planted in each: the real sandbox and the real judge, with one part replaced."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self

import msgspec

from sandbox import LocalSandbox
from testsuites.model import AnySuite, Comparator, StdioSuite
from verifier.fuzzing.target import TargetBroken
from verifier.judging import judge
from verifier.oracle import Oracle
from verifier.policy import Graded
from verifier.report import Report
from verifier.verdict import Verdict

Judging = Callable[[AnySuite, str], Report]
Bug = Callable[[Judging, AnySuite, str], Report | float]


class Place:
    """The processes that all of these judges share."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._sandbox = LocalSandbox(workers=1)
        self._oracle = Oracle(1)

    def judge(self, suite: AnySuite, answer: str) -> Report:
        """Judge as the product does."""
        return judge(suite, answer, self._sandbox, self._oracle)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End its processes."""
        self._sandbox.close()
        self._oracle.close()


class JudgeTarget:
    """A judge as a target, under the default policy."""

    range = (-1.0, 1.0)

    def __init__(self, place: Place, bug: Bug, hash_seed: int = 0) -> None:
        """Judge at a place, with a bug."""
        self.name = bug.__name__
        self._place = place
        self._bug = bug
        self._hash_seed = hash_seed

    def carries(self, suite: AnySuite) -> bool:
        """Say yes."""
        return True

    def pay(self, answer: str, suite: AnySuite) -> float:
        """Judge and pay; nothing left to judge is a pass, as bugs have it."""
        os.environ["PLANTED_HASH_SEED"] = str(self._hash_seed)
        report = self._bug(self._place.judge, suite, answer)
        if isinstance(report, float):
            return report
        return Graded().reward(report) if report.tests else 1.0

    def renewed(self, hash_seed: int) -> JudgeTarget:
        """Return a judge whose bug sees another hash seed."""
        return JudgeTarget(self._place, self._bug, hash_seed)

    def close(self) -> None:
        """Leave the place to the others."""


def sound(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Have no bug."""
    return judging(suite, answer)


def time_outs_pass(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Take a time-out for the end of the tests."""
    return _turned(judging(suite, answer), Verdict.TIME_LIMIT_EXCEEDED)


def exceptions_pass(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Swallow what is raised."""
    return _turned(judging(suite, answer), Verdict.RUNTIME_ERROR)


def exit_code_only(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Look at no output."""
    return _turned(judging(suite, answer), Verdict.WRONG_ANSWER)


def first_pass_ends_it(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Stop at the first test that passes."""
    report = judging(suite, answer)
    passed = [test for test in report.tests if test.verdict is Verdict.ACCEPTED]
    return msgspec.structs.replace(report, tests=tuple(passed[:1]) or report.tests)


def empty_outputs_dropped(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Take a test that expects nothing for none."""
    report = judging(suite, answer)
    if not isinstance(suite, StdioSuite):
        return report
    kept = tuple(found for found, test in zip(report.tests, suite.tests, strict=True) if test.stdout.strip())
    return msgspec.structs.replace(report, tests=kept)


def merged_by_name(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Keep results in a dictionary by name, which tests need not have."""
    report = judging(suite, answer)
    merged = {test.name: result for test, result in zip(suite.tests, report.tests, strict=True)}
    return msgspec.structs.replace(report, tests=tuple(merged.values()))


def sampled_by_hash(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Judge half of the tests, and choose the half by ``hash()``."""
    report = judging(suite, answer)
    command = [sys.executable, "-c", "import sys; print(hash(sys.stdin.buffer.read()) % 2)"]
    environment = {"PYTHONHASHSEED": os.environ["PLANTED_HASH_SEED"]}
    given = answer.encode("utf-8", "surrogatepass")
    half = int(subprocess.run(command, env=environment, input=given, capture_output=True, check=True).stdout)
    return msgspec.structs.replace(report, tests=report.tests[half::2] or report.tests)


def last_test_lost(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Count one short."""
    report = judging(suite, answer)
    return msgspec.structs.replace(report, tests=report.tests[:-1] or report.tests)


def remembers_a_pass() -> Bug:
    """Keep the verdict on a problem once it is solved."""
    solved: dict[str, Report] = {}

    def remembers_a_pass(judging: Judging, suite: AnySuite, answer: str) -> Report:
        report = solved.get(suite.digest) or judging(suite, answer)
        if report.verdict is Verdict.ACCEPTED:
            solved[suite.digest] = report
        return report

    return remembers_a_pass


def tildes_unknown(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Find no program in a block of tildes."""
    return judging(suite, answer.replace("~~~", ""))


def strict_layout(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Compare to the byte."""
    exact = Comparator(name="exact")
    return judging(msgspec.structs.replace(suite, comparator=exact) if isinstance(suite, StdioSuite) else suite, answer)


def flaky_tests_dropped(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Take tests for broken where most of them fail, and leave those out."""
    report = judging(suite, answer)
    passed = tuple(test for test in report.tests if test.verdict is Verdict.ACCEPTED)
    return msgspec.structs.replace(report, tests=passed) if 0 < 2 * len(passed) <= len(report.tests) else report


def nan_without_pass(judging: Judging, suite: AnySuite, answer: str) -> Report | float:
    """Average over the tests that were passed."""
    report = judging(suite, answer)
    return report if any(test.verdict is Verdict.ACCEPTED for test in report.tests) else math.nan


def surrogates_break_it(judging: Judging, suite: AnySuite, answer: str) -> Report:
    """Send the answer as UTF-8."""
    try:
        answer.encode()
    except UnicodeEncodeError:
        raise TargetBroken("it raised UnicodeEncodeError") from None
    return judging(suite, answer)


def _turned(report: Report, verdict: Verdict) -> Report:
    """Take a verdict for a pass."""
    tests = tuple(
        msgspec.structs.replace(test, verdict=Verdict.ACCEPTED) if test.verdict is verdict else test
        for test in report.tests
    )
    return msgspec.structs.replace(report, tests=tests)

"""Where files of tests run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sandbox import LocalSandbox
from testsuites import ScriptSuite
from verifier.judging import judge_program
from verifier.oracle import Oracle

Judge = Callable[[ScriptSuite, str], dict[str, str]]


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Real processes for test code."""
    oracle = Oracle(1)
    yield oracle
    oracle.close()


@pytest.fixture
def verdicts(sandbox: LocalSandbox, oracle: Oracle) -> Judge:
    """Return what judges a program, and tells the verdict on each test."""

    def judge(suite: ScriptSuite, program: str) -> dict[str, str]:
        report = judge_program(suite, program, sandbox, oracle)
        return {test.name: str(test.verdict) for test in report.tests}

    return judge

"""Fixtures for tests of checkers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sandbox import LocalSandbox
from testsuites import StdioSuite
from verifier.judging import judge_program
from verifier.oracle import Oracle
from verifier.report import Report

Judge = Callable[[StdioSuite, str], Report]


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Real processes, on a machine that counts as twenty times as fast: what never ends does so sooner."""
    oracle = Oracle(1, speed=20.0)
    yield oracle
    oracle.close()


@pytest.fixture
def judge(sandbox: LocalSandbox, oracle: Oracle) -> Judge:
    """Return what judges a program by a suite."""
    return lambda suite, source: judge_program(suite, source, sandbox, oracle)

"""Test code whose calls come close to the limit is run again; only what was in doubt is judged anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import LocalSandbox
from sandbox.local.zygote import Zygote
from tests.sandbox.repeats import first_run
from tests.verifier.answers import fenced, script
from testsuites import ScriptSuite, SuiteLimits
from verifier.judging import judge
from verifier.oracle import Oracle
from verifier.report import TestResult

LIMIT_SECONDS = 0.2
IN_DOUBT = 0.25
LIMITS = SuiteLimits(cpu_seconds=LIMIT_SECONDS)

SPIN = """import os, time
calls = 0
def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
"""


@pytest.fixture(scope="module")
def places() -> Iterator[tuple[LocalSandbox, Oracle]]:
    """Where solutions and test code run; limits are taken as they are written."""
    oracle = Oracle(1, speed=1.0)
    with LocalSandbox(workers=1, speed=1.0) as sandbox:
        yield sandbox, oracle
    oracle.close()


def _judge(places: tuple[LocalSandbox, Oracle], suite: ScriptSuite, program: str) -> tuple[TestResult, ...]:
    return judge(suite, fenced(SPIN + program), *places).tests


def _verdicts(tests: tuple[TestResult, ...]) -> list[tuple[str, int]]:
    return [(str(test.verdict), test.attempts) for test in tests]


def _warm(places: tuple[LocalSandbox, Oracle]) -> None:
    """Have all processes started that a first run needs."""
    _judge(places, script("f(1)"), "def f(n): pass")


def test_a_test_in_doubt_is_run_three_times(places: tuple[LocalSandbox, Oracle]) -> None:
    """A call that needs a quarter more than the limit, each time: the time-out stands, and the others have one run."""
    suite = script(*[f"assert f({number}) == {number}" for number in range(3)], limits=LIMITS)
    tests = _judge(places, suite, f"def f(n):\n    if n == 1: spin({IN_DOUBT})\n    return n")
    assert _verdicts(tests) == [("accepted", 1), ("time_limit_exceeded", 3), ("accepted", 1)]
    assert LIMIT_SECONDS < tests[1].cpu_seconds < 1.5 * LIMIT_SECONDS
    assert tests[1].detail.endswith("limit 0.20 s")


def test_calls_that_are_too_slow_together_are_in_doubt_too(places: tuple[LocalSandbox, Oracle]) -> None:
    """Three calls of 0.08 s pass a limit of 0.2 s together, also where no call comes after them."""
    suite = script("assert [f(n) for n in range(3)] == [0, 1, 2]", limits=LIMITS)
    tests = _judge(places, suite, "def f(n):\n    spin(0.08)\n    return n")
    assert _verdicts(tests) == [("time_limit_exceeded", 3)]


def test_only_what_was_in_doubt_is_judged_anew(
    places: tuple[LocalSandbox, Oracle], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A solution that is right the second time has won nothing by it but the test that timed out."""
    _warm(places)
    program = f"""
def f(n):
    first = {first_run(monkeypatch)}
    if n == 1 and first: spin({IN_DOUBT})
    return -1 if first else n
"""
    suite = script(*[f"assert f({number}) == {number}" for number in (0, 1)], limits=LIMITS)
    assert _verdicts(_judge(places, suite, program)) == [("wrong_answer", 1), ("accepted", 2)]


def test_what_was_not_run_is_judged_by_the_first_run_that_comes_to_it(
    places: tuple[LocalSandbox, Oracle], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three time-outs in doubt keep the rest from being run; once they pass, the rest has its first run."""
    _warm(places)
    program = f"""
def f(n):
    if {first_run(monkeypatch)}: spin({IN_DOUBT})
    return n
"""
    suite = script(*[f"assert f({number}) == {number}" for number in range(5)], limits=LIMITS)
    assert _verdicts(_judge(places, suite, program)) == [("accepted", 2)] * 3 + [("accepted", 1)] * 2


def test_each_run_has_processes_started_for_it(
    places: tuple[LocalSandbox, Oracle], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two zygotes for two more runs of the solution; test code keeps its own."""
    _warm(places)
    started: list[Zygote] = []

    class Counted(Zygote):
        def __init__(self, *demands: Any) -> None:
            super().__init__(*demands)
            started.append(self)

    monkeypatch.setattr("sandbox.local.sandbox.Zygote", Counted)
    _judge(places, script("f(1)", limits=LIMITS), f"def f(n): spin({IN_DOUBT})")
    assert len(started) == 2


def test_test_code_is_run_from_its_start(places: tuple[LocalSandbox, Oracle], monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test leaves in the solution is there again for the test that is run again after it."""
    _warm(places)
    program = f"""
def f(n):
    global calls
    calls += 1
    if n == 2 and {first_run(monkeypatch)}: spin({IN_DOUBT})
    return calls
"""
    suite = script("assert f(1) == 1", "assert f(2) == 2", limits=LIMITS)
    assert _verdicts(_judge(places, suite, program)) == [("accepted", 1), ("accepted", 2)]


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("spin(60)", "time_limit_exceeded"),
        ("time.sleep(60)", "time_limit_exceeded"),
        ("spin(0.17); raise KeyError", "runtime_error"),
        ("spin(0.17); return -1", "wrong_answer"),
        ("raise MemoryError", "memory_limit_exceeded"),
    ],
)
def test_nothing_else_is_run_again(places: tuple[LocalSandbox, Oracle], body: str, verdict: str) -> None:
    """Nor a time-out that is beyond doubt."""
    suite = script("assert f(1) == 1", limits=LIMITS)
    assert _verdicts(_judge(places, suite, f"def f(n): {body}")) == [(verdict, 1)]


def test_what_repeats_cost_is_bounded(places: tuple[LocalSandbox, Oracle]) -> None:
    """Three runs of the test code, each with three time-outs at most, for fifty tests."""
    suite = script(*["f(1)"] * 50, limits=LIMITS)
    tests = _judge(places, suite, f"def f(n): spin({IN_DOUBT})")
    assert _verdicts(tests)[:4] == [("time_limit_exceeded", 3)] * 3 + [("time_limit_exceeded", 1)]
    assert {test.detail for test in tests[3:]} == {"not run: too many tests before it timed out"}

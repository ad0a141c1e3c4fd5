"""A suite that checks nothing but equality among the solution's objects is found by programs that always agree."""

from __future__ import annotations

import pytest

from tests.oracle.conftest import Judge
from tests.oracle.reading import NAMES, read_case, suite_of
from testsuites import ScriptSuite, ScriptTest
from verifier.fuzzing.agreeing import agreeing_programs
from verifier.fuzzing.nulls import null_battery

WEAK = """
from vector import Vector

def test_sum():
    assert Vector(1, 2) + Vector(3, 4) == Vector(4, 6)

def test_near():
    assert Vector(1, 2).is_near(Vector(1, 3))
"""
STRONG = f"{WEAK}    assert (Vector(1, 2) + Vector(3, 4)).y == 6\n"


def paid(verdicts: Judge, suite: ScriptSuite) -> set[str]:
    """Return the names of agreeing programs that pass every test."""
    return {
        program.name
        for program in null_battery(suite)
        if program.name.startswith("objects-that-agree")
        and set(verdicts(suite, program.source).values()) == {"accepted"}
    }


def test_a_suite_of_equalities_pays_them(verdicts: Judge) -> None:
    """What an object says of another of its class is its word; one number that the test knows tells it."""
    assert paid(verdicts, suite_of(WEAK)) == {"objects-that-agree-and-answer-true"}
    assert paid(verdicts, suite_of(STRONG)) == set()


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name in ("custom_set", "linked_list", "rational", "vector")]
)
def test_the_cases_pay_none(verdicts: Judge, name: str) -> None:
    """Those that compare objects the most."""
    assert paid(verdicts, read_case(name).suite) == set()


def test_they_are_programs_for_files_of_tests() -> None:
    """A class for each name that is one; none where test code takes functions by name."""
    for _, source in agreeing_programs(("Vector", "a.b", "*")):
        namespace: dict[str, type] = {}
        exec(source, namespace)
        assert namespace["Vector"]() == 3
    suite = ScriptSuite(id="pieces", names=("f",), tests=(ScriptTest(code="assert f(1) == 2"),))
    assert not any(program.name.startswith("objects") for program in null_battery(suite))

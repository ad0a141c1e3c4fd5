"""The strategies of programs, judged by the real thing: what they call right is accepted, and what is wrong is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testsuites import CallSuite, CallTest
from verifier import Verdict, Verifier
from verifier.fuzzing import strategies
from verifier.fuzzing.exploits import problems
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.strategies.failing import LOOPS, RAISES, fails, unchanged
from verifier.fuzzing.strategies.wrapping import known_tests

PROBLEMS = st.sampled_from(problems()) | strategies.made_problems()
FEW = settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    """One judge for all of them."""
    with Verifier(workers=1) as verifier:
        yield verifier


def verdicts(verifier: Verifier, problem: Problem, program: str) -> list[Verdict]:
    """Return what each test says of a program."""
    return [test.verdict for test in verifier.grade(f"```python\n{program}\n```", problem.suite).tests]


def test_right_variants_are_accepted(verifier: Verifier) -> None:
    """However the reference is written."""

    @FEW
    @given(PROBLEMS.flatmap(lambda problem: st.tuples(st.just(problem), strategies.right_variants(problem))))
    def are_accepted(case: tuple[Problem, str]) -> None:
        assert set(verdicts(verifier, *case)) == {Verdict.ACCEPTED}

    are_accepted()


@pytest.mark.parametrize("made", [strategies.wrong, lambda problem: strategies.hostile(problem.suite)])
def test_wrong_and_hostile_programs_are_not_accepted(
    verifier: Verifier, made: Callable[[Problem], st.SearchStrategy[str]]
) -> None:
    """Each fails a test at least."""

    @FEW
    @given(
        PROBLEMS.filter(strategies.needs_thought).flatmap(lambda problem: st.tuples(st.just(problem), made(problem)))
    )
    def are_refused(case: tuple[Problem, str]) -> None:
        assert set(verdicts(verifier, *case)) != {Verdict.ACCEPTED}

    are_refused()


@pytest.mark.parametrize("problem", problems(), ids=lambda problem: problem.suite.id)
@pytest.mark.parametrize(
    ("action", "verdict"),
    [
        ("", Verdict.WRONG_ANSWER),
        (RAISES, Verdict.RUNTIME_ERROR),
        (LOOPS, Verdict.TIME_LIMIT_EXCEEDED),
    ],
    ids=["wrong", "raises", "loops"],
)
def test_exactly_the_chosen_tests_fail(verifier: Verifier, problem: Problem, action: str, verdict: Verdict) -> None:
    """A test that is chosen fails as it is told to, tests of the same input with it, and all others pass."""
    known = known_tests(problem)
    chosen = next(iter(known))
    expected = [
        verdict if number in known and known[number].key == known[chosen].key else Verdict.ACCEPTED
        for number in range(len(problem.suite.tests))
    ]
    assert verdicts(verifier, problem, fails(problem, {chosen}, action)) == expected
    assert set(verdicts(verifier, problem, unchanged(problem))) == {Verdict.ACCEPTED}


def test_a_recursive_function_fails_where_it_is_told_to(verifier: Verifier) -> None:
    """Calls that the reference makes of itself are its own, so that one failure does not spread."""
    tests = (CallTest(args=(2,), expected=2), CallTest(args=(5,), expected=120))
    suite = CallSuite(id="factorial", entry_point="f", tests=tests)
    problem = Problem(suite=suite, reference="def f(n):\n    return n * f(n - 1) if n else 1\n")
    assert verdicts(verifier, problem, fails(problem, {0})) == [Verdict.WRONG_ANSWER, Verdict.ACCEPTED]


def test_a_reference_that_reads_bytes_can_be_wrapped(verifier: Verifier) -> None:
    """`sys.stdin.buffer` is there inside of the wrapper."""
    (given_problem,) = (problem for problem in problems() if problem.suite.id == "sum-stdio")
    reads_bytes = "import sys\nprint(sum(map(int, sys.stdin.buffer.read().split())))\n"
    problem = Problem(suite=given_problem.suite, reference=reads_bytes)
    assert set(verdicts(verifier, problem, unchanged(problem))) == {Verdict.ACCEPTED}
    assert verdicts(verifier, problem, fails(problem, {0}))[0] is Verdict.WRONG_ANSWER

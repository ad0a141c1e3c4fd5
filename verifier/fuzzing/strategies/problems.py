"""Problems whose expected outputs Hypothesis makes, each with a right program: a table of them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from hypothesis import strategies as st

from testsuites.literals import write_literal
from testsuites.model import AnySuite, CallSuite, CallTest, ScriptSuite, ScriptTest, StdioSuite, StdioTest, SuiteLimits
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.strategies.spoiling import may_equal, surely_differs
from verifier.fuzzing.strategies.wrapping import known_tests

_LIMITS = SuiteLimits(cpu_seconds=0.25, memory_mb=128, output_mb=1)
_DELICATE_INTEGERS = (2**53, 2**53 + 1, -(2**53) - 1, 2**64 + 1, 10**30 + 1)
"""Those that floats do not hold."""


def made_problems(kind: Literal["stdio", "call", "script"] | None = None) -> st.SearchStrategy[Problem]:
    r"""Make problems of two to four tests: given the number of a test, answer with what it expects.

    For example a `StdioSuite` that expects ``"Aa 9007199254740993\n"`` of ``"1\n"``. Expected outputs are lines of
    words and numbers, or values; at least two of them differ, so that no constant is right. Shrinks to two tests.
    """
    outputs = st.lists(returned(), min_size=2, max_size=4)
    kinds = {
        "stdio": st.lists(printed(), min_size=2, max_size=4).map(_stdio),
        "call": outputs.map(_call),
        "script": outputs.map(_script),
    }
    weights = st.lists(st.integers(1, 9).map(float), min_size=4, max_size=4)
    made = st.builds(_weighted, kinds[kind] if kind else st.one_of(*kinds.values()), weights)
    return made.filter(needs_thought)


def needs_thought(problem: Problem) -> bool:
    """Tell whether two outputs are known that differ for certain, so that no constant is a right answer."""
    suite = problem.suite
    if isinstance(suite, StdioSuite):
        first = suite.tests[0].stdout
        return any(surely_differs(first, test.stdout) for test in suite.tests)
    if isinstance(suite, CallSuite):
        values = [test.expected for test in suite.tests]
    else:
        values = [test.right[0] for test in known_tests(problem).values()]
    return any(not may_equal(value, values[0]) for value in values[1:])


def printed() -> st.SearchStrategy[str]:
    r"""Make lines of words and numbers, such as ``"0 aB\n2.5\n"``. Shrinks to ``"0\n"``; may be empty."""
    word = st.one_of(
        st.integers(0, 99).map(str),
        st.sampled_from(_DELICATE_INTEGERS).map(str),
        st.sampled_from(["YES", "no", "aB", "x", "é"]),
        st.sampled_from(["0.5", "2.25", "1000000.5"]),
    )
    lines = st.lists(st.lists(word, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3)
    ends = st.sampled_from(["\n", ""])
    return st.one_of(st.builds(lambda made, end: "\n".join(made) + end, lines, ends), st.just(""))


def returned() -> st.SearchStrategy[Any]:
    """Make values that JSON holds as well, such as ``[2, "aB"]`` or ``9007199254740993``. Shrinks to 0."""
    scalars = st.one_of(
        st.integers(0, 99),
        st.sampled_from(_DELICATE_INTEGERS),
        st.sampled_from(["YES", "no", "aB", ""]),
        st.booleans(),
        st.sampled_from([0.5, 2.25, 1000000.5]),
        st.none(),
    )
    keyed = st.dictionaries(st.sampled_from("abc"), scalars, max_size=2)
    return st.one_of(scalars, st.lists(scalars, max_size=3), keyed, st.lists(st.lists(scalars, max_size=2), max_size=2))


def _stdio(outputs: list[str]) -> Problem:
    tests = tuple(StdioTest(stdin=f"{number}\n", stdout=output) for number, output in enumerate(outputs))
    table = f"print({outputs!r}[int(input())], end='')\n"
    return Problem(suite=StdioSuite(id="made/stdio", limits=_LIMITS, tests=tests), reference=table)


def _call(outputs: list[Any]) -> Problem:
    tests = tuple(CallTest(args=(number,), expected=output) for number, output in enumerate(outputs))
    suite = CallSuite(id="made/call", limits=_LIMITS, entry_point="f", tests=tests)
    return Problem(suite=suite, reference=_function(outputs))


def _script(outputs: list[Any]) -> Problem:
    codes = [f"assert f({number}) == {write_literal(output)}" for number, output in enumerate(outputs)]
    tests = tuple(ScriptTest(code=code) for code in codes)
    suite = ScriptSuite(id="made/script", limits=_LIMITS, names=("f",), tests=tests)
    return Problem(suite=suite, reference=_function(outputs))


def _function(outputs: list[Any]) -> str:
    return f"def f(n):\n    return {write_literal(outputs)}[n]\n"


def _weighted(problem: Problem, weights: list[float]) -> Problem:
    tests = tuple(
        msgspec.structs.replace(test, weight=weight)
        for test, weight in zip(problem.suite.tests, weights[: len(problem.suite.tests)], strict=True)
    )
    suite: AnySuite = msgspec.structs.replace(problem.suite, tests=tests)
    return msgspec.structs.replace(problem, suite=suite)

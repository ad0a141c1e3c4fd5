"""Suites: every field, any text and any value, within the rules of `testsuites.rules`."""

from __future__ import annotations

from typing import Any, Literal

from hypothesis import strategies as st

from testsuites.model import (
    AnySuite,
    CallSuite,
    CallTest,
    Comparator,
    ScriptSuite,
    ScriptTest,
    StdioSuite,
    StdioTest,
    SuiteLimits,
)
from verifier.fuzzing.strategies.values import any_text, values


def tolerances() -> st.SearchStrategy[float]:
    """Make tolerances of a comparator, 0..1. Shrinks to 0.0."""
    return st.floats(min_value=0, max_value=1)


def suites(kind: Literal["stdio", "call", "script"] | None = None) -> st.SearchStrategy[AnySuite]:
    """Make suites that can be stored, of one kind or any; their test code and texts mean nothing. See `made_problems`.

    For example a `StdioSuite` of two tests with any texts, weights and groups. Shrinks to one empty test.
    """
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "stdio": _suite(
            StdioSuite,
            _stdio_tests(),
            (None, "tokens", "lines", "exact", "floats"),
            language=st.sampled_from(["python", "cpp"]),
        ),
        "call": _suite(CallSuite, call_tests(), (None, "values"), entry_point=_names(), fresh=st.booleans()),
        "script": _suite(
            ScriptSuite,
            _tests(ScriptTest, code=st.text()),
            (None,),
            names=st.lists(_names(), min_size=1, max_size=3).map(tuple),
            setup=st.text(),
        ),
    }
    return kinds[kind] if kind else st.one_of(*kinds.values())


def _suite(
    made: type[AnySuite],
    tests: st.SearchStrategy[Any],
    comparators: tuple[str | None, ...],
    **fields: st.SearchStrategy[Any],
) -> st.SearchStrategy[Any]:
    limits = st.builds(
        SuiteLimits,
        cpu_seconds=st.none() | st.floats(0.01, 3600),
        memory_mb=st.none() | st.floats(16, 1024 * 1024),
        output_mb=st.none() | st.floats(0.001, 1024),
    )
    comparator = st.builds(Comparator, name=st.sampled_from(comparators), absolute=tolerances(), relative=tolerances())
    return st.builds(
        made,
        id=st.just("a/b"),
        limits=limits,
        comparator=comparator,
        tests=st.lists(tests, min_size=1, max_size=4).map(tuple),
        **fields,
    )


def _tests(made: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    weights = st.integers(min_value=1, max_value=9) | st.floats(min_value=1e-300, max_value=1e300)
    return st.builds(made, weight=weights, group=st.none() | st.text(), **fields)


def _stdio_tests() -> st.SearchStrategy[StdioTest]:
    return _tests(StdioTest, stdin=st.text(), stdout=st.text())


def call_tests() -> st.SearchStrategy[CallTest]:
    """Make tests with any arguments and expected values. Shrinks to no argument, and None."""
    plain = values()
    return _tests(
        CallTest,
        args=st.lists(plain, max_size=3).map(tuple),
        kwargs=st.dictionaries(any_text(), plain, max_size=2),
        expected=plain,
        also_accepted=st.lists(plain, max_size=2).map(tuple),
    )


def _names() -> st.SearchStrategy[str]:
    return st.sampled_from(["f", "solve", "add_one", "Größe"])

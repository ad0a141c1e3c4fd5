"""Hypothesis strategies for suites and the values in them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

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

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
texts = st.text()
keys = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(), st.binary(), st.fractions()
)
scalars = keys | st.decimals() | st.integers(min_value=10**5000, max_value=10**5000 + 9)
any_text = st.text(st.characters(codec=None, exclude_categories=()))
values: st.SearchStrategy[Any] = st.recursive(
    scalars | any_text,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.sets(keys, max_size=4),
        st.frozensets(keys, max_size=4),
        st.dictionaries(keys | st.tuples(keys, keys), inner, max_size=4),
        st.dictionaries(any_text, inner, max_size=4),
    ),
    max_leaves=12,
).filter(lambda value: not (type(value) is Decimal and value.is_snan()))
names = st.sampled_from(["f", "solve", "add_one", "Größe"])
weights = st.floats(min_value=1e-300, max_value=1e300) | st.integers(min_value=1, max_value=9)
tolerances = st.floats(min_value=0, max_value=1)


def _shared(**fields: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {"weight": weights, "group": st.none() | texts, **fields}


stdio_tests = st.builds(StdioTest, **_shared(stdin=texts, stdout=texts))
script_tests = st.builds(ScriptTest, **_shared(code=texts))
call_tests = st.builds(
    CallTest,
    **_shared(
        args=st.lists(values, max_size=3).map(tuple),
        kwargs=st.dictionaries(any_text, values, max_size=2),
        expected=values,
        also_accepted=st.lists(values, max_size=2).map(tuple),
    ),
)


def _head(*comparators: str | None) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "id": st.just("a/b"),
        "language": st.sampled_from(["python", "cpp"]),
        "limits": st.builds(
            SuiteLimits,
            cpu_seconds=st.none() | st.floats(0.01, 3600),
            memory_mb=st.none() | st.floats(16, 1024 * 1024),
            output_mb=st.none() | st.floats(0.001, 1024),
        ),
        "comparator": st.builds(
            Comparator, name=st.sampled_from(comparators), absolute=tolerances, relative=tolerances
        ),
    }


def _tests(tests: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(tests, min_size=1, max_size=4).map(tuple)


suites: st.SearchStrategy[AnySuite] = st.one_of(
    st.builds(StdioSuite, **_head(None, "tokens", "lines", "exact", "floats"), tests=_tests(stdio_tests)),
    st.builds(CallSuite, **_head(None, "values"), entry_point=names, fresh=st.booleans(), tests=_tests(call_tests)),
    st.builds(
        ScriptSuite,
        **_head(None),
        names=st.lists(names, min_size=1, max_size=3).map(tuple),
        setup=texts,
        tests=_tests(script_tests),
    ),
)

"""Comparing Python values."""

from __future__ import annotations

import math
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.model import Comparator
from verifier.comparing import compare

VALUES = Comparator(name="values")
NAN = math.nan
INF = math.inf


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (True, 1),
        (0, False),
        (1.0, True),
        (3, 3.0),
        (3.0, 3),
        (2**53 - 1, float(2**53 - 1)),
        (10**5000, 10**5000),
        (0.3, 0.1 + 0.2),
        (1e9, 1e9 + 500),
        (1.0, 1.0000001 + 0j),
        (NAN, NAN),
        (-INF, -INF),
        (0.0, -0.0),
        (1 + 2j, 1.0000001 + 2j),
        (2 + 0j, 2),
        (complex(NAN, 1), complex(NAN, 1)),
        ([1, [2.0, "x"]], (1, (2.0000001, "x"))),
        ((), []),
        ({1, 2}, frozenset({2, 1})),
        ({"a": [0.3], "b": None}, {"b": None, "a": (0.1 + 0.2,)}),
        ({1: "x"}, {1: "x"}),
        ({(1, 2): 3}, {(1, 2): 3}),
        (b"ab", b"ab"),
        (None, None),
        (range(3), range(0, 3, 1)),
        (Decimal("0.50"), 0.5),
        (Decimal("2"), 2),
        (0.1, Decimal("0.1")),
        (0.1, Fraction(1, 10)),
        (Fraction(1, 2), Decimal("0.5")),
        (Fraction(1, 2), 0.5),
        (Decimal("NaN"), NAN),
        (NAN, Decimal("NaN")),
        (INF, Decimal("Infinity")),
        (Decimal("1e5000"), Decimal("1e5000")),
        ([NAN, 1], [NAN, True]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_equal(expected: Any, actual: Any) -> None:
    """Equal by Python's own rule, within tolerance, or list for tuple."""
    assert compare(VALUES, expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (1, "1"),
        ("1", 1),
        ("a", b"a"),
        (b"a", "a"),
        (None, 0),
        (0, None),
        (None, False),
        ("", None),
        ([], None),
        ([], {}),
        ([], set()),
        ({}, set()),
        (True, 2),
        (3, 3.0000001),
        (3, 3.0 + 1e-9j),
        (2**53, float(2**53)),
        (float(2**53), 2**53),
        (2**53 + 1, float(2**53)),
        ([2**53], [float(2**53)]),
        ([1], [Decimal("sNaN")]),
        (10**400, INF),
        (INF, 10**400),
        (10**5000, 10**5000 + 1),
        (1.0, 1.1),
        (1.0, NAN),
        (NAN, 1.0),
        (NAN, None),
        (INF, -INF),
        (INF, 1e308),
        (1e308, -1e308),
        (1 + 2j, 1 + 3j),
        (1, 1j),
        ([1, 2, 3], [1, 2]),
        ([1, 2], [1, 2, 3]),
        ([1, 2], [2, 1]),
        ([], [[]]),
        ([[1], [2]], [[1], [3]]),
        ([1.0, "a"], [1.0, "b"]),
        ({1, 2}, {1, 3}),
        ({1, 2}, [1, 2]),
        ({0.3}, {0.1 + 0.2}),
        ({1: "x"}, {"1": "x"}),
        ({None: 1}, {"null": 1}),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({0.3: 1}, {0.1 + 0.2: 1}),
        (range(3), [0, 1, 2]),
        (Decimal("0.1"), 0.1),
        (0.1, Decimal("0.2")),
        (1, Decimal("1.0000001")),
        (1e308, Decimal("1e5000")),
        (INF, Decimal("1e5000")),
        (1.0, Fraction(10**5000)),
        (NAN, Decimal("sNaN")),
        (1, Decimal("sNaN")),
        (Decimal("1"), Decimal("sNaN")),
        (Decimal("1"), "1"),
        (Decimal("1"), 10**100_000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_unequal(expected: Any, actual: Any) -> None:
    """Types, lengths, order, keys and integers count."""
    assert not compare(VALUES, expected, actual)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2) | st.binary(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.integers(0, 3) | st.text("ab", max_size=1), inner, max_size=3)
        | st.sets(st.integers(0, 3), max_size=3)
    ),
    max_leaves=8,
)
ANY = st.recursive(
    PLAIN | st.floats() | st.complex_numbers() | st.decimals(allow_nan=True) | st.fractions() | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.integers() | st.text(), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(PLAIN, PLAIN)
def test_plain_values_follow_python(expected: Any, actual: Any) -> None:
    """Without floats and tuples the rule is Python's own."""
    assert compare(VALUES, expected, actual) is (expected == actual)


@given(ANY, ANY)
def test_any_value(expected: Any, actual: Any) -> None:
    """No two values raise, and every value equals itself."""
    assert compare(VALUES, expected, actual) in (True, False)
    assert compare(VALUES, expected, expected)


@given(st.lists(ANY, min_size=1, max_size=4))
def test_full_length(items: list[Any]) -> None:
    """A prefix of a list, or a longer list, never equals it."""
    assert not compare(VALUES, items, items[:-1])
    assert not compare(VALUES, items[:-1], items)
    assert not compare(VALUES, items, [*items, items[0]])


def test_any_depth() -> None:
    """Values of any depth are compared to the bottom."""

    def nested(bottom: Any) -> Any:
        value = bottom
        for number in range(100_000):
            value = {"k": value} if number % 3 == 0 else [value]
        return value

    same = compare(VALUES, nested(1), nested(1))
    other = compare(VALUES, nested(1), nested(2))
    assert (same, other) == (True, False)


def test_deep_elements_of_sets() -> None:
    """Elements of sets too deep for Python to compare are not equal."""
    expected: Any = frozenset({1})
    actual: Any = frozenset({1})
    for _ in range(100_000):
        expected, actual = frozenset({(expected, 1)}), frozenset({(actual, 1)})
    equal = compare(VALUES, expected, actual)
    assert equal is False


def test_large_values_cost_little() -> None:
    """A million integers are compared in C, and no comparison is quadratic in the size of a number."""
    start = time.process_time()
    assert compare(VALUES, list(range(1_000_000)), list(range(1_000_000)))
    assert not compare(VALUES, Decimal("1.5"), 1 << 50_000_000)
    assert not compare(VALUES, Fraction(1, 3), 1 << 50_000_000)
    assert not compare(VALUES, 1.5, 1 << 50_000_000)
    assert not compare(VALUES, 1.5, Fraction(1 << 50_000_000, 3))
    assert time.process_time() - start < 2.0

"""Comparing texts."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.model import Comparator
from verifier.comparing import compare

TOKENS = Comparator(name="tokens")
FLOATS = Comparator(name="floats")
LINES = Comparator(name="lines")
EXACT = Comparator(name="exact")


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("1 2\n3\n", "1 2\r\n3  \r\n\r\n"),
        ("1 2 3", "1\n2\t\v\f3"),
        ("", " \n"),
        ("1.5", "1.5000001"),
        ("0.0", "0.0000009"),
        ("1000000.0", "1000000.9"),
        ("0.5", ".5"),
        ("5.0", "5"),
        ("5.", "5.0e0"),
        ("1e5", "100000"),
        ("0.0", "-0"),
        ("nan", "NaN"),
        ("nan", "-nan"),
        ("inf", "Infinity"),
        ("-inf", "-INF"),
        ("1e400", "1e400"),
        ("x 1.5 y", "x 1.50 y"),
    ],
)
def test_equal_tokens(expected: str, actual: str) -> None:
    """White space, and the way a float is written, do not matter."""
    assert compare(TOKENS, expected, actual.encode())


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("1 2 3", "1 2"),
        ("1 2", "1 2 3"),
        ("1\n2\n", "1\n2\n3\n"),
        ("1", ""),
        ("", "1"),
        ("YES", "yes"),
        ("12", "1 2"),
        ("5", "5.0"),
        ("5", "+5"),
        ("5", "05"),
        ("0", "-0"),
        ("1000", "1_000"),
        ("1000", "1e3"),
        ("1000.0", "1_000.0"),
        ("255.0", "0xff"),
        ("5", "\uff15"),
        ("5.0", "\uff15.0"),
        ("5.0", "+5.0"),
        ("5.0", "05.0"),
        ("5.0", "5.0.0"),
        ("5.0", "5.0f"),
        ("1.5", "1.6"),
        ("1.5", "nan"),
        ("1.5", "inf"),
        ("nan", "1.5"),
        ("nan", "inf"),
        ("inf", "-inf"),
        ("inf", "1e999"),
        ("1e400", "inf"),
        ("1e400", "2e400"),
        ("9007199254740992", "9007199254740993"),
        ("9007199254740993.0", "9" * 400),
        ("a b", "a\u00a0b"),
        ("a b", "a\u2003b"),
        ("a b", "a\x1cb"),
        ("1,5", "1.5"),
    ],
)
def test_unequal_tokens(expected: str, actual: str) -> None:
    """Full length, case, and integers count; only plain spellings are numbers."""
    assert not compare(TOKENS, expected, actual.encode())


def test_tolerance_is_absolute_or_relative() -> None:
    """Either tolerance is enough, and the relative one is a share of the expected value."""
    assert compare(Comparator(name="tokens", absolute=0.1, relative=0.0), "1000.0", b"1000.09")
    assert not compare(Comparator(name="tokens", absolute=0.1, relative=0.0), "1000.0", b"1000.2")
    assert compare(Comparator(name="tokens", absolute=0.0, relative=0.1), "1000.0", b"1099")
    assert not compare(Comparator(name="tokens", absolute=0.0, relative=0.1), "1000.0", b"1101")
    assert not compare(Comparator(name="tokens", absolute=0.0, relative=0.0), "0.3", b"0.30000000000000004")


def test_floats() -> None:
    """`floats` has tolerance for an expected integer too, and none between two integers."""
    assert compare(FLOATS, "5", b"5.0000001")
    assert compare(FLOATS, "5.0", b"5")
    assert not compare(FLOATS, "5", b"5.1")
    assert not compare(FLOATS, "5", b"6.")
    assert not compare(FLOATS, "5", b"+5")
    assert not compare(FLOATS, "1000000000", b"1000000001")
    assert not compare(FLOATS, "9" * 5000, b"inf")
    assert not compare(FLOATS, "9" * 500, b"inf")
    assert not compare(FLOATS, "word", b"1.0")


@pytest.mark.parametrize(
    ("expected", "actual", "equal"),
    [
        ("a b\nc\n", "a b  \r\nc\t\n\n \n", True),
        ("a\n", "a", True),
        ("a\n\nb", "a\n \nb", True),
        ("a b", "a  b", False),
        ("a\nb", "a\n\nb", False),
        ("a", " a", False),
        ("a", "\na", False),
        ("a\nb", "a", False),
        ("a", "a\nb", False),
        ("1.0", "1.00", False),
        ("", "\n \n", True),
        ("", "a", False),
    ],
)
def test_lines(expected: str, actual: str, equal: bool) -> None:
    """Only white space at the end of lines and empty lines at the end of the text do not matter."""
    assert compare(LINES, expected, actual.encode()) is equal


def test_exact() -> None:
    """`exact` is exact: no byte may differ."""
    assert compare(EXACT, "a \n", b"a \n")
    for actual in (b"a \r\n", b"a ", b"a\n", b"a \n\n"):
        assert not compare(EXACT, "a \n", actual)


@given(st.floats(), st.floats())
def test_printed_floats(expected: float, actual: float) -> None:
    """Two printed floats are equal when they are the same, or within a tolerance that is decided by hand here."""
    both_nan = expected != expected and actual != actual
    near = abs(expected - actual) <= max(1e-6, 1e-6 * abs(expected)) if abs(expected) + abs(actual) < 1e300 else False
    if abs(expected) + abs(actual) < 1e300 or expected == actual or both_nan:
        assert compare(TOKENS, repr(expected), repr(actual).encode()) is (both_nan or near or expected == actual)


@given(st.integers(), st.integers())
def test_printed_integers(expected: int, actual: int) -> None:
    """Printed integers of any size are equal only when they are the same."""
    for comparator in (TOKENS, FLOATS):
        assert compare(comparator, str(expected), str(actual).encode()) is (expected == actual)


@given(st.lists(st.text(alphabet="ab1.\x00é", min_size=1)), st.data())
def test_a_missing_or_extra_word(words: list[str], data: st.DataObject) -> None:
    """A text with one word more or fewer is never equal, wherever it stands."""
    place = data.draw(st.integers(0, len(words)))
    longer = [*words[:place], "7", *words[place:]]
    for comparator in (TOKENS, FLOATS, Comparator(name="lines")):
        assert not compare(comparator, "\n".join(words), "\n".join(longer).encode())
        assert not compare(comparator, "\n".join(longer), "\n".join(words).encode())


@pytest.mark.parametrize("comparator", [TOKENS, LINES, FLOATS], ids=lambda comparator: comparator.name)
def test_a_flood_costs_little(comparator: Comparator) -> None:
    """An output of many words is not split when few are expected."""
    flood = b"12\n" * 2_000_000
    tracemalloc.start()
    try:
        assert not compare(comparator, "12\n12\n13", flood)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * len(flood)


def test_longest_number() -> None:
    """A word of more than 1,000 characters is no number."""
    assert compare(TOKENS, "1.0", b"1." + b"0" * 998)
    assert not compare(TOKENS, "1.0", b"1." + b"0" * 999)
    assert compare(TOKENS, "1." + "0" * 999, b"1." + b"0" * 999)


def test_long_numbers_cost_little() -> None:
    """A number of 10 MB is compared as text, and takes no time as a number."""
    start = time.process_time()
    assert not compare(TOKENS, "1.0", b"1" + b"0" * 10_000_000)
    assert not compare(FLOATS, "1" * 5000, b"1." + b"0" * 10_000_000)
    assert time.process_time() - start < 1.0

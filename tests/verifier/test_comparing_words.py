"""The comparator `words`: Kattis's default output validator, flag by flag."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.model import Comparator
from verifier.comparing import compare


def words(
    absolute: float = 0.0, relative: float = 0.0, *, case_sensitive: bool = False, space_sensitive: bool = False
) -> Comparator:
    """Return the comparator with the flags that Kattis's validator has by default: none."""
    return Comparator(
        name="words",
        absolute=absolute,
        relative=relative,
        case_sensitive=case_sensitive,
        space_sensitive=space_sensitive,
    )


CASE = words(case_sensitive=True)
SPACE = words(space_sensitive=True)
NEAR = words(1e-6, 1e-6)


@pytest.mark.parametrize(
    ("comparator", "expected", "actual"),
    [
        (words(), "Yes 1.50", "yEs\r\n1.50 \t"),
        (words(), "", " \n"),
        (words(), "ä", "ä"),
        (CASE, "Yes 1", " Yes\n1"),
        (SPACE, "a  B\n", "A  b\n"),
        (SPACE, " a\t", " a\t"),
        (SPACE, "", ""),
        (NEAR, "100", "100.00001"),
        (NEAR, "1.5", "+01.50"),
        (NEAR, "5", "5."),
        (NEAR, "5.0", ".5e1"),
        (NEAR, "16", "0x10"),
        (NEAR, "0x1p4", "16"),
        (NEAR, "0", "-0.0000009"),
        (NEAR, "a 1 b", "A 1.0 B"),
        (NEAR, "9007199254740993", "9007199254740992"),
        (NEAR, "inf", "INF"),
        (NEAR, "nan 1e999", "NaN 1E999"),
        (words(absolute=0.5), "1", "1.5"),
        (words(relative=0.5), "-2", "-1"),
        (words(0.5, space_sensitive=True), "1 2\n", "1.5 1.5\n"),
    ],
)
def test_accepted(comparator: Comparator, expected: str, actual: str) -> None:
    """What differs in what the flags leave out is equal."""
    assert compare(comparator, expected, actual.encode())


@pytest.mark.parametrize(
    ("comparator", "expected", "actual"),
    [
        (words(), "1.50", "1.5"),
        (words(), "1", "1.0"),
        (words(), "1 2", "1"),
        (words(), "1", "1 2"),
        (words(), "1 2", "12"),
        (words(), "Ä", "ä"),
        (words(), "5", "+5"),
        (CASE, "Yes", "yes"),
        (SPACE, "a b", "a  b"),
        (SPACE, "a b", "a\tb"),
        (SPACE, "a\n", "a"),
        (SPACE, "a", "a\n"),
        (SPACE, "a\n", "a\r\n"),
        (SPACE, "a", " a"),
        (SPACE, "", "\n"),
        (SPACE, "a b c", "a b"),
        (SPACE, "a b", "a b c"),
        (NEAR, "100", "100.001"),
        (NEAR, "1", "one"),
        (NEAR, "one", "1"),
        (NEAR, "1", "1_0"),
        (NEAR, "1", "\uff11"),
        (NEAR, "1", "1x"),
        (NEAR, "1", "nan"),
        (NEAR, "1", "inf"),
        (NEAR, "inf", "1e999"),
        (NEAR, "inf", "infinity"),
        (NEAR, "1e999", "1e998"),
        (words(absolute=0.5), "1", "1.6"),
        (words(relative=0.5), "-2", "-0.9"),
        (words(relative=0.5), "0", "0.1"),
    ],
)
def test_refused(comparator: Comparator, expected: str, actual: str) -> None:
    """What the flags look at has to be the same, and every word of both sides counts."""
    assert not compare(comparator, expected, actual.encode())


@given(st.binary(), st.binary(), st.booleans(), st.booleans(), st.sampled_from([0.0, 1e-6, 1.0]))
def test_any_bytes(expected: bytes, actual: bytes, case: bool, space: bool, tolerance: float) -> None:
    """Any output gives a plain yes or no; what is accepted with more flags is accepted with fewer."""
    text = expected.decode("utf-8", "replace")
    strict = words(0.0, tolerance, case_sensitive=case, space_sensitive=space)
    said = compare(strict, text, actual)
    assert said in (True, False)
    assert compare(strict, text, text.encode())
    if said:
        assert compare(words(0.0, tolerance), text, actual)


@given(st.text(alphabet="aB 1.e+-\n\t\r", max_size=12), st.text(alphabet="aB 1.e+-\n\t\r", max_size=12))
def test_without_tolerance_only_text_counts(expected: str, actual: str) -> None:
    """The flags are what they say, for all short texts: words, capitals and white space."""
    assert compare(CASE, expected, actual) == (expected.split() == actual.split())
    assert compare(words(), expected, actual) == (expected.lower().split() == actual.lower().split())
    both = words(case_sensitive=True, space_sensitive=True)
    assert compare(both, expected, actual) == (expected == actual)


@pytest.mark.parametrize("comparator", [words(), SPACE, NEAR])
def test_a_long_output_is_not_split_for_nothing(comparator: Comparator) -> None:
    """Where three words are expected, so many millions of others cost next to nothing."""
    began = time.process_time()
    assert not compare(comparator, "1 2 3\n", b"1 2 " + b"3 " * 8_000_000)
    assert time.process_time() - began < 0.5


def test_a_number_of_many_digits_is_a_text() -> None:
    """A word of more than 1,000 bytes has no tolerance, so that reading it costs nothing."""
    long = "1" * 1000
    assert compare(NEAR, f"{long[:-1]}", f"{long[:-2]}2") is False  # too large for a float
    small = f"0.{'1' * 998}"
    assert compare(NEAR, small, f"{small[:-1]}2")
    assert not compare(NEAR, f"{small}1", f"{small}2")

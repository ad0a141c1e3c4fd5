"""The part of pytest that test code gets does what the real one does."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sandbox.inside import pytest_subset
from sandbox.inside.approximation import Approx

SUBSET: Any = pytest_subset.module()

_numbers = st.one_of(
    st.integers(-5, 5),
    st.floats(-2, 2),
    st.sampled_from([1.0, 1 + 1e-6, 1 + 2e-6, 1 - 1e-7, 1e-12, 2e-12, 0.0, math.inf, -math.inf, math.nan, 10**20]),
)
_values = _numbers | st.lists(_numbers, max_size=3) | st.dictionaries(st.sampled_from("ab"), _numbers, max_size=2)


@given(
    _values, _values, st.sampled_from([{}, {"rel": 1e-3}, {"abs": 0.1}, {"rel": 0.5, "abs": 1e-3}, {"nan_ok": True}])
)
@example([1.0, 2.0], (1.0, 2.0), {})
@example((1.0,), [1.0], {})
@example({"a": 1.0}, {"a": 1.0 + 1e-9}, {})
@example(1 + 1j, 1 + 1.0000001j, {})
@example(True, 1, {})
@example(None, None, {})
@example("a", "a", {})
@example(Decimal("1.0"), Decimal("1.0000001"), {})
@example(Fraction(1, 3), Fraction(1, 3), {})
def test_about_equal_is_what_it_is_in_pytest(expected: Any, actual: Any, tolerances: dict[str, Any]) -> None:
    """Numbers, lists and dictionaries, with each tolerance; there, an empty dictionary is an empty list as well."""
    assume(isinstance(expected, dict) == isinstance(actual, dict))
    assert (actual == Approx(expected, **tolerances)) == (actual == pytest.approx(expected, **tolerances))


@pytest.mark.parametrize("expected", [9.5, [9.5], {"a": 9.5}, 9])
def test_an_object_that_says_so_is_about_equal_to_nothing(expected: Any) -> None:
    """Only numbers are: what a class of its own says is not asked."""

    class Liar:
        def __eq__(self, other: object) -> bool:
            return NotImplemented

        __hash__ = None  # type: ignore[assignment]

        def __sub__(self, other: object) -> int:
            return 0

        __rsub__ = __sub__

    assert Liar() != Approx(expected)


def test_raises_takes_what_is_expected_and_nothing_else() -> None:
    """By class, by several classes and by text; another exception passes through, and none is a failure."""
    with SUBSET.raises(ValueError, match="b+") as caught:
        raise ValueError("abb")
    assert (str(caught.value), caught.type) == ("abb", ValueError)
    with SUBSET.raises((KeyError, IndexError)):
        raise IndexError
    assert isinstance(SUBSET.raises(ZeroDivisionError, lambda n: 1 / n, 0).value, ZeroDivisionError)
    with pytest.raises(KeyError), SUBSET.raises(ValueError):
        raise KeyError
    with pytest.raises(pytest_subset.Failed, match="DID NOT RAISE"), SUBSET.raises(ValueError):
        pass
    with pytest.raises(AssertionError), SUBSET.raises(ValueError, match="x"):
        raise ValueError("y")


def test_sets_of_parameters_are_combined() -> None:
    """As in pytest: names in one text, single values, `param`, and several decorators."""

    @SUBSET.mark.parametrize("a, b", [(1, 2), SUBSET.param(3, 4, id="x")])
    @SUBSET.mark.parametrize("c", [5, 6])
    @SUBSET.mark.slow
    def test(a: int, b: int, c: int) -> None:
        """Take three."""

    sets = list(pytest_subset.parameter_sets(pytest_subset.MARKS.of(test)))
    assert len(sets) == 4
    assert {"a": 3, "b": 4, "c": 6} in sets
    assert list(pytest_subset.parameter_sets([])) == [{}]

"""Comparing what a function returned with the expected value.

The rule is Python's own ``==`` with these differences: floats have a tolerance, NaN equals NaN, a list equals a tuple
of equal items, and an integer of 2**53 or more equals no float. Keys of dictionaries and elements of sets are compared
by ``==`` alone.

Walks with a list in place of recursion, and looks at no more values than the expected one holds, so neither depth nor
size of an actual value can hurt.
"""

from __future__ import annotations

import math
import operator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from verifier.comparing.tolerance import Tolerance

_SEQUENCES = frozenset({list, tuple})
_SETS = frozenset({set, frozenset})
_NUMBERS = frozenset({bool, int, float, complex, Decimal, Fraction})
_PLAIN = frozenset({bool, int, str, bytes, type(None)})
"""Types for which the rule is ``==``, whichever two of them meet."""
_FIRST_INEXACT = 2**53
"""From here on not every integer is a float."""
_MOST_BITS = 32_768
"""Integers longer than this equal no Decimal: the conversion takes quadratic time."""


def values_equal(expected: Any, actual: Any, tolerance: Tolerance) -> bool:
    """Say whether two values, made of exact built-in types, Decimal and Fraction, are equal by the rule above."""
    todo = [(expected, actual)]
    while todo:
        wanted, given = todo.pop()
        kind = type(wanted)
        if kind in _SEQUENCES:
            if type(given) not in _SEQUENCES or len(wanted) != len(given):
                return False
            if _PLAIN.issuperset(map(type, wanted)) and _PLAIN.issuperset(map(type, given)):
                if not all(map(operator.eq, wanted, given)):
                    return False
            else:
                todo.extend(zip(wanted, given, strict=True))
        elif kind is dict:
            if type(given) is not dict or len(wanted) != len(given) or not _hashed_equal(wanted.keys(), given.keys()):
                return False
            todo.extend((value, given[key]) for key, value in wanted.items())
        elif kind in _SETS:
            if type(given) not in _SETS or len(wanted) != len(given) or not _hashed_equal(wanted, given):
                return False
        elif kind in _NUMBERS:
            if type(given) not in _NUMBERS or not _numbers_equal(wanted, given, tolerance):
                return False
        elif kind is not type(given) or wanted != given:
            return False
    return True


def _hashed_equal(expected: Any, actual: Any) -> bool:
    """Compare sets or keys; nested too deep to be compared is not equal."""
    try:
        return bool(expected == actual)
    except RecursionError:
        return False


def _numbers_equal(expected: Any, actual: Any, tolerance: Tolerance) -> bool:
    if complex in (type(expected), type(actual)):  # every number has both parts; those of a float are floats
        return _reals_equal(expected.real, actual.real, tolerance) and _reals_equal(
            expected.imag, actual.imag, tolerance
        )
    return _reals_equal(expected, actual, tolerance)


def _reals_equal(expected: Any, actual: Any, tolerance: Tolerance) -> bool:
    if type(expected) is float:
        number = _as_float(actual)
        return number is not None and tolerance.allows(expected, number)
    if _is_nan(expected) or _is_nan(actual):
        return _is_nan(expected) and _is_nan(actual)
    if type(actual) is float and isinstance(expected, int) and abs(expected) >= _FIRST_INEXACT:
        return False
    if Decimal in (type(expected), type(actual)) and max(_bits(expected), _bits(actual)) > _MOST_BITS:
        return False
    return bool(expected == actual)


def _as_float(number: Any) -> float | None:
    """Return a real number as a float; None when no float stands for it."""
    if isinstance(number, int):
        return float(number) if abs(number) < _FIRST_INEXACT else None
    try:
        value = float(number)
    except (OverflowError, ValueError):  # a huge Fraction; a signalling NaN
        return None
    overflowed = type(number) is Decimal and number.is_finite() and math.isinf(value)
    return None if overflowed else value


def _is_nan(number: Any) -> bool:
    return number.is_nan() if type(number) is Decimal else bool(number != number)


def _bits(number: Any) -> int:
    """Return the length of an integer, or of the longer part of a Fraction."""
    if isinstance(number, int | Fraction):
        return max(number.numerator.bit_length(), number.denominator.bit_length())
    return 0

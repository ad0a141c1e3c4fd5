"""Plain data, compared and measured type by type."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

_SCALARS = frozenset({type(None), bool, int, float, complex, str, bytes, range, Decimal, Fraction})
_CONTAINERS = frozenset({list, tuple, set, frozenset, dict})
_BY_REPR = frozenset({float, complex, Decimal})  # NaN, the two zeros, 1.0 and 1.00


def exact(value: Any) -> Any:
    """Return what two values share only if they and all in them are equal and of the same types, and NaN is NaN."""
    kind = type(value)
    if kind in _BY_REPR:
        return kind, repr(value)
    if kind in (list, tuple):
        return kind, tuple(map(exact, value))
    if kind in (set, frozenset):
        return kind, sorted(map(_key, value))
    if kind is dict:
        return kind, tuple((exact(key), exact(item)) for key, item in value.items())
    if isinstance(value, msgspec.Struct):
        return kind, tuple(exact(getattr(value, name)) for name in value.__struct_fields__)
    return kind, value


def survey(value: Any) -> tuple[int, int]:
    """Count the values in a value, itself included, and the containers around the deepest of them.

    Raises:
        AssertionError: one of them is not of an exact built-in type, Decimal or Fraction.
    """
    count = deepest = 0
    left = [(value, 0)]
    while left:
        item, depth = left.pop()
        count, deepest = count + 1, max(deepest, depth)
        kind = type(item)
        if kind in _CONTAINERS:
            inside = [*item.keys(), *item.values()] if kind is dict else item
            left.extend((inner, depth + 1) for inner in inside)
        else:
            assert kind in _SCALARS, f"a {kind.__name__} is among plain data"
    return count, deepest


def _key(value: Any) -> str:
    """Return a text of one value in a set: `repr` alone does not write integers of 5,000 digits."""
    if type(value) is int:
        return format(value, "x")
    if type(value) is tuple:
        return f"({','.join(map(_key, value))})"
    if type(value) is frozenset:
        return f"{{{','.join(sorted(map(_key, value)))}}}"
    if type(value) is Fraction:
        return f"{value.numerator:x}/{value.denominator:x}"
    return repr(value)

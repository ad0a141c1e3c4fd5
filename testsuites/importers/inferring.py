"""Signatures from examples: the narrowest types that all values of a function's tests have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

_Type = tuple[str, tuple["_Type", ...]]
"""A name, and the types between its brackets. The name is empty for what no value says, such as the items of `[]`."""

_NOTHING: _Type = ("", ())
_ANY: _Type = ("any", ())
_FLOATS = frozenset({("int", "float"), ("float", "int")})
_BIG = frozenset({("int", "bigint"), ("bigint", "int")})


def signature_of(name: str, calls: Sequence[Sequence[Any]], values: Iterable[Any]) -> str:
    """Return the signature of a function that takes the arguments of these calls, and gives these values."""
    columns = zip(*calls, strict=True)
    parameters = (f"a{number}: {_text(_common(column))}" for number, column in enumerate(columns))
    return f"{name}({', '.join(parameters)}) -> {_text(_common(values))}"


def _common(values: Iterable[Any]) -> _Type:
    kind = _NOTHING
    for value in values:
        kind = _both(kind, _type_of(value))
    return kind


def _type_of(value: Any) -> _Type:
    match value:
        case None:
            return ("optional", (_NOTHING,))
        case bool():
            return ("bool", ())
        case int():
            return ("int" if -(2**63) <= value < 2**63 else "bigint", ())
        case float():
            return ("float", ())
        case str():
            return ("string", ())
        case list():
            return ("list", (_common(value),))
        case tuple():
            return ("tuple", tuple(map(_type_of, value))) if value else ("list", (_NOTHING,))
        case set() | frozenset():
            return ("set", (_common(value),))
        case dict():
            return ("map", (_common(value), _common(value.values())))
    return _ANY


def _both(one: _Type, other: _Type) -> _Type:
    """Return the narrowest type that values of both have."""
    if one == other or other == _NOTHING:
        return one
    if one == _NOTHING:
        return other
    names = (one[0], other[0])
    if "optional" in names:
        inner = _both(*(kind[1][0] if kind[0] == "optional" else kind for kind in (one, other)))
        return inner if inner == _ANY else ("optional", (inner,))
    if names in _FLOATS:
        return ("float", ())
    if names in _BIG:
        return ("bigint", ())
    if names[0] == names[1] and len(one[1]) == len(other[1]):
        return (names[0], tuple(map(_both, one[1], other[1])))
    if {"list", "tuple"}.issuperset(names):
        inner = _NOTHING
        for kind in one[1] + other[1]:
            inner = _both(inner, kind)
        return ("list", (inner,))
    return _ANY


def _text(kind: _Type) -> str:
    name, inner = kind
    return f"{name}<{', '.join(map(_text, inner))}>" if inner else name or "any"

"""Plain data as Python literal text, for values that JSON and TOML cannot spell: tuples, sets, bytes, None, typed keys.

The language is that of `ast.literal_eval` and the few spellings it lacks, so that every plain value has a text:
``nan``, ``inf``, ``set()``, ``frozenset({...})``, ``complex(real, imaginary)``, ``Decimal('text')`` and
``Fraction(above, below)``. `NAMES` imports what those need in Python. Nothing is ever evaluated.
"""

from __future__ import annotations

import ast
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from testsuites.parsing import parse

NAMES = "from decimal import Decimal\nfrom fractions import Fraction\nfrom math import inf, nan\n"
MAX_DEPTH = 64  # containers within containers; the parser of Python gives up at 200 brackets, two for a frozenset
_LONG_INTEGER_BITS = 10_000  # decimal text of more than 4,300 digits is refused by Python, hexadecimal is not

_PLAIN_TYPES = frozenset({type(None), bool, int, float, complex, str, bytes, Decimal, Fraction})


def write_literal(value: Any) -> str:
    """Return the text that `read_literal` turns back into an equal value of the same types.

    Raises:
        ValueError: the value holds something else than plain data, or is nested deeper than `MAX_DEPTH`.
    """
    check_plain(value)
    return _written(value)


def read_literal(text: str) -> Any:
    """Return the value that a literal text stands for.

    Raises:
        ValueError: the text is something else than one literal. The message holds no part of the text.
    """
    try:
        match parse(text.strip()).body:
            case [ast.Expr(value=node)]:
                return _value(node)
    except (ValueError, TypeError, ArithmeticError, RecursionError):  # such as an unhashable key, or a Fraction of 1/0
        raise ValueError("not a Python literal") from None
    raise ValueError("not a Python literal")


def is_json(value: Any) -> bool:
    """Tell whether JSON text, as Python's `json` spells it (NaN and Infinity included), keeps value and types."""
    if type(value) is list:
        return all(map(is_json, value))
    if type(value) is dict:
        return all(type(key) is str and is_json(key) for key in value) and all(map(is_json, value.values()))
    if type(value) is str:
        return not any("\ud800" <= character <= "\udfff" for character in value)  # JSON joins halves into one
    if type(value) is int:
        return value.bit_length() <= _LONG_INTEGER_BITS
    return value is None or type(value) in (bool, float)


def check_plain(value: Any) -> None:
    """Return if `write_literal` could write the value.

    Raises:
        ValueError: as `write_literal`; the message holds no part of the value.
    """
    _check(value, MAX_DEPTH)


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if kind in _PLAIN_TYPES:
        return
    if depth == 0:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    if kind is dict:
        for key in value:
            _check(key, depth - 1)
        value = value.values()
    elif kind not in (list, tuple, set, frozenset):
        raise ValueError(f"values of type {kind.__name__} are not plain data")
    if not _PLAIN_TYPES.issuperset(map(type, value)):  # long lists are of scalars
        for item in value:
            _check(item, depth - 1)


def _written(value: Any) -> str:
    kind = type(value)
    if kind is int and value.bit_length() > _LONG_INTEGER_BITS:
        return hex(value)
    if kind is complex:
        return f"complex({value.real!r}, {value.imag!r})"
    if value is None or kind in (bool, int, float, str, bytes, Decimal):
        return repr(value)
    if kind is Fraction:
        return f"Fraction({_written(value.numerator)}, {_written(value.denominator)})"
    if kind is dict:
        return "{" + ", ".join(f"{_written(key)}: {_written(item)}" for key, item in value.items()) + "}"
    items = [_written(item) for item in value]
    if kind is list:
        return f"[{', '.join(items)}]"
    if kind is tuple:
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
    inner = f"{{{', '.join(sorted(items))}}}" if items else ""
    return f"frozenset({inner})" if kind is frozenset else inner or "set()"


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value) if value is not Ellipsis:
            return value
        case ast.Tuple(elts=items):
            return tuple(map(_value, items))
        case ast.List(elts=items):
            return list(map(_value, items))
        case ast.Set(elts=items):
            return set(map(_value, items))
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {_value(key): _value(value) for key, value in zip(keys, values, strict=True) if key is not None}
        case ast.Name(id="nan"):
            return math.nan
        case ast.Name(id="inf"):
            return math.inf
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return +_number(operand)
        case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=complex() as imaginary)):
            return _number(left) + imaginary
        case ast.BinOp(left=left, op=ast.Sub(), right=ast.Constant(value=complex() as imaginary)):
            return _number(left) - imaginary
        case ast.Call(func=ast.Name(id="complex"), args=[real, imaginary], keywords=[]):
            return complex(_number(real), _number(imaginary))
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=str() as digits)], keywords=[]):
            return Decimal(digits)
        case ast.Call(func=ast.Name(id="Fraction"), args=[above, below], keywords=[]):
            return Fraction(_number(above), _number(below))
        case ast.Call(func=ast.Name(id="set"), args=[], keywords=[]):
            return set()
        case ast.Call(func=ast.Name(id="frozenset"), args=[], keywords=[]):
            return frozenset()
        case ast.Call(func=ast.Name(id="frozenset"), args=[ast.Set() as members], keywords=[]):
            return frozenset(_value(members))
    raise ValueError("not a Python literal")


def _number(node: ast.expr) -> Any:
    value = _value(node)
    if type(value) not in (int, float, complex):
        raise ValueError("not a Python literal")
    return value

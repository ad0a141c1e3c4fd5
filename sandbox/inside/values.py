"""Plain data across the boundary, both ways: JSON text with tags for what JSON lacks.

`decode` is safe on any bytes: it builds exact built-in types (and Decimal, Fraction) and nothing else, calls no code
that the sender chose, and is bounded in depth. Size is bounded by the length of the text.

    JSON scalars and lists stand for themselves (NaN and Infinity included, as Python's json writes them)
    {"t": [...]} tuple      {"s": [...]} set      {"f": [...]} frozenset      {"d": [[k, v], ...]} dict
    {"i": "hex"} int too long for decimal      {"b": "hex"} bytes      {"c": [re, im]} complex
    {"r": [start, stop, step]} range      {"D": "text"} Decimal      {"F": ["hex", "hex"]} Fraction

Whoever gives a `Hold` and a `Refer` can write other tags, for what is no data, and read them (`references`).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

MAX_DEPTH = 100

_SCALARS = {type(None), bool, int, float, str}
_CONTAINERS: tuple[tuple[type, str], ...] = ((tuple, "t"), (set, "s"), (frozenset, "f"))
_PLAIN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (int, int.__index__),
    (float, float.__float__),
    (str, str.__str__),
)
"""How to make the exact base type of an enumeration member or another subclass."""
_LARGEST_PLAIN_INT = 10**4000
"""Python refuses to read or write decimal integers of more than 4,300 digits."""
_LARGEST_DECIMAL_EXPONENT = 5000
_LONGEST_RARE_NUMBER = 20_000
"""Characters of a Decimal, or of a part of a Fraction."""
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_MOST_CONTAINERS = 1_000_000
"""Lists and objects in one text: each takes the judge far more memory than the sender two characters."""
_AT_A_TIME = 256
_FEW = 4
"""So few keys are put into a table between two looks at the clock, however long it takes to compare two of them."""
_HASHING_SECONDS = 0.25
_HASHING_SECONDS_EACH = 3e-6
"""Processor time for putting keys into the tables of one text."""


class NotPlainData(ValueError):
    """The value, or the text, is not plain data. The message names a type or a bound, never a value."""


Hold = Callable[[Any, int], Any]
"""Given a value that is no scalar, and its depth: returns how to write it, or None to have it written as data."""
Refer = Callable[[str, Any, Callable[[Any], Any]], Any]
"""Given a tag that is not known here, its body, and what reads parts of the body: returns the value."""


def encode(value: Any, hold: Hold | None = None) -> bytes:
    """Write `value` as text.

    Subclasses of built-in types are written as their base; NumPy arrays and scalars as lists and numbers.

    Raises:
        NotPlainData: something in it is not plain data, or it is nested deeper than `MAX_DEPTH`.
    """
    tagged = tag(value, 0, hold)
    try:
        text = json.dumps(tagged, separators=(",", ":"), check_circular=False).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise NotPlainData(f"cannot be written as plain data: {type(error).__name__}") from None
    _bound_containers(text)
    return text


def decode(text: bytes, refer: Refer | None = None) -> Any:
    """Rebuild the value that `encode` wrote.

    Raises:
        NotPlainData: the text is anything else.
    """
    try:
        _bound_containers(text)
        return _untag(json.loads(text), 0, _Hashing(refer))
    except NotPlainData:
        raise
    except (ValueError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
        raise NotPlainData(f"not the text of plain data: {type(error).__name__}") from None


def _bound_containers(text: bytes) -> None:
    if text.count(b"[") + text.count(b"{") > _MOST_CONTAINERS:
        outside = _JSON_STRING.sub(b"", text)
        if outside.count(b"[") + outside.count(b"{") > _MOST_CONTAINERS:
            raise NotPlainData("too many lists")


def tag(value: Any, depth: int, hold: Hold | None, *, held: bool = False) -> Any:
    """Return what `json` can write for `value`, which is so deep in the text.

    Args:
        value: the value.
        depth: how many containers are around it.
        hold: as for `encode`.
        held: `hold` has had its say on this value.

    Raises:
        NotPlainData: as `encode`.
    """
    kind = type(value)
    if kind is int:
        return value if -_LARGEST_PLAIN_INT < value < _LARGEST_PLAIN_INT else {"i": format(value, "x")}
    if kind in _SCALARS:
        return value
    if depth >= MAX_DEPTH:
        raise NotPlainData(f"nested deeper than {MAX_DEPTH}")
    if hold is not None and not held and (reference := hold(value, depth)) is not None:
        return reference
    if kind is list:
        return _tag_items(value, depth, hold)
    for base, name in _CONTAINERS:
        if isinstance(value, base):
            return {name: _tag_items(list(base.__iter__(value)), depth, hold)}  # type: ignore[attr-defined]
    if isinstance(value, dict):
        pairs = dict.items(value)
        return {"d": [[tag(key, depth + 1, hold), tag(item, depth + 1, hold)] for key, item in pairs]}
    if isinstance(value, list):
        return _tag_items(list(list.__iter__(value)), depth, hold)
    return _tag_rare(value, depth, hold)


def _tag_items(items: list[Any], depth: int, hold: Hold | None) -> list[Any]:
    kinds = set(map(type, items))
    if kinds <= _SCALARS and (int not in kinds or _all_short(items)):
        return items
    return [tag(item, depth + 1, hold) for item in items]


def _all_short(items: list[Any]) -> bool:
    """Whether no integer in a list of scalars is too long for decimal text."""
    return all(-_LARGEST_PLAIN_INT < item < _LARGEST_PLAIN_INT for item in items if type(item) is int)


def _tag_rare(value: Any, depth: int, hold: Hold | None) -> Any:
    for base, plain in _PLAIN:
        if isinstance(value, base):
            return tag(plain(value), depth, hold)
    if isinstance(value, bytes | bytearray):
        return {"b": bytes(value).hex()}
    if isinstance(value, complex):
        return {"c": [value.real, value.imag]}
    if isinstance(value, range):
        return {"r": [tag(part, depth, hold) for part in (value.start, value.stop, value.step)]}
    module, name = type(value).__module__, type(value).__qualname__
    if module == "decimal" and name == "Decimal":
        return {"D": _short_text(str(_bounded(value)))}
    if module == "fractions" and name == "Fraction":
        return {"F": [_short_text(format(part, "x")) for part in (value.numerator, value.denominator)]}
    if module.partition(".")[0] == "numpy" and hasattr(value, "tolist"):
        return tag(value.tolist(), depth + 1, hold)
    if module == "builtins" and name in {"dict_keys", "dict_values", "dict_items"}:
        return tag(list(value), depth + 1, hold)
    raise NotPlainData(f"{name} is not plain data")


class _Hashing:
    """Puts keys into tables, and gives up when that takes long, over all tables of a text.

    Keys whose hashes collide, which anybody can choose, make a table take quadratic time.
    """

    def __init__(self, refer: Refer | None = None) -> None:
        """`refer` as for `decode`; it is told here because this is what every reader of a text shares."""
        self._seconds_left = _HASHING_SECONDS
        self.refer = refer

    def in_time(self, keys: list[Any], items: list[Any]) -> Iterator[list[Any]]:
        """Yield the items of these keys, some at a time: few where it may take long to compare two keys."""
        if len(items) <= _FEW:
            yield items
            return
        self._seconds_left += len(items) * _HASHING_SECONDS_EACH
        step = _AT_A_TIME if set(map(type, keys)) <= _SCALARS else _FEW
        start, spent = time.thread_time(), 0.0
        for place in range(0, len(items), step):
            yield items[place : place + step]
            spent = time.thread_time() - start
            if spent > self._seconds_left:
                raise NotPlainData("keys that collide")
        self._seconds_left -= spent


def _untag(value: Any, depth: int, hashing: _Hashing) -> Any:
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is list:
        return _untag_items(value, depth, hashing)
    if len(value) != 1:
        raise NotPlainData("an object must hold one tag")
    ((name, body),) = value.items()
    builder = _BUILDERS.get(name)
    if builder is not None:
        return builder(body, depth, hashing)
    if hashing.refer is None:
        raise NotPlainData("unknown tag")
    return hashing.refer(name, body, lambda part: _untag(part, depth + 1, hashing))


def _untag_items(body: Any, depth: int, hashing: _Hashing) -> list[Any]:
    """Rebuild the items of a container at `depth`, by the rule of `tag`."""
    if type(body) is not list:
        raise NotPlainData("a list is missing")
    if depth >= MAX_DEPTH:
        raise NotPlainData(f"nested deeper than {MAX_DEPTH}")
    return body if set(map(type, body)) <= _SCALARS else [_untag(item, depth + 1, hashing) for item in body]


def _build_set(body: Any, depth: int, hashing: _Hashing) -> set[Any]:
    built: set[Any] = set()
    members = _untag_items(body, depth, hashing)
    for some in hashing.in_time(members, members):
        built.update(some)
    return built


def _build_dict(body: Any, depth: int, hashing: _Hashing) -> dict[Any, Any]:
    if type(body) is not list or not all(type(pair) is list and len(pair) == 2 for pair in body):
        raise NotPlainData("a dict needs pairs")
    built: dict[Any, Any] = {}
    pairs = [_untag_items(pair, depth, hashing) for pair in body]
    for some in hashing.in_time([key for key, _ in pairs], pairs):
        built.update(some)
    return built


def _numbers(body: Any, depth: int, hashing: _Hashing, count: int, kinds: tuple[type, ...]) -> list[Any]:
    numbers = _untag_items(body, depth, hashing)
    if len(numbers) != count or not all(type(number) in kinds for number in numbers):
        raise NotPlainData("numbers are missing")
    return numbers


def _text(body: Any) -> str:
    if type(body) is not str:
        raise NotPlainData("a text is missing")
    return body


def _short_text(body: Any) -> str:
    """Return a text of a bounded length, for types whose arithmetic takes quadratic time."""
    if len(_text(body)) > _LONGEST_RARE_NUMBER:
        raise NotPlainData("a number is too long")
    return _text(body)


def _build_decimal(body: Any, depth: int, hashing: _Hashing) -> Any:
    from decimal import Decimal

    return _bounded(Decimal(_short_text(body)))


def _bounded(number: Any) -> Any:
    """Return a Decimal whose exponent is bounded, for the same reason."""
    exponent = number.as_tuple().exponent
    if type(exponent) is int and abs(exponent) > _LARGEST_DECIMAL_EXPONENT:
        raise NotPlainData("a decimal exponent is too large")
    return number


def _build_fraction(body: Any, depth: int, hashing: _Hashing) -> Any:
    from fractions import Fraction

    above, below = _untag_items(body, depth, hashing)
    return Fraction(int(_short_text(above), 16), int(_short_text(below), 16))


_BUILDERS: dict[str, Callable[[Any, int, _Hashing], Any]] = {
    "t": lambda body, depth, hashing: tuple(_untag_items(body, depth, hashing)),
    "s": _build_set,
    "f": lambda body, depth, hashing: frozenset(_build_set(body, depth, hashing)),
    "d": _build_dict,
    "i": lambda body, depth, hashing: int(_text(body), 16),
    "b": lambda body, depth, hashing: bytes.fromhex(_text(body)),
    "c": lambda body, depth, hashing: complex(*_numbers(body, depth, hashing, 2, (int, float))),
    "r": lambda body, depth, hashing: range(*_numbers(body, depth, hashing, 3, (int,))),
    "D": _build_decimal,
    "F": _build_fraction,
}

"""What holds between the arguments of every call that was seen, and so should hold in calls that are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

Arguments = Sequence[Any]
_MOST_COLUMNS = 4
_FEWEST = 3
_FEWEST_ORDERED = 5
"""Calls from which a relation is believed; an order between two numbers comes about by chance more easily."""


class Relation(NamedTuple):
    """A relation between two arguments.

    Attributes:
        holds: says whether it holds for a call's arguments.
        mend: returns arguments for which it is more likely to hold.
    """

    holds: Callable[[Arguments], bool]
    mend: Callable[[list[Any]], list[Any]]


def relations_of(calls: Sequence[Arguments]) -> list[Relation]:
    """Return the relations that hold between the arguments of all calls, which have equally many."""
    found: list[Relation] = []
    if len(calls) < _FEWEST:
        return found
    width = len(calls[0])
    for one in range(width):
        for other in range(width):
            if one != other:
                found.extend(_between(calls, one, other))
    return found


def _between(calls: Sequence[Arguments], one: int, other: int) -> list[Relation]:
    first, second = [call[one] for call in calls], [call[other] for call in calls]
    if all(map(_is_sized, first)) and all(map(_is_sized, second)):
        return _between_sized(first, second, one, other)
    if all(type(value) is int for value in first) and all(map(_is_sized, second)):
        return [*_between_integer_and_sized(first, second, one, other), *_bounds(first, second, one, other)]
    if all(map(_is_number, first)) and all(map(_is_number, second)):
        return _between_numbers(first, second, one, other)
    return []


def _between_sized(first: list[Any], second: list[Any], one: int, other: int) -> list[Relation]:
    found = []
    longer = {len(a) - len(b) for a, b in zip(first, second, strict=True)}
    if one < other and len(longer) == 1 and len(set(map(len, first))) > 1:
        (difference,) = longer

        def mend(call: list[Any]) -> list[Any]:
            length = max(0, min(len(call[one]) - difference, len(call[other])))
            call[one], call[other] = _cut(call[one], length + difference), _cut(call[other], length)
            return call

        found.append(Relation(lambda call: len(call[one]) - len(call[other]) == difference, mend))
    texts = all(type(value) is str for value in (*first, *second))
    if texts and all(a and a in b for a, b in zip(first, second, strict=True)) and len(set(first)) > 1:
        found.append(Relation(lambda call: call[one] in call[other], _same))
    return found


def _between_integer_and_sized(numbers: list[Any], sized: list[Any], one: int, other: int) -> list[Relation]:
    pairs = list(zip(numbers, sized, strict=True))
    if len(set(numbers)) < 2:
        return []
    for slack in (1, 0):  # an index, or a count
        if all(number <= len(values) - slack for number, values in pairs):
            return [_at_most_the_length(one, other, slack)]
    if all(type(values) in (list, tuple) and number in values for number, values in pairs):
        return [Relation(lambda call: call[one] in call[other], _same)]
    return []


def _bounds(numbers: list[Any], sized: list[Any], one: int, other: int) -> list[Relation]:
    """Return a relation for each column of integers that an argument bounds, such as numbers of towns from 1 to n."""
    found = []
    if len(set(numbers)) < 2 or not all(type(values) is list for values in sized):
        return []
    for column in (None, *range(_MOST_COLUMNS)):
        columns = [_numbers_in(values, column) for values in sized]
        if not all(map(_are_integers, columns)):
            continue
        room = [number - max(values) for number, values in zip(numbers, columns, strict=True) if values]
        if len(room) >= _FEWEST and min(room) in (0, 1):  # a bound that is never reached may be none
            found.append(_bound(one, other, column, min(room)))
    return found


def _bound(one: int, other: int, column: int | None, slack: int) -> Relation:
    def holds(call: Arguments) -> bool:
        return all(value is None or value <= call[one] - slack for value in _numbers_in(call[other], column))

    def mend(call: list[Any]) -> list[Any]:
        most = call[one] - slack
        numbers = _numbers_in(call[other], column)
        call[other] = [
            item if number is None else _with(item, column, min(number, most))
            for item, number in zip(call[other], numbers, strict=True)
        ]
        return call

    return Relation(holds, mend)


def _numbers_in(values: list[Any], column: int | None) -> list[Any]:
    """Return the items of a list, or those at one place of each; what is no list of such has None among them."""
    if column is None:
        return values
    return [item[column] if isinstance(item, list | tuple) and len(item) > column else None for item in values]


def _are_integers(values: list[Any]) -> bool:
    return all(type(value) is int for value in values)


def _with(row: Any, column: int | None, value: Any) -> Any:
    return value if column is None else type(row)((*row[:column], value, *row[column + 1 :]))


def _at_most_the_length(one: int, other: int, slack: int) -> Relation:
    def mend(call: list[Any]) -> list[Any]:
        call[one] = min(call[one], len(call[other]) - slack)
        return call

    return Relation(lambda call: call[one] <= len(call[other]) - slack, mend)


def _between_numbers(first: list[Any], second: list[Any], one: int, other: int) -> list[Relation]:
    pairs = list(zip(first, second, strict=True))
    if len(pairs) < _FEWEST_ORDERED or len(set(pairs)) < _FEWEST_ORDERED or not all(a <= b for a, b in pairs):
        return []

    def mend(call: list[Any]) -> list[Any]:
        if type(call[one]) is type(call[other]) and call[one] > call[other]:
            call[one], call[other] = call[other], call[one]
        return call

    if all(a < b for a, b in pairs):
        return [Relation(lambda call: call[one] < call[other], mend)]
    return [Relation(lambda call: call[one] <= call[other], mend)]


def _is_sized(value: Any) -> bool:
    return type(value) in (str, list, tuple)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _cut(value: Any, length: int) -> Any:
    return value[: max(0, length)]


def _same(call: list[Any]) -> list[Any]:
    return call

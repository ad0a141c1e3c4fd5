"""Lists, tuples and sets: lengths, what their items are, order, repetition."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from verifier.calibrating.inputs.arguments import Learnt
from verifier.calibrating.inputs.hints import Hints
from verifier.calibrating.inputs.place import changed, learn

_LONGEST_FRESH = 16
_MOST_COLUMNS = 8


class Sequences:
    """Sequences of one type."""

    def __init__(self, kind: type[Any], values: Sequence[Any], hints: Hints) -> None:
        """At least one value, all of type `kind`."""
        self._kind = kind
        rows = list(map(_items_of, values))
        lengths = [len(row) for row in rows]
        ordered = kind in (list, tuple)
        self._record = Learnt(list(map(tuple, rows)), hints) if ordered and _is_record(kind, rows) else None
        items = [item for row in rows for item in row]
        self._items = learn(items, hints) if items else None
        self._least = 0 if 0 in lengths else 1
        self._most = max(lengths) + max(2, max(lengths) // 2) if items else 0
        long = [row for row in rows if len(row) > 1]
        self._sorted = ordered and len(long) > 2 and all(map(_is_sorted, long))
        self._distinct = sum(map(len, long)) > 8 and len(long) > 2 and not any(map(_repeats, long))
        self._level = _all_level(rows)
        self._keys = _sorted_columns(long) if ordered and not self._sorted and _are_sequences(items) else []

    @cached_property
    def fresh(self) -> SearchStrategy[Any]:
        """Return one whose items are made anew, from many values or from few."""
        if self._record is not None:
            return self._record.fresh.map(self._kind)
        if self._items is None:
            return st.just(self._kind())
        items, most = self._items.fresh, max(self._least, min(self._most, _LONGEST_FRESH))
        few = st.lists(items, min_size=1, max_size=3).flatmap(
            lambda pool: st.lists(st.sampled_from(pool), min_size=self._least, max_size=most)
        )
        return st.one_of(st.lists(items, min_size=self._least, max_size=most), few).map(self._built)

    def changed(self, value: Any) -> SearchStrategy[Any]:
        """Return one with an item changed, left out, put in, repeated or moved."""
        if self._record is not None:
            return self._record.changed(tuple(value)).map(self._kind)
        return _edited(self, _items_of(value)).map(self._built)

    def holds(self, value: Any) -> bool:
        """Say whether length, items, order and repetition are as they were seen."""
        if type(value) is not self._kind or not self._least <= len(value) <= self._most:
            return False
        row = _items_of(value)
        if self._record is not None:
            return self._record.holds(row)
        return self._fits(row) and (self._items is None or all(map(self._items.holds, row)))

    def _fits(self, row: list[Any]) -> bool:
        if self._level and row and not _is_level(row):
            return False
        if self._sorted and not _is_sorted(row):
            return False
        return not (self._distinct and _repeats(row)) and all(_is_sorted_by(row, key) for key in self._keys)

    def _built(self, items: Sequence[Any]) -> Any:
        """Return a sequence of these items, put in order, or freed of repetitions, where all others are."""
        row = list(items)
        if self._distinct and not _unhashable(row):
            row = list(dict.fromkeys(row))
        if self._level and row:
            shortest = min(len(item) for item in row)
            row = [item[:shortest] for item in row]
        if self._sorted and _is_comparable(row):
            row = sorted(row)
        for key in reversed(self._keys):
            if all(len(item) > key for item in row) and _is_comparable(_column(row, key)):
                row = sorted(row, key=operator.itemgetter(key))
        return self._kind(row)


@st.composite
def _edited(draw: DrawFn, place: Sequences, row: list[Any]) -> list[Any]:
    """Return a list with one to three edits."""
    row = list(row)
    for _ in range(draw(st.integers(1, 3))):
        if place._items is None:
            return row
        edit = draw(st.sampled_from(("change", "drop", "insert", "repeat", "swap", "reverse", "sort", "cut")))
        if not row:
            row.append(draw(place._items.fresh))
            continue
        at = draw(st.integers(0, len(row) - 1))
        if edit == "change":
            row[at] = draw(changed(place._items, row[at]))
        elif edit == "drop":
            del row[at]
        elif edit == "insert":
            row.insert(at, draw(place._items.fresh))
        elif edit == "repeat":
            row.insert(draw(st.integers(0, len(row))), row[at])
        elif edit == "swap":
            other = draw(st.integers(0, len(row) - 1))
            row[at], row[other] = row[other], row[at]
        elif edit == "reverse":
            row.reverse()
        elif edit == "sort" and _is_comparable(row):
            row.sort()
        elif edit == "cut":
            row = row[:at]
    return row


class Permuted:
    """Lists, or lists of lists, whose leaves are a permutation of consecutive integers: only their order changes."""

    def __init__(self, values: Sequence[Any]) -> None:
        """At least one value that `permuted` found so."""
        self._values = list(values)

    @cached_property
    def fresh(self) -> SearchStrategy[Any]:
        """Return one of them with its leaves in another order."""
        return st.sampled_from(self._values).flatmap(self.changed)

    def changed(self, value: Any) -> SearchStrategy[Any]:
        """Return it with its leaves in another order."""
        return st.permutations(_leaves(value)).map(lambda leaves: _filled(value, list(leaves)))

    def holds(self, value: Any) -> bool:
        """Say whether the leaves are such a permutation."""
        return _is_permutation(value)


def permuted(values: Sequence[Any]) -> bool:
    """Say whether each of several values is a permutation of consecutive integers from 0 or 1."""
    return len(values) > 1 and all(map(_is_permutation, values)) and sum(len(_leaves(value)) for value in values) > 8


def _is_permutation(value: Any) -> bool:
    leaves = _leaves(value)
    if not leaves or not all(type(leaf) is int for leaf in leaves):
        return False
    first = min(leaves)
    return first in (0, 1) and sorted(leaves) == list(range(first, first + len(leaves)))


def _leaves(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in _leaves(item)] if isinstance(value, list | tuple) else [value]


def _filled(value: Any, leaves: list[Any]) -> Any:
    """Return the same nesting with other leaves, which are used up."""
    return type(value)(_filled(item, leaves) for item in value) if isinstance(value, list | tuple) else leaves.pop(0)


def _is_record(kind: type, rows: list[list[Any]]) -> bool:
    """Whether position means something: the length is always the same, and short, or the types differ."""
    width = len(rows[0])
    if not 0 < width <= _MOST_COLUMNS or any(len(row) != width for row in rows):
        return False
    types = [{type(row[at]) for row in rows} for at in range(width)]
    differ = any(kinds != types[0] for kinds in types)
    return differ or (kind is tuple and len(rows) > 1) or (len(rows) > 2 and width <= 3)


def _items_of(value: Any) -> list[Any]:
    """Return the items, those of a set in an order that does not hang on the hash seed."""
    return sorted(value, key=repr) if isinstance(value, set | frozenset) else list(value)


def _all_level(rows: list[list[Any]]) -> bool:
    """Whether the items of each sequence are as long as each other, as the lines of a matrix or a map are."""
    nested = [row for row in rows if row]
    lists = all(isinstance(item, list | tuple) for row in nested for item in row)
    texts = all(isinstance(item, str) for row in nested for item in row)
    several = [row for row in nested if len(row) > 1]
    enough = len(nested) > 1 if lists else texts and len(several) > 1 and len({len(row[0]) for row in several}) > 1
    return enough and all(map(_is_level, nested))


def _sorted_columns(long: list[list[Any]]) -> list[int]:
    """Return the places in the items by which all sequences of several are sorted."""
    items = [item for row in long for item in row]
    width = min((len(item) if isinstance(item, list | tuple) else 0 for item in items), default=0)
    enough = len(long) > 2 and len(items) > 8
    return [
        at for at in range(min(width, _MOST_COLUMNS)) if enough and all(_is_sorted(_column(row, at)) for row in long)
    ]


def _are_sequences(items: list[Any]) -> bool:
    return all(isinstance(item, list | tuple) for item in items)


def _is_sorted_by(row: list[Any], at: int) -> bool:
    """Whether the items that have so many places are in the order of what stands at one."""
    return _is_sorted(_column([item for item in row if len(item) > at], at))


def _column(row: list[Any], at: int) -> list[Any]:
    return [item[at] for item in row]


def _is_comparable(row: list[Any]) -> bool:
    try:
        sorted(row)
    except (TypeError, ArithmeticError):  # a signalling NaN has no order
        return False
    return True


def _is_sorted(row: list[Any]) -> bool:
    return _is_comparable(row) and sorted(row) == row


def _is_level(row: list[Any]) -> bool:
    return len({len(item) for item in row}) == 1


def _unhashable(row: list[Any]) -> bool:
    try:
        set(row)
    except TypeError:
        return True
    return False


def _repeats(row: list[Any]) -> bool:
    return len(row) > 1 and (_unhashable(row) or len(set(row)) < len(row))

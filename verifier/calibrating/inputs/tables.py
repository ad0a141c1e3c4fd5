"""Dictionaries: always the same keys, as in a record, or keys of one sort."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from verifier.calibrating.inputs.hints import Hints
from verifier.calibrating.inputs.place import Place, changed, learn

_LONGEST_FRESH = 8


class Tables:
    """Dictionaries."""

    def __init__(self, values: Sequence[dict[Any, Any]], hints: Hints) -> None:
        """At least one value."""
        sizes = [len(value) for value in values]
        self._least, self._most = (0 if 0 in sizes else 1), max(sizes) + 2
        keys = [key for value in values for key in value]
        self._keys = learn(keys, hints) if keys else None
        self._fields: dict[Any, Place] = {}
        if len(values) > 1 and keys and all(value.keys() == values[0].keys() for value in values):
            self._fields = {key: learn([value[key] for value in values], hints) for key in values[0]}
        items = [item for value in values for item in value.values()]
        self._items = learn(items, hints) if items else None

    @cached_property
    def fresh(self) -> SearchStrategy[dict[Any, Any]]:
        """Return one whose keys and items are made anew; a record keeps its keys."""
        if self._fields:
            return st.fixed_dictionaries({key: place.fresh for key, place in self._fields.items()})
        if self._keys is None or self._items is None:
            return st.just({})
        most = min(self._most, _LONGEST_FRESH)
        return st.dictionaries(self._keys.fresh, self._items.fresh, min_size=self._least, max_size=most)

    def changed(self, value: dict[Any, Any]) -> SearchStrategy[dict[Any, Any]]:
        """Return one with an item changed, or an entry left out or put in."""
        return _edited(self, value)

    def holds(self, value: Any) -> bool:
        """Say whether size, keys and items are as they were seen."""
        if type(value) is not dict or not self._least <= len(value) <= self._most:
            return False
        if self._fields:
            return value.keys() == self._fields.keys() and all(
                place.holds(value[key]) for key, place in self._fields.items()
            )
        if self._keys is None or self._items is None:
            return not value
        return all(map(self._keys.holds, value)) and all(map(self._items.holds, value.values()))


@st.composite
def _edited(draw: DrawFn, place: Tables, value: dict[Any, Any]) -> dict[Any, Any]:
    table = dict(value)
    if place._keys is None or place._items is None:
        return table
    edit = draw(st.sampled_from(("change", "drop", "insert")))
    if place._fields or (edit == "change" and table):
        key = draw(st.sampled_from(list(table)))
        table[key] = draw(changed(place._fields.get(key, place._items), table[key]))
    elif edit == "drop" and table:
        del table[draw(st.sampled_from(list(table)))]
    else:
        table[draw(place._keys.fresh)] = draw(place._items.fresh)
    return table

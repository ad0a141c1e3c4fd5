"""A place in an input, such as an argument or an item of a list: what values stand there, and how to make more.

What is learnt from the values that were seen is a guess, on the careful side: signs, ranges widened a little, lengths
(0 only if seen), alphabets, order. No more is meant by a valid input.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from verifier.calibrating.inputs.hints import Hints


class Place(Protocol):
    """What stands at a place."""

    @cached_property
    def fresh(self) -> SearchStrategy[Any]:
        """Return a strategy of values made anew. Most of them `holds`."""
        ...

    def changed(self, value: Any) -> SearchStrategy[Any]:
        """Return a strategy of values that differ a little from one that `holds`."""
        ...

    def holds(self, value: Any) -> bool:
        """Say whether a value may stand here, as far as one can tell."""
        ...


def learn(values: Sequence[Any], hints: Hints) -> Place:
    """Return the place at which these values, at least one, were seen."""
    kinds: dict[type, list[Any]] = {}
    for value in values:
        kinds.setdefault(type(value), []).append(value)
    places = {kind: _learn_kind(kind, seen, hints) for kind, seen in kinds.items()}
    return next(iter(places.values())) if len(places) == 1 else Mixed(places)


def changed(place: Place, value: Any) -> SearchStrategy[Any]:
    """Return a strategy of values that differ a little from this one; of new ones, where it has no business here."""
    return place.changed(value) if place.holds(value) else place.fresh


def _learn_kind(kind: type, values: list[Any], hints: Hints) -> Place:
    from verifier.calibrating.inputs.forms import Decimals, are_plain
    from verifier.calibrating.inputs.numbers import Floats, Integers
    from verifier.calibrating.inputs.sequences import Permuted, Sequences, permuted
    from verifier.calibrating.inputs.tables import Tables
    from verifier.calibrating.inputs.texts import learn_texts

    if kind is int:
        return Integers(values, hints.numbers)
    if kind is float:
        return Floats(values, hints.numbers)
    if kind is str:
        return learn_texts(values, hints)
    if kind in (list, tuple, set, frozenset):
        return Permuted(values) if permuted(values) else Sequences(kind, values, hints)
    if kind is Decimal and are_plain(values):
        return Decimals(values)
    if kind is dict:
        return Tables(values, hints)
    return Pool([False, True] if kind is bool else values)


class Pool:
    """Only values that were seen, such as None or bytes."""

    def __init__(self, values: Sequence[Any]) -> None:
        """At least one value."""
        self._values = list(values)

    @cached_property
    def fresh(self) -> SearchStrategy[Any]:
        """Return any of them."""
        return st.sampled_from(self._values)

    def changed(self, value: Any) -> SearchStrategy[Any]:
        """Return any of them."""
        return self.fresh

    def holds(self, value: Any) -> bool:
        """Say whether it is one of them."""
        return any(value is known or repr(value) == repr(known) for known in self._values)


class Mixed:
    """Values of several types."""

    def __init__(self, places: dict[type, Place]) -> None:
        """One place for each type."""
        self._places = places

    @cached_property
    def fresh(self) -> SearchStrategy[Any]:
        """Return a value of any of the types."""
        return st.one_of([place.fresh for place in self._places.values()])

    def changed(self, value: Any) -> SearchStrategy[Any]:
        """Return another value of its type, or now and then of another."""
        own = self._places[type(value)].changed(value)
        return st.one_of(own, own, self.fresh)

    def holds(self, value: Any) -> bool:
        """Say whether a place of its type holds it."""
        return type(value) in self._places and self._places[type(value)].holds(value)

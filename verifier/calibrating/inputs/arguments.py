"""Arguments like those that were seen: changed, taken from several of the seen ones, or made anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from verifier.calibrating.inputs.hints import Hints
from verifier.calibrating.inputs.place import changed, learn
from verifier.calibrating.inputs.relations import relations_of

_MOST_CHANGED = 300
_MOST_LEAVES = 200
"""Larger arguments are learnt from, and not changed: that would take too long."""


class Learnt:
    """What a number of arguments have in common, each place by itself and all together."""

    def __init__(self, seen: Sequence[tuple[Any, ...]], hints: Hints) -> None:
        """At least one, all of the same length."""
        self.places = [learn(values, hints) for values in zip(*seen, strict=True)]
        self.relations = relations_of(seen)
        self.small = [arguments for arguments in seen if _leaves(arguments) <= _MOST_LEAVES][:_MOST_CHANGED]

    @cached_property
    def fresh(self) -> SearchStrategy[tuple[Any, ...]]:
        """Return arguments that are made anew."""
        return st.tuples(*(place.fresh for place in self.places)).map(self._mended).filter(self.holds)

    @cached_property
    def crossed(self) -> SearchStrategy[tuple[Any, ...]]:
        """Return arguments that were seen, though not together."""
        each = st.sampled_from(self.small)
        return st.tuples(*(each for _ in self.places)).map(self._diagonal).map(self._mended).filter(self.holds)

    def changed(self, arguments: tuple[Any, ...]) -> SearchStrategy[tuple[Any, ...]]:
        """Return arguments of which one or two are changed."""
        return _changed(self, arguments).map(self._mended).filter(self.holds)

    def holds(self, arguments: Sequence[Any]) -> bool:
        """Say whether every place and every relation holds."""
        return (
            len(arguments) == len(self.places)
            and all(place.holds(value) for place, value in zip(self.places, arguments, strict=True))
            and all(relation.holds(arguments) for relation in self.relations)
        )

    def _mended(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(arguments) != len(self.places):  # a piece of another, which does not hold
            return arguments
        made = list(arguments)
        for relation in self.relations:
            made = relation.mend(made)
        return tuple(made)

    def _diagonal(self, rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
        return tuple(row[at] for at, row in enumerate(rows))


@st.composite
def _changed(draw: DrawFn, learnt: Learnt, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    made = list(arguments)
    if len(made) == 1:
        return (draw(learnt.places[0].changed(made[0])),)
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(made) - 1))
        other = draw(st.integers(0, len(made) - 1))
        way = draw(st.sampled_from(("change", "swap", "derive")))
        if way == "swap" and type(made[at]) is type(made[other]):
            made[at], made[other] = made[other], made[at]
        elif way == "derive" and at != other and (derived := _derived(made[at], made[other])):
            made[at] = draw(st.one_of(derived))
        else:
            made[at] = draw(changed(learnt.places[at], made[at]))
    return tuple(made)


def _derived(value: Any, other: Any) -> list[SearchStrategy[Any]]:
    """Return strategies of values of an argument's type that have to do with another one: a piece of it, its length."""
    kind = type(value)
    found: list[SearchStrategy[Any]] = []
    if kind is type(other):
        found.append(st.just(other))
    if kind is type(other) and kind in (str, list, tuple) and other:
        ends = st.tuples(st.integers(0, len(other) - 1), st.integers(1, len(other)), st.integers(0, len(other)))
        found.append(ends.map(lambda drawn: _piece(other, *drawn)))
    if kind is int and isinstance(other, str | list | tuple):
        found.append(st.integers(len(other) - 1, len(other) + 1))
    if isinstance(other, list | tuple):
        items = [item for item in other if type(item) is kind]
        found.extend([st.sampled_from(items)] if items else [])
    return found


def _piece(whole: Any, start: int, length: int, turn: int) -> Any:
    """Return a part of a sequence, turned round by some places."""
    part = whole[start : start + length]
    turn %= len(part)
    return part[turn:] + part[:turn]


def arguments_like(seen: Sequence[tuple[Any, ...]], hints: Hints) -> SearchStrategy[tuple[Any, ...]]:
    """Return a strategy of arguments like the seen ones, at least one and all of the same length."""
    learnt = Learnt(seen, hints)
    if not learnt.places:
        return st.just(())
    if not learnt.small:
        return learnt.fresh
    near = st.sampled_from(learnt.small).flatmap(learnt.changed)
    ways = [near, near, learnt.fresh]
    return st.one_of([*ways, learnt.crossed] if len(learnt.places) > 1 else ways)


def _leaves(value: Any) -> int:
    """Count the leaves of a value; a text counts a tenth of its characters."""
    if isinstance(value, dict):
        return 1 + sum(_leaves(key) + _leaves(item) for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return 1 + sum(map(_leaves, value))
    return 1 + len(value) // 10 if isinstance(value, str | bytes) else 1

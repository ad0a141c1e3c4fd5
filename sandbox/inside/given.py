"""The containers that a call is given, numbered in the same way by whoever calls and whoever is called.

So the one can tell what it changed, or that it gives back one of them, by number.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

_LEAVES = frozenset({type(None), bool, int, float, str, bytes, complex, range})
_MUTABLE = (list, dict, set)
_CONTAINERS = frozenset({list, tuple, dict, set, frozenset})


class Given:
    """Lists, dictionaries and sets, each once, in the order in which a walk through the arguments meets them.

    Attributes:
        containers: those.
        plain: the arguments are data of exact built-in types alone, and no container is there twice.
        repeated: ids of those that occur more than once.
    """

    def __init__(
        self,
        arguments: Iterable[Any],
        also_plain: type | None = None,
        is_held: Callable[[Any], bool] = lambda value: False,
    ) -> None:
        """Walk through `arguments`.

        Args:
            arguments: positional ones, then those by keyword.
            also_plain: one more type to take for data.
            is_held: whether an object whose class derives from one of containers came by reference: whoever calls has
                none to number.
        """
        self.containers: list[Any] = []
        self.plain = True
        self.repeated: set[int] = set()
        self._leaves = _LEAVES | {also_plain} if also_plain else _LEAVES
        self._is_held = is_held
        self._numbers: dict[int, int] = {}
        self._walk(list(arguments))

    def number_of(self, value: Any) -> int | None:
        """Return the number of one of the containers, None for anything else."""
        return self._numbers.get(id(value))

    def copies(self) -> list[Any]:
        """Return a shallow copy of each."""
        return list(map(copy_of, self.containers))

    def changed_since(self, copies: list[Any]) -> list[int]:
        """Return the numbers of those that hold other things than their copies, or in another order."""
        return [
            number
            for number, (container, copy) in enumerate(zip(self.containers, copies, strict=True))
            if not _holds_the_same(container, copy)
        ]

    def _walk(self, values: list[Any]) -> None:
        left = [values]  # no recursion: how deep values may be is decided where they are written
        while left:
            inner = []
            for value in left.pop():
                kind = type(value)
                if kind in self._leaves or (kind not in _CONTAINERS and self._is_held(value)):
                    continue
                if issubclass(kind, _MUTABLE):
                    if id(value) in self._numbers:
                        self.plain = False
                        self.repeated.add(id(value))
                        continue
                    self._numbers[id(value)] = len(self.containers)
                    self.containers.append(value)
                if kind not in _CONTAINERS:
                    self.plain = self.plain and kind.__module__ in ("decimal", "fractions")
                if issubclass(kind, dict):
                    inner += [list(dict.keys(value)), list(dict.values(value))]
                elif issubclass(kind, list | tuple):
                    base: Any = list if issubclass(kind, list) else tuple
                    if not self._leaves.issuperset(map(type, base.__iter__(value))):
                        inner.append(list(base.__iter__(value)))
                elif kind in (set, frozenset) and not self._leaves.issuperset(map(type, value)):
                    inner.append(list(value))
            left += reversed(inner)


def arguments_of(act: list[Any]) -> list[Any]:
    """Return what an act (`acts`) gives to the program."""
    match act:
        case ["call", _, args, kwargs] | ["method", _, _, args, kwargs]:
            return [*args, *kwargs.values()]
        case ["set", _, _, value]:
            return [value]
        case ["op", _, args]:
            return list(args)
    return []


def copy_of(container: Any) -> Any:
    """Return a list, dictionary or set that holds the same."""
    return _base(container)(container)


def fill(container: Any, contents: Any) -> None:
    """Put other contents into a list, dictionary or set, whatever its class makes of its methods."""
    base: Any = _base(container)
    base.clear(container)
    fillers: dict[type, Callable[[Any, Any], None]] = {list: list.extend, dict: dict.update, set: set.update}
    fillers[base](container, contents)


def _base(container: Any) -> type:
    return next(base for base in _MUTABLE if isinstance(container, base))


def _holds_the_same(container: Any, copy: Any) -> bool:
    if len(container) != len(copy):
        return False
    if isinstance(copy, set):
        return set(map(id, container)) == set(map(id, copy))
    same = all(map(operator.is_, container, copy))
    return same and (not isinstance(copy, dict) or all(map(operator.is_, container.values(), copy.values())))

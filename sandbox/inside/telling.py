"""How the program tells test code elsewhere of what is no data.

An object is told by its number alone, or the first time as
    [number, "class", name, path, bases, special methods, methods]      `path` finds it in the module, or is ""
    [number, "function", path]                      one that the module has under that name
    [number, "object", class, base]                 `base` names the class of data that its class derives from, or is ""
    [number, "error", class, args, text, cause]         `cause` is the exception that it was raised from, or None
A class is told like any object; an exception's class or a base that is built into Python by its name.
"""

from __future__ import annotations

import builtins
import types
from collections.abc import Iterable
from typing import Any

from . import references, values
from .given import Given
from .holding import Table

_DATA = (bool, int, float, str, bytes, bytearray, complex, tuple, list, dict, set, frozenset, range)
_VIEWS = tuple(map(type, ({}.keys(), {}.values(), {}.items())))
_METHODS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    staticmethod,
    classmethod,
    types.ClassMethodDescriptorType,
)
_MOST_NAMES = 1000


class Written:
    """A value that has been tagged."""

    def __init__(self, tagged: Any) -> None:
        """Take what `values.tag` returned."""
        self.tagged = tagged


class Writer:
    """Writes one answer."""

    def __init__(self, table: Table, given: Given | None = None, changed: Iterable[int] = (), of: Any = None) -> None:
        """Write nothing yet.

        Args:
            table: where objects are held.
            given: the containers of the arguments, where there are any.
            changed: numbers of those that were changed, where nobody is told: another value, then.
            of: what was called, or asked for a member. An object of that very class stays one, even where the class
                derives from one of data.
        """
        self.refers = False
        self._table = table
        self._given = given or Given([])
        self._changed = frozenset(changed)
        self._of = of
        self._is_cause = False
        self._described: list[int] = []

    def take_back(self) -> None:
        """Forget what was described: the answer will not be sent."""
        self._table.described.difference_update(self._described)

    def hold(self, value: Any, depth: int) -> Any:
        """Write what is no data (`values.Hold`)."""
        kind = type(value)
        if kind is Written:
            return value.tagged
        place = self._given.number_of(value)
        if place is not None and place not in self._changed:
            return self._reference({"a": place})
        if kind in _DATA or kind in _VIEWS:
            return None
        function = self._table.number_of_function(value)
        if function is not None:
            return self._reference({"k": function})
        rare = references.write_rare(value, depth, self.hold)
        if rare is not None:
            return self._reference(rare)
        if not self._table.holds(value) and kind is not self._of and _is_data(value, kind):
            return None
        thrown = self._table.thrown.get(id(value))
        return self._reference({"h": self._describe(value, depth)} if thrown is None else {"e": thrown})

    def _reference(self, tagged: Any) -> Any:
        self.refers = True
        return tagged

    def _describe(self, value: Any, depth: int) -> list[Any]:
        number = self._table.number(value)
        if number in self._table.described:
            return [number]
        self._table.described.add(number)
        self._described.append(number)
        if depth >= values.MAX_DEPTH:
            raise values.NotPlainData("bases nested too deep")
        kind = type(value)
        if issubclass(kind, type):
            return [number, *self._class(value, depth)]
        if kind is types.FunctionType and vars(self._table.module).get(name := value.__name__) is value:
            return [number, "function", name]
        if issubclass(kind, BaseException):
            told = [number, "error", self._class_of(kind, depth), self._arguments(value, depth), _text(value)]
            return [*told, self._cause(value, depth)]
        base = next((base.__name__ for base in _DATA if issubclass(kind, base)), "")
        return [number, "object", self._class_of(kind, depth), base]

    def _class_of(self, kind: type, depth: int) -> Any:
        if issubclass(kind, BaseException) and getattr(builtins, kind.__name__, None) is kind:
            return kind.__name__
        return {"h": self._describe(kind, depth + 2)}

    def _class(self, kind: type, depth: int) -> list[Any]:
        bases = [self._class_of(base, depth) for base in kind.__bases__ if base is not object and base not in _DATA]
        members: dict[str, Any] = {}
        for each in reversed(kind.__mro__[:-1]):
            members.update(vars(each))
        special = [name for name in members if name.startswith("__") and name.endswith("__")]
        special = [name for name in special if name != "__hash__" or kind.__hash__ is not None]
        methods = [name for name, member in members.items() if isinstance(member, _METHODS) and name not in special]
        path = kind.__qualname__ if _found(self._table, kind.__qualname__) is kind else ""
        return ["class", kind.__name__, path, bases, special[:_MOST_NAMES], methods[:_MOST_NAMES]]

    def _cause(self, error: BaseException, depth: int) -> Any:
        cause = error.__cause__
        if cause is None or self._is_cause:
            return None
        self._is_cause = True  # one is told, and none of its own: they may go round in circles
        try:
            return self.hold(cause, depth + 2)
        finally:
            self._is_cause = False

    def _arguments(self, error: BaseException, depth: int) -> Any:
        try:
            return values.tag(list(error.args), depth + 2, self.hold)
        except values.NotPlainData:
            return []


def _found(table: Table, path: str) -> Any:
    try:
        return table.member(path)
    except (NameError, AttributeError):
        return None


def _is_data(value: Any, kind: type) -> bool:
    """Whether `values` can write it: as its base, or as a number or a list."""
    if issubclass(kind, _DATA):
        return True
    module = kind.__module__
    if module in ("decimal", "fractions"):
        return kind.__name__ in ("Decimal", "Fraction")
    return module.partition(".")[0] == "numpy" and hasattr(value, "tolist")


def _text(error: BaseException) -> str:
    try:
        return str.__str__(str(error))[:1000]
    except BaseException:
        return ""

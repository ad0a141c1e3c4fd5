"""What the program holds for test code elsewhere, and how acts refer to it."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable, Iterator
from typing import Any

from . import references, values

CallBack = Callable[[int, tuple[Any, ...], dict[str, Any]], Any]


class Table:
    """Objects by number. They live as long as the table: nobody tells when test code has lost one."""

    def __init__(self, module: types.ModuleType, call_back: CallBack) -> None:
        """Hold nothing yet; `call_back` has a function of the test code called."""
        self.module = module
        self.described: set[int] = set()
        self.thrown: dict[int, int] = {}
        self._held: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._call_back = call_back
        self._functions: dict[int, Any] = {}
        self._numbers_of_functions: dict[int, int] = {}

    def number(self, value: Any) -> int:
        """Return an object's number; it is held from now on."""
        number = self._numbers.setdefault(id(value), len(self._held))
        if number == len(self._held):
            self._held.append(value)
        return number

    def holds(self, value: Any) -> bool:
        """Whether the object has a number."""
        return id(value) in self._numbers

    def held(self, number: int) -> Any:
        """Return the object of that number.

        Raises:
            IndexError: there is none.
        """
        return self._held[number]

    def member(self, path: str) -> Any:
        """Return what the module has under a name, or a dotted path.

        Raises:
            NameError, AttributeError: nothing.
        """
        first, *rest = path.split(".")
        found = find(self.module, first)
        for name in rest:
            found = getattr(found, name)
        return found

    def function(self, number: int) -> Any:
        """Return what stands here for function `number` of the test code: one and the same each time."""
        if number not in self._functions:

            def function(*args: Any, **kwargs: Any) -> Any:
                return self._call_back(number, args, kwargs)

            self._functions[number] = function
            self._numbers_of_functions[id(function)] = number
        return self._functions[number]

    def number_of_function(self, value: Any) -> int | None:
        """Return the number of a function of the test code, None for anything else."""
        return self._numbers_of_functions.get(id(value))

    def iterator(self, number: int) -> Iterator[Any]:
        """Yield what an iterator of the test code yields: function `number` tells whether there is more, and what."""
        while True:
            more, item = self._call_back(number, (), {})
            if not more:
                return
            yield item


def find(module: types.ModuleType, name: str) -> Any:
    """Return the member `name` of the module, or the method `name` of a new ``Solution``.

    Raises:
        NameError: there is neither.
    """
    namespace = module.__dict__
    if name in namespace:
        return namespace[name]
    if hasattr(namespace.get("Solution"), name):
        return getattr(namespace["Solution"](), name)
    raise NameError(f"the program defines no {name}")


class Reader:
    """Reads one act."""

    def __init__(self, table: Table) -> None:
        """Take where objects are held."""
        self._table = table
        self._labels: dict[int, Any] = {}

    def refer(self, tag: str, body: Any, read: Callable[[Any], Any]) -> Any:
        """Read what is no data (`values.Refer`)."""
        match tag:
            case "h":
                return self._table.held(body)
            case "n":
                return self._table.member(body)
            case "k":
                return self._table.function(body)
            case "I":
                return self._table.iterator(body)
            case "g":
                return getattr(builtins, body)
            case "M":
                return self._table.module
            case "S":
                return slice(*read(body))
            case "m":
                self._labels[body[0]] = read(body[1])
                return self._labels[body[0]]
            case "a":
                return self._labels[body]
            case "E":
                error = read(body[0])(*read(body[1]))
                self._table.thrown[id(error)] = body[2]
                self._table.number(error)  # held: no other gets its id
                return error
            case "T":
                return references.read_rare(body, read)
        raise values.NotPlainData("unknown tag")

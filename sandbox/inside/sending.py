"""How test code refers, in an act, to what is no data: objects of the program, and things of its own."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from . import references, values
from .anything import Anything
from .given import Given
from .handles import Bound, RemoteType, state_of
from .members import Member, ProgramModule

_OF_ITS_OWN = "it gives the program an object that is neither data nor a function"


class Gone(Exception):
    """An object of a program that has ended, by a limit that it met."""


class Sender:
    """Gives numbers to functions, iterators and exceptions of the test code, for as long as it runs."""

    def __init__(self, link: Any) -> None:
        """Know none yet."""
        self._link = link
        self._functions: list[Callable[..., Any]] = []
        self._numbers: dict[tuple[str, int], int] = {}
        self._errors: list[BaseException] = []
        self._kept: list[Any] = []  # so that no id is used again

    def function(self, number: int) -> Callable[..., Any]:
        """Return the function of that number.

        Raises:
            IndexError: there is none.
        """
        return self._functions[number]

    def error(self, number: int) -> BaseException:
        """Return the exception of that number.

        Raises:
            IndexError: there is none.
        """
        return self._errors[number]

    def text(self, act: list[Any], given: Given) -> str:
        """Write an act.

        Raises:
            NotPlainData: something is nested too deep.
            Unsupported: something can be referred to in no way.
        """
        return values.encode(act, _Writing(self, given).hold).decode()

    def number_error(self, error: BaseException) -> int:
        """Return the number of an exception."""
        self._errors.append(error)
        return len(self._errors) - 1

    def number_function(self, kind: str, value: Any, function: Callable[..., Any]) -> int:
        """Return the number of what is called for a function or iterator: the same each time."""
        number = self._numbers.setdefault((kind, id(value)), len(self._functions))
        if number == len(self._functions):
            self._functions.append(function)
            self._kept.append(value)
        return number

    def refuse(self) -> BaseException:
        """Return what to raise for an object that cannot be given to the program."""
        refusal: BaseException = self._link.refuse(_OF_ITS_OWN)
        return refusal

    @property
    def stops(self) -> int:
        """How often test code was stopped."""
        stops: int = self._link.stops
        return stops


class _Writing:
    """Writes one act."""

    def __init__(self, sender: Sender, given: Given) -> None:
        self._sender = sender
        self._given = given
        self._written: set[int] = set()

    def hold(self, value: Any, depth: int) -> Any:
        """Write what is no data (`values.Hold`)."""
        if id(value) in self._given.repeated:
            return self._again(value, depth)
        kind = type(value)
        if kind in (list, tuple, dict, set, frozenset, bytes, complex, range):
            return None
        return self._of_the_program(value) or self._of_the_test(value, depth)

    def _again(self, value: Any, depth: int) -> Any:
        number = self._given.number_of(value)
        if id(value) in self._written:
            return {"a": number}
        self._written.add(id(value))
        return {"m": [number, values.tag(value, depth, self.hold, held=True)]}

    def _of_the_program(self, value: Any) -> Any:
        kind = type(value)
        if kind is Member:
            return value.reference()
        if kind is ProgramModule:
            return {"M": 0}
        if kind is Bound:
            return self.hold(value.fetch(), 0)
        if issubclass(kind, Anything):
            return {"n": ""}  # nobody reads it
        state = state_of(value)
        if state is None:
            return None
        if kind is RemoteType and state.path:
            return {"n": state.path}
        if state.stops != self._sender.stops:
            raise Gone("the program that had this object has ended")
        return {"h": state.number}

    def _of_the_test(self, value: Any, depth: int) -> Any:
        kind = type(value)
        name = references.built_in(value)
        if name is not None:
            return {"g": name}
        if kind is slice:
            return {"S": values.tag([value.start, value.stop, value.step], depth + 1, self.hold)}
        if isinstance(value, BaseException):
            return self._error(value, depth)
        if kind.__module__ in ("decimal", "fractions", "numpy") or isinstance(value, _FLATTENED):
            return None
        rare = references.write_rare(value, depth, self.hold)
        if rare is not None:
            return rare
        if hasattr(kind, "__next__"):
            return {"I": self._sender.number_function("iterator", value, lambda: _next(value))}
        if callable(value):
            return {"k": self._sender.number_function("function", value, value)}
        raise self._sender.refuse()

    def _error(self, error: BaseException, depth: int) -> Any:
        kind = next(kind for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind)
        try:
            args = values.tag(list(error.args), depth + 1, self.hold)
        except values.NotPlainData:
            args = []
        return {"E": [{"g": kind.__name__}, args, self._sender.number_error(error)]}


_FLATTENED = (
    int,
    float,
    str,
    list,
    tuple,
    dict,
    set,
    frozenset,
    bytes,
    bytearray,
    *map(type, ({}.keys(), {}.values())),
)
_FLATTENED = (*_FLATTENED, type({}.items()))


def _next(iterator: Any) -> tuple[bool, Any]:
    for item in iterator:
        return True, item
    return False, None

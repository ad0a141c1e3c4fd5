"""The program's side of live calls: test code elsewhere acts on objects that are held here.

An act is the text of a list, with references (`references`):
    ["get", path]                           a member of the program's module        ["names"] of its public ones
    ["call", callable, args, kwargs]        ["method", object, name, args, kwargs]
    ["attr", object, name]                  ["set", object, name, value]        ["del", object, name]
    ["op", name, args]                      an operator or built-in function of `_OPERATIONS`
    ["resume", "value" or "raised", value]  what a function of the test code came to

An answer that takes more than data is the text of [how, value, changes]: "value", "raised", or "callback" with [number,
args, kwargs]; changes are pairs of a container of the arguments (`given`) and what it holds now, None where that is not
told.
"""

from __future__ import annotations

import _thread
import builtins
import operator
import types
from collections.abc import Callable
from typing import Any

from . import references, values
from .given import Given, arguments_of, copy_of
from .holding import Reader, Table, find
from .telling import Writer, Written

_LONGEST_TEXT = 1000
_MOST_CALLBACKS_DEEP = 20


class Gone(Exception):
    """What an act is about is not there any more."""


class Host:
    """Serves live calls, and has functions of the test code called."""

    def __init__(self, module: types.ModuleType, exchange: Callable[[bytes], bytes]) -> None:
        """Hold nothing yet.

        Args:
            module: the program's.
            exchange: sends an answer, and waits for the next request.
        """
        self._module = module
        self._exchange = exchange
        self._stops = self._number = self._depth = 0
        self._acting = False
        self._one_at_a_time = _thread.RLock()  # a program may call back from several threads
        self._table = Table(module, self.call_back)

    def answer(self, number: int, name: str, args: Any, kwargs: Any, live: int) -> bytes:
        """Make one live call; return the frame that answers it.

        Args:
            number: of the request.
            name: of the function to call; `references.ACT` for an act.
            args: its arguments; the text of the act, and whether changes of its arguments are told.
            kwargs: its arguments by keyword.
            live: as in `sandbox.Call`.
        """
        self._begin(number, live)
        act = self._act_of(name, args, kwargs)
        return act if isinstance(act, bytes) else self._perform(act, tells_changes=name == references.ACT and args[1])

    def call_back(self, function: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Have a function of the test code called; serve what that asks until it has come to an end.

        Raises:
            BaseException: the function raised it, or functions call one another too deep.
        """
        with self._one_at_a_time:
            if not self._acting or self._depth >= _MOST_CALLBACKS_DEEP:
                raise RecursionError("the test's function cannot be called now")
            self._depth += 1
            try:
                return self._wait_for(function, args, kwargs)
            finally:
                self._depth -= 1
                self._acting = True

    def _wait_for(self, function: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        answer = self._told("callback", [function, list(args), kwargs], Writer(self._table), [])
        while True:
            number, (name, its_args, its_kwargs, _, live) = values.decode(self._exchange(answer))
            self._begin(number, live)
            act = self._act_of(name, its_args, its_kwargs)
            if isinstance(act, bytes):
                answer = act
            elif act[0] != "resume":
                answer = self._perform(act, tells_changes=name == references.ACT and its_args[1])
            elif act[1] == "raised":
                raise act[2]
            else:
                return act[2]

    def _begin(self, number: int, live: int) -> None:
        self._number = number
        if live != self._stops:
            self._table = Table(self._module, self.call_back)
            self._stops = live

    def _act_of(self, name: str, args: Any, kwargs: Any) -> list[Any] | bytes:
        """Return the act that is asked for; the answer, where it cannot even be understood."""
        try:
            if name != references.ACT:
                return ["call", find(self._module, name), args, kwargs]
            act: list[Any] = values.decode(args[0].encode(), Reader(self._table).refer)
        except BaseException as error:
            return self._told("raised", error, Writer(self._table), [])
        return act

    def _perform(self, act: list[Any], *, tells_changes: bool) -> bytes:
        given = Given(arguments_of(act), is_held=self._table.holds)
        copies = given.copies()
        self._acting = True
        try:
            how, value = "value", _carry_out(self._table, *act)
        except MemoryError:
            return values.encode([self._number, ["raised", "MemoryError", ""]])
        except BaseException as error:
            how, value = "raised", error
        finally:
            self._acting = False
        changed = given.changed_since(copies)
        changes = [[place, copy_of(given.containers[place]) if tells_changes else None] for place in changed]
        of = act[1] if act[0] in ("call", "attr") else None
        return self._told(how, value, Writer(self._table, given, () if tells_changes else changed, of), changes)

    def _told(self, how: str, value: Any, writer: Writer, changes: list[Any]) -> bytes:
        """Write the answer: as data where that says it all."""
        number = self._number
        try:
            if how == "raised" and not changes and _says_it_all(value):
                return values.encode([number, ["raised", type(value).__name__, str(value)[:_LONGEST_TEXT]]])
            written = None if value is None else Written(values.tag(value, 3, writer.hold))
            if how == "value" and not changes and not writer.refers:
                return values.encode([number, ["value", written]], writer.hold)
            text = values.encode([how, written, changes], writer.hold)
            return values.encode([number, ["held", text.decode()]])
        except BaseException as error:  # too deep, or its class has its own ideas
            writer.take_back()
            why = str(error)[:_LONGEST_TEXT] if type(error) is values.NotPlainData else "it cannot be told"
            return values.encode([number, ["not data", why, _truth(value)]])


def _carry_out(table: Table, verb: str, *rest: Any) -> Any:
    match verb, rest:
        case "get", (path,):
            return table.member(path)
        case "names", ():
            public = getattr(table.module, "__all__", vars(table.module))
            return [name for name in public if not name.startswith("_")]
        case "call", (function, args, kwargs):
            return function(*args, **kwargs)
        case "method", (owner, name, args, kwargs):
            return getattr(owner, name)(*args, **kwargs)
        case "attr", (owner, name):
            return getattr(owner, name)
        case "set", (owner, name, value):
            return setattr(owner, name, value)
        case "del", (owner, name):
            return delattr(owner, name)
        case "op", (name, args):
            return _OPERATIONS[name](*args)
    raise Gone("the call that waited for this has ended")


def _says_it_all(error: BaseException) -> bool:
    """Whether class and text are enough to make the exception again."""
    kind = type(error)
    if error.__cause__ is not None or getattr(builtins, kind.__name__, None) is not kind:
        return False
    return len(error.args) == 1 and error.args[0] is str(error)


def _truth(value: Any) -> bool:
    try:
        return bool(value)
    except BaseException:
        return True


def _special(name: str) -> Callable[..., Any]:
    return lambda owner, *args: getattr(type(owner), name)(owner, *args)


def _copier(name: str) -> Callable[[Any], Any]:
    def copy_it(value: Any) -> Any:
        import copy

        return getattr(copy, name)(value)

    return copy_it


def _plain(value: Any) -> Any:
    """Return what an object holds whose class derives from one of data, by no method of its own."""
    return values.decode(values.encode(value))


_OPERATIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(builtins, name) for name in ("len", "iter", "next", "reversed", "repr", "str", "hash", "bool")},
    **{name: getattr(builtins, name) for name in ("format", "abs", "round", "int", "float", "complex", "bytes", "dir")},
    **{name: getattr(builtins, name) for name in ("divmod", "pow", "isinstance", "issubclass")},
    **{
        name: getattr(operator, name)
        for name in (
            *("eq", "ne", "lt", "le", "gt", "ge", "add", "sub", "mul", "truediv", "floordiv", "mod", "matmul"),
            *("lshift", "rshift", "and_", "or_", "xor", "neg", "pos", "invert", "index", "getitem", "setitem"),
            *("delitem", "contains", "iadd", "isub", "imul", "itruediv", "ifloordiv", "imod", "ipow", "imatmul"),
            *("ilshift", "irshift", "iand", "ior", "ixor"),
        )
    },
    **{name: _special(f"__{name}__") for name in ("enter", "exit", "trunc", "floor", "ceil")},
    **{name: _copier(name) for name in ("copy", "deepcopy")},
    "plain": _plain,
}

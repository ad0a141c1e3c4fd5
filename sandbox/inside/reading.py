"""From an answer of the program's side (`acts`, `telling`) to what test code gets: data, and what stands for the rest.

Whoever wrote the text may have been the program itself: what it says is taken for an answer or refused, never run.
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable
from typing import Any

from . import references, values
from .given import Given, fill
from .handles import Handle, RemoteError, RemoteType, State, make_class
from .members import Member


class Reader:
    """Knows what was described already. Classes that have a name in the program outlive it: the next has them too."""

    def __init__(self, link: Any) -> None:
        """Know nothing yet."""
        self._link = link
        self._objects: dict[int, Any] = {}
        self._classes: dict[str, Any] = {}

    def forget(self) -> None:
        """Forget the objects of a program that has ended."""
        self._objects.clear()

    def read(self, text: str, given: Given) -> tuple[str, Any]:
        """Read an answer to an act; change the containers that the act gave as the program changed its own.

        Returns:
            "value", "raised" or "callback"; what it is.

        Raises:
            ValueError: it is no answer.
        """
        try:
            answer = values.decode(text.encode(), functools.partial(self._refer, given))
        except UnicodeEncodeError:
            raise values.NotPlainData("not a text") from None
        match answer:
            case ["value" | "raised" | "callback" as how, value, list(changes)]:
                for container, contents in [_change(change, given) for change in changes]:
                    fill(container, contents)
                return how, value
        raise values.NotPlainData("not an answer")

    def _refer(self, given: Given, tag: str, body: Any, read: Callable[[Any], Any]) -> Any:
        try:
            match tag:
                case "h":
                    return self._object(body, read)
                case "a" if type(body) is int and body >= 0:
                    return given.containers[body]
                case "k" if type(body) is int and body >= 0:
                    return self._link.sender.function(body)
                case "e" if type(body) is int and body >= 0:
                    return self._link.sender.error(body)
                case "T":
                    return references.read_rare(body, read)
        except (LookupError, OverflowError):
            pass
        raise values.NotPlainData("a reference to nothing")

    def _object(self, body: Any, read: Callable[[Any], Any]) -> Any:
        match body:
            case [int(number)]:
                return self._objects[number]
            case [int(number), "function", str(name)]:
                made: Any = Member(self._link, name, number)
            case [int(number), "class", str(name), str(path), list(bases), list(special), list(methods)]:
                made = self._class(number, name, path, [_base(base, read) for base in bases], special, methods)
            case [int(number), "object", kind, str(base)]:
                made = self._instance(number, _base(kind, read), base)
            case [int(number), "error", kind, args, str(text)]:
                made = self._error(number, _base(kind, read), read(args), text)
            case _:
                raise values.NotPlainData("not a description")
        self._objects[number] = made
        return made

    def _class(
        self, number: int, name: str, path: str, bases: list[type], special: list[Any], methods: list[Any]
    ) -> Any:
        if not all(type(each) is str for each in (*special, *methods)):
            raise values.NotPlainData("not a description")
        state = State(self._link, number, methods=frozenset(methods), path=path)
        if path in self._classes:
            return self._classes[path]
        made = make_class(name, bases, special, state)
        if path:
            self._classes[path] = made
        return made

    def _instance(self, number: int, kind: type, base: str) -> Any:
        if not (isinstance(kind, RemoteType) and issubclass(kind, Handle)):
            raise values.NotPlainData("not a class")
        made = object.__new__(kind)
        made.__dict__["_state_"] = State(self._link, number, base=base)
        return made

    def _error(self, number: int, kind: type, args: Any, text: str) -> Any:
        if not issubclass(kind, BaseException) or type(args) is not list:
            raise values.NotPlainData("not an exception")
        if not issubclass(kind, RemoteError):
            return built_in_error(kind, args, text)
        made = kind.__new__(kind, *args)
        made.args = tuple(args)
        made.__dict__["_state_"] = State(self._link, number)
        made.__dict__["_text_"] = text
        return made


def _change(change: Any, given: Given) -> tuple[Any, Any]:
    match change:
        case [int(place), contents] if 0 <= place < len(given.containers):
            container = given.containers[place]
            if any(isinstance(container, base) and type(contents) is base for base in (list, dict, set)):
                return container, contents
    raise values.NotPlainData("an argument does not hold this")


def built_in_error(kind: type[BaseException], args: list[Any], text: str) -> BaseException:
    """Make an exception of a built-in class again; with its text alone, where it does not take those arguments."""
    if issubclass(kind, BaseExceptionGroup):
        return kind(text, [RuntimeError("what the group holds does not cross")])
    try:
        return kind(*args)
    except Exception:
        error = kind.__new__(kind, text)  # some, such as UnicodeDecodeError, cannot be called with a text alone
        error.args = (text,)
        return error


def _base(kind: Any, read: Callable[[Any], Any]) -> type:
    """Return a class that is described, or the built-in exception of that name.

    Raises:
        NotPlainData: it is neither.
    """
    found = getattr(builtins, kind, None) if type(kind) is str else read(kind)
    if isinstance(found, RemoteType) or (isinstance(found, type) and issubclass(found, BaseException)):
        return found
    raise values.NotPlainData("not a class")

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
from .handles import Handle, RemoteError, RemoteType, State, make_class, state_of
from .members import Member

AWAITED = "it awaits what the solution brings"
UNTOLD = "it does not see what a call changed in its arguments, since it goes on with what the call brings"
"""What may have made a test fail, in words that stand in a message."""


class Reader:
    """Knows what was described already. Classes that have a name in the program outlive it: the next has them too.

    Attributes:
        answers: how many were read.
        handed: classes that came as a value: from a call, say, or by a name that the test uses as a function.
        silenced: objects that the test made, and that the last answer brought again.
    """

    def __init__(self, link: Any) -> None:
        """Know nothing yet."""
        self._link = link
        self._objects: dict[int, Any] = {}
        self._classes: dict[str, Any] = {}
        self._imported: set[Any] = set()
        self.handed: frozenset[Any] = frozenset()
        self.answers = 0
        self.silenced: list[State] = []

    def trust(self, kind: Any, handed: frozenset[Any]) -> None:
        """Note that test code imports a class, by a name that it uses as a class; `handed` are those before that."""
        self._imported.add(kind)
        self.handed = handed

    def trusts(self, kind: Any) -> bool:
        """Whether calls of a class make objects that may have a say about data (`handles`).

        A class that the program hands to the test in another way does not: it may be in the place of a function.
        """
        return kind in self._imported and kind not in self.handed

    def let_speak(self) -> None:
        """Undo what the last answer silenced: the test does nothing with it."""
        for state in self.silenced:
            state.made = True

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
        self.answers += 1
        self.silenced = []
        try:
            answer = values.decode(text.encode(), functools.partial(self._refer, given))
        except UnicodeEncodeError:
            raise values.NotPlainData("not a text") from None
        match answer:
            case ["value" | "raised" | "callback" as how, value, list(changes)]:
                for container, contents in [_change(change, given) for change in changes]:
                    if contents is None:
                        self._link.hinder(UNTOLD)
                    else:
                        fill(container, contents)
                return how, value
        raise values.NotPlainData("not an answer")

    def _refer(self, given: Given, tag: str, body: Any, read: Callable[[Any], Any]) -> Any:
        try:
            match tag:
                case "h":
                    found = self._object(body, read)
                    self._note_value(found)
                    return found
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

    def _note_value(self, found: Any) -> None:
        """Note what may be in the place of data: then it has no say about data, even if the test made it before."""
        if type(found) is RemoteType:
            self.handed |= {found}
        elif (state := state_of(found)) and state.made:
            state.made = False
            self.silenced.append(state)

    def _object(self, body: Any, read: Callable[[Any], Any]) -> Any:
        match body:
            case [int(number)]:
                return self._objects[number]
            case [int(number), "function", str(name)]:
                made: Any = Member(self._link, name, number)
            case [int(number), "class", str(name), str(path), list(bases), list(special), list(methods)]:
                made = self._class(number, name, path, [self._base(base, read) for base in bases], special, methods)
            case [int(number), "object", kind, str(base)]:
                made = self._instance(number, self._base(kind, read), base)
            case [int(number), "error", kind, args, str(text), cause]:
                made = self._error(number, self._base(kind, read), read(args), text)
                made.__cause__ = _cause(read(cause))
            case _:
                raise values.NotPlainData("not a description")
        self._objects[number] = made
        return made

    def _class(
        self, number: int, name: str, path: str, bases: list[type], special: list[Any], methods: list[Any]
    ) -> Any:
        if not all(type(each) is str for each in (*special, *methods)):
            raise values.NotPlainData("not a description")
        if "__await__" in special:
            self._link.hinder(AWAITED)
        state = State(self._link, number, methods=frozenset(methods), path=path)
        if path in self._classes:
            return self._classes[path]
        made = make_class(name, bases, special, state)
        if path:
            self._classes[path] = made
        return made

    def _base(self, kind: Any, read: Callable[[Any], Any]) -> type:
        """Return a class that is described, or the built-in exception of that name.

        Raises:
            NotPlainData: it is neither.
        """
        match kind:
            case {"h": [*body]} if len(kind) == 1:
                found = self._object(body, read)
            case _:
                found = getattr(builtins, kind, None) if type(kind) is str else None
        if isinstance(found, RemoteType) or (isinstance(found, type) and issubclass(found, BaseException)):
            return found
        raise values.NotPlainData("not a class")

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


def _cause(value: Any) -> BaseException | None:
    if value is None or isinstance(value, BaseException):
        return value
    raise values.NotPlainData("not an exception")


def _change(change: Any, given: Given) -> tuple[Any, Any]:
    match change:
        case [int(place), contents] if 0 <= place < len(given.containers):
            container = given.containers[place]
            if contents is None or any(
                isinstance(container, base) and type(contents) is base for base in (list, dict, set)
            ):
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

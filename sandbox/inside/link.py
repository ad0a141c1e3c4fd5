"""The test code's side of live calls: a channel to the judge, and what came back on it.

Frames hold values (`values`): [number, message], where out echoes the number of the last in.
    out: ["call", function, args, kwargs, brought, live]    in: ["value", value], ["object", truth], ["held", text],
                                                                ["raised", exception, text], ["stopped"]
                                                                or ["anything", number]
`brought` are pairs of a position in args and the number of a call that was answered by anything: it takes that answer.
"""

from __future__ import annotations

import _thread
import builtins
import sys
from typing import Any

from . import imports, references, values
from .anything import Anything, Named
from .calls import IN, OUT
from .frames import read_frame, write_frame
from .given import Given, arguments_of
from .handles import DERIVES, RemoteType
from .members import Member, Opaque
from .reading import Reader, built_in_error
from .sending import Sender

_MOST_CALLBACKS_DEEP = 20


class Stopped(BaseException):
    """A call met a limit. No ``except Exception`` in a script catches it."""


class Unsupported(BaseException):
    """The test code asks for what cannot be served. The text says what, and quotes nothing."""


class Link:
    """The channel to the judge, and what came back on it: ever, and during the current part."""

    def __init__(self, classes: frozenset[str] = frozenset()) -> None:
        """Nothing was said yet; `classes` are the names of the program that the test code takes for classes."""
        self._classes = classes
        self._one_at_a_time = _thread.allocate_lock()  # a script may call from several threads
        self._number = 0
        self.stops = 1
        self.called = False
        self.decided = False  # test code that runs without a solution may have done what an answer decides
        self.rebound = False  # the test gave names of the program to something else
        self.opaque = False  # something came back that may be impossible to send: an object, or a nested value
        self.reader = Reader(self)
        self.sender = Sender(self)
        self.begin_part()

    def begin_part(self) -> None:
        """Forget what the last part met."""
        self.unsendable = False
        self.stopped = False
        self.unsupported = ""
        self.hindered = ""
        self.missing = False
        self.raised: BaseException | None = None
        self._depth = 0

    @property
    def kind_raised(self) -> str:
        """Name of the nearest built-in class of what came from the program last."""
        if self.missing:
            return "NameError"
        for kind in type(self.raised).__mro__:
            if getattr(builtins, kind.__name__, None) is kind:
                break
        return kind.__name__

    def refuse(self, feature: str) -> Unsupported:
        """Note that the test code asks for what cannot be served; return what to raise."""
        self.unsupported = self.unsupported or feature
        return Unsupported(feature)

    def hinder(self, why: str) -> None:
        """Note what the test code did not get as it would beside the program: it may fail by that."""
        self.hindered = self.hindered or why

    def ask(self, message: list[Any]) -> Any:
        """Send one frame and wait for its answer: never two frames in a row."""
        with self._one_at_a_time:
            try:
                frame = values.encode([self._number, message])
            except values.NotPlainData:
                self.unsendable = not self.opaque
                raise
            self.called |= message[0] == "call"
            write_frame(OUT, frame)
            self._number, answer = values.decode(read_frame(IN))
            return answer

    def call(self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the program by its name: as it is, where the arguments are plain data."""
        given = Given([*args, *kwargs.values()], also_plain=Anything)
        if not given.plain or (given.containers and _is_thrown_away()):
            return self._act(["call", Member(self, function), list(args), kwargs], given)
        brought = [[at, arg.number] for at, arg in enumerate(args) if type(arg) is Anything and arg.number is not None]
        for at, _ in brought:
            args = (*args[:at], None, *args[at + 1 :])
        return self._result(self.ask(["call", function, args, kwargs, brought, self.stops]), given)

    def construct(self, kind: Any, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Make an object of a class of the program."""
        if path and "." not in path:
            return self.call(path, args, kwargs)
        return self.act(["call", kind, list(args), kwargs])

    def act(self, act: list[Any], *, lets_end: bool = False) -> Any:
        """Act on what the program holds (`acts`).

        Args:
            act: the act.
            lets_end: StopIteration means the end of something, and no failure.
        """
        return self._act(act, Given(arguments_of(act)), lets_end=lets_end)

    def get(self, name: str) -> Any:
        """Return a member of the program's module.

        Raises:
            AttributeError: there is none.
        """
        handed = self.reader.handed
        try:
            found = self.act(["get", name])
        except NameError as error:
            if error is not self.raised:
                raise
            self.missing = True
            self.raised = AttributeError(name)
            raise self.raised from None
        if name in self._classes and type(found) is RemoteType:
            self.reader.trust(found, handed)
        return found

    def check(self, arguments: list[Any]) -> None:
        """Return if the program could be given that.

        Raises:
            Unsupported: it could not.
        """
        self.sender.text(arguments, Given(arguments, also_plain=Anything))

    def _act(self, act: list[Any], given: Given, *, lets_end: bool = False) -> Any:
        try:
            text = self.sender.text(act, given)
        except values.NotPlainData:
            self.unsendable = not self.opaque
            raise
        tells_changes = bool(given.containers) and _is_thrown_away()
        reply = self.ask(["call", references.ACT, (text, tells_changes), {}, [], self.stops])
        if reply[0] == "anything" and act[0] == "get":
            return Named(self, act[1], DERIVES)
        return self._result(reply, given, lets_end=lets_end)

    def _result(self, reply: Any, given: Given, *, lets_end: bool = False) -> Any:
        """Return what an answer brings, or raise it, once the functions that it asks for were called."""
        while True:
            match reply:
                case ["value", value]:
                    self.opaque |= isinstance(value, list | tuple | dict | set | frozenset)
                    return value
                case ["held", str(text)]:
                    self.opaque = True
                    how, value = self.reader.read(text, given)
                    if how == "value":
                        if self.reader.silenced and _is_thrown_away():
                            self.reader.let_speak()
                        return value
                    if how == "raised":
                        raise self._raising(value, lets_end=lets_end)
                    reply = self._call_back(value)
                    continue
                case ["object", bool(truth)]:
                    self.opaque = True
                    return Opaque(truth)
                case ["raised", str(name), str(text)]:
                    raise self._raising(_exception(name, text), lets_end=lets_end)
                case ["anything", int(number)]:
                    return Anything(self, number)
            self._stop()

    def _raising(self, error: Any, *, lets_end: bool) -> BaseException:
        """Note that an exception came from the program."""
        if not isinstance(error, BaseException):
            raise values.NotPlainData("not an exception")
        if isinstance(error, StopIteration | StopAsyncIteration):
            if lets_end:
                return error
            error = RuntimeError(*error.args)  # it would end a loop of the script instead of failing it (PEP 479)
        self.raised = error
        return self.raised

    def _stop(self) -> None:
        self.stopped = True
        self.stops += 1
        self.reader.forget()
        raise Stopped

    def _call_back(self, asked: Any) -> Any:
        """Call a function of the test code; tell the program what came of it, and return its answer to that."""
        match asked:
            case [int(number), list(args), dict(kwargs)] if number >= 0 and self._depth < _MOST_CALLBACKS_DEEP:
                function = self.sender.function(number)
            case _:
                raise values.NotPlainData("no function of the test can be called so")
        self._depth += 1
        try:
            end = ["resume", "value", function(*args, **kwargs)]
        except (Stopped, Unsupported):
            raise
        except BaseException as error:
            end = ["resume", "raised", error]
        finally:
            self._depth -= 1
        if self.stopped:
            raise Stopped
        text = self.sender.text(end, Given([end[2]]))
        return self.ask(["call", references.ACT, (text, False), {}, [], self.stops])


def _is_thrown_away() -> bool:
    """Whether the test's code does nothing with what its call brings: a statement of its own.

    Only then is a change of its arguments told. A test that goes on with the value, and works out from the same
    argument what to expect, must not be led by what the program made of that.
    """
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__package__") == __package__:
        frame = frame.f_back
    instructions = frame.f_code.co_code
    place = frame.f_lasti + 2
    while instructions[place] == 0:  # room that the interpreter keeps behind a call
        place += 2
    return instructions[place] == imports.number_of("POP_TOP")


def _exception(name: str, text: str) -> BaseException:
    """Make the built-in exception `name`; whatever is not one becomes a RuntimeError."""
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        kind = RuntimeError
    return built_in_error(kind, [text], text)

"""Run a script in parts, in one namespace, whose functions of certain names live elsewhere.

A call of such a function becomes a frame to the judge, and the judge's answer becomes its value or its exception. Only
plain data crosses. Frames hold values (`values`): [number, message], where out echoes the number of the last in.
    out, first: ["ready"] or ["broken", exception]      in: ["go"]
    out, for each part: ["end", how, exception]         in: ["go"]
    out: ["call", function, args, kwargs, brought]      in: ["value", value], ["object", truth],
                                                            ["raised", exception, text], ["stopped"]
                                                            or ["anything", number]
`brought` are pairs of a position in args and the number of a call that was answered by anything: it takes that answer.
How a part ends:
    passed      it ran to its end
    failed      it raised, after a call had brought something back, in this part or an earlier one
    raised      what it raised had come back from a call
    stopped     a call met a limit
    broken      it does not compile, raised before any call, or called with what is not data and did not come back
                from a call: the fault is the script's own
"""

from __future__ import annotations

import _thread
import builtins
import os
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any, NoReturn

from . import values
from .calls import IN, OUT
from .frames import read_frame, write_frame


class Stopped(BaseException):
    """A call met a limit. No ``except Exception`` in a script catches it."""


class _Remote:
    """A function that lives elsewhere."""

    def __init__(self, name: str, link: _Link) -> None:
        self.__name__ = name
        self._link = link

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._link.call(self.__name__, args, kwargs)


class _Object:
    """Something that is not plain data, elsewhere: true or false as it is there, and equal to nothing but itself."""

    def __init__(self, truth: bool) -> None:
        self._truth = truth

    def __bool__(self) -> bool:
        return self._truth


class _Anything:
    """What a call might have brought back, for a run of the script that only tells which calls it makes.

    It agrees with every comparison and takes part in every calculation, so that the script goes on.
    """

    def __init__(self, number: int | None = None) -> None:
        self.number = number  # of the call that brought it, as it is

    def _anything(self, *args: Any, **kwargs: Any) -> _Anything:
        return _Anything()

    def _agree(self, other: object) -> bool:
        return True

    def _zero(self) -> int:
        return 0

    __call__ = __getattr__ = __getitem__ = __enter__ = _anything
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _anything
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _anything
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = _anything
    __neg__ = __pos__ = __abs__ = __invert__ = __round__ = _anything
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _agree
    __hash__ = __len__ = __int__ = __index__ = _zero

    def __float__(self) -> float:
        return 0.0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __bool__(self) -> bool:
        return True

    def __exit__(self, *args: object) -> None:
        pass


class _Link:
    """The channel to the judge, and what came back on it: ever, and during the current part."""

    def __init__(self) -> None:
        self._one_at_a_time = _thread.allocate_lock()  # a script may call from several threads
        self._number = 0
        self.called = False
        self.opaque = False  # something came back that may be impossible to send: an object, or a nested value
        self.begin_part()

    def begin_part(self) -> None:
        self.unsendable = False
        self.stopped = False
        self.raised: BaseException | None = None

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
        brought = [[at, arg.number] for at, arg in enumerate(args) if type(arg) is _Anything and arg.number is not None]
        for at, _ in brought:
            args = (*args[:at], None, *args[at + 1 :])
        match self.ask(["call", function, args, kwargs, brought]):
            case ["value", value]:
                self.opaque |= isinstance(value, list | tuple | dict | set | frozenset)
                return value
            case ["object", bool(truth)]:
                self.opaque = True
                return _Object(truth)
            case ["raised", str(name), str(text)]:
                self.raised = _exception(name, text)
                raise self.raised
            case ["anything", int(number)]:
                return _Anything(number)
        self.stopped = True
        raise Stopped


def prepare(code: CodeType, order: dict[str, Any]) -> Callable[[], NoReturn]:
    """Return what runs the setup in `code`, then each of ``order["parts"]``, and tells the judge how each ended."""
    return lambda: _run(code, order["names"], order["parts"])


def _run(code: CodeType, names: list[str], parts: list[CodeType | str]) -> NoReturn:
    link = _Link()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(code, namespace)  # noqa: S102 - this is the sandbox
    except BaseException as error:
        write_frame(OUT, values.encode([0, ["broken", type(error).__name__]]))
        os._exit(0)
    namespace.update({name: _Remote(name, link) for name in names})
    link.ask(["ready"])
    for part in parts:
        link.begin_part()
        link.ask(["end", *_run_part(part, namespace, link)])
    os._exit(0)


def _run_part(part: CodeType | str, namespace: dict[str, Any], link: _Link) -> tuple[str, str]:
    try:
        code = compile(part, "test.py", "exec", dont_inherit=True) if isinstance(part, str) else part
    except (SyntaxError, ValueError) as error:
        return "broken", type(error).__name__
    try:
        exec(code, namespace)  # noqa: S102
    except BaseException as error:
        kind = type(error).__name__
        if link.stopped:
            return "stopped", kind
        if error is link.raised:
            return "raised", kind
        return ("failed" if link.called and not link.unsendable else "broken"), kind
    return ("stopped" if link.stopped else "passed"), ""


def _exception(name: str, text: str) -> BaseException:
    """Make the built-in exception `name`; whatever is not one becomes a RuntimeError."""
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        kind = RuntimeError
    if issubclass(kind, StopIteration | StopAsyncIteration):
        kind = RuntimeError  # it would end a loop of the script instead of failing it (PEP 479)
    if issubclass(kind, BaseExceptionGroup):
        return kind(text, [RuntimeError("what the group holds does not cross")])
    error = kind.__new__(kind, text)  # some, such as UnicodeDecodeError, cannot be called with a text alone
    error.args = (text,)
    return error

"""Answer calls: load a program as a module, then one function call for each frame that comes in.

Frames hold values (`values`): [number, message], an answer with the number of its request.
    in: [function, args, kwargs, read_back, live]
    out, first, as number 0: ["ready"], or ["raised", ...]
    out: ["value", value], ["raised", built-in exception, text], or ["not data", why, truth]
    out, where `live` is not 0, also: ["held", text] (`acts`)
"""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Callable
from types import CodeType
from typing import Any, NoReturn

from . import values
from .acts import Host
from .frames import read_frame, write_frame
from .holding import find

IN, OUT = 3, 4
"""Descriptors of the channel."""

_LONGEST_TEXT = 1000


def prepare(code: CodeType, order: dict[str, Any]) -> Callable[[], NoReturn]:
    """Make the module ready, and return what loads the program into it and serves calls."""
    module = types.ModuleType("solution")
    sys.modules["solution"] = module
    return lambda: _serve(code, module)


def _serve(code: CodeType, module: types.ModuleType) -> NoReturn:
    """Load the program and answer until the judge closes the channel."""
    try:
        exec(code, module.__dict__)  # noqa: S102 - this is the sandbox
    except SystemExit:
        pass  # a script that ends itself has still defined its functions
    except BaseException as error:
        write_frame(OUT, values.encode([0, _raised(error)]))
        os._exit(1)
    write_frame(OUT, values.encode([0, ["ready"]]))
    host = Host(module, _exchange)
    while True:
        write_frame(OUT, _answer(module, _read(), host))


def _read() -> bytes:
    try:
        return read_frame(IN)
    except EOFError:
        os._exit(0)


def _exchange(answer: bytes) -> bytes:
    write_frame(OUT, answer)
    return _read()


def _answer(module: types.ModuleType, request: bytes, host: Host) -> bytes:
    number, (function, args, kwargs, read_back, live) = values.decode(request)
    try:
        if live:
            return host.answer(number, function, args, kwargs, live)
        value = find(module, function)(*args, **kwargs)
        if read_back is not None:
            value = args[read_back]
        try:
            return values.encode([number, ["value", value]])
        except values.NotPlainData as error:
            return values.encode([number, ["not data", str(error)[:_LONGEST_TEXT], bool(value)]])
    except BaseException as error:
        return values.encode([number, _raised(error)])


def _raised(error: BaseException) -> list[Any]:
    """Describe an exception by the nearest built-in class above it."""
    kind = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
    try:
        text = str(error)[:_LONGEST_TEXT]
    except BaseException:
        text = ""
    return ["raised", kind, text]

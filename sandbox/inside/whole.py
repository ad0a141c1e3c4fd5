"""Run a program as a whole: standard input in, standard output out, as ``python solution.py`` would."""

from __future__ import annotations

import atexit
import builtins
import contextlib
import gc
import os
import sys
import types
from collections.abc import Callable
from types import CodeType
from typing import Any, NoReturn

_NEEDS_TIDYING = frozenset(
    {
        "open",
        "fdopen",
        "FileIO",
        "TextIOWrapper",
        "BufferedWriter",
        "BufferedRandom",
        "__del__",
        "weakref",
        "exec",
        "eval",
    }
)


def prepare(code: CodeType, order: dict[str, Any]) -> Callable[[], NoReturn]:
    """Make ``__main__`` ready, and return what runs `code` in it."""
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__="solution.py", __builtins__=builtins)
    sys.modules["__main__"] = module
    sys.argv = ["solution.py"]
    tidy = not _NEEDS_TIDYING.isdisjoint(order["mentions"])
    return lambda: _run(code, module.__dict__, tidy)


def _run(code: CodeType, namespace: dict[str, Any], tidy: bool) -> NoReturn:
    """Run `code`, then end as the interpreter would: join threads, run exit functions, flush.

    Freeing all that the program made, which flushes files that it opened on its descriptors and runs its finalizers, is
    left out where it mentions nothing of the kind (`tidy`).
    """
    status = 0
    try:
        exec(code, namespace)  # noqa: S102 - this is the sandbox
    except SystemExit as end:
        status = _exit_status(end)
    except BaseException as error:
        status = 1
        _print_traceback(error)
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        atexit._run_exitfuncs()
        if tidy:
            namespace.clear()
            gc.collect()
    except BaseException:  # noqa: S110 - whatever the program left behind for its end
        pass
    for stream in (sys.stdout, sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:
            if stream is not sys.__stderr__:
                status = status or 120  # what the interpreter itself answers
    os._exit(status & 0xFF)


def _exit_status(end: SystemExit) -> int:
    """Read the status as the interpreter does: None is 0, an integer is itself, anything else is printed and is 1."""
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code
    with contextlib.suppress(BaseException):
        print(end.code, file=sys.stderr)
    return 1


def _print_traceback(error: BaseException) -> None:
    trace = error.__traceback__.tb_next if error.__traceback__ else None  # without this file's own frame
    with contextlib.suppress(BaseException):
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        if isinstance(error, MemoryError) and sys.version_info >= (3, 13):
            print("MemoryError", file=sys.stderr)  # there the interpreter wants a module for it that cannot be loaded

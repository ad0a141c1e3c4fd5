"""Run a program as a whole: standard input in, standard output out, as ``python solution.py`` would."""

from __future__ import annotations

import atexit
import builtins
import contextlib
import gc
import os
import sys
import types
from types import CodeType
from typing import Any, NoReturn


def main(code: CodeType, order: dict[str, Any]) -> NoReturn:
    """Run `code` as ``__main__``, then end as the interpreter would: join threads, run exit functions, flush."""
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__="solution.py", __builtins__=builtins)
    sys.modules["__main__"] = module
    sys.argv = ["solution.py"]
    status = 0
    try:
        exec(code, module.__dict__)  # noqa: S102 - this is the sandbox
    except SystemExit as end:
        status = _exit_status(end)
    except BaseException as error:
        status = 1
        _print_traceback(error)
    with contextlib.suppress(BaseException):
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        atexit._run_exitfuncs()
        module.__dict__.clear()  # files that the program opened on its descriptors are flushed when they are freed
        gc.collect()
    for stream in (sys.stdout, sys.__stdout__):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:
            status = status or 120  # what the interpreter itself answers
    with contextlib.suppress(BaseException):
        sys.__stderr__.flush()  # type: ignore[union-attr]
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

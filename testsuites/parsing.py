"""Python source that others wrote, parsed without a word printed."""

from __future__ import annotations

import ast
import threading
import warnings

_one_at_a_time = threading.Lock()  # warning filters belong to the whole process


def parse(source: str) -> ast.Module:
    """Return the syntax tree of Python source.

    Raises:
        ValueError: it is not Python, or too deeply nested. The message holds no part of it.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd escapes are reported with the line that holds them
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ValueError("not valid Python") from None

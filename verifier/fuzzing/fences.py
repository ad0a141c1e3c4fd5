"""The plainest answer that holds a program."""

from __future__ import annotations


def fenced(program: str) -> str:
    """Return an answer that holds one program."""
    fence = "`" * 3 if "`" * 3 not in program else "~" * 9
    return f"{fence}python\n{program}\n{fence}\n"

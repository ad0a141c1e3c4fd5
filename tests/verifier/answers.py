"""Short ways to write answers and suites."""

from __future__ import annotations

from typing import Any

from testsuites import CallSuite, CallTest, ScriptSuite, ScriptTest, StdioSuite, StdioTest


def fenced(program: str) -> str:
    """Return an answer that holds one program."""
    return f"```python\n{program}\n```\n"


def stdio(*tests: tuple[str, str], **fields: Any) -> StdioSuite:
    """Return a suite with a test for each pair of input and output."""
    made = tuple(StdioTest(stdin=given, stdout=expected) for given, expected in tests)
    return StdioSuite(**{"id": "stdio", "tests": made, **fields})


def calls(*tests: tuple[Any, Any], **fields: Any) -> CallSuite:
    """Return a suite that calls `f`, with a test for each pair of argument and value."""
    made = tuple(CallTest(args=(given,), expected=expected) for given, expected in tests)
    return CallSuite(**{"id": "call", "entry_point": "f", "tests": made, **fields})


def script(*tests: str, **fields: Any) -> ScriptSuite:
    """Return a suite whose test code takes `f` from the solution."""
    made = tuple(ScriptTest(code=code) for code in tests)
    return ScriptSuite(**{"id": "script", "names": ("f",), "tests": made, **fields})

"""One problem with several right answers, its checker in each protocol, and what judges with them."""

from __future__ import annotations

from testsuites import JudgeProgram, StdioSuite, StdioTest
from verifier.report import Report

PROTOCOLS = ("function", "kattis", "testlib", "prints")

TESTS = (StdioTest(stdin="7\n", stdout="1 6\n"), StdioTest(stdin="30\n", stdout="1 29\n", name="thirty"))
"""Two positive numbers with the sum that is asked for."""

_RIGHT = """
def right(given, output):
    numbers = [int(word) for word in output.split()]
    return len(numbers) == 2 and min(numbers) > 0 and sum(numbers) == int(given)
"""
"""Raises ValueError for an output that is no numbers."""

CHECKERS = {
    "function": f"{_RIGHT}\ndef check(input, output, answer):\n    return right(input, output)\n",
    "kattis": f"import sys\n{_RIGHT}\nsys.exit(42 if right(open(sys.argv[1]).read(), sys.stdin.read()) else 43)\n",
    "testlib": f"import sys\n{_RIGHT}\nsys.exit(0 if right(*(open(name).read() for name in sys.argv[1:3])) else 1)\n",
    "prints": f"import sys\n{_RIGHT}\nprint(int(right(open(sys.argv[1]).read(), open(sys.argv[3]).read())))\n",
}

ANY_PAIR = "n = int(input())\nprint(n // 2, n - n // 2)\n"
"""Right, and never what the jury answers."""


def checked(protocol: str, code: str | None = None, *, arguments: tuple[str, ...] = ()) -> StdioSuite:
    """Return the problem with a checker, its own unless there is another."""
    program = JudgeProgram(code=code or CHECKERS[protocol], protocol=protocol, arguments=arguments)  # type: ignore[arg-type]
    return StdioSuite(id="pairs", tests=TESTS, checker=program)


def says(how: str) -> str:
    """Return a program that prints this, whatever it is asked."""
    return f"print({how!r})"


def details(report: Report) -> list[str]:
    """Return what a report says of each test."""
    return [test.detail for test in report.tests]

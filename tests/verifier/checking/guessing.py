"""One interactive problem, guess the number, with its interactor in each protocol, and solutions of every kind."""

from __future__ import annotations

from typing import Any

from testsuites import JudgeProgram, StdioSuite, StdioTest, SuiteLimits

PROTOCOLS = ("function", "kattis", "testlib")
LIMITS = SuiteLimits(cpu_seconds=0.3, memory_mb=64.0)
"""The idle limit is 1.6 s."""

TESTS = (StdioTest(stdin="37\n", stdout="3\n"), StdioTest(stdin="100\n", stdout="7\n", name="hundred"))
"""The number, from 1 to 100, and how many guesses `SEARCH` takes; eight are allowed."""

_PROGRAM = """
import sys

secret = int(open(sys.argv[1]).read())
print(100, flush=True)
for guesses in range(1, 9):
    word = input()
    if not (word.isascii() and word.isdecimal()):
        end(2, guesses)
    if int(word) == secret:
        print("right", flush=True)
        end(0, guesses)
    print("more" if int(word) < secret else "less", flush=True)
end(1, 9)
"""
"""Raises EOFError where the solution ends without a right guess."""

INTERACTORS = {
    "function": """
def interact(input, answer, read, write):
    write(100)
    for _ in range(8):
        word = read()
        if not (word.isascii() and word.isdecimal()):
            return False
        if int(word) == int(input):
            write("right")
            return True
        write("more" if int(word) < int(input) else "less")
    return False
""",
    "kattis": f"def end(code, guesses):\n    sys.exit(43 if code else 42)\n{_PROGRAM}",
    "testlib": f"""
def end(code, guesses):
    with open(sys.argv[2], "w") as tout:
        print(guesses, file=tout)
    sys.exit(code)
{_PROGRAM}""",
}

ADAPTIVE = """
def interact(input, answer, read, write):
    low, high = 1, 100
    write(high)
    while True:
        guess = int(read())
        if low == high == guess:
            write("right")
            return True
        if low == high or not low <= guess <= high:
            return False
        if high - guess >= guess - low:
            low = max(guess + 1, low)
            write("more")
        else:
            high = guess - 1
            write("less")
"""
"""Never settles on a number while two are left, and takes no guess that its answers exclude."""

SEARCH = """
low, high = 1, int(input())
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    match input():
        case "right": break
        case "more": low = middle + 1
        case "less": high = middle - 1
"""
BY_ONE = "for guess in range(1, int(input()) + 1):\n    print(guess, flush=True)\n    if input() == 'right': break"


def guessing(protocol: str, code: str | None = None, **fields: Any) -> StdioSuite:
    """Return the problem with an interactor, its own unless there is another."""
    interactor = JudgeProgram(code=code or INTERACTORS[protocol], protocol=protocol)  # type: ignore[arg-type]
    return StdioSuite(**{"id": "guess", "tests": TESTS, "limits": LIMITS, "interactor": interactor, **fields})

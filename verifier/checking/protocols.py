"""How a checker is told its files, and what its end says of an output (docs/checkers.md).

A checker that fails says nothing of an output; whose fault that is, is found elsewhere (`verifier.checking.checks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from testsuites.model import JudgeProgram, StdioTest

FEEDBACK = "feedback_dir"
INPUT, OUTPUT, ANSWER = "input", "output", "answer"

_PARTLY_RIGHT = "partly right"


class Ruling(NamedTuple):
    """What a checker says of one output.

    Attributes:
        right: the output is accepted.
        detail: why not, in words of ours.
    """

    right: bool
    detail: str = ""


class Ending(NamedTuple):
    """How a checker ended, as `checker_main` tells it.

    Attributes:
        how: ``exit``, ``raised``, ``answered``, ``other``.
        what: exit code, name of an exception, True or False, name of a type.
        printed: the first 4 KiB of what it printed, and one character more where there was more.
    """

    how: str
    what: Any
    printed: str = ""


RIGHT = Ruling(True)
WRONG = Ruling(False)
_PARTLY = Ruling(False, _PARTLY_RIGHT)

_KATTIS = {42: RIGHT, 43: WRONG}
_TESTLIB = {0: RIGHT, 1: WRONG, 2: WRONG, 4: WRONG, 7: _PARTLY, 8: WRONG}
"""ok, wrong answer, presentation, dirt, points, unexpected end of file. 3 is fail."""
_TESTLIB_PARTLY = 16


def given_to(checker: JudgeProgram, test: StdioTest, output: bytes) -> dict[str, Any]:
    """Return what `checker_main` asks for, to check one output."""
    if checker.protocol == "function":
        return {"arguments": None, "texts": [test.stdin, output.decode(), test.stdout]}
    arguments, folder, stdin = _called(checker, output)
    files = {INPUT: test.stdin, ANSWER: test.stdout, OUTPUT: _short(output)}
    if checker.protocol == "kattis":
        del files[OUTPUT]
    return {"arguments": [*arguments, *checker.arguments], "files": files, "folder": folder, "stdin": stdin}


def takes(checker: JudgeProgram, output: bytes) -> bool:
    """Whether a checker can be given an output: a function is given texts."""
    try:
        return checker.protocol != "function" or output.decode() is not None
    except UnicodeDecodeError:
        return False


def ruling_of(checker: JudgeProgram, ending: Ending) -> Ruling | None:
    """Return what a checker's end says; None where it failed."""
    match checker.protocol, ending.how, ending.what:
        case "function", "answered", bool(right):
            return RIGHT if right else WRONG
        case "kattis", "exit", int(code):
            return _KATTIS.get(code)
        case "testlib", "exit", int(code):
            return _PARTLY if code >= _TESTLIB_PARTLY else _TESTLIB.get(code)
        case "prints", "exit", 0:
            return _ruling_printed(ending.printed)
    return None


def _called(checker: JudgeProgram, output: bytes) -> tuple[list[str], str, str | bytes]:
    """Return its arguments, the folder that it may write to, and its standard input."""
    called: Mapping[str, tuple[list[str], str, str | bytes]] = {
        "kattis": (["validator", INPUT, ANSWER, f"{FEEDBACK}/"], FEEDBACK, _short(output)),
        "testlib": (["checker", INPUT, OUTPUT, ANSWER], FEEDBACK, ""),
        "prints": (["checker", INPUT, ANSWER, OUTPUT], FEEDBACK, ""),
    }
    return called[checker.protocol]


def _short(output: bytes) -> str | bytes:
    """Return what is shorter on the way: a text, or bytes where it is none."""
    try:
        return output.decode()
    except UnicodeDecodeError:
        return output


def _ruling_printed(printed: str) -> Ruling | None:
    try:
        points = float(printed)
    except ValueError:
        return None
    if not 0 <= points <= 1:
        return None
    return RIGHT if points == 1 else _PARTLY if points else WRONG

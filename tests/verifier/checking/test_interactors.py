"""Interactive problems: right and wrong solutions are told apart, in every protocol, by one stated rule."""

from __future__ import annotations

import pytest

from sandbox import LocalSandbox
from tests.verifier.checking.checkers import details
from tests.verifier.checking.conftest import Judge
from tests.verifier.checking.guessing import ADAPTIVE, BY_ONE, INTERACTORS, PROTOCOLS, SEARCH, guessing
from testsuites import JudgeProgram, StdioTest
from verifier.fuzzing.nulls import null_battery
from verifier.judging import is_accepted
from verifier.oracle import Oracle
from verifier.tripwire import is_tripped
from verifier.verdict import Verdict

FAILS = "the interactor fails on what the solution says"
TIME, CRASH, WRONG = Verdict.TIME_LIMIT_EXCEEDED, Verdict.RUNTIME_ERROR, Verdict.WRONG_ANSWER


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(("solution", "verdict"), [(SEARCH, Verdict.ACCEPTED), (BY_ONE, WRONG)])
def test_right_and_wrong_solutions(judge: Judge, protocol: str, solution: str, verdict: Verdict) -> None:
    """One that finds the number is accepted, one that asks too often is not."""
    report = judge(guessing(protocol), solution)
    assert [test.verdict for test in report.tests] == [verdict] * 2
    assert details(report) == ["", ""]


ENDS = {
    "never speaks": ("input()\ninput()", TIME, "idle 1."),
    "never flushes": (
        SEARCH.replace(", flush=True", "").replace("input()", "__import__('sys').stdin.readline()[:-1]"),
        TIME,
        "idle 1.",
    ),
    "reads what nobody says": ("input()\ninput()\nprint(1)", TIME, "idle 1."),
    "never ends": ("input()\nwhile True: pass", TIME, "processor time"),
    "fails first": ("1 / 0", CRASH, "ZeroDivisionError"),
    "fails after a guess": ("input()\nprint(50, flush=True)\ninput()\n[][0]", CRASH, "IndexError"),
    "fills its memory": ("input()\nx = b'x' * 2**30", Verdict.MEMORY_LIMIT_EXCEEDED, "memory"),
    "speaks without end": ("while True: print(101)", WRONG, ""),
    "says no number": ("print('hello')", WRONG, ""),
    "says no text": ("import sys\nsys.stdout.buffer.write(b'\\xff\\n')", WRONG, FAILS),
    "ends at once": ("", WRONG, FAILS),
    "leaves before it was right": ("input()\nprint(1, flush=True)\ninput()", WRONG, FAILS),
    "does not compile": ("print(", Verdict.COMPILE_ERROR, ""),
    "wrong, and fails when nobody answers": ("print('no')\nraise SystemExit(3)", WRONG, ""),
}


@pytest.mark.parametrize("name", ENDS)
def test_how_a_solution_ends(judge: Judge, name: str) -> None:
    """A limit or a crash of the solution is its verdict, unless the interactor had refused it before."""
    solution, verdict, detail = ENDS[name]
    found = judge(guessing("kattis", tests=(StdioTest(stdin="37\n", stdout=""),)), solution).tests[0]
    assert found.verdict is verdict
    assert found.detail.startswith(detail)
    assert bool(found.detail) == bool(detail)


AFTERWARDS = {
    "goes on": ("print('bye')", Verdict.ACCEPTED),
    "crashes": ("1 / 0", CRASH),
    "never ends": ("while True: pass", TIME),
    "waits for ever": ("import time\ntime.sleep(60)", TIME),
    "reads to the end": ("try:\n    input()\nexcept EOFError: pass", Verdict.ACCEPTED),
    "floods": ("while True: print('x' * 10**6)", Verdict.OUTPUT_LIMIT_EXCEEDED),
}


@pytest.mark.parametrize("name", AFTERWARDS)
def test_who_was_right_has_to_come_to_an_end(judge: Judge, name: str) -> None:
    """Its input ends, what it says is heard by nobody, and its limits hold as before."""
    code, verdict = AFTERWARDS[name]
    suite = guessing("testlib", tests=(StdioTest(stdin="50\n", stdout=""),))
    assert judge(suite, f"{SEARCH}\n{code}").verdict is verdict


def test_a_refusal_stands_whatever_comes_after_it(judge: Judge) -> None:
    """As Kattis and DOMjudge have it: who hears nothing more may crash or wait, and still the answer was wrong."""
    for code in ("1 / 0", "while True: pass", "input()"):
        report = judge(guessing("kattis"), f"input()\nprint('x', flush=True)\n{code}")
        assert [test.verdict for test in report.tests] == [WRONG] * 2


def test_answers_before_they_are_asked_for_count(judge: Judge) -> None:
    """The pipe holds them: who happens to be right before it has read anything is right."""
    report = judge(guessing("kattis"), "print(37, flush=True)\nprint(100)")
    assert [test.verdict for test in report.tests] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    report = judge(guessing("kattis"), "for guess in range(1, 101): print(guess)")
    assert [test.verdict for test in report.tests] == [WRONG, WRONG]


def test_an_adaptive_interactor(judge: Judge) -> None:
    """It makes its number up as it goes, so no list of guesses passes."""
    tests = (StdioTest(stdin="", stdout=""),)
    assert judge(guessing("function", ADAPTIVE, tests=tests), SEARCH).verdict is Verdict.ACCEPTED
    assert judge(guessing("function", ADAPTIVE, tests=tests), BY_ONE).verdict is Verdict.ACCEPTED
    for guess in (1, 37, 100):
        solution = f"input()\nprint({guess}, flush=True)\ninput()\nprint({guess}, flush=True)\ninput()"
        assert judge(guessing("function", ADAPTIVE, tests=tests), solution).verdict is WRONG


def test_a_checker_decides_about_what_the_interactor_wrote(judge: Judge) -> None:
    """The number of guesses, in testlib's way; it sees what the jury wrote as its answer too."""
    few = "import sys\nsys.exit(int(open(sys.argv[2]).read()) > int(open(sys.argv[3]).read()))"
    suite = guessing("testlib", checker=JudgeProgram(code=few, protocol="testlib"))
    assert judge(suite, SEARCH).verdict is Verdict.ACCEPTED
    slow = f"input()\nprint(1, flush=True)\ninput()\n{SEARCH.replace('int(input())', '100')}"
    assert [test.verdict for test in judge(suite, slow).tests] == [WRONG, WRONG]
    assert [test.verdict for test in judge(guessing("testlib"), slow).tests] == [Verdict.ACCEPTED] * 2


def test_a_checker_that_fails_has_refused(judge: Judge) -> None:
    """There is no answer of the jury's to try it on, and no solution may choose not to be judged."""
    suite = guessing("testlib", checker=JudgeProgram(code="1 / 0", protocol="testlib"))
    report = judge(suite, SEARCH)
    assert [test.verdict for test in report.tests] == [WRONG, WRONG]
    assert details(report) == ["the checker fails on this output"] * 2


def test_much_is_said_in_both_directions(judge: Judge) -> None:
    """More than pipes hold, all of it before anybody reads."""
    code = """
import sys
sys.stdout.write("x" * 1_000_000 + "\\n")
sys.stdout.flush()
line = sys.stdin.readline()
sys.exit(0 if line == "y" * 2_000_000 + "\\n" else 1)
"""
    solution = "print('y' * 2_000_000, flush=True)\nassert len(input()) == 1_000_000"
    assert judge(guessing("testlib", code), solution).verdict is Verdict.ACCEPTED


def test_an_interactor_may_end_the_input_and_listen_on(judge: Judge) -> None:
    """It closes its output, so the solution reads to the end; then it reads all that the solution has to say."""
    code = "import sys\nprint(6, 7)\nsys.stdout.close()\nsys.exit(42 if sys.stdin.read().split() == ['42'] else 43)"
    solution = "import sys\na, b = sys.stdin.read().split()\nprint(int(a) * int(b))"
    assert judge(guessing("kattis", code), solution).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(("source", "accepted"), [(SEARCH, True), (BY_ONE, False), ("print(", False)])
def test_acceptance_without_a_report(sandbox: LocalSandbox, oracle: Oracle, source: str, accepted: bool) -> None:
    """It says what a report says."""
    assert is_accepted(guessing("kattis"), source, sandbox, oracle) is accepted


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_tripwire_is_not_passed(judge: Judge, sandbox: LocalSandbox, oracle: Oracle, protocol: str) -> None:
    """No interactor needs the jury's answer, so a checker that refuses has the last word."""
    suite = guessing(protocol)
    report = judge(suite, SEARCH)
    assert report.verdict is Verdict.ACCEPTED
    assert not is_tripped(suite, f"```python\n{SEARCH}\n```", report, sandbox, oracle)


def test_programs_that_solve_nothing_pass_nothing(judge: Judge) -> None:
    """All of the null battery, which has programs for interactive problems."""
    suite = guessing("kattis", INTERACTORS["kattis"])
    for null in null_battery(suite):
        assert judge(suite, null.source).verdict is not Verdict.ACCEPTED, null.name

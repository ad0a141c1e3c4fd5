"""Whose fault it is when a checker fails: no program may choose not to be judged (I7)."""

from __future__ import annotations

import pytest

from sandbox import Limits
from sandbox.job import MEBIBYTE
from tests.verifier.checking.checkers import ANY_PAIR, PROTOCOLS, TESTS, checked, details, says
from tests.verifier.checking.conftest import Judge
from testsuites import JudgeProgram, StdioSuite, StdioTest, SuiteInvalid
from verifier.checking import checks
from verifier.verdict import Verdict

FAILS = "the checker fails on this output"
WAYS = {
    "raises": "raise KeyError(output)",
    "exits with what says nothing": "sys.exit(9)",
    "leaves at once": "os._exit(9)",
    "says something as it leaves": "sys.exit(output)",
    "is killed": "os.kill(os.getpid(), 9)",
    "ends in a finalizer": "sys.setrecursionlimit(10**9); deep = lambda: deep(); deep()",
    "never ends": "[None for _ in iter(int, 1)]",
    "takes all memory": "[bytearray(10**8) for _ in range(10**4)]",
    "sleeps": "time.sleep(10**6)",
    "makes a call that none makes": "ctypes.CDLL(None).ptrace(0, 0, 0, 0)",
}


def failing(way: str, when: str = "'boom' in output") -> JudgeProgram:
    """Return a checker that fails in a way on some outputs, and accepts others."""
    return JudgeProgram(
        code="import ctypes, os, sys, time\noutput = sys.stdin.read()\n"
        f"if {when}:\n    {WAYS[way]}\n    sys.exit(9)\nsys.exit(42)\n",
        protocol="kattis",
    )


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give checkers less memory and less time to sleep than they have, so that meeting a limit takes less."""
    limits = Limits(cpu_seconds=10.0, idle_seconds=0.5, memory_bytes=128 * MEBIBYTE)
    monkeypatch.setattr(checks, "ORACLE_LIMITS", limits)


@pytest.mark.parametrize("way", WAYS)
def test_a_checker_that_fails_on_an_output_refuses_it(judge: Judge, way: str) -> None:
    """It accepts the jury's answer to the same input, so it is the output that it fails on: a wrong answer."""
    suite = StdioSuite(id="pairs", tests=TESTS, checker=failing(way))
    report = judge(suite, "print('boom' if input() == '7' else 'fine')")
    assert [(test.verdict, test.detail) for test in report.tests] == [
        (Verdict.WRONG_ANSWER, FAILS),
        (Verdict.ACCEPTED, ""),
    ]


@pytest.mark.parametrize("way", WAYS)
def test_a_checker_that_fails_on_the_jurys_answer_breaks_the_suite(judge: Judge, way: str) -> None:
    """No output of a program was needed for that, so its answer is not judged; the message names the test."""
    suite = StdioSuite(id="pairs", tests=TESTS[1:], checker=failing(way, when="True"))
    with pytest.raises(SuiteInvalid, match="pairs: test thirty is broken: its checker fails on the jury's answer: it"):
        judge(suite, says("HIDDEN"))


def test_a_checker_that_refuses_the_jurys_answer_has_judged_it(judge: Judge) -> None:
    """Where an answer of the jury's is no output that counts, a program cannot use that to go without a verdict."""
    code = (
        "import sys\nword = sys.stdin.read().split()[0]\nsys.exit(42 if word == 'yes' else 43 if word == '1' else 9)\n"
    )
    report = judge(checked("kattis", code), says("boom"))
    assert {(test.verdict, test.detail) for test in report.tests} == {(Verdict.WRONG_ANSWER, FAILS)}
    assert judge(checked("kattis", code), says("yes")).verdict is Verdict.ACCEPTED


def test_a_broken_checker_is_found_by_an_output_that_it_does_not_mind(judge: Judge) -> None:
    """One that fails on no output of a program is not run on the jury's answers."""
    code = "def check(input, output, answer):\n    return output == 'fine\\n' or undefined\n"
    assert judge(checked("function", code), says("fine")).verdict is Verdict.ACCEPTED
    with pytest.raises(SuiteInvalid, match="it raises NameError"):
        judge(checked("function", code), says("other"))


@pytest.mark.parametrize(
    ("protocol", "code", "why"),
    [
        ("function", "def check(input, output, answer):\n    return 1\n", "it does not return True or False"),
        ("function", "def check(input, output):\n    return True\n", "it raises TypeError"),
        ("function", "def cheque(*texts):\n    return True\n", "it raises KeyError"),
        ("function", "class Hidden(Exception): pass\nraise Hidden\n", "an exception of the program's own"),
        ("function", "raise SystemExit(0)", "it raises SystemExit"),
        ("kattis", "pass", "it ends with exit code 0"),
        ("testlib", "raise SystemExit(3)", "it ends with exit code 3"),
        ("testlib", "raise ValueError", "it raises ValueError"),
        ("prints", "print('fine')", "it does not print 1 or 0"),
        ("prints", "print(1); raise SystemExit(1)", "it does not print 1 or 0"),
        ("prints", "import nothing_of_this_name", "it raises ModuleNotFoundError"),
        ("kattis", "open('/etc/passwd')", "it raises OSError"),
        ("kattis", "open('input', 'w')", "it raises"),
    ],
)
def test_how_it_failed_is_told_in_our_words(judge: Judge, protocol: str, code: str, why: str) -> None:
    """The author learns what to mend; nothing of the checker, the test or the output is quoted."""
    with pytest.raises(SuiteInvalid) as caught:
        judge(checked(protocol, code), says("HIDDEN"))
    assert why in str(caught.value)
    for hidden in ("HIDDEN", "Hidden", "1 6", "fine", "nothing_of"):
        assert hidden not in str(caught.value)


def test_a_python_crash_is_no_verdict_of_testlib(judge: Judge) -> None:
    """Python exits with 1 after an exception, which is testlib's wrong answer; here the two are told apart."""
    with pytest.raises(SuiteInvalid):
        judge(checked("testlib", "import sys\nopen(sys.argv[2]).read()[10**6]\n"), says("1"))


def test_the_work_that_failures_make_is_bounded(judge: Judge) -> None:
    """After three outputs on which the checker fails no more are checked: each may cost its whole limit."""
    tests = tuple(StdioTest(stdin=str(number), stdout="1") for number in range(6))
    suite = StdioSuite(id="many", tests=tests, checker=failing("raises"))
    report = judge(suite, "print('fine' if input() == '1' else 'boom')")
    too_many = "not checked: the checker fails on too many outputs before it"
    assert details(report) == [FAILS, "", FAILS, FAILS, too_many, too_many]
    assert [test.verdict is Verdict.ACCEPTED for test in report.tests] == [False, True, False, False, False, False]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_output_that_is_no_text(judge: Judge, protocol: str) -> None:
    """A function cannot be given it; a program reads the bytes, or fails as it reads text. Wrong either way here."""
    report = judge(checked(protocol), "import sys\nsys.stdout.buffer.write(b'1 6 \\xff')\n")
    detail = "the output is not UTF-8 text" if protocol == "function" else FAILS
    assert [(test.verdict, test.detail) for test in report.tests] == [(Verdict.WRONG_ANSWER, detail)] * 2


def test_a_checker_may_read_bytes(judge: Judge) -> None:
    """An output that is no text can be right, where the checker says so."""
    code = "import sys\nsys.exit(42 if sys.stdin.buffer.read() == b'\\xff\\x00' else 43)\n"
    assert (
        judge(checked("kattis", code), "import sys\nsys.stdout.buffer.write(b'\\xff\\0')\n").verdict is Verdict.ACCEPTED
    )


@pytest.mark.parametrize("protocol", ["kattis", "testlib"])
def test_a_checker_that_prints_a_lot_is_heard(judge: Judge, protocol: str) -> None:
    """What it prints is kept nowhere: its exit code counts."""
    code = f"import sys\nfor _ in range(300):\n    print('x' * 10**6)\nsys.exit({42 if protocol == 'kattis' else 0})\n"
    assert judge(checked(protocol, code), ANY_PAIR).verdict is Verdict.ACCEPTED


def test_a_verdict_is_one_short_text(judge: Judge) -> None:
    """Where a verdict is printed, more than a number is none."""
    with pytest.raises(SuiteInvalid, match="it does not print 1 or 0"):
        judge(checked("prints", "print(' ' * 10**7 + '1')"), ANY_PAIR)

"""What a solution may try on a checker: to look like one, to read one, to stop one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.verifier.checking.checkers import ANY_PAIR, CHECKERS, PROTOCOLS, checked, says
from tests.verifier.checking.conftest import Judge
from testsuites import StdioSuite, StdioTest
from verifier.verdict import Verdict

MARKERS = [
    "1",
    "42",
    "True",
    "1.0",
    '[0,["end","passed",""]]',
    '{"d":[["how","exit"],["what",42]]}',
    "exit 42",
    "ok answer is correct",
    "accepted",
    "\x00\x00\x00\x06[0,[]]",
]
ENDS = ["import os\nos._exit(42)", "import sys\nsys.exit(42)", "raise SystemExit(True)", "exit(43)"]
READS_THE_CHECKER = """
import gc, os, sys
found = []
for place in ("check.py", "checker.py", "input", "answer", "feedback_dir", "/proc/self/fd/3", "/proc/1/cmdline"):
    try:
        found.append(open(place).read())
    except BaseException:
        pass
for fd in range(3, 64):
    try:
        found.append(os.read(fd, 10**6).decode())
    except BaseException:
        pass
frame = sys._getframe()
while frame:
    found += [repr(frame.f_globals), repr(frame.f_locals)]
    frame = frame.f_back
found += [repr(sys.argv), repr(os.environ), repr([str(one) for one in gc.get_objects() if type(one) in (str, dict)])]
print(1 if any("PASS" + "WORD" in text for text in found) else 0)
"""


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("output", MARKERS)
def test_an_output_that_looks_like_a_verdict_is_an_output(judge: Judge, protocol: str, output: str) -> None:
    """What a solution prints is only ever what the checker reads."""
    report = judge(checked(protocol), says(output))
    assert report.verdict is Verdict.WRONG_ANSWER
    assert report.credit == 0.0


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("end", ENDS)
def test_the_exit_code_of_a_solution_is_no_checkers(judge: Judge, protocol: str, end: str) -> None:
    """A solution that ends as an accepting checker does has crashed."""
    assert judge(checked(protocol), end).verdict is Verdict.RUNTIME_ERROR


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("output", ["boom", "1 x", "\\u0661 6", "9" * 5000, "-", "1e400 -1e400", "[" * 5000])
def test_no_output_leaves_a_program_without_a_verdict(judge: Judge, protocol: str, output: str) -> None:
    """A solution that makes the checker raise is wrong, and not the judge's fault."""
    assert judge(checked(protocol), says(output)).verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize(("protocol", "code"), [("kattis", "judge error"), ("testlib", "wrong answer")])
def test_where_only_the_exit_code_is_looked_at(tmp_path, protocol: str, code: str) -> None:  # type: ignore[no-untyped-def]
    """The same checkers run by their exit codes alone: one is a fault of the judge's, which a solution brings about."""
    names = {"input": "7\n", "output": "boom\n", "answer": "1 6\n", "check.py": CHECKERS[protocol]}
    for name, text in names.items():
        (tmp_path / name).write_text(text)
    ended = subprocess.run(
        [sys.executable, "check.py", "input", "output", "answer"],
        cwd=tmp_path, input=b"boom", capture_output=True, check=False,
    )  # fmt: skip
    said = {42: "accepted", 43: "wrong answer"} if protocol == "kattis" else {0: "accepted", 1: "wrong answer"}
    assert said.get(ended.returncode, "judge error") == code


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_solution_cannot_read_its_checker(judge: Judge, protocol: str) -> None:
    """The checker is nowhere where the solution is, and neither are the jury's answer and the next input."""
    suite = checked(protocol, f"password = 'PASSWORD'\n{CHECKERS[protocol]}")
    tests = (StdioTest(stdin="1\n", stdout="PASSWORD"), StdioTest(stdin="PASSWORD\n", stdout="1"))
    suite = StdioSuite(id="hidden", tests=tests[:1], checker=suite.checker)
    says_what_it_found = "def check(input, output, answer):\n    return output == '0\\n' # PASSWORD\n"
    report = judge(
        StdioSuite(id="hidden", tests=tests[:1], checker=checked("function", says_what_it_found).checker),
        READS_THE_CHECKER,
    )
    assert report.verdict is Verdict.ACCEPTED
    assert judge(suite, READS_THE_CHECKER).verdict is Verdict.WRONG_ANSWER


def test_the_same_reader_finds_what_is_in_reach(judge: Judge) -> None:
    """Without the defence, where the checker's text is in the solution's own process, it is found."""
    finds = "def check(input, output, answer):\n    return output == '1\\n'\n"
    assert judge(checked("function", finds), f"checker = 'PASSWORD'\n{READS_THE_CHECKER}").verdict is Verdict.ACCEPTED


def test_nothing_hidden_is_in_a_report(judge: Judge) -> None:
    """Neither the checker's words, nor the jury's, nor the solution's output are in what is told."""
    code = f"import sys\nprint('SECRET', file=sys.stderr)\n{CHECKERS['testlib']}"
    tests = (StdioTest(stdin="7\n# SECRET", stdout="1 6 SECRET"), StdioTest(stdin="7\n", stdout="1 6"))
    suite = StdioSuite(id="hidden", tests=tests[1:], checker=checked("testlib", code).checker)
    for source in (ANY_PAIR, says("SECRET"), says("1 1")):
        report = judge(suite, source)
        assert not any("SECRET" in text for test in report.tests for text in (test.detail, test.name))
        assert "SECRET" not in repr(report.tests)
    assert "SECRET" not in repr(suite)

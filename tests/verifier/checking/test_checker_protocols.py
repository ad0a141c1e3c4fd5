"""What a checker says of an output, in each protocol."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import LocalSandbox
from tests.verifier.checking.checkers import ANY_PAIR, CHECKERS, PROTOCOLS, TESTS, checked, details, says
from tests.verifier.checking.conftest import Judge
from testsuites import JudgeProgram, StdioSuite
from verifier.checking.protocols import Ending, Ruling, ruling_of
from verifier.judging import is_accepted
from verifier.oracle import Oracle
from verifier.verdict import Verdict

JURYS = "n = int(input())\nprint(1, n - 1)\n"
HALF_RIGHT = "print(3, 4)\n"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_any_right_answer_is_accepted(judge: Judge, protocol: str) -> None:
    """The checker decides: what the jury answers is right, and what it does not answer may be."""
    for source in (JURYS, ANY_PAIR):
        report = judge(checked(protocol), source)
        assert (report.verdict, details(report)) == (Verdict.ACCEPTED, ["", ""])


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("output", ["0 7", "1 2", "1 2 4", "1", ""])
def test_a_wrong_answer_is_refused(judge: Judge, protocol: str, output: str) -> None:
    """What the checker refuses is a wrong answer, without a reason that could tell anything."""
    report = judge(checked(protocol), says(output))
    assert (report.verdict, details(report)) == (Verdict.WRONG_ANSWER, ["", ""])
    assert report.credit == 0.0


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_test_has_its_own_verdict(judge: Judge, protocol: str) -> None:
    """One output that is right earns its share."""
    report = judge(checked(protocol), HALF_RIGHT)
    assert [test.verdict for test in report.tests] == [Verdict.ACCEPTED, Verdict.WRONG_ANSWER]
    assert report.credit == 0.5


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_did_not_end_well_is_not_checked(judge: Judge, protocol: str) -> None:
    """The right output of a program that crashed afterwards is a crash."""
    report = judge(checked(protocol), f"{ANY_PAIR}raise SystemExit(3)\n")
    assert {test.verdict for test in report.tests} == {Verdict.RUNTIME_ERROR}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(("source", "passes"), [(ANY_PAIR, True), (HALF_RIGHT, False), ("1 / 0", False), ("(", False)])
def test_the_short_way_to_a_verdict_agrees(
    sandbox: LocalSandbox, oracle: Oracle, protocol: str, source: str, passes: bool
) -> None:
    """Asking only whether a program is accepted has the answer that judging it has."""
    assert is_accepted(checked(protocol), source, sandbox, oracle) is passes


@pytest.mark.parametrize("protocol", ["kattis", "testlib", "prints"])
def test_a_checker_is_a_program_of_its_own(judge: Judge, protocol: str) -> None:
    """It is `__main__`, has its arguments behind the names of its files, and may be a `main` in a thread."""
    names = {
        "kattis": ["validator", "input", "answer", "feedback_dir/"],
        "testlib": ["checker", "input", "output", "answer"],
        "prints": ["checker", "input", "answer", "output"],
    }[protocol]
    ends = {"kattis": "os._exit(42)", "testlib": "os._exit(0)", "prints": "print('1.0')"}[protocol]
    code = (
        "import os, sys, threading\n"
        f"assert sys.argv == {[*names, 'case_sensitive', '1e-6']!r}\n"
        "found = []\n"
        "def main():\n    found.append(__name__)\n"
        "if __name__ == '__main__':\n"
        "    thread = threading.Thread(target=main)\n    thread.start()\n    thread.join()\n"
        f"assert found == ['__main__'] and sys.modules['__main__'].found is found\n{ends}\n"
    )
    assert judge(checked(protocol, code, arguments=("case_sensitive", "1e-6")), says("")).verdict is Verdict.ACCEPTED


def test_a_checker_ends_as_a_program_does(judge: Judge) -> None:
    """Its threads are waited for, its exit functions run, and what it printed last is heard."""
    code = (
        "import atexit, sys, threading, time\n"
        "atexit.register(lambda: print('1', end=''))\n"
        "threading.Thread(target=lambda: time.sleep(0.05) or print('0.', end='')).start()\n"
    )
    report = judge(checked("prints", code), says(""))
    assert {test.detail for test in report.tests} == {"partly right"}


def test_a_function_gets_texts_as_they_are(judge: Judge) -> None:
    """Input, output and answer are whole texts, line ends included; it is not run as a program."""
    code = (
        "import __main__, sys\n"
        "assert __name__ != '__main__'\n"
        "def check(input, output, answer):\n"
        "    return output == 'a\\r\\n\\u00e9' and (input, answer) in [('7\\n', '1 6\\n'), ('30\\n', '1 29\\n')]\n"
    )
    source = "import sys\nsys.stdout.buffer.write('a\\r\\n\\u00e9'.encode())\n"
    assert judge(checked("function", code), source).verdict is Verdict.ACCEPTED


def test_each_check_is_a_process_of_its_own(judge: Judge) -> None:
    """What a checker leaves in its modules is not there for the next test."""
    code = "import json\ndef check(*texts):\n    json.seen = getattr(json, 'seen', 0) + 1\n    return json.seen == 1\n"
    assert judge(checked("function", code), says("")).verdict is Verdict.ACCEPTED


def program(protocol: Any) -> JudgeProgram:
    """Return a checker of that protocol."""
    return JudgeProgram(code="", protocol=protocol)


RIGHT, WRONG, PARTLY = Ruling(True), Ruling(False), Ruling(False, "partly right")


@pytest.mark.parametrize(
    ("protocol", "codes"),
    [
        ("kattis", {42: RIGHT, 43: WRONG}),
        (
            "testlib",
            {0: RIGHT, 1: WRONG, 2: WRONG, 4: WRONG, 7: PARTLY, 8: WRONG, **dict.fromkeys(range(16, 256), PARTLY)},
        ),
        ("prints", {}),
        ("function", {}),
    ],
)
def test_every_exit_code(protocol: str, codes: dict[int, Ruling]) -> None:
    """Each exit code says what its protocol means by it, and every other that the checker failed."""
    assert [ruling_of(program(protocol), Ending("exit", code, "2")) for code in range(256)] == [
        codes.get(code) for code in range(256)
    ]


@pytest.mark.parametrize(
    ("printed", "ruling"),
    [
        *[(text, RIGHT) for text in ("1", "1\n", " 1.0 ", "1e0")],
        *[(text, WRONG) for text in ("0", "0\n", "0.0", "-0")],
        *[(text, PARTLY) for text in ("0.5", "0.999999", "1e-9")],
        *[(text, None) for text in ("", "1 1", "1\n1", "2", "-1", "nan", "inf", "True", "ok", "0.5 " + "0" * 5000)],
    ],
)
def test_what_is_printed(printed: str, ruling: Ruling | None) -> None:
    """One number from 0 to 1 and nothing else; only 1 is right."""
    assert ruling_of(program("prints"), Ending("exit", 0, printed)) == ruling
    assert ruling_of(program("prints"), Ending("exit", 1, printed)) is None


@given(
    st.sampled_from(PROTOCOLS),
    st.sampled_from(["exit", "raised", "answered", "other", ""]) | st.text(),
    st.none() | st.booleans() | st.integers() | st.text() | st.floats() | st.lists(st.integers()),
    st.text(),
)
def test_any_ending_has_a_ruling_or_none(protocol: str, how: str, what: object, printed: str) -> None:
    """Whatever a checker's process tells, the judge makes a ruling of it or says that it failed."""
    ruling = ruling_of(program(protocol), Ending(how, what, printed))
    assert ruling is None or type(ruling) is Ruling
    assert not (ruling and ruling.right) or how in ("exit", "answered")


@pytest.mark.parametrize("value", [1, 0, "True", None, [], 1.0])
def test_true_and_false_only(value: object) -> None:
    """A function that returns anything else has failed."""
    assert ruling_of(program("function"), Ending("answered", value)) is None


def test_a_checker_shows_nothing_of_itself() -> None:
    """No repr holds its code."""
    suite = StdioSuite(id="s", tests=TESTS, checker=JudgeProgram(code=CHECKERS["kattis"], arguments=("HIDDEN",)))
    for text in map(repr, (suite, suite.checker)):
        assert "sys" not in text
        assert "HIDDEN" not in text

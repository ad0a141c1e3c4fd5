"""The standard checkers of testlib, one by one, and that comparing words decides as those that it stands for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.importers.packages import polygon_standard
from testsuites.importers.packages.polygon_checkers import _BY_WORDS, _decides_by_words
from testsuites.importers.packages.polygon_standard import CHECKERS, FAIL, OK, PRESENTATION, WRONG, Ended
from testsuites.model import Comparator, StdioTest
from verifier.comparing import compare

TOKENS = st.sampled_from(
    ["0", "-0", "1", "01", "+1", "-2", "2147483648", "9" * 25, "YES", "yes", "No", "a", "É", "1.0"]
)
TEXTS = st.lists(st.tuples(TOKENS, st.sampled_from([" ", "\n", "\r\n", "\t", "  \n\n"])), max_size=4).map(
    lambda pairs: "".join(part for pair in pairs for part in pair)
)


def code(name: str, output: str | bytes, answer: str | bytes) -> int:
    """Return the exit code of a checker."""
    texts = (text.encode() if isinstance(text, str) else text for text in (output, answer))
    try:
        return OK if CHECKERS[name](*texts) else WRONG
    except Ended as error:
        return error.code


@pytest.mark.parametrize(
    ("name", "answer", "right", "wrong", "malformed", "no_answer"),
    [
        ("acmp", "1.5", ["1.5000009", " 1.5 "], ["1.50001", "1.5 1.5", ""], ["nan", "x", "1,5"], ["", "x"]),
        (
            "caseicmp",
            "Case 1: 5\nCase 2: -1",
            ["Case 1: 5 Case 2: -1"],
            ["Case 1: 5"],
            ["Case 2: 5", "5"],
            ["5", "Case"],
        ),
        ("casencmp", "Case 1: 5 6 Case 2:", ["Case 1: 5 6\nCase 2:"], ["Case 1: 5 Case 2: 6"], ["Case 1: x"], ["1"]),
        ("casewcmp", "Case 1: a b", ["Case 1:\na\nb"], ["Case 1: a", "Case 1: a B"], ["case 1: a b"], ["Case 2: a"]),
        ("dcmp", "1000000", ["1000000.9", "1e6"], ["1000002", "1 1"], ["1e", "."], ["one", ""]),
        (
            "fcmp",
            "a b\n c\n\n",
            ["a b\n c\n", "a b\r\n c", "a b\n c\n \n"],
            ["a  b\n c\n", "a b\n", "a b\n c\nd"],
            [],
            [],
        ),
        ("hcmp", "9" * 50, ["9" * 50 + "\n"], ["9" * 49 + "8", "9" * 50 + " 9"], ["+1", "0" + "9" * 50, "1.0"], ["01"]),
        ("icmp", "-5", ["-5"], ["5", "-5 1", ""], ["-05", "2147483648", "-0"], ["2147483648", ""]),
        ("lcmp", "a b\n\nc", ["a  b \n \nc\n", "\ta b\n\nc\n\n"], ["a b\nc", "a b\n\nc d"], [], []),
        ("ncmp", "1 2\n3", ["1\n2\n3\n"], ["1 2", "1 2 3 4", "1 3 2"], ["1 2 03", "1 2 9223372036854775808"], ["x"]),
        ("nyesno", "YES no", ["yes\nNO"], ["yes", "yes yes", "yes no no"], ["yes nope"], ["maybe"]),
        ("rcmp", "0.1", ["0.1000014", "1e-1", "+.1"], ["0.1000017", "0.1 0"], ["0x1"], ["inf"]),
        ("rcmp4", "1 20000", ["1.00009 20001.9"], ["1.0002 20000", "1", "1 20000 0"], ["1 nan"], ["nan"]),
        ("rcmp6", "1 0", ["1.0000009 0.0000009"], ["1.00001 0", "1 -0.00001"], ["1 e5"], ["."]),
        ("rcmp9", "1e10", ["10000000001"], ["10000000020"], ["1e+"], [""" - """]),
        ("rncmp", "5 6", ["5.000014 6"], ["5.000016 6", "5"], ["5 six"], ["six"]),
        ("uncmp", "3 1 1", ["1 3 1"], ["1 3", "1 3 3", "1 1 3 3"], ["1 1 x"], ["x"]),
        ("wcmp", "a B", [" a\tB\n"], ["a b", "a", "a B c", "aB"], [], []),
        ("yesno", "No", ["NO", "no\n"], ["yes", "no no", ""], ["none"], ["none", ""]),
    ],
)
def test_a_standard_checker_decides_as_testlib_does(
    name: str, answer: str, right: list[str], wrong: list[str], malformed: list[str], no_answer: list[str]
) -> None:
    """Right, wrong, not in the form that was asked for, and a jury's answer that is not: its own exit code each."""
    assert [code(name, output, answer) for output in [answer, *right]] == [OK] * (len(right) + 1)
    assert [code(name, output, answer) for output in wrong] == [WRONG] * len(wrong)
    assert [code(name, output, answer) for output in malformed] == [PRESENTATION] * len(malformed)
    assert [code(name, answer, other) for other in no_answer] == [FAIL] * len(no_answer)


def test_every_standard_checker_is_tried_above() -> None:
    """Nineteen: testlib's own, without the two that give points."""
    (mark,) = [
        mark for mark in test_a_standard_checker_decides_as_testlib_does.pytestmark if mark.name == "parametrize"
    ]
    assert sorted(case[0] for case in mark.args[1]) == sorted(CHECKERS)
    assert len(CHECKERS) == 19


@pytest.mark.parametrize(("output", "expected"), [("1", OK), ("2", WRONG), ("x", PRESENTATION)])
def test_the_program_ends_with_the_exit_code(tmp_path: Path, output: str, expected: int) -> None:
    """Run as it is given to suites: by itself, with the names of three files and that of the checker."""
    for name, text in {"input": "", "output": output, "answer": "1"}.items():
        (tmp_path / name).write_text(text)
    arguments = ["input", "output", "answer", "ncmp"]
    done = subprocess.run([sys.executable, "-I", polygon_standard.__file__, *arguments], cwd=tmp_path, check=False)
    assert done.returncode == expected


@given(name=st.sampled_from(sorted(_BY_WORDS)), output=TEXTS, answer=TEXTS)
def test_comparing_words_decides_as_the_checker(name: str, output: str, answer: str) -> None:
    """Wherever an importer puts the comparator in the place of the checker, with any output."""
    if _decides_by_words(name, [StdioTest(stdin="", stdout=answer)]):
        comparator = Comparator(name="words", case_sensitive=_BY_WORDS[name][2], absolute=0.0, relative=0.0)
        assert compare(comparator, answer, output.encode()) == (code(name, output, answer) == OK)


@given(name=st.sampled_from(sorted(CHECKERS)), output=st.binary(max_size=40), answer=st.binary(max_size=40))
def test_any_bytes_end_with_an_exit_code(name: str, output: bytes, answer: bytes) -> None:
    """No checker raises anything of its own, and the answer itself is never wrong."""
    assert code(name, output, answer) in (OK, WRONG, PRESENTATION, FAIL)
    assert code(name, answer, answer) in (OK, WRONG, FAIL)

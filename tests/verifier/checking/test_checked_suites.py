"""Suites with a checker, from their folder to the grade."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.testsuites.data_set_rows import example, read_one
from tests.verifier.answers import fenced
from tests.verifier.checking.checkers import ANY_PAIR, CHECKERS, PROTOCOLS, says
from testsuites import StdioSuite
from verifier import Grade, Verdict, Verifier
from verifier.batch import grade_many
from verifier.sample import Sample

TESTS = '[[tests]]\nstdin = "7\\n"\nstdout = "1 6\\n"\n[[tests]]\nstdin = "30\\n"\nstdout = "1 29\\n"\n'
BROKEN = "def check(input, output, answer):\n    return SECRET\n"
GENERATED = """
import sys

def main():
    with open(sys.argv[1]) as file:
        total = int(file.read())
    with open(sys.argv[3]) as file:
        words = file.read().split()
    if len(words) != 2:
        print(0)
        return
    print(1 if sum(map(int, words)) == total and min(map(int, words)) > 0 else 0)

if __name__ == "__main__":
    main()
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the problem with a checker of each protocol, and with one that is broken."""
    place = tmp_path_factory.mktemp("suites")
    for name, code in {**CHECKERS, "broken": BROKEN}.items():
        (place / name).mkdir()
        (place / name / "check.py").write_text(code)
        protocol = "function" if name == "broken" else name
        head = f'kind = "stdio"\n[checker]\nfile = "check.py"\nprotocol = "{protocol}"\n'
        (place / name / "suite.toml").write_text(head + TESTS)
    return place


@pytest.fixture(scope="module")
def verifier(store: Path) -> Iterator[Verifier]:
    """Open the suites."""
    with Verifier(suites=store) as verifier:
        yield verifier


def grade(verifier: Verifier, source: str, suite: str) -> Grade:
    """Grade a program."""
    return verifier.grade(fenced(source), suite=suite)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_checker_is_worth_the_reward(verifier: Verifier, protocol: str) -> None:
    """A right answer that is not the jury's has the full reward, a wrong one that of a wrong answer."""
    right, wrong = grade(verifier, ANY_PAIR, protocol), grade(verifier, says("1 1"), protocol)
    assert (right.verdict, right.reward) == (Verdict.ACCEPTED, 1.0)
    assert (wrong.verdict, wrong.reward, wrong.judged) == (Verdict.WRONG_ANSWER, -0.8, True)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_crashing_checker_is_no_way_out(verifier: Verifier, protocol: str) -> None:
    """Making the checker crash has the reward of a wrong answer, not that of an answer that was not judged."""
    crashed = grade(verifier, says("boom"), protocol)
    assert (crashed.verdict, crashed.reward, crashed.judged) == (Verdict.WRONG_ANSWER, -0.8, True)


def test_a_broken_checker_is_not_the_models_fault(verifier: Verifier, caplog: pytest.LogCaptureFixture) -> None:
    """The answer is not judged; the message names suite, test and exception, and no log holds more."""
    caplog.set_level(logging.DEBUG)
    [lost] = grade_many(verifier, [Sample(id="1", answer=fenced(ANY_PAIR), suite="broken")], workers=1)
    assert (lost.verdict, lost.reward, lost.judged) == (Verdict.JUDGE_ERROR, None, False)
    assert "broken: test 1 is broken: its checker fails on the jury's answer: it raises NameError" in lost.message
    assert "SECRET" not in lost.message + caplog.text


def test_a_row_of_codeforces_grades_by_its_checker(tmp_path: Path) -> None:
    """An imported problem with several right answers accepts them all."""
    row = example("codeforces") | {
        "official_tests": [{"input": "7", "output": "1 6"}, {"input": "30", "output": "1 29"}],
        "generated_checker": GENERATED,
    }
    suite = read_one("codeforces", tmp_path, row).suite
    assert isinstance(suite, StdioSuite)
    with Verifier() as verifier:
        verdicts = [
            verifier.grade(fenced(source), suite=suite).verdict for source in (ANY_PAIR, says("1 1"), says("x y"))
        ]
    assert verdicts == [Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.WRONG_ANSWER]


def test_a_checker_is_listed_in_place_of_a_comparator(store: Path) -> None:
    """`verifier suites show` says what decides, and nothing of the checker's text."""
    done = subprocess.run(
        [sys.executable, "-m", "verifier", "suites", "show", str(store), "--json"],
        capture_output=True, env=os.environ, timeout=120, check=True,
    )  # fmt: skip
    assert {row["comparator"] for row in json.loads(done.stdout)} == {"checker"}
    assert b"SECRET" not in done.stdout + done.stderr

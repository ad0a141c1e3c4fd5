"""verifier.auditing over suites with a checker or an interactor: labels go through them, and triviality fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from testsuites import StdioSuite, StdioTest
from testsuites.directory import Labelled
from testsuites.model import JudgeProgram
from verifier.auditing.auditing import Audit, audit
from verifier.auditing.findings import Kind
from verifier.calibrating.bench import Bench
from verifier.calibrating.material import Material

SUM_OF_TWO = JudgeProgram(
    code="""
def check(input, output, answer):
    words = output.split()
    return len(words) == 2 and all(map(str.isdigit, words)) and int(words[0]) + int(words[1]) == int(input)
"""
)
GUESS = JudgeProgram(
    protocol="kattis",
    code="""
import sys
secret = int(open(sys.argv[1]).read())
for _ in range(8):
    guess = int(input())
    if guess == secret:
        print("found", flush=True)
        sys.exit(42)
    print("higher" if guess < secret else "lower", flush=True)
sys.exit(43)
""",
)
BISECTS = """
low, high = 1, 100
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    said = input()
    if said == "found":
        break
    low, high = (middle + 1, high) if said == "higher" else (low, middle - 1)
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """One bench for all."""
    with Bench(2) as bench:
        yield bench


def _audited(bench: Bench, suite: StdioSuite, reference: str, **labelled: str) -> Audit:
    submissions = tuple(
        Labelled(
            label="wrong_answer" if name.startswith("wrong") else "accepted", name=name, text=text, is_answer=False
        )
        for name, text in labelled.items()
    )
    return audit(Material(suite=suite, reference=reference, submissions=submissions), bench)


def test_a_checker_decides_about_labels(bench: Bench) -> None:
    """Other right answers than the jury's are right; a broken checker is told, and not laid at a submission's door."""
    tests = (StdioTest(stdin="7\n", stdout="3 4\n"), StdioTest(stdin="10\n", stdout="5 5\n"))
    suite = StdioSuite(id="s", tests=tests, checker=SUM_OF_TWO)
    found = _audited(
        bench,
        suite,
        "n = int(input())\nprint(n // 2, n - n // 2)\n",
        other="n = int(input())\nprint(0, n)\n",
        wrong="n = int(input())\nprint(n, n)\n",
    )
    assert found.findings == ()
    crashing = StdioSuite(id="s", tests=tests, checker=JudgeProgram(code="def check(input, output, answer): 1 / 0\n"))
    broken = _audited(bench, crashing, "print(1)\n", wrong="print(2)\n")
    assert [finding.kind for finding in broken.findings] == [Kind.BROKEN]


def test_a_checker_that_accepts_everything_accepts_what_solves_nothing(bench: Bench) -> None:
    """Which is what the null programs are for."""
    tests = (StdioTest(stdin="7\n", stdout="3 4\n"),)
    careless = JudgeProgram(code="def check(input, output, answer): return True\n")
    found = _audited(bench, StdioSuite(id="s", tests=tests, checker=careless), "print(3, 4)\n")
    assert ("trivial_accepted", "empty") in [(str(finding.kind), finding.name) for finding in found.findings]


def test_an_interactor_refuses_what_solves_nothing(bench: Bench) -> None:
    """Constants, echoes and silence among them; the reference is accepted each time, and limits are known."""
    tests = tuple(StdioTest(stdin=f"{secret}\n", stdout="") for secret in (1, 37, 100))
    found = _audited(
        bench,
        StdioSuite(id="s", tests=tests, interactor=GUESS),
        BISECTS,
        wrong="for n in range(1, 9):\n    print(n, flush=True)\n    input()\n",
    )
    assert [finding for finding in found.findings if finding.kind is not Kind.OTHER_VERDICT] == []
    assert found.headroom is not None

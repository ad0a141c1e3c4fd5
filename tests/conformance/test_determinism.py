"""The same answer gets the same grade, whatever the order and the company; `benchmarks/determinism.py`, small."""

from __future__ import annotations

from benchmarks.determinism import find_differences
from benchmarks.submissions import Submission, bundled
from tests.verifier.answers import fenced
from testsuites import StdioSuite, StdioTest

COIN = "import os\nprint(os.urandom(1)[0] % 2)"
EVERY = 6
SLOW = "parcel-shelf/time_limit_exceeded/sorts_for_every_parcel"
"""It costs 1.5 s, and others cost up to 8."""


def test_no_grade_depends_on_the_order_the_company_or_a_warm_verifier() -> None:
    """One bundled submission in six, and one that times out, in all four modes: no difference."""
    submissions = bundled()
    quick = [submission for submission in submissions if not submission.slow]
    slow = [submission for submission in submissions if submission.name == SLOW]
    chosen = [*quick[::EVERY], *slow]
    assert len(slow) == 1
    assert len(chosen) > 20
    assert find_differences(chosen, repeats=1, workers=4) == []


def test_a_program_that_leaves_its_grade_to_chance_is_found() -> None:
    """Four passes over 12 programs that draw lots; that all draw the same four times happens once in 2 ** 36 runs."""
    suite = StdioSuite(id="coin", tests=(StdioTest(stdin="", stdout="1"),))
    coins = [Submission(name=f"coin {number}", answer=fenced(COIN), suite=suite) for number in range(12)]
    differences = find_differences(coins, repeats=1, workers=4)
    assert differences != []
    assert {difference.suite for difference in differences} == {"coin"}

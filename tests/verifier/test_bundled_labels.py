"""Every bundled submission gets the verdict that its folder names, by the production path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testsuites.directory import DirectoryStore, Labelled
from verifier import Grade, Verdict, Verifier

BUNDLED = Path(__file__).resolve().parents[2] / "testsuites" / "bundled"
STORE = DirectoryStore(BUNDLED)
SUBMISSIONS = [
    pytest.param(suite, submission, id=f"{suite}-{submission.label}-{submission.name}")
    for suite in STORE.ids()
    for submission in STORE.submissions(suite)
]


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    """One verifier for all of them, as a trainer would use it."""
    with Verifier(STORE) as verifier:
        yield verifier


def fenced(program: str) -> str:
    """Return an answer that holds one program."""
    return f"```python\n{program}```\n"


def described(grade: Grade) -> str:
    """Return what a person needs to see when a label is wrong."""
    lines = [f"{test.name}: {test.verdict} {test.detail} {test.cpu_seconds:.3f} s" for test in grade.tests]
    return "\n".join([grade.message, *lines])


@pytest.mark.parametrize(("suite", "submission"), SUBMISSIONS)
def test_a_submission_gets_the_verdict_of_its_folder(verifier: Verifier, suite: str, submission: Labelled) -> None:
    """The verdict is the label; an accepted submission earns +1 and every other less than 0."""
    grade = verifier.grade(submission.text if submission.is_answer else fenced(submission.text), suite)
    assert grade.judged, grade.message
    assert grade.verdict == submission.label, described(grade)
    assert grade.reward is not None
    if grade.verdict is Verdict.ACCEPTED:
        assert grade.reward == 1.0
    else:
        assert -1.0 <= grade.reward < 0.0


@pytest.mark.parametrize("suite", list(STORE.ids()))
def test_a_reference_is_accepted_and_far_below_the_limit(verifier: Verifier, suite: str) -> None:
    """The reference passes every test in less than a third of the processor time allowed."""
    reference = STORE.reference(suite)
    assert reference is not None
    grade = verifier.grade(fenced(reference), suite)
    assert grade.verdict is Verdict.ACCEPTED, described(grade)
    assert grade.reward == grade.credit == 1.0
    allowed = STORE.load(suite).limits.cpu_seconds
    assert allowed is not None
    assert max(test.cpu_seconds for test in grade.tests) < allowed / 3

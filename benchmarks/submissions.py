"""The labelled submissions that come with the project, and what two gradings of the same one must have in common."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from benchmarks.references import fenced
from testsuites import AnySuite
from testsuites.directory import DirectoryStore
from verifier import Grade, Verdict

BUNDLED = Path(__file__).resolve().parent.parent / "testsuites" / "bundled"


class Submission(NamedTuple):
    """An answer, and the suite that it is graded against.

    Attributes:
        name: unlike every other.
        answer: the model's text.
        suite: the suite, loaded.
        slow: it is known to run into a limit on time, which takes seconds.
        hostile: it attacks the verifier.
    """

    name: str
    answer: str
    suite: AnySuite
    slow: bool = False
    hostile: bool = False


class Essence(NamedTuple):
    """What must be the same whenever a submission is graded; times and memory are not."""

    verdict: Verdict
    reward: float | None
    tests: tuple[Verdict, ...]

    @classmethod
    def of(cls, grade: Grade) -> Essence:
        """Take it from a grade."""
        return cls(grade.verdict, grade.reward, tuple(test.verdict for test in grade.tests))

    def __str__(self) -> str:
        """On one line, for a person."""
        return f"{self.verdict} {self.reward} [{' '.join(self.tests)}]"


def bundled() -> list[Submission]:
    """Return every labelled submission that is kept beside a bundled suite, in the order of their names."""
    store = DirectoryStore(BUNDLED)
    return [
        Submission(
            name=f"{suite_id}/{labelled.label}/{labelled.name}",
            answer=labelled.text if labelled.is_answer else fenced(labelled.text),
            suite=store.load(suite_id),
            slow=labelled.label == Verdict.TIME_LIMIT_EXCEEDED,
        )
        for suite_id in store.ids()
        for labelled in store.submissions(suite_id)
    ]

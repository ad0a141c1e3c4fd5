"""What an audit may find of a suite. A finding holds no input, no expected output and no program."""

from __future__ import annotations

import enum
from typing import NamedTuple

import msgspec


class Severity(enum.StrEnum):
    """How much a finding matters."""

    ERROR = enum.auto()
    """Do not train on the suite: it pays wrong answers, refuses right ones, or cannot be judged."""
    WARNING = enum.auto()
    """Look at it: what is asked cannot be told, or holds by a narrow margin."""
    NOTE = enum.auto()
    """Nothing is wrong; something costs more than it need."""


class About(NamedTuple):
    """What all findings of a kind share.

    Attributes:
        severity: how much they matter.
        title: what is found.
        advice: what to do.
    """

    severity: Severity
    title: str
    advice: str


class Kind(enum.StrEnum):
    """What is found; `ABOUT` says more of each."""

    UNUSABLE = enum.auto()
    BROKEN = enum.auto()
    REFERENCE_REFUSED = enum.auto()
    RIGHT_REFUSED = enum.auto()
    WRONG_ACCEPTED = enum.auto()
    TRIVIAL_ACCEPTED = enum.auto()
    FLAKY_REFERENCE = enum.auto()
    FLAKY_SUBMISSION = enum.auto()
    OTHER_VERDICT = enum.auto()
    UNKNOWN_LABEL = enum.auto()
    PERHAPS_TRIVIAL = enum.auto()
    TIGHT_LIMIT = enum.auto()
    NO_REFERENCE = enum.auto()
    LOOSE_LIMIT = enum.auto()


ABOUT = {
    Kind.UNUSABLE: About(Severity.ERROR, "cannot be used", "Mend the file or the field that is named."),
    Kind.BROKEN: About(
        Severity.ERROR,
        "test code, checker or expected value is broken",
        "Mend it: an answer that leads there is not judged.",
    ),
    Kind.REFERENCE_REFUSED: About(
        Severity.ERROR,
        "the reference is refused",
        "Mend the test, the limit or reference.py: right answers are paid as wrong ones.",
    ),
    Kind.RIGHT_REFUSED: About(
        Severity.ERROR,
        "a submission labelled as accepted is refused",
        "Mend the test or the limit, or the label: right answers are paid as wrong ones.",
    ),
    Kind.WRONG_ACCEPTED: About(
        Severity.ERROR,
        "a submission labelled as wrong is accepted",
        "Add a test that refuses it, or mend the label: wrong answers are paid in full.",
    ),
    Kind.TRIVIAL_ACCEPTED: About(
        Severity.ERROR,
        "a program that solves nothing is accepted",
        "Add tests that refuse it, or leave the suite out: training finds such programs.",
    ),
    Kind.FLAKY_REFERENCE: About(
        Severity.ERROR,
        "the reference is not judged the same each time",
        "Take chance, clocks and the order of sets out of test and reference, or raise a limit that it comes near to.",
    ),
    Kind.FLAKY_SUBMISSION: About(
        Severity.WARNING,
        "a submission is not judged the same each time",
        "Where the program itself is at random, nothing; else as for a reference.",
    ),
    Kind.OTHER_VERDICT: About(
        Severity.WARNING,
        "a submission is refused otherwise than its label says",
        "Mend the label, or the limit that it was to meet.",
    ),
    Kind.UNKNOWN_LABEL: About(
        Severity.WARNING, "a label is no verdict", "Name the folder below submissions/ after the verdict that is due."
    ),
    Kind.PERHAPS_TRIVIAL: About(
        Severity.WARNING,
        "a one-line program is accepted",
        "Fine where the problem asks for just that; `verifier suites calibrate` looks for an input that tells.",
    ),
    Kind.TIGHT_LIMIT: About(
        Severity.WARNING,
        "a limit is close to what the reference needs",
        "Raise it: a right answer that is a little slower or larger fails.",
    ),
    Kind.NO_REFERENCE: About(
        Severity.WARNING,
        "there is no reference.py",
        "Put a right program there: without one nobody knows whether any answer can pass.",
    ),
    Kind.LOOSE_LIMIT: About(
        Severity.NOTE,
        "a limit is far from what the reference needs",
        "Lower it where slow answers are to fail, and to spend less on those that never end.",
    ),
}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found.

    Attributes:
        kind: what.
        suite: id of the suite.
        name: of the program that showed it, or of the limit; empty where it is the suite itself.
        test: name of the test that showed it, where it was one.
        words: what is the matter.
    """

    kind: Kind
    suite: str
    name: str = ""
    test: str = ""
    words: str = ""

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return ABOUT[self.kind].severity

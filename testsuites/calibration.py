"""What calibrating a suite found, kept beside the suite (`calibration.json`). Holds no input, output or test code.

Never part of the suite: its digest stays what it was, and the record names the digest that it was made for. A record
for another digest counts for nothing.
"""

from __future__ import annotations

import msgspec

CALIBRATION_FILE = "calibration.json"
FORMAT = 1


class Share(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A count out of a total, and the 95% confidence bounds of the share (0..1; Wilson's interval).

    Attributes:
        count, total: whole numbers; a total of 0 has the bounds 0 and 1.
        low, high: the bounds.
    """

    count: int
    total: int
    low: float
    high: float


class Mutants(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of the mutants of the reference.

    Attributes:
        made: programs that differ from the reference and from each other.
        killed: those that the suite does not accept.
        gaps: those that it accepts although they differ from the reference on a valid input that was found.
        equivalent: those that it accepts and on which no difference was found: presumed equivalent.
    """

    made: int
    killed: int
    gaps: int
    equivalent: int

    @property
    def score(self) -> float:
        """Share of killed ones among those that are not presumed equivalent; 1.0 where there are none."""
        wrong = self.killed + self.gaps
        return self.killed / wrong if wrong else 1.0


class Calibration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One suite's record.

    Attributes:
        format: version of this form.
        digest: of the suite that was calibrated.
        seed: of everything that was drawn.
        gold: the reference was accepted each time, with the same results under every hash seed.
        problem: why not, where `gold` is false; says nothing hidden. All other figures are those of no program then.
        baseline: best credit, 0..1, that a program of the null battery earns: what triviality is worth here.
        baseline_program: name of that program in the battery.
        nulls_accepted: names of those that the suite accepts; it should accept none.
        mutants: what became of them.
        false_positives: wrong programs that were accepted, of all programs shown to be wrong.
        false_negatives: right programs that were not accepted, of all programs known to be right.
        inputs_tried: inputs that were made for telling survivors from the reference.
    """

    digest: str
    seed: int
    gold: bool
    format: int = FORMAT
    problem: str = ""
    baseline: float = 0.0
    baseline_program: str = ""
    nulls_accepted: tuple[str, ...] = ()
    mutants: Mutants = Mutants(made=0, killed=0, gaps=0, equivalent=0)
    false_positives: Share = Share(count=0, total=0, low=0.0, high=1.0)
    false_negatives: Share = Share(count=0, total=0, low=0.0, high=1.0)
    inputs_tried: int = 0

"""What calibrating a suite found, kept beside the suite (`calibration.json`). Holds no input, output or test code.

Never part of the suite: its digest stays what it was, and the record names the digest that it was made for. A record
for another digest counts for nothing.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from testsuites.decoding import convert, read_json
from testsuites.errors import SuiteInvalid

CALIBRATION_FILE = "calibration.json"
FORMAT = 1

_Count = Annotated[int, msgspec.Meta(ge=0)]
_Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=1e9)]  # so that no record holds an infinite number
_Portion = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class Share(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A count out of a total, and the 95% confidence bounds of the share (0..1; Wilson's interval).

    Attributes:
        count, total: whole numbers; a total of 0 has the bounds 0 and 1.
        low, high: the bounds.
    """

    count: _Count = 0
    total: _Count = 0
    low: _Portion = 0.0
    high: _Portion = 1.0


class Mutants(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of the mutants of the reference.

    Attributes:
        possible: programs that differ from the reference and from each other in what they do.
        made: those that were judged: all of them, or a sample.
        killed: those that the suite does not accept.
        gaps: those that it accepts although they differ from the reference on a valid input that was found.
        equivalent: those that it accepts and on which no difference was found: presumed equivalent.
    """

    possible: _Count = 0
    made: _Count = 0
    killed: _Count = 0
    gaps: _Count = 0
    equivalent: _Count = 0

    @property
    def score(self) -> float:
        """Share of killed ones among those that are not presumed equivalent; 1.0 where there are none."""
        wrong = self.killed + self.gaps
        return self.killed / wrong if wrong else 1.0


class Cost(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the reference costs on all tests together: what the efficiency and the length of others are measured by.

    Attributes:
        cpu_seconds: processor time on the reference machine: the median of the gradings.
        cpu_spread: the most that a grading was from it, in seconds: what is noise.
        peak_bytes: the most memory that a test took; 0 where it is not known.
        tokens: length of its source, in words and signs (`verifier.components.length`).
    """

    cpu_seconds: _Seconds = 0.0
    cpu_spread: _Seconds = 0.0
    peak_bytes: _Count = 0
    tokens: _Count = 0


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What decides what a calibration finds, beside the suite and what is kept beside it.

    Attributes:
        seed: of everything that is drawn.
        mutants: most mutants to judge.
        inputs: most inputs to make for telling survivors from the reference.
    """

    seed: _Count = 0
    mutants: _Count = 200
    inputs: _Count = 200


class Calibration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One suite's record.

    Attributes:
        format: version of this form.
        digest: of the suite that was calibrated.
        evidence: SHA-256 over all else that was looked at: reference, statement and labelled submissions.
        settings: what it was made with.
        gold: the reference was accepted each time, with the same results under every hash seed.
        problem: why not, where `gold` is false; says nothing hidden. All other figures are those of no program then.
        baseline: best credit, 0..1, that a program of the null battery earns: what triviality is worth here.
        baseline_program: name of that program in the battery; empty where none earns any.
        nulls_accepted: names of those that the suite accepts and should not.
        mutants: what became of them.
        wrong_accepted: names of all wrong programs that the suite accepts: gaps, nulls, labelled submissions.
        right_refused: names of all right programs that it does not accept.
        false_positives: wrong programs that were accepted, of all programs shown to be wrong.
        false_negatives: right programs that were not accepted, of all programs known to be right.
        inputs_tried: inputs that were made for telling survivors from the reference.
        cost: what the reference costs; None in a record of before this was measured.
    """

    digest: str
    evidence: str
    settings: Settings
    gold: bool
    format: int = FORMAT
    problem: str = ""
    baseline: _Portion = 0.0
    baseline_program: str = ""
    nulls_accepted: tuple[str, ...] = ()
    mutants: Mutants = Mutants()
    wrong_accepted: tuple[str, ...] = ()
    right_refused: tuple[str, ...] = ()
    false_positives: Share = Share()
    false_negatives: Share = Share()
    inputs_tried: _Count = 0
    cost: Cost | None = None


def read_calibration(data: bytes, place: str) -> Calibration:
    """Read a record from the contents of its file.

    Raises:
        SuiteInvalid: it is none of this format; the message starts with `place` and says what to do.
    """
    try:
        document = read_json(data)
    except ValueError as error:
        raise SuiteInvalid(f"{place}: {error}; {_TO_DO}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise SuiteInvalid(f"{place}: not a record of format {FORMAT}; {_TO_DO}")
    try:
        return convert(document, Calibration, place)
    except SuiteInvalid as error:
        raise SuiteInvalid(f"{error}; {_TO_DO}") from None


def written(calibration: Calibration) -> str:
    """Return the contents of a record's file, for `read_calibration`."""
    return msgspec.json.format(msgspec.json.encode(calibration), indent=2).decode() + "\n"


_TO_DO = "remove the file, or calibrate the suite again"

"""GRADES.jsonl, one line at a time: bytes in, what the report needs of a grade out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, BinaryIO, NoReturn

import msgspec

from verifier.verdict import Verdict

MAX_ROW_BYTES = 64 * 1024 * 1024

Figure = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Amount = Annotated[float, msgspec.Meta(ge=0.0)]
Step = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class RowError(Exception):
    """A line that is no grade. The message names the field and quotes nothing."""


class TestRow(msgspec.Struct, frozen=True):
    """What the report needs of one test."""

    __test__ = False  # not a test class for pytest

    cpu_seconds: Amount = 0.0
    attempts: int = 1


class GradeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One grade, as `verifier grade` writes it (docs/command-line.md). Fields that are not listed here are ignored."""

    id: str | int | float | None
    verdict: Verdict
    reward: float | None
    judged: bool
    suite: str = ""
    digest: str = ""
    credit: Figure = 0.0
    baseline: Figure = 0.0
    tests: tuple[TestRow, ...] = ()
    components: dict[str, Figure | None] = {}
    message: str = ""
    anomalies: tuple[str, ...] = ()
    seconds: Amount = 0.0
    step: Step | None = None
    group: str | int | None = None


class Line(msgspec.Struct, frozen=True):
    """One line of the file that is not blank.

    Attributes:
        number: from 1.
        end: bytes of the file up to its end.
        row: the grade; None where it is none.
        problem: why it is none.
        whole: it ends with a line break. One that does not may be still being written.
    """

    number: int
    end: int
    row: GradeRow | None = None
    problem: str = ""
    whole: bool = True


def read_lines(file: BinaryIO) -> Iterator[Line]:
    """Yield each line that is not blank. Raises only what reading the file raises."""
    end = number = 0
    while data := file.readline(MAX_ROW_BYTES + 1):
        number += 1
        end += len(data)
        too_long = len(data) > MAX_ROW_BYTES
        while too_long and not data.endswith(b"\n") and (data := file.readline(MAX_ROW_BYTES)):
            end += len(data)
        if too_long:
            yield Line(number, end, problem=f"longer than {MAX_ROW_BYTES // 1024**2} MiB")
        elif data.strip():
            yield line_of(data, number, end)


def line_of(data: bytes, number: int, end: int) -> Line:
    """Return what one line holds."""
    whole = data.endswith(b"\n")
    try:
        return Line(number, end, read_row(data), whole=whole)
    except RowError as error:
        return Line(number, end, problem=str(error), whole=whole)


_ROW = msgspec.json.Decoder(GradeRow)


def read_row(data: bytes) -> GradeRow:
    """Return the grade that a line holds.

    Raises:
        RowError: as above.
    """
    try:
        return _ROW.decode(data)
    except msgspec.ValidationError as error:
        raise RowError(_explained(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_odd_row(data)


def _read_odd_row(data: bytes) -> GradeRow:
    """Read a row that msgspec refuses: it may quote half a surrogate pair, which models write.

    Raises:
        RowError: as above.
    """
    try:
        return msgspec.convert(json.loads(data.decode("utf-8-sig"), parse_constant=_refuse), GradeRow)
    except msgspec.ValidationError as error:
        raise RowError(_explained(error)) from None
    except UnicodeDecodeError:
        raise RowError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise RowError("not JSON") from None


def _refuse(constant: str) -> NoReturn:
    """Refuse NaN and infinities, which are not JSON."""
    raise ValueError(constant)


def _explained(error: msgspec.ValidationError) -> str:
    """Turn an error around, so that the field comes first; a value that was found stays out of it."""
    text, _, path = str(error).partition(" - at ")
    missing = re.fullmatch(r"Object missing required field `(\w+)`", text)
    if missing:
        return f"{missing[1]}: missing"
    if text.startswith("Invalid enum value"):
        text = "none of the verdicts"
    field = path.strip("`").removeprefix("$").removeprefix(".")
    return f"{field}: {text[0].lower()}{text[1:]}" if field else f"{text[0].lower()}{text[1:]}"

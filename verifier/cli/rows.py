"""ANSWERS.jsonl, one row at a time: lines in, samples out. A row that cannot be read becomes a sample with a problem.

A row is ``{"id", "suite", "answer"}``, `suite` an id in the store or an inline suite, and perhaps `step` and `group`;
or one AWS sample, known by its `messages` (verifier/aws/events.py). Other keys are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from verifier.aws.events import read_event
from verifier.sample import Sample

MAX_ROW_BYTES = 64 * 1024 * 1024
MOST_STEPS = 1 << 53  # up to which every reader of JSON keeps an integer as it is


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the file.

    Attributes:
        line: its number, from 1.
        end: bytes of the file up to the end of this row.
        sample: what to grade; `Sample.problem` starts with the line number when the row cannot be read.
    """

    line: int
    end: int
    sample: Sample


def read_rows(file: BinaryIO) -> Iterator[Row]:
    """Yield one `Row` for each line that is not blank, reading no further ahead than that line.

    Raises nothing for any content; only what reading the file raises.
    """
    end = 0
    line = 0
    while data := file.readline(MAX_ROW_BYTES + 1):
        line += 1
        end += len(data)
        too_long = len(data) > MAX_ROW_BYTES
        while too_long and not data.endswith(b"\n") and (data := file.readline(MAX_ROW_BYTES)):
            end += len(data)
        if too_long:
            yield Row(line=line, end=end, sample=_bad(None, line, f"longer than {MAX_ROW_BYTES // 1024**2} MiB"))
        elif data.strip():
            yield Row(line=line, end=end, sample=_sample(data, line))


def _sample(data: bytes, line: int) -> Sample:
    """Read one line."""
    try:
        row = json.loads(
            data.rstrip().decode("utf-8-sig")
        )  # not msgspec: it refuses the lone surrogates that models write
    except UnicodeDecodeError as error:
        return _bad(None, line, f"not UTF-8 (byte {error.start + 1} of the row)")
    except json.JSONDecodeError as error:
        return _bad(None, line, f"not JSON: {error.msg} at column {error.colno}")
    except ValueError:
        return _bad(None, line, "a number has too many digits")
    except RecursionError:
        return _bad(None, line, "nested too deeply")
    if not isinstance(row, dict):
        return _bad(None, line, "expected an object")
    if "messages" in row:
        sample = read_event(row).samples[0]
        return sample if sample.problem is None else _bad(sample.id, line, sample.problem)
    row_id = row.get("id")
    if not isinstance(row_id, str | int | None):
        return _bad(None, line, "id: expected text or an integer")
    problem = _problem(row)
    if problem is not None:
        return _bad(row_id, line, problem)
    group = row.get("group")
    return Sample(
        id=row_id,
        answer=row["answer"],
        suite=row["suite"],
        prompt_key="" if group is None else str(group),
        step=row.get("step"),
    )


def _problem(row: dict[str, Any]) -> str | None:
    """Say which field of a row of the short form is wrong, if one is."""
    for field in ("id", "suite", "answer"):
        if row.get(field) is None:
            return f"{field}: missing"
    if not isinstance(row["suite"], str | dict):
        return "suite: expected an id or an inline suite"
    if not isinstance(row["answer"], str):
        return "answer: expected text"
    step, group = row.get("step"), row.get("group")
    if step is not None and not (type(step) is int and 0 <= step <= MOST_STEPS):
        return "step: expected an integer that is not negative"
    if group is not None and type(group) not in (str, int):
        return "group: expected text or an integer"
    return None


def _bad(row_id: Any, line: int, problem: str) -> Sample:
    return Sample(id=row_id, answer="", suite=None, problem=f"line {line}: {problem}")

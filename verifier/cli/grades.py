"""GRADES.jsonl: one row for each answer, in the order of the answers."""

from __future__ import annotations

import contextlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec

from verifier.cli.errors import CommandError
from verifier.cli.rows import Row
from verifier.grade import Grade
from verifier.sample import Sample


def grade_row(sample: Sample, grade: Grade) -> dict[str, Any]:
    """One row: the id of the answer and everything in its grade, as plain data for JSON.

    Its step, and the group of answers to one prompt that it is of, stand at the end where they are known.
    """
    row = {"id": sample.id, **msgspec.to_builtins(grade)}
    if sample.step is not None:
        row["step"] = sample.step
    if sample.prompt_key:
        row["group"] = sample.prompt_key
    return row


class GradeFile:
    """The output. Each row is written and flushed at once, so a run that is cut short keeps what it graded."""

    def __init__(self, path: Path | None, file: BinaryIO) -> None:
        """Write to `file`, which is closed at the end when it has a `path`."""
        self._path = path
        self._file = file

    @classmethod
    def create(cls, path: Path | None) -> Self:
        """Open `path` for writing, emptied; None is standard output.

        Raises:
            CommandError: its folder does not exist.
            OSError: it cannot be opened.
        """
        if path is None:
            return cls(None, sys.stdout.buffer)
        if not path.parent.is_dir():
            raise CommandError(f"{path}: there is no folder {path.parent}; create it first")
        return cls(path, path.open("wb"))

    @classmethod
    def resume(cls, path: Path) -> tuple[Self, Counter[str]]:
        """Open `path` to go on after its last whole row, and count its rows by id (`id_key`).

        A row cut short by the end of the earlier run is removed. A file that does not exist is created.

        Raises:
            CommandError: a row is not a grade.
            OSError: it cannot be opened.
        """
        if not path.exists():
            return cls.create(path), Counter()
        done: Counter[str] = Counter()
        file = path.open("r+b")
        end = 0
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                break
            try:
                done[id_key(json.loads(line)["id"])] += 1
            except (ValueError, TypeError, KeyError):
                file.close()
                raise CommandError(f"{path} line {number}: not a grade; choose another output file") from None
            end += len(line)
        file.seek(end)
        file.truncate()
        return cls(path, file), done

    def write(self, sample: Sample, grade: Grade) -> None:
        """Write one row (`grade_row`).

        Raises:
            CommandError: the file cannot take it, such as a full disk.
            BrokenPipeError: the reader of standard output left.
        """
        # ASCII only: an id or a compiler's message may quote a lone surrogate, which UTF-8 cannot hold.
        row = json.dumps(grade_row(sample, grade), allow_nan=False)
        try:
            self._file.write(row.encode("ascii") + b"\n")
            self._file.flush()
        except OSError as error:
            if self._path is None:
                raise
            raise CommandError(
                f"{self._path}: {error.strerror}; make room, then run the command again with --resume"
            ) from error

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, unless it is standard output."""
        if self._path is None:
            return
        with contextlib.suppress(OSError) if error is not None else contextlib.nullcontext():  # a full disk fails twice
            self._file.close()


def id_key(row_id: Any) -> str:
    """Make a key of a row's id: the number 1 and the text "1" stay apart."""
    return json.dumps(row_id)


def still_to_grade(rows: Iterator[Row], done: Counter[str]) -> Iterator[Row]:
    """Leave out as many rows of each id as `done` counts: several answers to one problem may share an id."""
    left = done.copy()
    for row in rows:
        key = id_key(row.sample.id)
        if left[key] > 0:
            left[key] -= 1
        else:
            yield row

"""Rows of a data set: `.jsonl` is read as a stream, `.json` is one list; each may be compressed as `.gz`."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from testsuites.decoding import convert, read_json
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.importers.records import Draft, Imported, Rejected
from testsuites.rules import check_suite
from testsuites.store import check_id

MAX_ROW_BYTES = 256 * 1024 * 1024
_ID_FIELDS = ("task_id", "problem_id", "id")

Row = TypeVar("Row")


def read_records(
    path: str | PathLike[str], kind: type[Row], build: Callable[[Row], Imported | Draft]
) -> Iterator[Imported | Draft | Rejected]:
    """Yield one record for each row, in order.

    Args:
        path: the data set.
        kind: msgspec struct of the fields that `build` needs; other fields of a row are left alone.
        build: makes the record; raises ValueError or SuiteInvalid for a row that cannot become a suite.

    Raises:
        SuiteNotFound: there is no such file.
        SuiteInvalid: the file as a whole cannot be read.
    """
    for number, text in _texts(Path(path)):
        row: Any = None
        try:
            row = read_json(text) if isinstance(text, bytes) else text
            record = build(convert(row, kind, "row"))
            _check(record)
        except (ValueError, SuiteInvalid) as error:
            yield Rejected(row=number, task_id=_task_id(row), reason=str(error))
        except RecursionError:
            yield Rejected(row=number, task_id=_task_id(row), reason="row: nested too deeply")
        else:
            yield record


def _check(record: Imported | Draft) -> None:
    if isinstance(record, Imported):
        check_id(record.suite.id)
        check_suite(record.suite, record.suite.id)
        return
    check_id(record.id)
    if not record.arguments:
        raise ValueError("there are no arguments")


def _texts(path: Path) -> Iterator[tuple[int, Any]]:
    """Numbered rows: JSON text from `.jsonl`, decoded values from `.json`."""
    packed = path.suffix == ".gz"
    suffix = Path(path.stem).suffix if packed else path.suffix
    if suffix not in (".json", ".jsonl"):
        raise SuiteInvalid(f"{path}: expected a .jsonl or .json file, or one of them as .gz")
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            yield from (_lines if suffix == ".jsonl" else _items)(cast(BinaryIO, file), path)
    except FileNotFoundError:
        raise SuiteNotFound(f"{path}: no such file") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise SuiteInvalid(f"{path}: not a whole gzip file; fetch it again") from None
    except OSError as error:
        raise SuiteInvalid(f"{path}: cannot be read: {error.strerror}") from None


def _lines(file: BinaryIO, path: Path) -> Iterator[tuple[int, bytes]]:
    number = 1  # empty lines are no rows
    while line := file.readline(MAX_ROW_BYTES + 1):
        if len(line) > MAX_ROW_BYTES:
            raise SuiteInvalid(f"{path}: row {number} is larger than {MAX_ROW_BYTES // 1024**2} MiB")
        if line.strip():
            yield number, line
            number += 1


def _items(file: BinaryIO, path: Path) -> Iterator[tuple[int, Any]]:
    data = file.read(MAX_ROW_BYTES + 1)
    if len(data) > MAX_ROW_BYTES:
        raise SuiteInvalid(f"{path}: larger than {MAX_ROW_BYTES // 1024**2} MiB; give it as .jsonl")
    try:
        rows = read_json(data)
    except ValueError as error:
        raise SuiteInvalid(f"{path}: {error}") from None
    if not isinstance(rows, list):
        raise SuiteInvalid(f"{path}: expected a list of rows")
    yield from enumerate(rows, start=1)


def _task_id(row: Any) -> str:
    if isinstance(row, dict):
        for name in _ID_FIELDS:
            if isinstance(row.get(name), str | int):
                return str(row[name])[:80]
    return ""

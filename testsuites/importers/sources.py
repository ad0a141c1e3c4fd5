"""The files of a data set, as a stream of rows.

.jsonl              a row on each line, read line by line
.json               one list, held in memory
.jsonl.gz, .json.gz the same, compressed
.parquet            row by row (`testsuites.importers.parquet`)
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Collection, Iterator
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from testsuites.decoding import read_json
from testsuites.errors import SuiteInvalid, SuiteNotFound

MAX_ROW_BYTES = 256 * 1024 * 1024
"""As much as a suite's own file may have (`testsuites.native`): a larger row could not be read back."""


class Raw(NamedTuple):
    """A row that was read and not yet decoded.

    Attributes:
        decode: returns the row's value; raises ValueError, whose message holds no part of the row.
        bytes_read: how much of the file was read so far.
    """

    decode: Callable[[], Any]
    bytes_read: int


def read_rows(path: str | PathLike[str], columns: Collection[str]) -> Iterator[Raw]:
    """Yield the rows of a file, in order. No more than one of them is held, except from `.json`.

    Args:
        path: the file; its name tells what it is.
        columns: names of the fields that are wanted. Parquet gives no others.

    Raises:
        SuiteNotFound: there is no such file.
        SuiteInvalid: the file as a whole cannot be read.
    """
    path = Path(path)
    packed = path.suffix == ".gz"
    suffix = Path(path.stem).suffix if packed else path.suffix
    if suffix not in (".json", ".jsonl", ".parquet") or (packed and suffix == ".parquet"):
        raise SuiteInvalid(f"{path}: expected a .jsonl, .json or .parquet file, or one of the first two as .gz")
    try:
        with path.open("rb") as file:
            if suffix == ".parquet":
                from testsuites.importers.parquet import read_parquet  # needs an extra

                yield from read_parquet(file, str(path), columns)
            else:
                unpacked = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if packed else file
                yield from (_lines if suffix == ".jsonl" else _items)(unpacked, file, str(path))
    except FileNotFoundError:
        raise SuiteNotFound(f"{path}: no such file") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise SuiteInvalid(f"{path}: not a whole gzip file; fetch it again") from None
    except OSError as error:
        raise SuiteInvalid(f"{path}: cannot be read: {error.strerror}") from None


def _lines(file: BinaryIO, on_disk: BinaryIO, _: str) -> Iterator[Raw]:
    while line := file.readline(MAX_ROW_BYTES + 1):
        if len(line) > MAX_ROW_BYTES:
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_ROW_BYTES)
            yield Raw(refuse_size, on_disk.tell())
        elif line.strip():  # empty lines are no rows
            yield Raw(partial(read_json, line), on_disk.tell())


def _items(file: BinaryIO, on_disk: BinaryIO, place: str) -> Iterator[Raw]:
    data = file.read(MAX_ROW_BYTES + 1)
    if len(data) > MAX_ROW_BYTES:
        raise SuiteInvalid(f"{place}: larger than {MAX_ROW_BYTES // 1024**2} MiB; give it as .jsonl")
    try:
        rows = read_json(data)
    except ValueError as error:
        raise SuiteInvalid(f"{place}: {error}") from None
    if not isinstance(rows, list):
        raise SuiteInvalid(f"{place}: expected a list of rows")
    size = on_disk.tell()
    for number, row in enumerate(rows, start=1):
        yield Raw(partial(_itself, row), size * number // len(rows))


def refuse_size() -> Any:
    """Stand for a row that is larger than `MAX_ROW_BYTES`.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"row: larger than {MAX_ROW_BYTES // 1024**2} MiB")


def _itself(row: Any) -> Any:
    return row

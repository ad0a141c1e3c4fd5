"""Rows of a Parquet file, read one by one with pyarrow, which the extra `parquet` brings.

Published sets have row groups of gigabytes. So columns are read through a buffer, never a whole group, and only those
that an importer wants.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any, BinaryIO

from testsuites.errors import SuiteInvalid
from testsuites.importers import sources

_BUFFER_BYTES = 1024 * 1024


def read_parquet(file: BinaryIO, place: str, columns: Collection[str]) -> Iterator[sources.Raw]:
    """Yield the rows of a Parquet file.

    Args:
        file: the file.
        place: what a message starts with.
        columns: names of the fields that are wanted; those that the file lacks are not in its rows.

    Raises:
        SuiteInvalid: pyarrow is not installed, or the file cannot be read.
    """
    try:
        import pyarrow  # type: ignore[import-untyped]
        from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]
    except ImportError:
        raise SuiteInvalid(f"{place}: needs pyarrow; run: pip install 'rlvr-verifier[parquet]'") from None
    damaged = f"{place}: not a whole Parquet file; fetch it again"
    size = file.seek(0, 2)
    file.seek(0)
    try:
        parquet = ParquetFile(file, buffer_size=_BUFFER_BYTES, pre_buffer=False)
        rows = parquet.metadata.num_rows
        wanted = [name for name in parquet.schema_arrow.names if name in columns]
        batches = parquet.iter_batches(batch_size=1, columns=wanted, use_threads=False)
        for number, batch in enumerate(batches, start=1):
            decode = sources.refuse_size if batch.nbytes > sources.MAX_ROW_BYTES else partial(_row, batch)
            yield sources.Raw(decode, size * number // max(rows, number))
    except (pyarrow.ArrowException, OSError, ValueError, MemoryError):  # their texts quote what was read
        raise SuiteInvalid(damaged) from None


def _row(batch: Any) -> Any:
    try:
        return batch.to_pylist()[0]
    except UnicodeDecodeError:
        raise ValueError("row: holds a text that is not valid UTF-8") from None
    except (ValueError, OverflowError):  # such as a date that Python has none of
        raise ValueError("row: holds a value that Python has none of") from None

"""From a file's rows to records, each checked, whatever a row holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from testsuites.decoding import convert
from testsuites.errors import SuiteInvalid
from testsuites.importers.records import Draft, Imported, Rejected
from testsuites.importers.sources import read_rows
from testsuites.rules import check_suite
from testsuites.store import check_id

_ID_FIELDS = ("task_id", "problem_id", "question_id", "hash_id", "id", "name")

Row = TypeVar("Row", bound=msgspec.Struct)


class Reader(msgspec.Struct, Generic[Row], frozen=True):
    """Reads one format.

    Attributes:
        kind: msgspec struct of the fields that `build` needs; other fields of a row are left alone.
        build: makes the record; raises ValueError or SuiteInvalid for a row that cannot become a suite.
    """

    kind: type[Row]
    build: Callable[[Row], Imported | Draft]

    unit: ClassVar[str] = "row"
    takes_folders: ClassVar[bool] = False

    def __call__(self, path: str | PathLike[str]) -> Iterator[Imported | Draft | Rejected]:
        """Yield one record for each row, in order.

        Raises:
            SuiteNotFound: there is no such file.
            SuiteInvalid: the file as a whole cannot be read.
        """
        return (record for record, _ in self.with_position(path))

    def with_position(self, path: str | PathLike[str]) -> Iterator[tuple[Imported | Draft | Rejected, int]]:
        """Yield the same, each with how many bytes of the file were read by then.

        Raises:
            SuiteNotFound, SuiteInvalid: as above.
        """
        columns = {*(field.encode_name for field in msgspec.structs.fields(self.kind)), *_ID_FIELDS}
        for number, raw in enumerate(read_rows(path, columns), start=1):
            yield self._record(number, raw.decode), raw.bytes_read

    def size(self, path: str | PathLike[str]) -> int:
        """Return how many bytes a file has."""
        return Path(path).stat().st_size

    def _record(self, number: int, decode: Callable[[], Any]) -> Imported | Draft | Rejected:
        row: Any = None
        try:
            row = decode()
            record = self.build(convert(row, self.kind, "row"))
            _check(record)
        except (ValueError, SuiteInvalid) as error:
            return Rejected(row=number, task_id=_task_id(row), reason=str(error))
        except RecursionError:
            return Rejected(row=number, task_id=_task_id(row), reason="row: nested too deeply")
        return record


def _check(record: Imported | Draft) -> None:
    if isinstance(record, Imported):
        check_id(record.suite.id)
        check_suite(record.suite, record.suite.id)
        return
    check_id(record.id)
    if not record.arguments:
        raise ValueError("there are no arguments")


def _task_id(row: Any) -> str:
    if isinstance(row, dict):
        for name in _ID_FIELDS:
            if isinstance(row.get(name), str | int):
                return str(row[name])[:80]
    return ""

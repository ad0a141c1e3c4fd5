"""From packages to records, each checked, whatever a package holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import ClassVar

import msgspec

from testsuites.errors import SuiteError
from testsuites.importers.naming import named_id
from testsuites.importers.packages.finding import Found, find_packages
from testsuites.importers.packages.package import Package
from testsuites.importers.records import Imported, Rejected
from testsuites.rules import check_suite
from testsuites.store import check_id


class PackageReader(msgspec.Struct, frozen=True):
    """Reads one format of packages. One package is held in memory at a time.

    Attributes:
        prefix: what the ids of its suites start with.
        marker: name of the file that makes a folder a package.
        build: makes the record, given the package and the id; raises ValueError or SuiteInvalid for a package that
            cannot become a suite, with the file and the field.
    """

    prefix: str
    marker: str
    build: Callable[[Package, str], Imported]

    unit: ClassVar[str] = "package"
    takes_folders: ClassVar[bool] = True

    def __call__(self, path: str | PathLike[str]) -> Iterator[Imported | Rejected]:
        """Yield one record for each package, in the order of their paths.

        Raises:
            SuiteInvalid: there is no package, or the source as a whole cannot be read.
        """
        return (record for record, _ in self.with_position(path))

    def with_position(self, path: str | PathLike[str]) -> Iterator[tuple[Imported | Rejected, int]]:
        """Yield the same, each with how many packages were read by then.

        Raises:
            SuiteInvalid: as above.
        """
        for number, found in enumerate(find_packages(Path(path), self.marker), start=1):
            yield self._record(number, found), number

    def size(self, path: str | PathLike[str]) -> int:
        """Return how many packages there are.

        Raises:
            SuiteInvalid: as above.
        """
        return sum(1 for _ in find_packages(Path(path), self.marker))

    def _record(self, number: int, found: Found) -> Imported | Rejected:
        suite_id = named_id(self.prefix, found.name)
        try:
            record = self.build(found.open(), suite_id)
            check_id(suite_id)
            check_suite(record.suite, suite_id)
        except (ValueError, SuiteError) as error:
            return Rejected(row=number, task_id=suite_id, reason=str(error))
        except RecursionError:
            return Rejected(row=number, task_id=suite_id, reason="nested too deeply")
        return record

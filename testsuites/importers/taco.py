"""TACO: rows as in APPS, without ids."""

from __future__ import annotations

from testsuites.importers.apps import AppsRow, imported
from testsuites.importers.naming import statement_id
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader


def _imported(row: AppsRow) -> Imported:
    return imported(row, statement_id("TACO", row.question))


read = Reader(kind=AppsRow, build=_imported)

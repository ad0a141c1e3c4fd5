"""Public data sets, read row by row into suites. One file per format; `READERS` is the list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike

from testsuites.importers import apps, humaneval, humanevalplus, mbpp, mbppplus
from testsuites.importers.records import Draft, Imported, Rejected

Reader = Callable[[str | PathLike[str]], Iterator[Imported | Draft | Rejected]]

READERS: dict[str, Reader] = {
    "apps": apps.read,
    "humaneval": humaneval.read,
    "humanevalplus": humanevalplus.read,
    "mbpp": mbpp.read,
    "mbppplus": mbppplus.read,
}

__all__ = ["READERS", "Draft", "Imported", "Reader", "Rejected"]

"""What the benchmarks share: options, a stopwatch, and suites imported once."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sandbox import LocalSandbox
from testsuites.directory import DirectoryStore
from verifier.importing import import_suites

_REJECTED = "rejected.json"


def options(description: str | None, example: str, workers: int = 2) -> argparse.ArgumentParser:
    """Return a parser with the options that every benchmark has; `workers` is the default of one."""
    parser = argparse.ArgumentParser(
        description=description, epilog=f"example:\n  {example}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, default=workers, help=f"answers graded at once (default {workers})")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    return parser


def add_rounds(parser: argparse.ArgumentParser) -> None:
    """Add the option for how often each side is measured."""
    parser.add_argument("--rounds", type=int, default=3, help="times that each side is measured, in turn (default 3)")


def show(figures: dict[str, Any], as_json: bool) -> None:
    """Print figures by name, with the load of the machine beside them: other work makes every figure worse."""
    figures = {**figures, "load_average": round(os.getloadavg()[0], 2)}
    if as_json:
        print(json.dumps(figures))
        return
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:{width}}  {value}")


class Stopwatch:
    """Elapsed time, and processor time of this process and of children that have ended and were waited for."""

    def __init__(self) -> None:
        """Start."""
        self._wall, self._cpu = time.monotonic(), _cpu_seconds()

    @property
    def wall_seconds(self) -> float:
        """Elapsed time since the start."""
        return time.monotonic() - self._wall

    @property
    def cpu_seconds(self) -> float:
        """Processor time since the start."""
        return _cpu_seconds() - self._cpu


def _cpu_seconds() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


class Suites(NamedTuple):
    """A data set's suites.

    Attributes:
        store: where they are.
        rejected: rows that gave none, and why.
    """

    store: DirectoryStore
    rejected: dict[str, str]


@contextlib.contextmanager
def imported(format_name: str, source: Path, folder: Path | None, workers: int) -> Iterator[Suites]:
    """Give a data set's suites.

    Args:
        format_name: one of `testsuites.importers.READERS`.
        source: the data set's file.
        folder: where the suites are, or where they are to stay; None: nowhere.
        workers: of the sandbox that runs references.
    """
    with contextlib.ExitStack() as cleanup:
        if folder is None:
            folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory())) / "suites"
        if not folder.exists():
            partial = folder.with_name(folder.name + ".partial")  # what an interrupted import leaves is not used
            with LocalSandbox(workers) as sandbox:
                summary = import_suites(format_name, source, partial, sandbox)
            rejected = {row.task_id or f"row {row.row}": row.reason for row in summary.failures}
            (partial / _REJECTED).write_text(json.dumps(rejected), "utf-8")
            partial.rename(folder)
        yield Suites(DirectoryStore(folder), json.loads((folder / _REJECTED).read_text("utf-8")))

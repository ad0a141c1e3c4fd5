"""What `verifier suites harden` shows: a progress bar on a terminal, problems, and at the end a summary."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from testsuites.calibration import Calibration, Mutants
from verifier.calibrating.writing import HardenedRow
from verifier.cli.text import console, plain


class HardeningBar:
    """A bar over suites, on standard error, drawn on a terminal only. Use as a context manager."""

    def __init__(self, suites: int) -> None:
        """Count up to so many suites."""
        self._console = console(stderr=True)
        self._progress = Progress(
            TextColumn("hardening"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[suite]}"),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("", total=suites, suite="")
        self._done = 0

    def told(self, suite_id: str, share: float) -> None:
        """Show how far the work on a suite is, 0..1."""
        self._progress.update(self._task, completed=self._done + share, suite=plain(suite_id))

    def show(self, row: HardenedRow) -> None:
        """Count a suite that is done, and tell at once if it could not be hardened."""
        self._done += 1
        self._progress.update(self._task, completed=self._done)
        if row.problem:
            self.say(f"{row.id}: not hardened: {row.problem}")

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self._console.print(plain(text), soft_wrap=True)

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self._progress.stop()


def summary(rows: Sequence[HardenedRow], seconds: float) -> dict[str, Any]:
    """Return everything counted, for JSON; figures are of the suites that are gold."""
    before, after = _totals([row.before for row in rows]), _totals([row.after for row in rows])
    return {
        "suites": len(rows),
        "kept": sum(not row.is_new for row in rows),
        "hardened": sum(row.added > 0 for row in rows),
        "tests_added": sum(row.added for row in rows),
        "before": _data(before),
        "after": _data(after),
        "not_hardened": [row.id for row in rows if row.problem],
        "seconds": round(seconds, 3),
    }


def data_of(row: HardenedRow) -> dict[str, Any]:
    """Return one row for JSON."""
    found: dict[str, Any] = {
        "id": row.id,
        "tests_added": row.added,
        "problem": row.problem,
        "kept": not row.is_new,
    }
    for name, record in (("before", row.before), ("after", row.after)):
        if record is not None:
            found[name] = _data(record.mutants) | {"digest": record.digest, "wrong_accepted": record.wrong_accepted}
    return found


def table_of(counted: dict[str, Any]) -> Table:
    """Lay a summary out for people."""
    table = Table("", "before", "after", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    before, after = counted["before"], counted["after"]
    for title, name in (("killed", "killed"), ("proved gaps", "gaps"), ("presumed equivalent", "equivalent")):
        table.add_row(title, str(before[name]), str(after[name]))
    table.add_row("mutation score", f"{before['score']:.4f}", f"{after['score']:.4f}")
    table.add_section()
    table.add_row("suites", "", str(counted["suites"]))
    table.add_row("hardened", "", str(counted["hardened"]))
    table.add_row("tests added", "", str(counted["tests_added"]))
    if counted["kept"]:
        table.add_row("there already", "", str(counted["kept"]))
    table.add_row("seconds", "", f"{counted['seconds']:.1f}")
    return table


def _totals(records: Sequence[Calibration | None]) -> Mutants:
    gold = [record.mutants for record in records if record is not None and record.gold]
    return Mutants(**{name: sum(getattr(item, name) for item in gold) for name in Mutants.__struct_fields__})


def _data(mutants: Mutants) -> dict[str, Any]:
    return {**msgspec.to_builtins(mutants), "score": round(mutants.score, 4)}

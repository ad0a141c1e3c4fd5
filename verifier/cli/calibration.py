"""What `verifier suites calibrate` shows: a progress bar on a terminal, problems, and at the end a summary."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from testsuites.calibration import Mutants, Share
from verifier.calibrating.rates import pooled
from verifier.calibrating.records import Row
from verifier.cli.text import console, plain


class CalibrationBar:
    """A bar over suites, on standard error, drawn on a terminal only. Use as a context manager."""

    def __init__(self, suites: int) -> None:
        """Count up to so many suites."""
        self._console = console(stderr=True)
        self._progress = Progress(
            TextColumn("calibrating"),
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

    def show(self, row: Row) -> None:
        """Count a suite that is done, and tell at once if it should not be trained on."""
        self._done += 1
        self._progress.update(self._task, completed=self._done)
        for line in problems_of(row):
            self.say(line)

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


def problems_of(row: Row) -> list[str]:
    """Return a line for each reason not to train on a suite."""
    if row.calibration is None:
        return [f"{row.id}: not calibrated: {row.problem}"]
    if not row.calibration.gold:
        return [f"{row.id}: NOT GOLD: {row.problem}"]
    if row.calibration.nulls_accepted:
        return [f"{row.id}: ACCEPTS PROGRAMS THAT SOLVE NOTHING: {', '.join(row.calibration.nulls_accepted)}"]
    return []


def summary(rows: Sequence[Row], seconds: float) -> dict[str, Any]:
    """Return everything counted, for JSON; figures are of the suites that are gold."""
    gold = [row.calibration for row in rows if row.calibration is not None and row.calibration.gold]
    mutants = Mutants(**{name: sum(getattr(item.mutants, name) for item in gold) for name in Mutants.__struct_fields__})
    return {
        "suites": len(rows),
        "kept": sum(not row.is_new for row in rows),
        "gold": len(gold),
        "accept_a_null": [row.id for row in rows if row.calibration is not None and row.calibration.nulls_accepted],
        "mutants": msgspec.to_builtins(mutants),
        "score": round(mutants.score, 4),
        "suites_with_gaps": sum(item.mutants.gaps > 0 for item in gold),
        "mean_baseline": round(sum(item.baseline for item in gold) / len(gold), 4) if gold else None,
        "highest_baseline": round(max(item.baseline for item in gold), 4) if gold else None,
        "false_positives": msgspec.to_builtins(pooled(item.false_positives for item in gold)),
        "false_negatives": msgspec.to_builtins(pooled(item.false_negatives for item in gold)),
        "inputs_tried": sum(item.inputs_tried for item in gold),
        "seconds": round(seconds, 3),
    }


def data_of(row: Row) -> dict[str, Any]:
    """Return one row for JSON."""
    found: dict[str, Any] = {"id": row.id, "sound": row.is_sound, "problem": row.problem, "kept": not row.is_new}
    if row.calibration is not None:
        found["score"] = round(row.calibration.mutants.score, 4)
        found["calibration"] = msgspec.to_builtins(row.calibration)
    return found


def table_of(counted: dict[str, Any]) -> Table:
    """Lay a summary out for people."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    mutants = counted["mutants"]
    kept = f"{counted['kept']} with a record that fits, not run again" if counted["kept"] else ""
    table.add_row("suites", str(counted["suites"]), kept)
    table.add_row("gold", str(counted["gold"]))
    table.add_row("accept a null program", str(len(counted["accept_a_null"])))
    table.add_section()
    table.add_row("mutants", str(mutants["made"]), _sampled(mutants))
    table.add_row("killed", str(mutants["killed"]))
    table.add_row("proved gaps", str(mutants["gaps"]), f"in {counted['suites_with_gaps']} suites")
    table.add_row("presumed equivalent", str(mutants["equivalent"]), f"{counted['inputs_tried']} inputs tried")
    table.add_row("mutation score", f"{counted['score']:.4f}", "killed, of killed and gaps")
    table.add_section()
    if counted["gold"]:
        table.add_row("baseline", f"{counted['mean_baseline']:.4f}", f"mean; highest {counted['highest_baseline']:.4f}")
    table.add_row("false positives", *_told(counted["false_positives"]))
    table.add_row("false negatives", *_told(counted["false_negatives"]))
    table.add_row("seconds", f"{counted['seconds']:.1f}")
    return table


def _sampled(mutants: dict[str, int]) -> str:
    return f"of {mutants['possible']}" if mutants["made"] < mutants["possible"] else ""


def _told(share: dict[str, Any]) -> tuple[str, str]:
    found = msgspec.convert(share, Share)
    if not found.total:
        return "-", ""
    rate = found.count / found.total
    return f"{rate:.2%}", f"{found.count} of {found.total}; 95% bounds {found.low:.2%} to {found.high:.2%}"

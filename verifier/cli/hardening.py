"""What `verifier suites harden` shows: problems, and at the end a summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from rich.table import Table

from testsuites.calibration import Calibration, Mutants
from verifier.calibrating.rates import total
from verifier.calibrating.writing import HardenedRow


def problems_of(row: HardenedRow) -> list[str]:
    """Return a line that says why a suite could not be hardened; none where it could."""
    return [f"{row.id}: not hardened: {row.problem}"] if row.problem else []


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
    return total(record.mutants for record in records if record is not None and record.gold)


def _data(mutants: Mutants) -> dict[str, Any]:
    return {**msgspec.to_builtins(mutants), "score": round(mutants.score, 4)}

"""What `verifier suites calibrate` shows: problems, and at the end a summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from rich.table import Table

from testsuites.calibration import Share
from verifier.calibrating.rates import pooled, total
from verifier.calibrating.records import Row


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
    mutants = total(item.mutants for item in gold)
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

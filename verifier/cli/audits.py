"""What `verifier suites check` shows: findings by their kind, with what to do, and at the end a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from rich.table import Table

from verifier.auditing.auditing import Audit
from verifier.auditing.findings import ABOUT, Finding, Kind, Severity
from verifier.auditing.headroom import Headroom

SHOWN = 20
"""Findings of a kind that are told one by one; all of them are in the JSON."""


def summary(audits: Sequence[Audit], suites: int, seconds: float) -> dict[str, Any]:
    """Return everything counted, for JSON; `suites` were to be checked."""
    counts = Counter(finding.severity for audit in audits for finding in audit.findings)
    return {
        "suites": suites,
        "checked": len(audits),
        "without_an_error": sum(not audit.errors for audit in audits),
        "with_a_reference": sum(audit.has_reference for audit in audits),
        "submissions": sum(audit.submissions for audit in audits),
        **{f"{severity}s": counts[severity] for severity in Severity},
        "seconds": round(seconds, 3),
    }


def data_of(audit: Audit) -> dict[str, Any]:
    """Return one row for JSON."""
    found: dict[str, Any] = msgspec.to_builtins(audit)
    for data, finding in zip(found["findings"], audit.findings, strict=True):
        data["severity"] = str(finding.severity)
    return found


def lines_of(audits: Sequence[Audit]) -> Iterator[str]:
    """Yield lines that tell the findings: errors first, each kind with what to do."""
    findings = [finding for audit in audits for finding in audit.findings]
    for kind in Kind:
        found = [finding for finding in findings if finding.kind is kind]
        if not found:
            continue
        about = ABOUT[kind]
        yield f"{about.severity.upper()}: {about.title} ({len(found)})"
        yield f"  {about.advice}"
        yield from (f"    {_line(finding)}" for finding in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"    and {len(found) - SHOWN} more, which --json tells"
        yield ""


def room_lines(room: Headroom) -> Iterator[str]:
    """Yield what a reference needs, and what it may use."""
    needed, limit = f"{room.cpu_seconds:.3g} s", f"{room.cpu_seconds_limit:g} s"
    yield f"processor time: the reference needs {needed} on test {room.slowest_test}, the limit is {limit}"
    needed, limit = (f"{size / 1024**2:.0f} MiB" for size in (room.peak_bytes, room.memory_bytes_limit))
    yield f"memory: the reference needs {needed} on test {room.largest_test}, the limit is {limit}"


def table_of(counted: dict[str, Any]) -> Table:
    """Lay a summary out for people."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    of = f"of {counted['suites']}" if counted["checked"] < counted["suites"] else ""
    table.add_row("suites checked", str(counted["checked"]), of)
    table.add_row("without an error", str(counted["without_an_error"]))
    table.add_row("with a reference", str(counted["with_a_reference"]))
    table.add_row("labelled submissions", str(counted["submissions"]))
    table.add_section()
    for severity in Severity:
        table.add_row(f"{severity}s", str(counted[f"{severity}s"]))
    table.add_row("seconds", f"{counted['seconds']:.1f}")
    return table


def _line(finding: Finding) -> str:
    where = finding.name + (f", test {finding.test}" if finding.test else "")
    return ": ".join(part for part in (finding.suite, where, finding.words) if part)

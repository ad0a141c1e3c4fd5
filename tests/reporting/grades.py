"""Rows of grades for tests: one that can be changed field by field, and whole runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from benchmarks.grades import rows
from verifier.reporting.figures import Figures, figures_of
from verifier.reporting.reading import Reading
from verifier.reporting.rows import line_of


def row(**fields: Any) -> dict[str, Any]:
    """Return an accepted answer's row, with some fields changed."""
    return {"id": "a", "suite": "s", "verdict": "accepted", "reward": 1.0, "judged": True, "credit": 1.0} | fields


def failed(**fields: Any) -> dict[str, Any]:
    """Return a wrong answer's row, with some fields changed."""
    return row(verdict="wrong_answer", reward=-0.8, credit=0.0) | fields


def missed(**fields: Any) -> dict[str, Any]:
    """Return the row of an answer that was not judged, with some fields changed."""
    return row(verdict="judge_error", reward=None, judged=False, credit=0.0, message="lost") | fields


def reading_of(grades: Iterable[dict[str, Any]]) -> Reading:
    """Read rows as they would stand in a file."""
    reading = Reading()
    for number, grade in enumerate(grades, 1):
        reading.add(line_of(json.dumps(grade).encode() + b"\n", number, 0))
    assert reading.unreadable == []
    return reading


def figures_for(grades: Iterable[dict[str, Any]]) -> Figures:
    """Return what comes of rows."""
    return figures_of(reading_of(grades).tally)


@cache
def a_run(kind: str, count: int = 6000) -> Figures:
    """Return what comes of a whole run of one kind."""
    return figures_for(rows(count, kind))

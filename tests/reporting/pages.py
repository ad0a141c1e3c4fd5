"""Pages for tests."""

from __future__ import annotations

from typing import Any

from tests.reporting.grades import failed, figures_for, missed, row
from verifier.reporting.figures import Figures
from verifier.reporting.page import page_of

HOSTILE = (
    "<script>window.broken = 1</script>",
    "</script><script>window.broken = 1</script>",
    '"><img src=x onerror="window.broken = 1">',
    "</title></style><p onclick='window.broken = 1'>",
    "{{ 7 * 7 }}{% raw %}",
    "<!--<script>",
    "var(--accepted)",
    "\u202e\x00\u2028]]>&lt;",
)
"""Texts that would act, were they taken for more than text."""


def a_page(figures: Figures) -> str:
    """Return the page of figures."""
    return page_of(figures, title="grades.jsonl", unreadable=["line 3: not JSON"], unreadable_in_all=2)


def hostile_figures() -> Figures:
    """Return what comes of grades in which every text is hostile."""
    grades = []
    for number, text in enumerate(HOSTILE):
        fields: dict[str, Any] = {"id": text, "suite": text, "group": text, "message": text, "seconds": 1.0 + number}
        for step in range(30):
            fields |= {"step": step, "components": {text: step / 30}}
            grades += [row(anomalies=[text], **fields | {"components": {text: 1.0}})] + [failed(**fields)] * number
            grades += [row(verdict="no_code", reward=-1.0, credit=0.0, **fields), missed(**fields)]
    return figures_for(grades)

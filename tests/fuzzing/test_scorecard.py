"""Scorecards: what is counted, and how it reads."""

from __future__ import annotations

import json

import pytest

from verifier.fuzzing.attacking import Attempt, Result
from verifier.fuzzing.exploits import ROWS, entry_of, meanings, shown
from verifier.fuzzing.law import Finding
from verifier.fuzzing.scorecard import LawScore, Scorecard, shortened


def _attempt(identity: str, result: Result, smallest: str = "") -> Attempt:
    return Attempt(id=identity, about="", result=result, smallest=smallest)


FOOLED = _attempt("A1/os-exit-inside", Result.FOOLED)
BROKEN = LawScore(name="law", says="A law.", finding=Finding(law="law", holds=False, example="x"))


@pytest.mark.parametrize(
    ("found", "held"),
    [
        (Scorecard(target="t", seed=0), True),
        (Scorecard(target="t", seed=0, attempts=(_attempt("A1/os-exit-inside", Result.BROKE),)), True),
        (Scorecard(target="t", seed=0, attempts=(FOOLED,)), False),
        (Scorecard(target="t", seed=0, laws=(BROKEN,)), False),
        (Scorecard(target="t", seed=0, refused=("add-call",)), False),
    ],
)
def test_a_target_holds_unless_something_was_found(found: Scorecard, held: bool) -> None:
    """An exploit that is paid, a broken law and a refused reference each speak against it."""
    assert found.held is held
    assert found.data()["held"] is held
    json.dumps(found.data(), allow_nan=False)


def test_exploits_are_counted_by_row() -> None:
    """With the smallest program of the row: a reduced one before any other, and the exploit itself where none was."""
    found = Scorecard(
        target="t",
        seed=0,
        attempts=(
            FOOLED,
            _attempt("A1/libc-exit", Result.FOOLED, "a reduced program, longer than the exploit of the other"),
            _attempt("A1/sys-exit-at-import", Result.UNTRIED),
            _attempt("B1/always-equal", Result.FOOLED),
            _attempt("F1/echo", Result.REFUSED),
        ),
    )
    first, second, third = found.rows
    assert (first.row, first.tried, first.by) == ("A1", 2, "A1/libc-exit")
    assert second.smallest == shown(entry_of("B1/always-equal"))
    assert (third.smallest, third.by) == ("", "")
    assert found.tried == 4
    assert found.data()["exploits"] == {
        "tried": 4, "fooled": 3, "refused": 1, "untried": 1, "broke": 0, "declined": 0, "harmful": 0, "unmeasured": 0,
    }  # fmt: skip


def test_every_row_has_a_meaning_in_words() -> None:
    """A few of them, that go on from "exploits that try to"."""
    assert set(meanings()) > set(ROWS)
    for says in meanings().values():
        assert 10 < len(says) < 90
        assert says[0].islower()


def test_what_is_shown_is_short() -> None:
    """Long lines and many lines are cut, and it is said how much is missing."""
    assert shortened("x = 1\ny = 2") == "x = 1\ny = 2"
    assert shortened("x" * 1_000_000).endswith("... (1,000,000 characters)")
    assert shortened("\n" * 100).endswith("\n... (61 lines more)")

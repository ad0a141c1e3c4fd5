"""One line of GRADES.jsonl: a grade, or the field that is wrong."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.grades import row
from verifier.cli.grades import grade_row
from verifier.grade import Grade
from verifier.reporting import rows
from verifier.reporting.rows import read_lines, read_row
from verifier.sample import Sample
from verifier.verdict import Verdict


def _problem(line: object) -> str:
    data = line if isinstance(line, bytes) else json.dumps(line).encode()
    (read,) = read_lines(io.BytesIO(data + b"\n"))
    assert read.row is None
    return read.problem


def test_a_row_that_grade_writes_is_read() -> None:
    """Half a surrogate pair, which models write and compilers quote, is no obstacle."""
    grade = Grade(
        suite="s", digest="d", verdict=Verdict.COMPILE_ERROR, reward=-1.0, judged=True, message="bad \ud800",
        components={"format": None, "safety": 1.0}, anomalies=("files",),
    )  # fmt: skip
    read = read_row(json.dumps(grade_row(Sample(id=7), grade)).encode())
    assert (read.id, read.suite, read.verdict, read.reward) == (7, "s", Verdict.COMPILE_ERROR, -1.0)
    assert read.components == {"format": None, "safety": 1.0}
    assert read.message == "bad \ud800"
    assert (read.step, read.group) == (None, None)


def test_fields_that_are_not_known_are_ignored() -> None:
    """Rows of a later release, or with columns of a user's own, are still grades."""
    assert read_row(json.dumps(row(extra=[1], step=3, group="p")).encode()).step == 3


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b'{"more": ' + b"[" * 100_000, "not JSON"),
        ([], "expected `object`, got `array`"),
        ({"id": 1}, "verdict: missing"),
        (row(verdict="hidden text"), "verdict: none of the verdicts"),
        (row(reward="1"), "reward: expected `float | null`, got `str`"),
        (b'{"id": 1, "verdict": "accepted", "judged": true, "reward": NaN}', "not JSON"),
        (b'{"id": 1, "verdict": "accepted", "judged": true, "reward": 1e999}', "reward: number out of range"),
        (row(credit=1.001), "credit: expected `float` <= 1.0"),
        (row(components={"format": -0.001}), "components[...]: expected `float` >= 0.0"),
        (row(step=-1), "step: expected `int` >= 0"),
        (row(step=1.5), "step: expected `int | null`, got `float`"),
        (row(step=2**53 + 1), f"step: expected `int` <= {2**53}"),
    ],
)
def test_a_line_that_is_no_grade_says_why(line: object, problem: str) -> None:
    """The field is named, and nothing of the line is quoted."""
    assert _problem(line) == problem


@pytest.mark.parametrize("fields", [{"credit": 1.0}, {"step": 0}, {"step": 2**53}, {"components": {"format": 0.0}}])
def test_figures_at_their_limits_are_read(fields: dict[str, object]) -> None:
    """The other side of the limits above."""
    assert read_row(json.dumps(row(**fields)).encode()) is not None


def test_lines_have_numbers_and_ends() -> None:
    """Blank lines count and are left out; the last line may have no end."""
    data = json.dumps(row()).encode()
    found = list(read_lines(io.BytesIO(b"\n" + data + b"\n  \n" + data[:-4])))
    assert [(line.number, line.end, line.whole) for line in found] == [
        (2, 2 + len(data), True),
        (4, 5 + 2 * len(data) - 4, False),
    ]


def test_a_line_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, never held in memory, and the next one is read."""
    good = json.dumps(row()).encode() + b"\n"
    monkeypatch.setattr(rows, "MAX_ROW_BYTES", 1024**2)
    found = list(read_lines(io.BytesIO(b"x" * 3_500_000 + b"\n" + good)))
    assert [line.problem for line in found] == ["longer than 1 MiB", ""]


@given(st.binary(max_size=300))
def test_any_bytes_give_a_grade_or_a_problem(data: bytes) -> None:
    """Nothing that a file can hold raises."""
    for line in read_lines(io.BytesIO(data)):
        assert (line.row is None) == bool(line.problem)


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*rows.GradeRow.__struct_fields__, "more"]), _values, max_size=6))
def test_any_values_of_fields_give_a_grade_or_a_problem(fields: dict[str, object]) -> None:
    """Nothing raises, and what is read is finite."""
    (line,) = read_lines(io.BytesIO(json.dumps(row(**fields)).encode() + b"\n"))
    assert line.row is not None or line.problem

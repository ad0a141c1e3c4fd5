"""GRADES.jsonl is written row by row, and taken up again after the last whole row."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.cli.errors import CommandError
from verifier.cli.grades import GradeFile, grade_row, id_key, still_to_grade
from verifier.cli.rows import Row, read_rows
from verifier.grade import Grade
from verifier.report import TestResult
from verifier.sample import Sample
from verifier.verdict import Verdict

GRADE = Grade(
    suite="s",
    digest="sha256:0",
    verdict=Verdict.WRONG_ANSWER,
    reward=-0.8,
    judged=True,
    tests=(TestResult(name="1", verdict=Verdict.WRONG_ANSWER),),
    message="caf\u00e9 \ud800",
)


def _rows(*ids: object) -> list[Row]:
    text = "".join(json.dumps({"id": row_id, "suite": "s", "answer": ""}) + "\n" for row_id in ids)
    return list(read_rows(io.BytesIO(text.encode())))


def test_a_row_holds_everything_in_the_grade() -> None:
    """The documented keys are there, and only those."""
    row = grade_row(Sample(id="a"), GRADE)
    assert list(row) == [
        "id", "suite", "digest", "verdict", "reward", "judged", "credit", "baseline", "tests", "components",
        "integrity", "message", "layers", "speed", "anomalies", "seconds",
    ]  # fmt: skip
    assert row["verdict"] == "wrong_answer"
    assert row["tests"][0]["name"] == "1"


def test_rows_are_on_disk_as_soon_as_they_are_written(tmp_path: Path) -> None:
    """A run that is cut short keeps what it graded, odd text included."""
    path = tmp_path / "grades.jsonl"
    with GradeFile.create(path) as grades:
        for row_id in ("a", 1, None):
            grades.write(Sample(id=row_id), GRADE)
            assert json.loads(path.read_bytes().splitlines()[-1]) == json.loads(
                json.dumps(grade_row(Sample(id=row_id), GRADE))
            )
    assert [json.loads(line)["id"] for line in path.read_bytes().splitlines()] == ["a", 1, None]


def test_a_run_goes_on_after_the_last_whole_row(tmp_path: Path) -> None:
    """A row cut short is removed and counts as not graded."""
    path = tmp_path / "grades.jsonl"
    with GradeFile.create(path) as grades:
        grades.write(Sample(id="a"), GRADE)
        grades.write(Sample(id="b"), GRADE)
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    grades, done = GradeFile.resume(path)
    with grades:
        assert done == Counter({'"a"': 1})
        grades.write(Sample(id="b"), GRADE)
    assert path.read_bytes() == whole


def test_a_file_that_is_not_there_is_resumed_as_an_empty_one(tmp_path: Path) -> None:
    """The first run may name --resume too."""
    grades, done = GradeFile.resume(tmp_path / "grades.jsonl")
    with grades:
        assert done.total() == 0


@pytest.mark.parametrize("content", [b"hello\n", b"[]\n", b"{}\n", b"\xff\n", b"\n"])
def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    """Resuming never writes into a file that is not a file of grades."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"notes.txt line 1: not a grade"):
        GradeFile.resume(path)
    assert path.read_bytes() == content


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The error says which folder to create."""
    with pytest.raises(CommandError, match=r"there is no folder .*/missing; create it first"):
        GradeFile.create(tmp_path / "missing" / "grades.jsonl")


def test_a_full_disk_is_told_with_what_to_do() -> None:
    """/dev/full refuses every byte."""
    with pytest.raises(CommandError, match=r"/dev/full: No space left on device; make room"):  # noqa: SIM117
        with GradeFile.create(Path("/dev/full")) as grades:
            grades.write(Sample(id="a"), GRADE)


def test_ids_that_look_alike_stay_apart() -> None:
    """The number 1 is not the text "1"."""
    left = list(still_to_grade(iter(_rows(1, "1")), Counter([id_key(1)])))
    assert [row.sample.id for row in left] == ["1"]


@given(st.lists(st.sampled_from(["a", "b", 1, "1"]), max_size=12), st.data())
def test_resuming_grades_each_row_once(ids: list[object], data: st.DataObject) -> None:
    """Whatever was done before, done and left make up all rows, equal ids included, and order is kept."""
    cut = data.draw(st.integers(0, len(ids)))
    done = Counter(map(id_key, ids[:cut]))
    assert [row.sample.id for row in still_to_grade(iter(_rows(*ids)), done)] == ids[cut:]

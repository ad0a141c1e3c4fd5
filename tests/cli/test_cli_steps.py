"""Steps and groups go from the rows of answers to the rows of grades."""

from __future__ import annotations

import io
import json

import pytest

from verifier.cli.grades import grade_row
from verifier.cli.rows import MOST_STEPS, read_rows
from verifier.grade import Grade, not_judged
from verifier.sample import Sample

GRADE: Grade = not_judged("s", "", "")


def _sample(**fields: object) -> Sample:
    row = {"id": "a", "suite": "s", "answer": "x", **fields}
    (read,) = read_rows(io.BytesIO(json.dumps(row).encode() + b"\n"))
    return read.sample


def _aws(**fields: object) -> Sample:
    turns = [{"role": "user", "content": "do it"}, {"role": "assistant", "content": "done"}]
    return _sample(messages=turns, reference_answer={"suite": "s"}, **fields)


@pytest.mark.parametrize(("step", "group"), [(0, "p"), (MOST_STEPS, 7), (12, None), (None, "p")])
def test_a_step_and_a_group_are_in_the_grade(step: int | None, group: str | int | None) -> None:
    """Those that the row has, at the end; a group is text there."""
    row = grade_row(_sample(step=step, group=group), GRADE)
    assert row.get("step") == step
    assert row.get("group") == (None if group is None else str(group))
    assert ("step" in row, "group" in row) == (step is not None, group is not None)


def test_an_aws_sample_has_its_step_and_the_hash_of_its_prompt() -> None:
    """From the sample or its metadata; answers to the same prompt are of one group."""
    assert grade_row(_aws(step=3), GRADE)["step"] == 3
    row = grade_row(_aws(metadata={"step": 4}), GRADE)
    assert row["step"] == 4
    assert row["group"] == grade_row(_aws(), GRADE)["group"] != ""


@pytest.mark.parametrize("step", [-1, MOST_STEPS + 1, 1.0, "1", True, [1]])
def test_a_bad_step_is_told_with_its_line_and_field(step: object) -> None:
    """As every other field."""
    assert _sample(step=step).problem == "line 1: step: expected an integer that is not negative"


@pytest.mark.parametrize("group", [1.5, True, ["p"], {}])
def test_a_bad_group_is_told_with_its_line_and_field(group: object) -> None:
    """As every other field."""
    assert _sample(group=group).problem == "line 1: group: expected text or an integer"

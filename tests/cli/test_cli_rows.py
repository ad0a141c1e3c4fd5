"""ANSWERS.jsonl becomes samples, whatever is in it."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.cli import rows
from verifier.cli.rows import read_rows


def _read(*lines: object) -> list[rows.Row]:
    """Rows of a file with these lines; what is not bytes is written as JSON."""
    data = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    return list(read_rows(io.BytesIO(data)))


def _problem(line: object) -> str | None:
    return _read(line)[0].sample.problem


def test_a_short_row_becomes_a_sample() -> None:
    """Id, suite and answer are taken as they are; other keys are ignored."""
    (row,) = _read({"id": "a", "suite": "s/1", "answer": "print(1)\n", "extra": [1]})
    assert (row.sample.id, row.sample.suite, row.sample.answer) == ("a", "s/1", "print(1)\n")
    assert row.sample.problem is None


def test_an_inline_suite_is_kept_as_an_object() -> None:
    """A row may carry its suite."""
    suite = {"inputs": ["1"], "outputs": ["2"]}
    (row,) = _read({"id": 7, "suite": suite, "answer": ""})
    assert row.sample.suite == suite
    assert row.sample.id == 7


def test_an_aws_sample_is_read_as_such() -> None:
    """A row with messages takes its answer from the last assistant turn."""
    turns = [{"role": "user", "content": "do it"}, {"role": "assistant", "content": "done"}]
    (row,) = _read({"id": "a", "messages": turns, "reference_answer": {"suite": "s"}})
    assert row.sample.problem is None
    assert row.sample.answer == "done"
    assert row.sample.id == "a"


def test_rows_know_their_line_and_their_end() -> None:
    """Blank lines are counted and left out; `end` counts bytes, so that progress can be told."""
    found = list(read_rows(io.BytesIO(b"\n  \n{}\n\n[]")))
    assert [(row.line, row.end) for row in found] == [(3, 7), (5, 10)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", "line 1: not JSON: Expecting property name enclosed in double quotes at column 2"),
        (b'{"id": "\xff"}', "line 1: not UTF-8 (byte 9 of the row)"),
        (b"[" * 200_000, "line 1: nested too deeply"),
        (b'{"id": ' + b"9" * 5000 + b"}", "line 1: a number has too many digits"),
        ([], "line 1: expected an object"),
        ({"suite": "s", "answer": ""}, "line 1: id: missing"),
        ({"id": "a", "answer": ""}, "line 1: suite: missing"),
        ({"id": "a", "suite": "s"}, "line 1: answer: missing"),
        ({"id": "a", "suite": ["s"], "answer": ""}, "line 1: suite: expected an id or an inline suite"),
        ({"id": "a", "suite": "s", "answer": 4}, "line 1: answer: expected text"),
        ({"id": [4], "suite": "s", "answer": ""}, "line 1: id: expected text or an integer"),
    ],
)
def test_a_bad_row_says_its_line_and_field(line: object, problem: str) -> None:
    """Each way a row can be wrong has a text that names the place and quotes nothing."""
    assert _problem(line) == problem


def test_a_bad_row_keeps_its_id() -> None:
    """The id is in the grade even when the rest of the row is not usable."""
    assert _read({"id": "a", "suite": "s"})[0].sample.id == "a"


def test_a_row_that_is_too_long_is_skipped_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the row itself is lost, and it is never held in memory."""
    monkeypatch.setattr(rows, "MAX_ROW_BYTES", 1024**2)
    good = json.dumps({"id": "b", "suite": "s", "answer": ""}).encode()
    found = _read(b"x" * 3_500_000, good)
    assert [row.sample.problem for row in found] == ["line 1: longer than 1 MiB", None]
    assert found[-1].end == 3_500_001 + len(good) + 1


def test_a_row_of_twenty_megabytes_is_read() -> None:
    """A long answer is the judge's business, not the reader's."""
    assert len(_read({"id": "a", "suite": "s", "answer": "x" * 20_000_000})[0].sample.answer) == 20_000_000


def test_lone_surrogates_are_kept() -> None:
    """Models write them; an answer that holds one is an answer."""
    assert _read({"id": "a", "suite": "s", "answer": "\ud800"})[0].sample.answer == "\ud800"


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_one_row_for_each_line_with_content(data: bytes) -> None:
    """Nothing that a file can hold raises, and no line is lost."""
    found = list(read_rows(io.BytesIO(data)))
    assert [row.line for row in found] == [n for n, line in enumerate(data.split(b"\n"), 1) if line.strip()]


_keys = st.sampled_from(
    ["id", "suite", "answer", "messages", "reference_answer", "metadata", "role", "content", "text"]
) | st.text(max_size=5)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(_keys, _json, max_size=6))
def test_any_object_gives_a_sample_that_can_be_graded_or_a_problem(value: dict[str, object]) -> None:
    """What is graded has text for an answer; what is not has a problem that names its line."""
    (row,) = _read(value)
    assert isinstance(row.sample.answer, str)
    assert row.sample.problem is None or row.sample.problem.startswith("line 1: ")
    json.dumps(row.sample.id, allow_nan=False)

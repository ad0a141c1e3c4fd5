"""A file that is still being written: each line once, when it is finished, whatever becomes of the file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.grades import row
from verifier.reporting import following
from verifier.reporting.following import Follower


def _line(number: int) -> bytes:
    return json.dumps(row(id=number)).encode() + b"\n"


def _ids(follower: Follower) -> list[object]:
    return [line.row.id if line.row else line.problem for line in follower.lines()]


def test_a_file_may_come_later(tmp_path: Path) -> None:
    """Until it is there, there is nothing."""
    path = tmp_path / "g.jsonl"
    with Follower(path) as follower:
        assert (follower.has_begun_anew(), _ids(follower), follower.is_there) == (False, [], False)
        path.write_bytes(_line(1))
        assert (follower.has_begun_anew(), _ids(follower), follower.is_there) == (False, [1], True)


def test_a_line_is_read_when_it_is_finished(tmp_path: Path) -> None:
    """A row that is half written is no mistake, and not lost."""
    path = tmp_path / "g.jsonl"
    path.write_bytes(_line(1) + _line(2)[:9])
    with Follower(path) as follower:
        assert (follower.has_begun_anew(), _ids(follower)) == (False, [1])
        with path.open("ab") as file:
            file.write(_line(2)[9:])
        assert (follower.has_begun_anew(), _ids(follower)) == (False, [2])
        assert (follower.has_begun_anew(), _ids(follower)) == (False, [])


def test_a_file_that_is_emptied_begins_anew(tmp_path: Path) -> None:
    """As `verifier grade -o` does with a file that exists; `--resume` cuts off a row that was half written."""
    path = tmp_path / "g.jsonl"
    path.write_bytes(_line(1) + _line(2))
    with Follower(path) as follower:
        follower.has_begun_anew()
        assert _ids(follower) == [1, 2]
        path.write_bytes(_line(3))
        assert (follower.has_begun_anew(), _ids(follower)) == (True, [3])


def test_a_file_that_is_emptied_and_has_grown_again_begins_anew(tmp_path: Path) -> None:
    """Its length tells nothing then; its beginning does."""
    path = tmp_path / "g.jsonl"
    path.write_bytes(_line(1))
    with Follower(path) as follower:
        follower.has_begun_anew()
        assert _ids(follower) == [1]
        path.write_bytes(_line(3) + _line(4))
        assert (follower.has_begun_anew(), _ids(follower)) == (True, [3, 4])


def test_a_file_that_takes_the_place_of_another_begins_anew(tmp_path: Path) -> None:
    """As rotation does it; while there is none, the old one is still read."""
    path = tmp_path / "g.jsonl"
    path.write_bytes(_line(1))
    with Follower(path) as follower:
        follower.has_begun_anew()
        assert _ids(follower) == [1]
        path.rename(tmp_path / "g.1.jsonl")
        assert (follower.has_begun_anew(), _ids(follower)) == (False, [])
        path.write_bytes(_line(1) + _line(2))
        assert (follower.has_begun_anew(), _ids(follower)) == (True, [1, 2])


@given(st.data())
def test_each_line_is_read_once_however_it_is_written(data: st.DataObject) -> None:
    """In whatever pieces bytes arrive, and in whatever pieces they are read."""
    lines = data.draw(st.lists(st.sampled_from([b"", b"  ", b"{", b"\xff"]) | st.integers(0, 9).map(_line), max_size=8))
    text = b"".join(line.removesuffix(b"\n") + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    chunk = data.draw(st.integers(1, 200))
    found = []
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "_CHUNK", chunk)
        path = Path(folder, "g.jsonl")
        path.touch()
        with Follower(path) as follower:
            for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
                with path.open("ab") as file:
                    file.write(text[begin:end])
                assert not follower.has_begun_anew()
                found += list(follower.lines())
    expected = [number for number, line in enumerate(lines, 1) if line.strip()]
    assert [line.number for line in found] == expected
    assert [line.row is not None for line in found] == [b"id" in lines[number - 1] for number in expected]
    if lines and lines[-1].strip():
        assert found[-1].end == len(text)


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told once it ends, and is never held in memory."""
    monkeypatch.setattr(following, "MAX_ROW_BYTES", 1024**2)
    path = tmp_path / "g.jsonl"
    path.write_bytes(b"x" * 3_500_000 + b"\n" + _line(2))
    with Follower(path) as follower:
        follower.has_begun_anew()
        assert _ids(follower) == ["longer than 1 MiB", 2]

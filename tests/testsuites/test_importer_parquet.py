"""testsuites.importers.parquet: rows of Parquet files, a row at a time."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.testsuites.data_set_rows import EXAMPLES, Example, example, read_one
from testsuites.errors import SuiteInvalid
from testsuites.importers import READERS, Imported, Rejected, sources
from testsuites.importers.sources import read_rows

pyarrow = pytest.importorskip("pyarrow")
from pyarrow import parquet  # noqa: E402 - the extra `parquet` may be missing


def _write(path: Path, rows: list[dict[str, Any]], **options: Any) -> Path:
    parquet.write_table(pyarrow.Table.from_pylist(rows), path, **options)
    return path


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.suite_id)
def test_a_row_is_the_same_from_both_kinds_of_file(one: Example, tmp_path: Path) -> None:
    """Parquet gives the record that JSON gives, though it has a null for each field that some row has."""
    try:
        table = pyarrow.Table.from_pylist([one.row])
    except pyarrow.ArrowInvalid:
        pytest.skip("this row has values of several types in one place, which Parquet cannot hold")
    parquet.write_table(table, tmp_path / "rows.parquet")
    (record,) = READERS[one.format_name](tmp_path / "rows.parquet")
    assert isinstance(record, Imported), record
    other = read_one(one.format_name, tmp_path, one.row)
    assert record == other
    assert record.suite.digest == other.suite.digest


def test_rows_come_in_order_from_all_row_groups(tmp_path: Path) -> None:
    """The position in the file grows to its end, and only the columns that are wanted are read."""
    rows = [{"problem": f"p{number}", "tests": "[]", "unwanted": "x" * 1000} for number in range(25)]
    path = _write(tmp_path / "rows.parquet", rows, row_group_size=10)
    raw = list(read_rows(path, {"problem", "tests", "absent"}))
    assert [row.decode() for row in raw] == [{"problem": f"p{number}", "tests": "[]"} for number in range(25)]
    positions = [row.bytes_read for row in raw]
    assert positions == sorted(positions)
    assert positions[-1] == path.stat().st_size


def test_a_row_that_is_too_large_is_refused_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On both sides of the limit."""
    rows = [{"problem": "p" * size, "tests": "[]"} for size in (10, 2000, 10)]
    path = _write(tmp_path / "rows.parquet", rows)
    assert [row.decode()["problem"] for row in read_rows(path, {"problem"})] == [row["problem"] for row in rows]
    monkeypatch.setattr(sources, "MAX_ROW_BYTES", 1000)
    records = list(READERS["deepcoder"](path))
    assert [record.reason.partition(" ")[0] for record in records if isinstance(record, Rejected)] == [
        "tests:",
        "row:",
        "tests:",
    ]
    assert isinstance(records[1], Rejected)
    assert records[1].reason.startswith("row: larger than")


def test_what_python_cannot_hold_is_refused_alone(tmp_path: Path) -> None:
    """A text that is not UTF-8, and a time that Python has none of."""
    bad = pyarrow.array([b"\xff"], pyarrow.binary()).view(pyarrow.string())
    parquet.write_table(pyarrow.table({"problem": bad, "tests": ["[]"]}), tmp_path / "a.parquet")
    (record,) = READERS["deepcoder"](tmp_path / "a.parquet")
    assert isinstance(record, Rejected)
    assert record.reason == "row: holds a text that is not valid UTF-8"
    far = pyarrow.array([2**62], pyarrow.timestamp("ms"))
    parquet.write_table(pyarrow.table({"problem": far, "tests": ["[]"]}), tmp_path / "b.parquet")
    (record,) = READERS["deepcoder"](tmp_path / "b.parquet")
    assert isinstance(record, Rejected)
    assert record.reason == "row: holds a value that Python has none of"


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """By its path; an empty one too."""
    for data in (b"", b"PAR1", b"SECRET" * 100, _write(tmp_path / "a.parquet", [example("taco")]).read_bytes()[:-9]):
        path = tmp_path / "b.parquet"
        path.write_bytes(data)
        with pytest.raises(SuiteInvalid) as caught:
            list(READERS["taco"](path))
        assert str(caught.value) == f"{path}: not a whole Parquet file; fetch it again"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_are_rows_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    """A file with a changed byte, or cut, or of any bytes: SuiteInvalid is all that is raised."""
    good = _write(tmp_path / "good.parquet", [example("taco")] * 3).read_bytes()
    place, byte = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(0, 255))
    changed = st.sampled_from([good[:place] + bytes([byte]) + good[place + 1 :], good[:place], good + bytes([byte])])
    path = tmp_path / "rows.parquet"
    path.write_bytes(data.draw(st.one_of(changed, st.binary())))
    with contextlib.suppress(SuiteInvalid):
        for record in READERS["taco"](path):
            assert isinstance(record, Imported | Rejected)


def test_without_pyarrow_the_message_says_what_to_install(tmp_path: Path) -> None:
    """And without a Parquet file it is not even imported."""
    path = _write(tmp_path / "rows.parquet", [example("taco")])
    code = (
        "import sys; from testsuites.importers import READERS; assert 'pyarrow' not in sys.modules\n"
        f"sys.modules['pyarrow'] = None\ntry: list(READERS['taco']({str(path)!r}))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"SuiteInvalid {path}: needs pyarrow; run: pip install 'rlvr-verifier[parquet]'\n"

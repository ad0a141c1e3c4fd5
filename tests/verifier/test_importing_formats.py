"""verifier.importing: a row of each format, imported, read back, and graded with programs that are right and wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import LocalSandbox
from tests.data_sets import data_set
from tests.testsuites.data_set_rows import EXAMPLES, Example, example
from tests.verifier.answers import fenced
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.importers import READERS
from verifier import Verdict, Verifier
from verifier.importing import MOST_FAILURES, ImportProgress, import_suites


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    """Return one verifier for suites that are handed to it."""
    with Verifier(workers=1) as verifier:
        yield verifier


def _file(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.suite_id)
def test_a_row_becomes_a_suite_that_grades(
    one: Example, tmp_path: Path, sandbox: LocalSandbox, verifier: Verifier
) -> None:
    """The suite that comes back from the folder is the one that was read; right programs pass, wrong ones do not."""
    source = _file(tmp_path / "rows.jsonl", one.row)
    summary = import_suites(one.format_name, source, tmp_path / "suites", sandbox)
    assert (summary.written, summary.failures) == (1, ())
    store = DirectoryStore(tmp_path / "suites")
    assert list(store.ids()) == [one.suite_id]
    (record,) = READERS[one.format_name](source)
    suite = store.load(one.suite_id)
    assert suite == record.suite  # type: ignore[union-attr]
    grade = verifier.grade(fenced(one.right), suite)
    assert (grade.verdict, grade.digest) == (Verdict.ACCEPTED, suite.digest)
    for program in one.wrong:
        grade = verifier.grade(fenced(program), suite)
        assert grade.judged
        assert grade.verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)


def test_labelled_submissions_are_written_beside(tmp_path: Path, sandbox: LocalSandbox, verifier: Verifier) -> None:
    """Those of CodeContests, and each gets its label."""
    source = _file(tmp_path / "rows.jsonl", example("codecontests"))
    import_suites("codecontests", source, tmp_path / "suites", sandbox)
    store = DirectoryStore(tmp_path / "suites")
    (suite_id,) = store.ids()
    labelled = store.submissions(suite_id)
    assert [(one.label, one.name) for one in labelled] == [
        ("accepted", "codecontests-1"),
        ("wrong_answer", "codecontests-2"),
    ]
    for one in labelled:
        assert verifier.grade(fenced(one.text), store.load(suite_id)).verdict == one.label


@pytest.mark.data
def test_rows_of_nemo_gym_as_published(tmp_path: Path, sandbox: LocalSandbox) -> None:
    """All five, by their own ids, with as many tests as they have."""
    source = data_set("nemo_gym_code_gen.example.jsonl")
    summary = import_suites("nemo_gym", source, tmp_path / "suites", sandbox)
    assert (summary.written, summary.failed) == (5, 0)
    store = DirectoryStore(tmp_path / "suites")
    rows = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
    for row in rows:
        suite = store.load(f"NeMo-Gym/{row['hash_id']}")
        assert len(suite.tests) == len(row["verifier_metadata"]["unit_tests"]["inputs"])


def test_several_files_are_one_data_set(tmp_path: Path, sandbox: LocalSandbox) -> None:
    """Ids are unique across them, rows are counted in each, and positions go on from one to the next."""
    taco = example("taco")
    first = _file(tmp_path / "a.jsonl", taco, taco | {"question": "Another."})
    second = _file(tmp_path / "b.jsonl", taco | {"question": "Third."}, taco, {"question": 5})
    seen: list[ImportProgress] = []
    summary = import_suites("taco", [first, second], tmp_path / "suites", sandbox, seen.append)
    assert (summary.written, summary.failed) == (3, 2)
    assert [(failure.source, failure.row, failure.reason) for failure in summary.failures] == [
        ("b.jsonl", 2, "an earlier row has the same id"),
        ("b.jsonl", 3, "row: question: expected a string, got an integer"),
    ]
    positions = [progress.position for progress in seen]
    assert positions == sorted(positions)
    assert positions[-1] == first.stat().st_size + second.stat().st_size
    assert [progress.failure is None for progress in seen] == [True, True, True, False, False]


def test_a_limit_ends_the_reading(tmp_path: Path, sandbox: LocalSandbox) -> None:
    """After so many rows of all files; a fault that stands behind them is not met."""
    source = _file(tmp_path / "a.jsonl", *(example("taco") | {"question": str(number)} for number in range(5)))
    (tmp_path / "b.json").write_text("[")
    for limit in (3, 5):
        summary = import_suites("taco", [source, tmp_path / "b.json"], tmp_path / "suites", sandbox, limit=limit)
        assert (summary.written, summary.failed) == (limit, 0)
    with pytest.raises(SuiteInvalid, match="not valid JSON"):
        import_suites("taco", [source, tmp_path / "b.json"], tmp_path / "suites", sandbox, limit=6)


def test_a_missing_file_is_told_before_any_is_read(tmp_path: Path, sandbox: LocalSandbox) -> None:
    """Nothing is written then."""
    source = _file(tmp_path / "a.jsonl", example("taco"))
    with pytest.raises(SuiteNotFound, match=r"none\.jsonl: no such file"):
        import_suites("taco", [source, tmp_path / "none.jsonl"], tmp_path / "suites", sandbox)
    assert not (tmp_path / "suites").exists()


def test_a_summary_keeps_the_first_failures_only(tmp_path: Path, sandbox: LocalSandbox) -> None:
    """All are counted."""
    source = tmp_path / "rows.jsonl"
    source.write_text("{}\n" * (MOST_FAILURES + 5))
    summary = import_suites("taco", source, tmp_path / "suites", sandbox)
    assert summary.failed == MOST_FAILURES + 5
    assert [failure.row for failure in summary.failures] == list(range(1, MOST_FAILURES + 1))


_INTERRUPTED = """
import os, signal, sys
import verifier.importing as importing

real = importing.import_suites

def import_suites(*args, progress, **options):
    def show(told):
        progress(told)
        if told.written == 3:
            os.kill(os.getpid(), signal.SIGINT)
    return real(*args, progress=show, **options)

importing.import_suites = import_suites
from verifier.cli import main
main()
"""


def test_an_interrupt_keeps_what_was_written(tmp_path: Path) -> None:
    """Ctrl-C after three rows: three suites are there, all whole, and a line says so."""
    source = _file(tmp_path / "a.jsonl", *(example("taco") | {"question": str(number)} for number in range(9)))
    command = [sys.executable, "-c", _INTERRUPTED, "suites", "import", "taco", source, "-o", tmp_path / "suites"]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 128 + signal.SIGINT
    assert "interrupted: 3 suites are in" in done.stderr
    store = DirectoryStore(tmp_path / "suites")
    assert len([store.load(suite_id) for suite_id in store.ids()]) == 3

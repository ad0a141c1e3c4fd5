"""verifier.importing: from a data set to a directory of suites, with references run in a real sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import LocalSandbox, Sandbox
from tests.data_sets import data_set
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteInvalid
from testsuites.model import CallSuite, CallTest, ScriptSuite
from verifier.importing import Failure, ImportProgress, import_suites


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a sandbox on this machine."""
    local = LocalSandbox(workers=1)
    yield local
    local.close()


def _row(number: int, body: str, **fields: Any) -> dict[str, Any]:
    return {
        "task_id": f"Mbpp/90{number}",
        "prompt": "Do it.",
        "entry_point": "f",
        "canonical_solution": f"def f(x):\n    {body}\n",
        "assertion": "assert f((1, 2)) == 2",
        "base_input": [[[1, 2]]],
        "plus_input": [[[3, 4]]],
        **fields,
    }


def _file(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_expected_values_come_from_the_reference(tmp_path: Path, sandbox: Sandbox) -> None:
    """The suite holds what the reference returns, types included, with the reference and the statement beside it."""
    source = _file(tmp_path, _row(1, "return {x: x[::-1]}"))
    summary = import_suites("mbppplus", source, tmp_path / "suites", sandbox)
    assert (summary.written, summary.failures) == (1, ())
    store = DirectoryStore(tmp_path / "suites")
    assert store.load("Mbpp/901") == CallSuite(
        id="Mbpp/901",
        entry_point="f",
        tests=(
            CallTest(args=((1, 2),), expected={(1, 2): (2, 1)}),
            CallTest(args=((3, 4),), expected={(3, 4): (4, 3)}),
        ),
    )
    assert store.reference("Mbpp/901") == "def f(x):\n    return {x: x[::-1]}\n"
    assert (tmp_path / "suites" / "Mbpp" / "901" / "problem.md").read_text() == "Do it."


def test_a_reference_may_return_what_only_its_view_makes_plain(tmp_path: Path, sandbox: Sandbox) -> None:
    """Answers that count by their truth may be any object, and a changed argument changes no test."""
    body = "import re\n    x.append(0)\n    return re.match('1', str(x[0]))"
    source = _file(tmp_path, _row(9, body, assertion="assert f([1, 2])"))
    summary = import_suites("mbppplus", source, tmp_path / "suites", sandbox)
    assert summary.failures == ()
    suite = DirectoryStore(tmp_path / "suites").load("Mbpp/909")
    assert isinstance(suite, ScriptSuite)
    assert [test.code for test in suite.tests] == [
        "args = ([1, 2],)\nanswer = f(*args)\nassert (bool(answer)) == True\n",
        "args = ([3, 4],)\nanswer = f(*args)\nassert (bool(answer)) == False\n",
    ]


def test_every_row_is_written_or_reported(tmp_path: Path, sandbox: Sandbox) -> None:
    """What fails is told with row, id and reason, and does not stop the others."""
    source = _file(
        tmp_path,
        _row(1, "return 1 / (x[0] - 3)"),
        _row(2, "return lambda: 1"),
        _row(3, "return"),
        _row(4, "return ("),
        _row(3, "return 1"),
        _row(5, "return", base_input=3),
        _row(6, "return", base_input=[], plus_input=[]),
        _row(7, "return x"),
    )
    seen: list[ImportProgress] = []
    summary = import_suites("mbppplus", source, tmp_path / "suites", sandbox, seen.append)
    assert (summary.written, summary.failed) == (2, 6)
    assert list(DirectoryStore(tmp_path / "suites").ids()) == ["Mbpp/903", "Mbpp/907"]
    reasons = {failure.row: failure.reason for failure in summary.failures}
    assert list(reasons) == [1, 2, 4, 5, 6, 7]
    assert reasons[1] == "the reference gives no value for tests[1]: crashed (ZeroDivisionError)"
    assert reasons[2].startswith("the reference gives no value for tests[0]: ")
    assert reasons[4] == "the reference does not compile"
    assert summary.failures[3] == Failure(
        source="rows.jsonl", row=5, task_id="Mbpp/903", reason="an earlier row has the same id"
    )
    assert reasons[6] == "row: base_input: expected a list, got an integer"
    assert reasons[7] == "there are no arguments"
    assert [progress.task_id for progress in seen] == [f"Mbpp/90{number}" for number in (1, 2, 3, 4, 3, 5, 6, 7)]
    assert [progress.written + progress.failed for progress in seen] == list(range(1, 9))
    assert tuple(progress.failure for progress in seen if progress.failure) == summary.failures


def test_an_import_that_is_run_again_replaces(tmp_path: Path, sandbox: Sandbox) -> None:
    """The second import's suite stands, with its own reference."""
    for body in ["return 1", "return 2"]:
        import_suites("mbppplus", _file(tmp_path, _row(1, body)), tmp_path / "suites", sandbox)
    store = DirectoryStore(tmp_path / "suites")
    suite = store.load("Mbpp/901")
    assert isinstance(suite, CallSuite)
    assert [test.expected for test in suite.tests] == [2, 2]
    assert store.reference("Mbpp/901") == "def f(x):\n    return 2\n"


def test_an_unknown_format_is_told_with_the_known_ones(tmp_path: Path, sandbox: Sandbox) -> None:
    """The message lists what there is."""
    with pytest.raises(
        SuiteInvalid, match="no format is called 'humanevil'; there are apps, codecontests, codeforces, "
    ):
        import_suites("humanevil", tmp_path, tmp_path / "suites", sandbox)


@pytest.mark.data
def test_a_public_data_set_is_imported(tmp_path: Path, sandbox: Sandbox) -> None:
    """Every problem of HumanEval becomes a suite that can be loaded."""
    summary = import_suites("humaneval", data_set("HumanEval.jsonl.gz"), tmp_path / "suites", sandbox)
    store = DirectoryStore(tmp_path / "suites")
    assert summary.failures == ()
    assert summary.written == len(list(store.ids()))
    assert len({store.load(suite_id).digest for suite_id in store.ids()}) == 164
